"""A correction that waited for an answer leaves with it: for the decision, or for the refusal of what it was to replace."""

from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim
from ..domain.correction import Correction
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .corrections import leave
from .payer_policies import CorrectionRefused
from .settling import keep


async def waiting_for_an_answer(claim: Claim, unit: ClaimUnit) -> Correction | None:
    """The correction that leaves with the answer, and the contract that it is priced by at hand: before anything is kept."""
    if claim.correction != "sending":
        return None
    correction = await unit.open_correction(claim.practice_id, claim.claim_id)
    if correction is not None:
        both = (*claim.content.coverages, *correction.content.coverages)
        await unit.contracts.wait_for(claim.practice_id, (each.payer_id for each in both))
    return correction


async def let_go(correction: Correction, claim: Claim, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Claim:
    """The claim as it is once its correction has left, or waits for a person again."""
    try:
        await leave(correction, unit, practice, book)
    except CorrectionRefused as refused:
        unit.corrections.put(correction.refuse(refused.detail, refused.remedy, at=unit.clock.now()))
        return keep(claim.with_correction("waiting"), unit)
    return await unit.claims.get(claim.practice_id, claim.claim_id) or claim
