"""A payer has decided: the next one is billed for what it left, under the same control number; or a correction that waited for it leaves."""

from claimstream_kit import WaitsFor
from claimstream_schemas import ClaimAdjudicated

from ..domain.claim import Claim
from ..domain.correction import Correction
from ..events import claim_assembled, decision_of
from ..rulebook import Rulebook
from ..steps.corrections import CorrectionRefused, bill_following, leave
from ..steps.services_taken import give_up_services
from ..steps.settling import keep
from ..store import ClaimUnit


async def bill_next_payer(event: ClaimAdjudicated, unit: ClaimUnit, book: Rulebook) -> None:
    """Keep the decision; bill the next payer when it left a share and the payer did not forward the claim itself."""
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
    following = claim.next_sequence()
    if following is not None and known is not None:
        claim = await bill_following(claim, following, unit, known.practice, book)
    keep(claim, unit)
    if correction is not None and known is not None:
        try:
            await leave(correction, unit, known.practice, book)
        except CorrectionRefused as refused:
            unit.corrections.put(correction.refuse(refused.detail, refused.remedy, at=unit.clock.now()))
            keep(claim.with_correction("waiting"), unit)


async def _waiting_for_this(claim: Claim, unit: ClaimUnit) -> Correction | None:
    """The correction that leaves with the decision, and the contract that it is priced by at hand: before anything is kept."""
    if claim.correction != "sending":
        return None
    correction = await unit.open_correction(claim.practice_id, claim.claim_id)
    if correction is not None:
        await unit.contracts.wait_for(claim.practice_id, (each.payer_id for each in correction.content.coverages))
    return correction
