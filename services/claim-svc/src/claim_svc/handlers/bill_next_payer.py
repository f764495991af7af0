"""A payer has decided: the next one is billed for what it left, under the same control number."""

from dataclasses import replace

from claimstream_kit import WaitsFor
from claimstream_schemas import ClaimAdjudicated

from ..domain.rules import RulePacks
from ..events import decision_of
from ..store import ClaimUnit
from .scrub_claim import submit


async def bill_next_payer(event: ClaimAdjudicated, unit: ClaimUnit, packs: RulePacks) -> None:
    """Keep the decision; bill the next payer when it left a share and the payer did not forward the claim itself."""
    claim = await unit.claims.get(event.practice_id, event.claim_id)
    if claim is None:
        raise WaitsFor(f"claim/{event.practice_id}/{event.claim_id}")
    if claim.knows(event.remittance_id, event.payment_ordinal):
        return
    claim = claim.decided(decision_of(event))
    known = await unit.practices.get(event.practice_id)
    following = claim.next_sequence()
    if following is not None and known is not None:
        claim = submit(claim, following, unit, known.practice, packs)
    unit.claims.put(replace(claim, updated_at=unit.clock.now()))
