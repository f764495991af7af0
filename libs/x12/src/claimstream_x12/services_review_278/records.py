"""The review of services: request and response of 005010X217, level by level.

Both have the same levels; a response has decisions (HCR) and refusals (AAA) where a request asks. BHT02 tells them
apart: 13 a request, 01 its cancellation, 36 its reply's confirmation, 11 a response.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from claimstream_x12.common_records import (
    Birth,
    Delivery,
    HealthCode,
    ProviderRole,
    Refusal,
    Relationship,
    Trace,
)
from claimstream_x12.loop_records import Level, Loop, LoopRecord
from claimstream_x12.names import Contact, Dated, Party, Procedure, Reference, find_reference
from claimstream_x12.services_review_278.certifications import (
    AmbulanceTransport,
    Conditions,
    HomeHealthCare,
    OxygenTherapy,
    SpinalManipulation,
    Stay,
)

GUIDE = "005010X217"
_RESPONSE = "11"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """UM: which review is asked for."""

    category: Annotated[str, "UM01"]  # AR admission, HS health services, SC specialty care, IN individual
    certification: Annotated[str, "UM02"] = ""  # I initial, R renewal, S revised, 3 cancel, 4 extension, 1 appeal …
    service_type: Annotated[str, "UM03"] = ""
    facility_code: Annotated[str, "UM04-1"] = ""
    facility_kind: Annotated[str, "UM04-2"] = ""  # A type of bill, B place of service
    related_causes: Annotated[tuple[str, ...], "UM05-1 to UM05-3"] = ()
    accident_state: Annotated[str, "UM05-4"] = ""
    accident_country: Annotated[str, "UM05-5"] = ""
    level_of_service: Annotated[str, "UM06"] = ""  # 03 emergency, U urgent, E elective
    health_condition: Annotated[str, "UM07"] = ""
    prognosis: Annotated[str, "UM08"] = ""
    release: Annotated[str, "UM09"] = ""
    delay_reason: Annotated[str, "UM10"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDecision:
    """HCR: what was decided."""

    action: Annotated[str, "HCR01"]  # A1 certified, A2 in part, A3 not, A4 pended, A6 modified, C cancelled, CT, NA
    number: Annotated[str, "HCR02"] = ""  # of the certification
    reason: Annotated[str, "HCR03"] = ""
    second_opinion: Annotated[str, "HCR04"] = ""  # Y, N: whether one is needed for surgery

    @property
    def certified(self) -> bool:
        """Whether it was certified in whole, in part or in another form."""
        return self.action in {"A1", "A2", "A6"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """PWK: what supports the request, and how it comes."""

    report: Annotated[str, "PWK01"]
    transmission: Annotated[str, "PWK02"]
    control_number: Annotated[str, "PWK05=AC PWK06"] = ""
    description: Annotated[str, "PWK07"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionalService:
    """SV1."""

    procedure: Annotated[Procedure | None, "SV101"]
    charge: Annotated[Decimal | None, "SV102"] = None
    unit: Annotated[str, "SV103"] = ""
    quantity: Annotated[Decimal | None, "SV104"] = None
    place_of_service: Annotated[str, "SV105"] = ""
    service_type: Annotated[str, "SV106"] = ""
    diagnosis_pointers: Annotated[tuple[int, ...], "SV107-*"] = ()
    other_amount: Annotated[Decimal | None, "SV108"] = None
    emergency: Annotated[str, "SV109"] = ""  # Y, N
    multiple_procedures: Annotated[str, "SV110"] = ""
    epsdt: Annotated[str, "SV111"] = ""  # Y, N
    family_planning: Annotated[str, "SV112"] = ""  # Y, N
    review: Annotated[str, "SV113"] = ""
    review_value: Annotated[str, "SV114"] = ""
    copay_status: Annotated[str, "SV115"] = ""
    shortage_area: Annotated[str, "SV116"] = ""
    reference: Annotated[str, "SV117"] = ""
    postal_code: Annotated[str, "SV118"] = ""
    further_amount: Annotated[Decimal | None, "SV119"] = None
    level_of_care: Annotated[str, "SV120"] = ""
    provider_agreement: Annotated[str, "SV121"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionalService:
    """SV2."""

    revenue_code: Annotated[str, "SV201"] = ""
    procedure: Annotated[Procedure | None, "SV202"] = None
    charge: Annotated[Decimal | None, "SV203"] = None
    unit: Annotated[str, "SV204"] = ""
    quantity: Annotated[Decimal | None, "SV205"] = None
    rate: Annotated[Decimal | None, "SV206"] = None
    other_amount: Annotated[Decimal | None, "SV207"] = None
    condition: Annotated[str, "SV208"] = ""  # Y, N
    nursing_home_residency: Annotated[str, "SV209"] = ""
    level_of_care: Annotated[str, "SV210"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DentalService:
    """SV3."""

    procedure: Annotated[Procedure | None, "SV301"]
    charge: Annotated[Decimal | None, "SV302"] = None
    place_of_service: Annotated[str, "SV303"] = ""
    oral_cavity: Annotated[tuple[str, ...], "SV304-*"] = ()
    prosthesis: Annotated[str, "SV305"] = ""  # I initial, R replacement
    quantity: Annotated[Decimal | None, "SV306"] = None
    description: Annotated[str, "SV307"] = ""
    copay_status: Annotated[str, "SV308"] = ""
    provider_agreement: Annotated[str, "SV309"] = ""
    predetermination: Annotated[str, "SV310"] = ""  # Y, N
    diagnosis_pointers: Annotated[tuple[int, ...], "SV311-*"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tooth:
    """TOO."""

    qualifier: Annotated[str, "TOO01"] = "JP"
    number: Annotated[str, "TOO02"] = ""
    surfaces: Annotated[tuple[str, ...], "TOO03-*"] = ()  # B, D, F, I, L, M, O


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedProvider(LoopRecord):
    """Loops 2010EA and 2010F: who provides, refers, admits or operates."""

    party: Annotated[Party, "NM1 REF N3 N4 PER"]
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()
    provider: Annotated[ProviderRole | None, "PRV"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportStop(LoopRecord):
    """Loop 2010EB of a request, 2010EC of a response: where a patient is taken up or set down."""

    party: Annotated[Party, "NM1 N3 N4"]  # PW pick-up, 45 drop-off, FS final, ND next, R3
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherReview(LoopRecord):
    """Loop 2010EC of a request: another organisation that has refused the same, why and when."""

    party: Annotated[Party, "NM1"]  # 00, CA, GG
    references: Annotated[tuple[Reference, ...], "REF"] = ()
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()  # 598


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationContact(LoopRecord):
    """Loops 2010EB and 2010FB of a response: to whom more information goes."""

    party: Annotated[Party, "NM1 N3 N4 PER"]  # L5 …


_PROVIDERS = ("1T", "71", "72", "73", "77", "AAJ", "DD", "DK", "DN", "DQ", "FA", "G3", "P3", "QB", "QV", "SJ")
_STOPS = ("45", "FS", "ND", "PW", "R3")
_OTHER_REVIEWS = ("00", "CA", "GG")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedService(LoopRecord):
    """Loop 2000F: one service under review."""

    traces: Annotated[tuple[Trace, ...], "TRN"] = ()
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # response
    request: Annotated[ReviewRequest | None, "UM"] = None  # where it differs from the event's
    decision: Annotated[ReviewDecision | None, "HCR"] = None  # response
    references: Annotated[tuple[Reference, ...], "REF"] = ()  # BB authorisation, NT administrative reference
    dates: Annotated[tuple[Dated, ...], "DTP"] = ()  # 472 service, 102 issued, 036 expires, 007 effective
    codes: Annotated[tuple[HealthCode, ...], "HI01 to HI12"] = ()  # response
    professional: Annotated[ProfessionalService | None, "SV1"] = None
    institutional: Annotated[InstitutionalService | None, "SV2"] = None
    dental: Annotated[DentalService | None, "SV3"] = None
    teeth: Annotated[tuple[Tooth, ...], "TOO"] = ()
    delivery: Annotated[Delivery | None, "HSD"] = None
    attachments: Annotated[tuple[Attachment, ...], "PWK"] = ()
    message: Annotated[str, "MSG"] = ""
    providers: Annotated[tuple[ReviewedProvider, ...], Loop("2010F", _PROVIDERS)] = ()
    contacts: Annotated[tuple[InformationContact, ...], Loop("2010FB")] = ()  # response


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientEvent(LoopRecord):
    """Loop 2000E: an admission, a referral or a course of care under review, with its services."""

    traces: Annotated[tuple[Trace, ...], "TRN"] = ()
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # response
    request: Annotated[ReviewRequest | None, "UM"] = None
    decision: Annotated[ReviewDecision | None, "HCR"] = None  # response
    references: Annotated[tuple[Reference, ...], "REF"] = ()  # BB authorisation, NT administrative reference
    dates: Annotated[
        tuple[Dated, ...], "DTP"
    ] = ()  # AAH event, 435 admission, 096 discharge, 439 accident, 431 onset …
    codes: Annotated[tuple[HealthCode, ...], "HI01 to HI12"] = ()  # diagnoses
    delivery: Annotated[Delivery | None, "HSD"] = None
    conditions: Annotated[tuple[Conditions, ...], "CRC"] = ()  # request
    stay: Annotated[Stay | None, "CL1"] = None
    ambulance: Annotated[AmbulanceTransport | None, "CR1"] = None
    spinal: Annotated[SpinalManipulation | None, "CR2"] = None
    oxygen: Annotated[OxygenTherapy | None, "CR5"] = None
    home_health: Annotated[HomeHealthCare | None, "CR6"] = None
    attachments: Annotated[tuple[Attachment, ...], "PWK"] = ()
    message: Annotated[str, "MSG"] = ""
    providers: Annotated[tuple[ReviewedProvider, ...], Loop("2010EA", _PROVIDERS)] = ()
    contacts: Annotated[
        tuple[InformationContact, ...], Loop("2010EB", ("1P", "2B", "ABG", "L5", "PR", "X3"))
    ] = ()  # response
    stops: Annotated[tuple[TransportStop, ...], Loop("2010EB", _STOPS)] = ()  # 2010EC of a response
    other_reviews: Annotated[tuple[OtherReview, ...], Loop("2010EC", _OTHER_REVIEWS)] = ()  # request
    services: Annotated[tuple[ReviewedService, ...], Level("2000F", "SS")] = ()

    def reference(self, qualifier: str) -> str:
        """The value of the first reference with this qualifier, or ""."""
        return find_reference(self.references, qualifier)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependent(LoopRecord):
    """Loop 2000D with 2010D: the patient who is not the subscriber."""

    party: Annotated[Party, "NM1 REF N3 N4"]  # NM1*QC
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # response
    birth: Annotated[Birth | None, "DMG"] = None
    relationship: Annotated[Relationship | None, "INS"] = None
    events: Annotated[tuple[PatientEvent, ...], Level("2000E", "EV")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber(LoopRecord):
    """Loop 2000C with 2010C: the insured, who is the patient when the events stand here."""

    party: Annotated[Party, "NM1 REF N3 N4"]  # NM1*IL
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # response
    birth: Annotated[Birth | None, "DMG"] = None
    relationship: Annotated[Relationship | None, "INS"] = None
    events: Annotated[tuple[PatientEvent, ...], Level("2000E", "EV")] = ()
    dependents: Annotated[tuple[Dependent, ...], Level("2000D", "23")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequesterName(LoopRecord):
    """Loop 2010B once more: a response may name two."""

    party: Annotated[Party, "NM1 REF N3 N4 PER"]
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()
    provider: Annotated[ProviderRole | None, "PRV"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester(LoopRecord):
    """Loop 2000B with 2010B: who asks for the review."""

    party: Annotated[Party, "NM1 REF N3 N4 PER"]  # NM1*1P, FA
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # response
    provider: Annotated[ProviderRole | None, "PRV"] = None
    second: Annotated[RequesterName | None, Loop("2010B")] = None  # response
    subscribers: Annotated[tuple[Subscriber, ...], Level("2000C", "22")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOrganization(LoopRecord):
    """Loop 2000A with 2010A: who reviews (the UMO, a payer most often)."""

    level_refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # of 2000A, response
    party: Annotated[Party, "NM1"]  # NM1*X3
    contacts: Annotated[tuple[Contact, ...], "PER"] = ()  # response
    refusals: Annotated[tuple[Refusal, ...], "AAA"] = ()  # of 2010A, response
    requesters: Annotated[tuple[Requester, ...], Level("2000B", "21")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesReview(LoopRecord):
    """A whole 278, request or response."""

    structure: Annotated[str, "BHT01"] = "0007"
    purpose: Annotated[str, "BHT02"] = "13"  # 13 request, 01 cancellation, 11 response, 36
    reference: Annotated[str, "BHT03"]
    created: Annotated[datetime | None, "BHT04 BHT05"] = None
    kind: Annotated[str, "BHT06"] = ""  # RU; 18, 19, AT of a response
    organizations: Annotated[tuple[ReviewOrganization, ...], Level("2000A", "20")] = ()

    @property
    def is_response(self) -> bool:
        """Whether it answers."""
        return self.purpose == _RESPONSE
