"""A payer has decided: the next one is billed for what it left, under the same control number; or a correction that waited for it leaves."""

from claimstream_kit import WaitsFor
from claimstream_schemas import ClaimAdjudicated

from ..events import decision_of
from ..rulebook import Rulebook
from ..steps.corrections import end_void
from ..steps.following import bill_following
from ..steps.letting_go import let_go, waiting_for_an_answer
from ..steps.settling import keep, take_off
from ..store import ClaimUnit


async def bill_next_payer(event: ClaimAdjudicated, unit: ClaimUnit, book: Rulebook) -> None:
    """Keep the decision; a correction that waited for it leaves, else the next payer is billed for a share that it left."""
    claim = await unit.claims.get(event.practice_id, event.claim_id)
    if claim is None:
        raise WaitsFor(f"claim/{event.practice_id}/{event.claim_id}")
    if claim.knows(event.remittance_id, event.payment_ordinal):
        return
    correction = await waiting_for_an_answer(claim, unit)
    claim = claim.decided(decision_of(event))
    known = await unit.practices.get(event.practice_id)
    if claim.is_void_done:
        for sequence in claim.billed:
            await unit.retire_submissions(claim, sequence)
        voided = claim.void()
        await take_off(claim, voided, unit)
        await end_void(claim, unit)
        claim = voided
    claim = keep(claim, unit)
    if known is None:
        return
    if correction is not None:
        claim = await let_go(correction, claim, unit, known.practice, book)
    following = claim.next_sequence()
    if following is not None and claim.correction != "sending":
        keep(await bill_following(claim, following, unit, known.practice, book), unit)
