"""How an encounter is billed: in one version, to payers on its claims or to the patient, never both.

Before anything of it is submitted a newer version replaces what stood. Afterwards it waits as a correction, but for a claim that is
still held and keeps its lines: it is mended by it, for no line moves from one claim to another then.
"""

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
    """Those that stand; without any it is self-pay."""


def is_mended_by(claim: Claim, content: ClaimContent | None) -> bool:
    """Whether a newer version, come after another claim of the encounter was submitted, may replace this one's content."""
    if claim.is_submitted or content is None:
        return False
    return {line.line_id for line in claim.content.lines} == {line.line_id for line in content.lines}
