"""A claim leaves for one payer."""

from claimstream_schemas.values.claim import PayerSequence
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim
from ..domain.submission import Submission
from ..events import claim_submitted
from ..rulebook import Rulebook
from ..store import ClaimUnit


async def recall(claim: Claim, sequence: PayerSequence, unit: ClaimUnit) -> Claim:
    """What this payer has gives way to the next submission, and so does what payers behind it have decided."""
    after = claim.recall(sequence)
    for each in {sequence, *claim.billed} - set(after.billed):
        await unit.retire_submissions(claim, each)
    return after


def submit(  # noqa: PLR0913  the claim, to whom, and by what
    claim: Claim, sequence: PayerSequence, unit: ClaimUnit, practice: Practice, book: Rulebook, *, void: bool = False
) -> Claim:
    """The claim goes to the payer of this sequence, as an original, a replacement or a void."""
    first, day = claim.content.coverages[0].payer_id, claim.content.service_from
    terms = unit.contracts.terms_for(claim.practice_id, first, day) if sequence == "P" else None
    event = claim_submitted(claim, sequence, practice, book.packs, terms, void=void)
    unit.submissions.put(
        Submission(
            practice_id=claim.practice_id,
            submission_id=event.submission_id,
            claim_id=claim.claim_id,
            ordinal=event.submission_ordinal,
            payer_sequence=sequence,
            payer_id=event.payer.payer_id,
            frequency_code=event.frequency_code,
            total_charge=event.total_charge,
            submitted_at=unit.clock.now(),
        )
    )
    unit.arrived(f"submission/{claim.practice_id}/{event.submission_id}")
    unit.publish(event)
    return claim.submitted(sequence)
