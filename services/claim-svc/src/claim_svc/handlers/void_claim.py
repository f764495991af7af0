"""A person takes a claim back: what no payer has is voided at once, what one has is voided there."""

from uuid import UUID

from ..domain.claim import Claim
from ..rulebook import Rulebook
from ..steps.mending import claim_to_mend, correct_what_left
from ..steps.settling import take_off
from ..store import ClaimUnit


async def void_claim(practice_id: str, claim_id: UUID, reason: str, unit: ClaimUnit, book: Rulebook) -> Claim:
    """Void it, once every payer that has it has decided."""
    claim, practice = await claim_to_mend(practice_id, claim_id, unit)
    if claim.is_with_nobody:
        voided = claim.take_back()
        await take_off(claim, voided, unit)
        return voided
    return await correct_what_left(claim, "void", claim.content, reason, unit, practice, book)
