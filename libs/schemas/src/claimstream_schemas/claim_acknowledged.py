"""claim.acknowledged."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .claim_transmitted import SegmentsPerson
from .envelope import Event
from .values.base import Value


class StatusCode(Value):
    """One STC composite, or one error code of a TA1 or 999."""

    category: str | None = Field(default=None, description="STC01-1, e.g. A2, A7")
    code: str = Field(description="STC01-2, TA105, IK304 or IK403")
    entity: str | None = Field(default=None, description="STC01-3")
    place: str | None = Field(default=None, description="Segment, loop and element, where the answer names them")


class ClaimAcknowledged(Event):
    """An answer about one submission: rejected somewhere on its way, or accepted or rejected by a 277CA at its level.

    A payer-level A2 (``payer_level`` and ``accepted``) is acceptance into adjudication; an A1 is receipt alone.
    """

    topic: ClassVar[str] = "claim.acknowledged"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    submission_id: UUID
    submission_ordinal: int
    level: Literal["gateway", "ta1", "999", "277ca"]
    accepted: bool
    payer_level: bool = Field(default=False, description="The payer said it, not a clearinghouse on the way")
    statuses: tuple[StatusCode, ...] = ()
    message: str = Field(default="", description="In our own words, without patient data")
    remedy: str | None = None
    payer_claim_number: str | None = Field(default=None, description="277CA REF*1K")
    file_name: str | None = None
    file_digest: str | None = None
    acknowledged_at: datetime
    person: SegmentsPerson = SegmentsPerson()
