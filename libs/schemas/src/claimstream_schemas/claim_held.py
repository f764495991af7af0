"""claim.held."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.claim import RuleFinding


class ClaimHeld(Event):
    """Something stands against a claim: it does not leave until that is mended or overridden."""

    topic: ClassVar[str] = "claim.held"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    encounter_id: UUID
    findings: tuple[RuleFinding, ...] = Field(min_length=1)
    actor: str
