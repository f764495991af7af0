"""A person takes a claim back: what no payer has is withdrawn, what one has is voided there."""

from uuid import UUID

from ..domain.claim import Claim
from ..rulebook import Rulebook
from ..steps.mending import claim_to_mend, correct_what_left
from ..steps.settling import take_off
from ..store import ClaimUnit


async def void_claim(practice_id: str, claim_id: UUID, reason: str, unit: ClaimUnit, book: Rulebook) -> Claim:
    """Withdraw it, or void it once every payer that has it has decided."""
    claim, practice = await claim_to_mend(practice_id, claim_id, unit)
    if claim.is_with_nobody:
        withdrawn = claim.take_back()
        await take_off(claim, withdrawn, unit)
        return withdrawn
    return await correct_what_left(claim, "void", claim.content, reason, unit, practice, book)
