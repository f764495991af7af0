"""How an encounter is billed: in one version, to payers on its claims or to the patient, never both.

Before anything of it is submitted a newer version replaces what stood. Afterwards it waits as a correction, but for a claim that is
still held and keeps its lines, or was withdrawn when the visit ended and takes none of another's: it is mended by it, for no line moves
from one claim to another then. What a person took back is billed again by a person alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from .claim import Claim, ClaimContent


@dataclass(frozen=True)
class Billing:
    """One encounter's."""

    practice: str
    encounter_id: UUID
    encounter_version: int
    """The newest that came, billed or waiting as a correction: an older one changes nothing."""
    claims: tuple[UUID, ...] = ()
    """Those that stand; without any it is self-pay, or its visit ended."""


def is_mended_by(claim: Claim, content: ClaimContent | None, others: Iterable[Claim]) -> bool:
    """Whether a newer version, come after another claim of the encounter was submitted, may replace this one's content."""
    if claim.has_left or claim.is_taken_back or content is None:
        return False
    wanted = {line.line_id for line in content.lines}
    if not claim.is_live:
        return wanted.isdisjoint(line.line_id for other in others for line in other.content.lines)
    return {line.line_id for line in claim.content.lines} == wanted
