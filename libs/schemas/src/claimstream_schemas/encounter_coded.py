"""encounter.coded."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value
from .values.encounter import (
    ChargeLine,
    ClaimKind,
    Coverage,
    Diagnosis,
    PlaceSource,
    Providers,
    Stay,
    UncodedItem,
    VisitFacts,
)
from .values.people import Facility, Guarantor, Patient, Subscriber

Ended = Literal["cancelled", "entered_in_error", "reopened"]


class EncounterPerson(Value):
    """Whom the visit is about; identifying."""

    patient: Patient
    subscribers: tuple[Subscriber, ...] = Field(default=(), description="One per coverage, in the same order")
    guarantor: Guarantor | None = None


class EncounterCoded(Event):
    """A visit is coded and can be billed. Without a coverage it is a self-pay visit."""

    topic: ClassVar[str] = "encounter.coded"
    aggregate: ClassVar[str] = "encounter"
    key_field: ClassVar[str] = "encounter_id"

    encounter_id: UUID
    encounter_version: int = Field(ge=1)
    source_system: str
    ehr_encounter_id: str
    kind: ClaimKind
    started_on: date
    ended_on: date
    ended: Ended | None = Field(
        default=None,
        description="It is not to be billed, or not yet: nothing of this version is charged, and what was is taken back",
    )
    place_of_service: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    place_of_service_source: PlaceSource | None = Field(
        default=None, description="Where the place of service comes from"
    )
    location_id: str | None = Field(
        default=None, description="The practice's location where it was: who bills follows from it"
    )
    facility: Facility | None = Field(default=None, description="None: the billing provider's own address")
    providers: Providers = Providers()
    coverages: tuple[Coverage, ...] = Field(default=(), description="In the order of billing; none is self-pay")
    diagnoses: tuple[Diagnosis, ...] = ()
    lines: tuple[ChargeLine, ...] = ()
    stay: Stay | None = Field(default=None, description="Institutional encounters only")
    facts: VisitFacts = VisitFacts()
    uncoded: tuple[UncodedItem, ...] = ()
    code_sets: dict[str, str] = Field(default_factory=dict, description="Code set to the version it was coded with")
    coded_by: str = Field(description="ehr, encoder, or the subject of the coder's token")
    person: EncounterPerson
