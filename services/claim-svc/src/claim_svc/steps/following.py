"""The payer after one that has decided is billed for what that one left."""

from claimstream_schemas.values.claim import PayerSequence
from claimstream_schemas.values.practice import Practice

from ..domain.claim import SEQUENCES, Claim
from ..domain.correction import Correction
from ..domain.frequency import way_of
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .scrubbing import judge_for_next
from .submitting import submit


async def bill_following(
    claim: Claim, sequence: PayerSequence, unit: ClaimUnit, practice: Practice, book: Rulebook
) -> Claim:
    """The next payer is billed, if its rules let it; where it has decided already, as it takes a correction, or a person sees that it has to be told."""
    claim = judge_for_next(claim, sequence, unit, practice, book)
    if claim.is_stopped:
        return claim
    decision = claim.standing_decision(sequence)
    if decision is None:
        return submit(claim, sequence, unit, practice, book)
    payer = practice.payer(claim.content.coverages[SEQUENCES.index(sequence)].payer_id)
    if payer is not None and decision.payer_claim_number and way_of(claim, sequence, payer) == "replacement":
        await unit.retire_submissions(claim, sequence)
        return submit(claim, sequence, unit, practice, book)
    now = unit.clock.now()
    name = payer.id if payer else "the next payer"
    why = f"a payer before it decided anew: {name} cannot be sent a replacement, ask for a reopening"
    earlier = await unit.open_correction(claim.practice_id, claim.claim_id)
    if earlier is not None:
        unit.corrections.put(earlier.also_because(why, at=now))
        return claim.stands_with(sequence)
    told = Correction.of(claim, "replacement", claim.content, origin="payer", reason=why, actor=unit.actor, at=now)
    await unit.corrections.load([(claim.practice_id, told.correction_id)])
    unit.corrections.put(told)
    return claim.stands_with(sequence).with_correction("waiting")
