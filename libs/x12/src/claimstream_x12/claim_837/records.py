"""The professional (005010X222A1), institutional (005010X223A2) and dental claim (005010X224A2), loop by loop.

A set is a list of claims, each with its billing provider, subscriber and patient; the HL hierarchy is a matter of the
wire: neighbours that share a provider or a subscriber are written below one.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from claimstream_x12.extras import Extra
from claimstream_x12.names import Adjustment, Amount, Dated, Party, Procedure, Reference, find_reference
from claimstream_x12.record import record


class Guide(StrEnum):
    """Which implementation guide a set follows (ST03, GS08). Their successors (X222A2 …) are read, and never written."""

    PROFESSIONAL = "005010X222A1"
    INSTITUTIONAL = "005010X223A2"
    DENTAL = "005010X224A2"

    @classmethod
    def of(cls, version: str) -> Guide:
        """The guide that a set's version names; professional where it names none."""
        if "X223" in version:
            return cls.INSTITUTIONAL
        return cls.DENTAL if "X224" in version else cls.PROFESSIONAL


@record
class Diagnosis:
    """HI with ABK/ABF/ABJ/APR/ABN (BK … in ICD-9 days); POA Y, N, U, W, or "" when exempt or not inpatient."""

    code: str  # without the point
    present_on_admission: str = ""  # component 9
    edition: str = "10"  # "9" for ICD-9-CM qualifiers, "TQ" for SNODENT (dental)


@record
class InstitutionalCode:
    """HI with BH, BI, BG, BE, BBR, BBQ …: a code with the date, span or amount that its kind carries."""

    code: str  # component 2
    start: date | None = None  # component 4
    end: date | None = None  # component 4, the end of an occurrence span
    amount: Decimal | None = None  # component 5, value codes


@record
class InstitutionalInformation:
    """What only an institutional claim has: CL1 and the HI segments of its loop 2300."""

    admission_type: str = ""  # CL101
    admission_source: str = ""  # CL102
    patient_status: str = ""  # CL103
    admitting_diagnosis: Diagnosis | None = None  # ABJ
    visit_reasons: tuple[Diagnosis, ...] = ()  # APR, at most 3
    external_causes: tuple[Diagnosis, ...] = ()  # ABN, at most 12
    drg: str = ""  # DR
    principal_procedure: InstitutionalCode | None = None  # BBR
    other_procedures: tuple[InstitutionalCode, ...] = ()  # BBQ, at most 24
    occurrence_spans: tuple[InstitutionalCode, ...] = ()  # BI
    occurrences: tuple[InstitutionalCode, ...] = ()  # BH
    values: tuple[InstitutionalCode, ...] = ()  # BE


@record
class ToothStatus:
    """DN2: a tooth that is missing, or will be taken out."""

    tooth: str  # DN201
    status: str  # DN202: M missing, E to be extracted


@record
class DentalInformation:
    """What only a dental claim has in its loop 2300: DN1 and DN2."""

    treatment_months: Decimal | None = None  # DN101, of an orthodontic treatment
    months_remaining: Decimal | None = None  # DN102
    orthodontic: str = ""  # DN104: Y
    teeth: tuple[ToothStatus, ...] = ()  # DN2, at most 35


@record
class Tooth:
    """TOO: a tooth that a service was done to, and its surfaces."""

    number: str  # TOO02
    surfaces: tuple[str, ...] = ()  # TOO03: B, D, F, I, L, M, O


@record
class Note:
    """NTE."""

    code: str  # NTE01: ADD, DCP, TPO …
    text: str  # NTE02


@record
class Attachment:
    """PWK: what supports the claim, and how it comes."""

    report: str  # PWK01
    transmission: str  # PWK02
    control_number: str = ""  # PWK06


@record
class NationalDrug:
    """Loop 2410: LIN, CTP and the prescription's number."""

    code: str  # LIN03, 11 digits
    quantity: Decimal  # CTP04
    unit: str  # CTP05-1: F2, GR, ME, ML, UN
    prescription: Reference | None = None  # REF*XZ or VY
    qualifier: str = "N4"  # LIN02
    extra: tuple[Extra, ...] = ()


@record
class PriorPayment:
    """Loop 2430: what an earlier payer decided about this line."""

    payer_id: str  # SVD01, the NM109 of its 2330B
    paid: Decimal  # SVD02
    procedure: Procedure | None  # SVD03
    quantity: Decimal  # SVD05
    revenue_code: str = ""  # SVD04
    bundled_line: int | None = None  # SVD06
    adjustments: tuple[Adjustment, ...] = ()  # CAS
    decided_on: date | None = None  # DTP*573
    remaining_liability: Decimal | None = None  # AMT*EAF
    extra: tuple[Extra, ...] = ()


@record
class ServiceLine:
    """Loop 2400: one service. LX01 is its place in the claim."""

    charge: Decimal  # SV102, SV203, SV302
    quantity: Decimal  # SV104, SV205, SV306 (zero: not said)
    procedure: Procedure | None = None  # SV101, SV202, SV301
    revenue_code: str = ""  # SV201, institutional
    unit: str = "UN"  # SV103, SV204; a dental service has none
    place_of_service: str = ""  # SV105, SV303, when it differs from the claim's
    diagnosis_pointers: tuple[int, ...] = ()  # SV107, SV311, 1 to 4
    emergency: bool = False  # SV109
    epsdt: bool = False  # SV111
    family_planning: bool = False  # SV112
    copay_exempt: bool = False  # SV115
    non_covered: Decimal | None = None  # SV207, institutional
    oral_cavity: tuple[str, ...] = ()  # SV304, dental: 00 whole, 01 and 02 jaws, 10 to 40 quadrants
    prosthesis: str = ""  # SV305, dental: I initial, R replacement
    teeth: tuple[Tooth, ...] = ()  # TOO, dental, at most 32
    attachments: tuple[Attachment, ...] = ()  # PWK
    dates: tuple[Dated, ...] = ()  # DTP, 472 among them
    references: tuple[Reference, ...] = ()  # REF, 6R our line's control number, G1 the authorisation
    amounts: tuple[Amount, ...] = ()  # AMT
    notes: tuple[Note, ...] = ()  # NTE
    drug: NationalDrug | None = None  # 2410
    providers: tuple[Party, ...] = ()  # 2420
    prior_payments: tuple[PriorPayment, ...] = ()  # 2430
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place among the line's own segments

    @property
    def control_number(self) -> str:
        """REF*6R, which comes back on the 835."""
        return find_reference(self.references, "6R")

    @property
    def service_dates(self) -> tuple[date, date] | None:
        """The first and last day of service (DTP*472)."""
        dated = next((one for one in self.dates if one.qualifier == "472"), None)
        return (dated.start, dated.end or dated.start) if dated and dated.start else None


@record
class OtherCoverage:
    """Loop 2320 with 2330A and 2330B: another payer of this claim, and what it decided when it came before."""

    responsibility: str  # SBR01: P, S, T, A …
    relationship: str  # SBR02: 18 self, 01 spouse, 19 child …
    subscriber: Party  # 2330A, NM1*IL
    payer: Party  # 2330B, NM1*PR; REF*F8 its number for the claim
    group_number: str = ""  # SBR03
    group_name: str = ""  # SBR04
    insurance_type: str = ""  # SBR05
    filing_indicator: str = ""  # SBR09
    adjustments: tuple[Adjustment, ...] = ()  # CAS, only where it decided the claim as a whole
    paid: Decimal | None = None  # AMT*D, sent even when 0 once it decided
    remaining_liability: Decimal | None = None  # AMT*EAF
    non_covered: Decimal | None = None  # AMT*A8
    benefits_assigned: str = "Y"  # OI03
    patient_signature: str = ""  # OI04
    release: str = "Y"  # OI06
    decided_on: date | None = None  # DTP*573 of 2330B, when no line carries it
    extra: tuple[Extra, ...] = ()


@record
class Claim:
    """Loop 2300 and below."""

    control_number: str  # CLM01, comes back as CLP01
    charge: Decimal  # CLM02
    facility_code: str  # CLM05-1: place of service (P), or the first two digits of the type of bill (I)
    lines: tuple[ServiceLine, ...]  # 2400
    diagnoses: tuple[Diagnosis, ...]  # HI: the principal first (ABK), then the others (ABF)
    frequency: str = "1"  # CLM05-3: 1 original, 7 replaces, 8 voids
    provider_signature: str = "Y"  # CLM06, professional
    assignment: str = "A"  # CLM07
    benefits_assigned: str = "Y"  # CLM08
    release: str = "Y"  # CLM09
    patient_signature: str = ""  # CLM10
    related_causes: tuple[str, ...] = ()  # CLM11-1, -2: AA auto, EM employment, OA other
    accident_state: str = ""  # CLM11-4
    accident_country: str = ""  # CLM11-5
    special_program: str = ""  # CLM12
    submission_reason: str = ""  # CLM19, dental: PB asks beforehand what would be paid
    delay_reason: str = ""  # CLM20
    dates: tuple[Dated, ...] = ()  # DTP
    attachments: tuple[Attachment, ...] = ()  # PWK
    amounts: tuple[Amount, ...] = ()  # AMT, F5 what the patient paid
    references: tuple[Reference, ...] = ()  # REF: F8, G1, 9F, X4, D9, EA …
    notes: tuple[Note, ...] = ()  # NTE
    condition_codes: tuple[str, ...] = ()  # HI with BG
    institutional: InstitutionalInformation | None = None
    dental: DentalInformation | None = None
    providers: tuple[Party, ...] = ()  # 2310: DN, 82, 77, DQ; 71, 72, ZZ; DD assists a dentist
    other_coverages: tuple[OtherCoverage, ...] = ()  # 2320
    extra: tuple[Extra, ...] = ()  # what no record holds, at its place among the claim's own segments

    def reference(self, qualifier: str) -> str:
        """The value of the first reference with this qualifier, or ""."""
        return find_reference(self.references, qualifier)


@record
class BillingProvider:
    """Loop 2000A: who bills, and where the money goes when elsewhere."""

    party: Party  # 2010AA, NM1*85 with address, taxonomy (PRV*BI) and REF*EI or SY
    pay_to: Party | None = None  # 2010AB, NM1*87
    pay_to_plan: Party | None = None  # 2010AC, NM1*PE
    extra: tuple[Extra, ...] = ()  # of the level itself: CUR


@record
class Demographics:
    """DMG and PAT05 to PAT09: what identifies a person besides the name."""

    born: date | None = None  # DMG02
    gender: str = ""  # DMG03: F, M, U
    died: date | None = None  # PAT06
    weight_pounds: Decimal | None = None  # PAT08
    pregnant: bool = False  # PAT09


@record
class Subscriber:
    """Loop 2000B with 2010BA and 2010BB: who is insured, and the payer that this claim goes to."""

    party: Party  # 2010BA, NM1*IL
    payer: Party  # 2010BB, NM1*PR
    responsibility: str = "P"  # SBR01
    is_patient: bool = True  # SBR02 = 18
    group_number: str = ""  # SBR03
    group_name: str = ""  # SBR04
    insurance_type: str = ""  # SBR05
    filing_indicator: str = ""  # SBR09
    person: Demographics = Demographics()
    extra: tuple[Extra, ...] = ()  # of the level itself


@record
class Patient:
    """Loop 2000C with 2010CA: a dependent who has no member id of its own."""

    party: Party  # 2010CA, NM1*QC
    relationship: str  # PAT01: 01 spouse, 19 child …
    person: Demographics
    extra: tuple[Extra, ...] = ()  # of the level itself


@record
class BilledClaim:
    """A claim with everything above it."""

    billing: BillingProvider
    subscriber: Subscriber
    claim: Claim
    patient: Patient | None = None


@record
class ClaimHeader:
    """BHT, 1000A and 1000B: the set's own facts."""

    guide: Guide
    reference: str  # BHT03, ours for this batch
    created: datetime  # BHT04, BHT05
    submitter: Party  # 1000A, NM1*41 with PER
    receiver: Party  # 1000B, NM1*40
    purpose: str = "00"  # BHT02
    kind: str = "CH"  # BHT06
    extra: tuple[Extra, ...] = ()  # before the submitter


@record
class ClaimSet:
    """A whole 837: its header and its claims in order."""

    header: ClaimHeader
    claims: tuple[BilledClaim, ...]
