"""claim.released."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import Event


class ClaimReleased(Event):
    """A claim that was held may leave."""

    topic: ClassVar[str] = "claim.released"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    encounter_id: UUID
    rules: tuple[str, ...] = Field(default=(), description="The rules that had held it")
    reason: str
    actor: str
