"""What is said to a submission on a level: the partner or the payer took the claim, or refused it."""

from collections.abc import Iterable
from typing import Any

from claimstream_schemas import ClaimAcknowledged

from ..domain.claim import Claim
from ..domain.submission import Submission
from ..steps.known_submissions import known_submission
from ..steps.settling import keep
from ..store import ClaimUnit


def reads(event: ClaimAcknowledged) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """What an answer reads: the submission, and the claim where it is refused."""
    yield "submissions", (event.practice_id, event.submission_id)
    if not event.accepted:
        yield "claims", (event.practice_id, event.claim_id)


async def record_acknowledgment(event: ClaimAcknowledged, unit: ClaimUnit) -> None:
    """The submission was accepted at a level, or refused: then it never was filed, and waits for a person."""
    submission = await known_submission(event.practice_id, event.submission_id, unit)
    unit.acknowledgments.add(
        practice=event.practice_id,
        submission_id=event.submission_id,
        number=f"{event.file_digest or ''} {event.level} {event.accepted} {event.payer_level}",
        level=event.level,
        accepted=event.accepted,
        payer_level=event.payer_level,
        message=event.message,
        statuses=[status.model_dump(mode="json", exclude_none=True) for status in event.statuses],
        acknowledged_at=event.acknowledged_at,
    )
    if event.accepted:
        number = event.payer_claim_number
        unit.submissions.put(submission.accepted(payer_level=event.payer_level, payer_claim_number=number))
        return
    if not submission.is_live:
        return
    unit.submissions.put(submission.rejected(event.message, event.remedy))
    claim = await unit.claims.get(event.practice_id, event.claim_id)
    if claim is not None:
        claim = keep(claim.rejected(submission.payer_sequence), unit)
        if submission.corrects:
            await _come_back(claim, submission, unit)


async def _come_back(claim: Claim, submission: Submission, unit: ClaimUnit) -> None:
    """A replacement or void that was refused was never filed: its correction waits for a person again."""
    correction = await unit.correction_sent_as(claim.practice_id, claim.claim_id, submission.ordinal)
    if correction is not None and not correction.is_open:
        unit.corrections.put(correction.come_back(at=unit.clock.now()))
        keep(claim.with_correction("waiting"), unit)
