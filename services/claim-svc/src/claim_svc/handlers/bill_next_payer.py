"""A payer has decided: the next one is billed for what it left, under the same control number; or a correction that waited for it leaves."""

from claimstream_kit import WaitsFor
from claimstream_schemas import ClaimAdjudicated
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim
from ..domain.correction import Correction
from ..events import claim_assembled, decision_of
from ..rulebook import Rulebook
from ..steps.corrections import CorrectionRefused, bill_following, leave
from ..steps.services_taken import give_up_services
from ..steps.settling import keep
from ..store import ClaimUnit


async def bill_next_payer(event: ClaimAdjudicated, unit: ClaimUnit, book: Rulebook) -> None:
    """Keep the decision; a correction that waited for it leaves, else the next payer is billed for a share that it left."""
    claim = await unit.claims.get(event.practice_id, event.claim_id)
    if claim is None:
        raise WaitsFor(f"claim/{event.practice_id}/{event.claim_id}")
    if claim.knows(event.remittance_id, event.payment_ordinal):
        return
    correction = await _waiting_for_this(claim, unit)
    claim = claim.decided(decision_of(event))
    known = await unit.practices.get(event.practice_id)
    if claim.is_void_done:
        await give_up_services(claim, unit)
        claim = claim.void()
        unit.publish(claim_assembled(claim))
    claim = keep(claim, unit)
    if known is None:
        return
    if correction is not None:
        claim = await _let_go(correction, claim, unit, known.practice, book)
    following = claim.next_sequence()
    if following is not None and claim.correction != "sending":
        keep(await bill_following(claim, following, unit, known.practice, book), unit)


async def _let_go(correction: Correction, claim: Claim, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Claim:
    """The claim as it is once its correction has left, or waits for a person again."""
    try:
        await leave(correction, unit, practice, book)
    except CorrectionRefused as refused:
        unit.corrections.put(correction.refuse(refused.detail, refused.remedy, at=unit.clock.now()))
        return keep(claim.with_correction("waiting"), unit)
    return await unit.claims.get(claim.practice_id, claim.claim_id) or claim


async def _waiting_for_this(claim: Claim, unit: ClaimUnit) -> Correction | None:
    """The correction that leaves with the decision, and the contract that it is priced by at hand: before anything is kept."""
    if claim.correction != "sending":
        return None
    correction = await unit.open_correction(claim.practice_id, claim.claim_id)
    if correction is not None:
        await unit.contracts.wait_for(claim.practice_id, (each.payer_id for each in correction.content.coverages))
    return correction
