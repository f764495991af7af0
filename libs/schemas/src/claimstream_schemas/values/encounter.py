"""What a visit consists of once it is coded: coverages, diagnoses, charge lines, the hospital stay."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self, get_args
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from .base import NO_TEXT, Flag, Value
from .money import Money, Quantity
from .people import Provider


def _not_negative(amount: Decimal) -> Decimal:
    if amount < 0:
        msg = "less than nothing cannot be paid"
        raise ValueError(msg)
    return amount


_TYPE_OF_BILL = re.compile(r"[0-9]{2}[0-9A-Z]?")


def _type_of_bill(text: str) -> str:
    if not _TYPE_OF_BILL.fullmatch(text):
        msg = "two digits, or three characters with the frequency, such as 11 or 112; without a leading zero"
        raise ValueError(msg)
    return text


def _type_of_bill_if_any(text: str) -> str:
    return text and _type_of_bill(text)


ClaimKind = Literal["professional", "institutional"]
Modifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{2}$")]
PoaIndicator = Literal["Y", "N", "U", "W"]
TypeOfBill = Annotated[str, AfterValidator(_type_of_bill)]
INPATIENT = frozenset({"11", "12", "18", "21", "41", "84", "86"})
"""Types of bill of inpatients: hospital, its Part B, swing bed, skilled nursing, religious institution, birthing centre, residential facility
(NUBC, form locator 4). The one list of them."""
PART_B_ALONE = frozenset({"12", "22"})
"""Of patients in a bed that Medicare's Part B alone pays for: no stay is billed with them."""
InterimFrequency = Literal["2", "3", "4"]
"""The first, a continuing and the last claim of a stay that is billed in parts (NUBC UB-04 form locator 4)."""
_INTERIM: tuple[InterimFrequency, ...] = get_args(InterimFrequency)
OwnFrequency = Literal[InterimFrequency, "9"]
"""What a type of bill may say of a new claim, beside the original; 9: the final claim of a home health episode, which is one claim and no part."""
_OWN: tuple[OwnFrequency, ...] = (*_INTERIM, "9")
NdcUnit = Literal["F2", "GR", "ME", "ML", "UN"]
PlaceSource = Literal["given", "patient_status", "location", "remembered", "coder"]
"""Where a place of service comes from; ``remembered`` is an earlier answer about the same location."""
DiagnosisKind = Literal["principal", "other", "admitting", "reason_for_visit", "external_cause"]
APART: frozenset[DiagnosisKind] = frozenset({"admitting", "reason_for_visit", "external_cause"})
"""The kinds that have a place of their own on an institutional claim, beside the principal and the other diagnoses."""


class Coverage(Value):
    """One coverage of the patient at the time of the visit, in the order of billing (the first is primary)."""

    payer_id: str = Field(max_length=40, description="The payer's key in the practice's list")
    period_start: date | None = None
    period_end: date | None = None
    insurance_type: str | None = Field(
        default=None,
        pattern=r"^[A-Z0-9]{1,3}$",
        description="SBR05: why Medicare is secondary (12 to 16, 41 to 43, 47); MG, MI, SP name a supplement of Medicare",
    )
    filing_code: str | None = Field(
        default=None, pattern=r"^[A-Z0-9]{1,2}$", description="SBR09 of this plan; None: the payer's own"
    )


class Diagnosis(Value):
    """An ICD-10-CM code without a dot. ``present_on_admission`` is for institutional inpatient claims only."""

    code: str = Field(min_length=3, max_length=8)
    kind: DiagnosisKind = "other"
    present_on_admission: PoaIndicator | None = None
    is_uncertain: bool = Field(
        default=False, description="Still uncertain at discharge and coded as if it existed (ICD-10-CM guideline II.H)"
    )


class InstitutionalProcedure(Value):
    """An ICD-10-PCS procedure of an inpatient stay."""

    code: str = Field(min_length=7, max_length=7)
    performed_on: date


class CodedAmount(Value):
    """A condition, occurrence or value code (NUBC); occurrence codes have a date, value codes an amount."""

    code: str = Field(min_length=1, max_length=3)
    on: date | None = None
    amount: Money | None = None


class OccurrenceSpan(Value):
    """An occurrence that lasted, such as a leave (74) or a stay in skilled nursing that was no covered one (NUBC, form locators 35 and 36)."""

    code: str = Field(pattern=r"^([7-9][0-9]|[M-Z][0-9A-Z])$", description="NUBC: 70 to 99, and M0 on")
    from_date: date
    through_date: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.through_date < self.from_date:
            msg = "through_date lies before from_date"
            raise ValueError(msg)
        return self


class Stay(Value):
    """What an institutional claim says beyond its lines; of a professional one's patient in a bed the day of admission alone."""

    type_of_bill: Annotated[str, AfterValidator(_type_of_bill_if_any)] = Field(
        default="",
        description="Facility and care type, e.g. 11; with a third character that is its frequency, e.g. 112. Without a leading zero; a professional claim has none",
    )
    admitted_on: date | None = None
    admitted_hour: Annotated[int, Field(ge=0, le=23), NO_TEXT] | None = None
    discharged_hour: Annotated[int, Field(ge=0, le=23), NO_TEXT] | None = None
    admission_type: str | None = Field(default=None, pattern=r"^[1-9]$")
    admission_source: str | None = Field(default=None, pattern=r"^[1-9A-Z]$")
    patient_status: str = Field(default="01", pattern=r"^[0-9]{2}$")
    drg: str | None = Field(default=None, pattern=r"^[0-9]{3}$")
    procedures: tuple[InstitutionalProcedure, ...] = ()
    condition_codes: tuple[str, ...] = ()
    occurrences: tuple[CodedAmount, ...] = ()
    occurrence_spans: tuple[OccurrenceSpan, ...] = Field(default=(), max_length=24)
    values: tuple[CodedAmount, ...] = ()

    @property
    def facility_and_care(self) -> str:
        """CLM05-1: the first two characters of the type of bill, which say what kind of stay it is."""
        return self.type_of_bill[:2]

    @property
    def is_in_a_bed(self) -> bool:
        """Whether it is an inpatient's, by its type of bill."""
        return self.facility_and_care in INPATIENT

    @property
    def bills_the_stay(self) -> bool:
        """Whether the stay itself is billed, and not what Part B pays in it."""
        return self.is_in_a_bed and self.facility_and_care not in PART_B_ALONE

    @property
    def interim_frequency(self) -> InterimFrequency | None:
        """CLM05-3 where the type of bill says that it is one of several claims of the stay."""
        third = self.type_of_bill[2:]
        return next((each for each in _INTERIM if each == third), None)

    @property
    def own_frequency(self) -> OwnFrequency | None:
        """CLM05-3 where the type of bill says that a new claim is another thing than an original."""
        third = self.type_of_bill[2:]
        return next((each for each in _OWN if each == third), None)


class ChargeLine(Value):
    """One charged service."""

    line_id: UUID
    ordinal: int = Field(ge=1, le=999)
    service_from: date
    service_to: date | None = Field(default=None, description="None: the same day")
    procedure: str | None = Field(
        default=None, max_length=7, description="HCPCS or CPT code; an institutional line may have none"
    )
    modifiers: tuple[Modifier, ...] = Field(default=(), max_length=4)
    revenue_code: str | None = Field(default=None, pattern=r"^[0-9]{4}$")
    units: Quantity
    unit_of_measure: Literal["UN", "MJ", "DA"] = "UN"
    charge: Money = Field(ge=0)
    diagnosis_pointers: tuple[int, ...] = Field(
        default=(), max_length=4, description="1-based positions in the diagnoses, the main one first"
    )
    place_of_service: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    description: str | None = Field(default=None, max_length=80, description="Our own label; never a CPT descriptor")
    prior_authorization: str | None = Field(default=None, max_length=50)
    ndc: str | None = Field(default=None, pattern=r"^[0-9]{11}$")
    ndc_quantity: Quantity | None = Field(
        default=None, gt=0, description="CTP04, in ndc_unit; never the procedure's units"
    )
    ndc_unit: NdcUnit | None = Field(
        default=None, description="CTP05: international unit, gram, milligram, millilitre, unit"
    )
    rendering: Provider | None = None


class UncodedItem(Value):
    """A service or a condition that came without a code we could use: kept and counted, not billed and not guessed."""

    kind: Literal["service", "condition"]
    system: str | None = None
    code: str | None = None
    reason: str


class Providers(Value):
    """Who did what in the visit."""

    rendering: Provider | None = None
    referring: Provider | None = None
    ordering: Provider | None = None
    supervising: Provider | None = None
    attending: Provider | None = None
    operating: Provider | None = None


class VisitFacts(Value):
    """Facts about the visit that a claim carries once."""

    prior_authorization: str | None = Field(default=None, max_length=50, description="REF*G1")
    referral_number: str | None = Field(default=None, max_length=50, description="REF*9F")
    clia_number: str | None = Field(default=None, max_length=15, description="REF*X4")
    related_cause: Literal["AA", "EM", "OA"] | None = Field(
        default=None, description="CLM11: auto, employment, other accident"
    )
    accident_on: date | None = None
    accident_state: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    onset_on: date | None = None
    initial_treatment_on: date | None = Field(
        default=None, description="DTP*454 of a professional claim: when this treatment began, e.g. of the spine"
    )
    last_seen_on: date | None = Field(
        default=None, description="DTP*304 of a professional claim: when the attending physician last saw the patient"
    )
    property_casualty_claim_number: str | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="REF*Y4: the insurer's number of an accident at work or with a car",
    )
    delay_reason: str | None = Field(default=None, pattern=r"^[0-9]{1,2}$", description="CLM20")
    note: str | None = Field(default=None, max_length=80)
    patient_paid: Annotated[Money, AfterValidator(_not_negative)] | None = None
    accepts_assignment: Literal["A", "B", "C"] = Field(default="A", description="CLM07")
    benefits_assigned: Literal["Y", "N", "W"] = Field(default="Y", description="CLM08")
    release_of_information: Literal["Y", "I"] = Field(default="Y", description="CLM09")
    signature_on_file: Flag = Field(default=True, description="CLM06")
