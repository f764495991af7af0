"""A visit as the EHR tells it, before it is coded; native JSON and FHIR bundles both become this."""

import hashlib
from datetime import date
from functools import cached_property
from typing import Literal

from claimstream_schemas.values.base import Value
from claimstream_schemas.values.encounter import (
    DiagnosisKind,
    Modifier,
    PoaIndicator,
    Stay,
    VisitFacts,
)
from claimstream_schemas.values.money import Money, Quantity
from claimstream_schemas.values.people import Address, Facility, Guarantor, Patient, Subscriber
from pydantic import Field

Setting = Literal["professional", "institutional", "pharmacy"]


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

    def is_active(self, on: date) -> bool:
        """Whether it covers that day."""
        return (self.period_start is None or self.period_start <= on) and (
            self.period_end is None or on <= self.period_end
        )


class Visit(Value):
    """Everything of one encounter that coding and billing need."""

    source_system: str
    ehr_encounter_id: str
    format: Literal["native", "fhir"]
    setting: Setting
    encounter_class: str | None = None
    started_on: date
    ended_on: date
    types: tuple[Condition, ...] = Field(default=(), description="What kind of visit it was")
    conditions: tuple[Condition, ...] = ()
    services: tuple[Service, ...] = ()
    patient: Patient
    guarantor: Guarantor | None = None
    coverages: tuple[StatedCoverage, ...] = ()
    clinicians: Clinicians = Clinicians()
    location_ids: tuple[str, ...] = ()
    location: Facility | None = Field(default=None, description="The place as the EHR describes it")
    place_of_service: str | None = None
    stay: Stay | None = None
    facts: VisitFacts = VisitFacts()

    @cached_property
    def document(self) -> bytes:
        """The content as JSON, without what is as usual; made once."""
        return self.model_dump_json(exclude_defaults=True).encode()

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the content as understood: two deliveries with the same one are the same version."""
        return hashlib.sha256(self.document).digest()

    @property
    def is_fully_coded(self) -> bool:
        """Whether the EHR gave codes for everything, so that nothing has to be proposed."""
        coded = [condition for condition in self.conditions if condition.icd10]
        return len(coded) == len(self.conditions) and bool(coded) and not self.types

    def age(self, on: date | None = None) -> int:
        """The patient's age in years on the day of the visit."""
        day, born = on or self.started_on, self.patient.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def address_or_none(**parts: str | None) -> Address | None:
    """An address when its needed parts are there and well-formed, else None: a claim rule asks for it."""
    try:
        return Address.model_validate({name: value for name, value in parts.items() if value})
    except ValueError:
        return None
