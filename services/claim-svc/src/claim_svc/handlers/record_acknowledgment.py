"""What is said to a submission on a level: the partner or the payer took the claim, or refused it."""

from collections.abc import Iterable
from typing import Any

from claimstream_schemas import ClaimAcknowledged

from ..rulebook import Rulebook
from ..steps.coming_back import come_back
from ..steps.known_submissions import known_submission
from ..steps.letting_go import let_go, waiting_for_an_answer
from ..steps.settling import keep
from ..store import ClaimUnit


def reads(event: ClaimAcknowledged) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """What an answer reads: the submission, and the claim where it is refused."""
    yield "submissions", (event.practice_id, event.submission_id)
    if not event.accepted:
        yield "claims", (event.practice_id, event.claim_id)


async def record_acknowledgment(event: ClaimAcknowledged, unit: ClaimUnit, book: Rulebook) -> None:
    """The submission was accepted at a level, or refused: then it never was filed, and waits for a person."""
    submission = await known_submission(event.practice_id, event.submission_id, unit)
    claim = None if event.accepted else await unit.claims.get(event.practice_id, event.claim_id)
    going_on = await waiting_for_an_answer(claim, unit) if claim is not None else None
    _keep_answer(event, unit)
    if event.accepted:
        number = event.payer_claim_number
        unit.submissions.put(submission.accepted(payer_level=event.payer_level, payer_claim_number=number))
    elif submission.is_live:
        unit.submissions.put(submission.rejected(event.message, event.remedy))
        if claim is not None:
            claim = keep(claim.rejected(submission.payer_sequence), unit)
            came_back = await come_back(claim, submission, unit)
            known = await unit.practices.get(event.practice_id)
            if going_on is not None and known is not None and going_on.correction_id != came_back:
                await let_go(going_on, claim, unit, known.practice, book)


def _keep_answer(event: ClaimAcknowledged, unit: ClaimUnit) -> None:
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
