"""encounter.received."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event


class EncounterReceived(Event):
    """An encounter came, from where, and as which version."""

    topic: ClassVar[str] = "encounter.received"
    aggregate: ClassVar[str] = "encounter"
    key_field: ClassVar[str] = "encounter_id"

    encounter_id: UUID
    encounter_version: int = Field(ge=1)
    source_system: str
    ehr_encounter_id: str
    format: Literal["native", "fhir"]
    content_digest: str = Field(description="SHA-256 of the content as understood, hexadecimal")
