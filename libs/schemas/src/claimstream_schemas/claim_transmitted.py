"""claim.transmitted."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value
from .values.claim import PayerSequence


class SegmentsPerson(Value):
    """A claim's own X12 segments; identifying."""

    segments: tuple[str, ...] = ()


class ClaimTransmitted(Event):
    """A submission left in a file, once."""

    topic: ClassVar[str] = "claim.transmitted"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    submission_id: UUID
    submission_ordinal: int
    payer_sequence: PayerSequence
    control_number: str
    file_name: str
    file_digest: str = Field(description="SHA-256 of the file's bytes, hexadecimal")
    interchange_control_number: str = Field(description="ISA13")
    group_control_number: str = Field(description="GS06")
    set_control_number: str = Field(description="ST02")
    transmitted_at: datetime
    person: SegmentsPerson = SegmentsPerson()
