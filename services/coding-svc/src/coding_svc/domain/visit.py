"""A visit as the EHR tells it, before it is coded; native JSON and FHIR bundles both become this."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Literal

from claimstream_schemas.values.base import NO_TEXT, Flag, Value
from claimstream_schemas.values.claim_kinds import KindOfClaim, kind_of
from claimstream_schemas.values.encounter import (
    ClaimKind,
    CodedAmount,
    DiagnosisKind,
    InstitutionalProcedure,
    Modifier,
    NdcUnit,
    OccurrenceSpan,
    PoaIndicator,
    TypeOfBill,
    VisitFacts,
)
from claimstream_schemas.values.money import Money, Quantity
from claimstream_schemas.values.people import Facility, Guarantor, Patient, Subscriber
from claimstream_schemas.values.practice import LocationKind
from pydantic import Field

from .asking import Asked

Setting = Literal["professional", "institutional", "pharmacy"]
"""Which kind of claim it is billed as; what a pharmacy dispenses goes by NCPDP, and is not billed here."""
VisitStatus = Literal[
    "planned", "arrived", "triaged", "in-progress", "onleave", "unknown", "finished", "cancelled", "entered-in-error"
]
"""FHIR R4's encounter status; the native document uses the same words."""

_NEVER_BILLED: Mapping[Setting, ClaimKind] = MappingProxyType({"pharmacy": "professional"})
"""Read by the rules of this kind all the same."""

UNFINISHED: frozenset[VisitStatus] = frozenset({"planned", "arrived", "triaged", "in-progress", "onleave", "unknown"})
VOID: frozenset[VisitStatus] = frozenset({"cancelled", "entered-in-error"})

PatientStatus = Literal["inpatient", "emergency", "observation", "outpatient", "home", "telehealth"]
"""As what the patient was seen, where the EHR tells it: it decides the place of service before the location does."""


def kind_billed_in(setting: Setting) -> KindOfClaim:
    """The kind of claim that visits of a setting are billed as."""
    return kind_of(_NEVER_BILLED.get(setting, setting))


class StatedCode(Value):
    """A code in the EHR's own system: SNOMED, LOINC, CVX, or a list of its own."""

    system: str
    code: str


class Condition(Value):
    """Why the patient came, or what was found: a code, a text, or both."""

    icd10: str | None = Field(default=None, description="ICD-10-CM without a dot, where the EHR gives one")
    codes: tuple[StatedCode, ...] = ()
    text: str | None = None
    kind: DiagnosisKind | None = None
    present_on_admission: PoaIndicator | None = None
    since: date | None = None
    name: str | None = Field(default=None, description="What services call it by")
    is_uncertain: bool = Field(
        default=False, description="Probable, suspected or differential: coded at discharge alone"
    )
    is_reason: bool = Field(default=False, description="The EHR says that this is why the patient came")


class Clinician(Value):
    """A person who took part, as the EHR names him or her; the practice's roster goes before it."""

    id: str | None = None
    npi: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    taxonomy: str | None = None


class Service(Value):
    """Something done that may be charged."""

    name: str = Field(description="The EHR's line id; with the encounter it makes the line's id")
    service_from: date
    service_to: date | None = None
    codes: tuple[StatedCode, ...] = ()
    text: str | None = None
    procedure: str | None = None
    modifiers: tuple[Modifier, ...] = ()
    revenue_code: str | None = None
    units: Quantity | None = None
    unit_of_measure: Literal["UN", "MJ", "DA"] = "UN"
    charge: Money | None = None
    diagnosis_pointers: tuple[int, ...] = ()
    reasons: tuple[str, ...] = Field(default=(), description="Names of the conditions it was done for")
    place_of_service: str | None = None
    prior_authorization: str | None = None
    ndc: str | None = None
    ndc_quantity: Quantity | None = None
    ndc_unit: NdcUnit | None = None
    rendering: Clinician | None = None
    is_vaccine: bool = False


class Clinicians(Value):
    """Who did what."""

    rendering: Clinician | None = None
    referring: Clinician | None = None
    ordering: Clinician | None = None
    supervising: Clinician | None = None
    attending: Clinician | None = None
    operating: Clinician | None = None


class StatedCoverage(Value):
    """A coverage as the EHR names it; the practice's list says which payer that is."""

    payers: tuple[str, ...] = Field(description="Names and ids that the payer may be known by, the surest first")
    subscriber: Subscriber
    period_start: date | None = None
    period_end: date | None = None
    order: int | None = Field(default=None, description="Its place in the order of billing, where the EHR gives one")
    insurance_type: str | None = None
    filing_code: str | None = None


class ShownCondition(Value):
    """A condition that is not coded at this visit; the coder sees it, and why."""

    code: str | None = Field(default=None, description="ICD-10-CM, where the EHR gives one")
    text: str | None = None
    why: str


class StatedStay(Value):
    """A stay in a bed, or what else an institutional claim says beyond its lines. What is not told is None."""

    type_of_bill: TypeOfBill | None = None
    admitted_on: date | None = None
    admitted_hour: Annotated[int, Field(ge=0, le=23), NO_TEXT] | None = None
    discharged_hour: Annotated[int, Field(ge=0, le=23), NO_TEXT] | None = None
    admission_type: str | None = Field(default=None, pattern=r"^[1-9]$")
    admission_source: str | None = Field(default=None, pattern=r"^[1-9A-Z]$")
    patient_status: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    drg: str | None = Field(default=None, pattern=r"^[0-9]{3}$")
    procedures: tuple[InstitutionalProcedure, ...] = ()
    condition_codes: tuple[str, ...] = ()
    occurrences: tuple[CodedAmount, ...] = ()
    occurrence_spans: tuple[OccurrenceSpan, ...] = Field(
        default=(), max_length=24, description="What lasted, such as a leave of absence (74)"
    )
    values: tuple[CodedAmount, ...] = ()


class Visit(Value):
    """Everything of one encounter that coding and billing need."""

    source_system: str
    ehr_encounter_id: str
    format: Literal["native", "fhir"]
    setting: Setting
    encounter_class: str | None = None
    status: VisitStatus = "finished"
    updated_at: datetime | None = Field(
        default=None, description="When the EHR last changed it, where it says so: an older telling changes nothing"
    )
    cut_off: date | None = Field(default=None, description="The day up to which an unfinished visit is billed")
    started_on: date
    ended_on: date | None = Field(default=None, description="None: the EHR tells of no end")
    types: tuple[Condition, ...] = Field(default=(), description="What kind of visit it was")
    conditions: tuple[Condition, ...] = ()
    services: tuple[Service, ...] = ()
    patient: Patient
    guarantor: Guarantor | None = None
    coverages: tuple[StatedCoverage, ...] = ()
    clinicians: Clinicians = Clinicians()
    location_ids: tuple[str, ...] = ()
    location: Facility | None = Field(default=None, description="The place as the EHR describes it")
    location_kind: LocationKind | None = Field(default=None, description="What the EHR says that the place is")
    place_of_service: str | None = None
    patient_status: PatientStatus | None = None
    is_at_home: Flag | None = Field(default=None, description="Telehealth: whether the patient was at home")
    is_skilled_nursing: Flag = Field(default=False, description="In a skilled nursing stay (Medicare Part A)")
    stay: StatedStay | None = None
    facts: VisitFacts = VisitFacts()
    shown: tuple[ShownCondition, ...] = ()
    questions: tuple[Asked, ...] = Field(default=(), description="What was not understood when it was read")
    notes: tuple[str, ...] = Field(default=(), description="What was read and is not billed")

    @cached_property
    def document(self) -> bytes:
        """The content as JSON, without what is as usual; made once."""
        return self.model_dump_json(exclude_defaults=True).encode()

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the content as understood: two deliveries with the same one are the same version, whenever they were told."""
        content = self if self.updated_at is None else self.model_copy(update={"updated_at": None})
        return hashlib.sha256(content.document).digest()

    @property
    def through(self) -> date:
        """The last day that is billed: the cut-off of an unfinished visit, else its end, else its only known day."""
        if self.is_cut_off and self.cut_off is not None:
            return self.cut_off
        return self.ended_on or self.started_on

    @property
    def is_cut_off(self) -> bool:
        """Whether it goes on after what is billed now: the patient is still there on the last day."""
        return self.status in UNFINISHED and self.cut_off is not None

    @property
    def has_not_happened(self) -> bool:
        """Whether it was called off, or goes on and nobody says up to when it is billed: there is nothing to code."""
        return (self.status in VOID and not self.questions) or (self.status in UNFINISHED and self.cut_off is None)

    @property
    def coded_on(self) -> date:
        """The day whose codes count: of a stay the last one (ICD-10-CM by discharge), else the first."""
        return self.kind.day(first=self.started_on, through=self.through)

    @property
    def kind(self) -> KindOfClaim:
        """The kind of claim that it is billed as."""
        return kind_billed_in(self.setting)

    @property
    def is_fully_coded(self) -> bool:
        """Whether the EHR gave codes for everything, so that nothing has to be proposed."""
        coded = [condition for condition in self.conditions if condition.icd10]
        return len(coded) == len(self.conditions) and bool(coded) and not self.types

    def age(self, on: date | None = None) -> int:
        """The patient's age in years on the day of the visit."""
        day, born = on or self.started_on, self.patient.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
