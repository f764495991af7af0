"""The first payer keeps what it has; those behind it are others, or are billed under another number."""

from dataclasses import replace

from claimstream_schemas.values.practice import Practice

from ..domain.claim import SEQUENCES, Claim
from ..domain.correction import Correction
from ..domain.decisions import Decision
from ..events import claim_assembled
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .following import bill_following
from .scrubbing import unknown_payers
from .settling import keep
from .submitting import recall
from .voiding import send_voids

LATER = SEQUENCES[1:]


async def next_payers(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    """A void to each payer behind the first that is no longer one; when these are answered, the next payer is billed."""
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    if claim is None or any(claim.is_with(sequence) for sequence in LATER):
        return correction
    if unknown := unknown_payers(correction.content, practice):
        return correction.hold(unknown, at=unit.clock.now())
    gone = _decisions_of_others(claim, correction)
    if gone and correction.is_under_way:
        return correction
    if gone:
        sent, claim = await send_voids(correction, claim, gone, unit, practice, book)
        keep(claim, unit)
        return sent.go_on()
    for sequence in LATER:
        claim = await recall(claim, sequence, unit)
    content = correction.content.with_patient_paid(claim.content.facts.patient_paid)
    claim = keep(replace(claim, content=content), unit)
    unit.publish(claim_assembled(claim))
    following = claim.next_sequence()
    if following is not None:
        claim = keep(await bill_following(claim, following, unit, practice, book), unit)
    return correction.send(claim.submissions, at=unit.clock.now())


def _decisions_of_others(claim: Claim, correction: Correction) -> list[Decision]:
    """What payers behind the first decided that are none of its payers now."""
    payers = dict(zip(SEQUENCES, (each.payer_id for each in correction.content.coverages), strict=False))
    return [
        decision
        for decision in claim.standing_decisions
        if decision.payer_sequence in LATER and payers.get(decision.payer_sequence) != decision.payer_id
    ]
