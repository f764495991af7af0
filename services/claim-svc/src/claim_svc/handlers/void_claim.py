"""A person takes a claim back: what no payer has is voided at once, what one has is voided there."""

from uuid import UUID

from ..domain.change_reasons import with_change_reason
from ..domain.claim import Claim
from ..rulebook import Rulebook
from ..steps.mending import claim_to_mend, correct_what_left
from ..steps.settling import take_off
from ..store import ClaimUnit


async def void_claim(  # noqa: PLR0913  the claim, why, and what judges it
    practice_id: str, claim_id: UUID, reason: str, unit: ClaimUnit, book: Rulebook, *, change_reason: str | None = None
) -> Claim:
    """Void it, once every payer that has it has decided. ``change_reason``: the condition code by which Medicare's Part A is told why."""
    claim, practice = await claim_to_mend(practice_id, claim_id, unit)
    if claim.is_with_nobody:
        voided = claim.take_back()
        await take_off(claim, voided, unit)
        return voided
    content = with_change_reason(claim.content, change_reason) if change_reason else claim.content
    return await correct_what_left(claim, "void", content, reason, unit, practice, book)
