"""file.acknowledged."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value


class AcknowledgedClaim(Value):
    """A submission in the file."""

    claim_id: UUID
    submission_id: UUID
    submission_ordinal: int


class FileAcknowledged(Event):
    """The partner took a file: an accepted TA1 or 999. It says nothing of the claims' own fate."""

    topic: ClassVar[str] = "file.acknowledged"
    aggregate: ClassVar[str] = "file"
    key_field: ClassVar[str] = "file_id"

    file_id: UUID
    file_name: str
    kind: Literal["TA1", "999"]
    interchange_control_number: str
    acknowledged_at: datetime
    chunk: int = Field(ge=1)
    chunks: int = Field(ge=1)
    claims: tuple[AcknowledgedClaim, ...]
