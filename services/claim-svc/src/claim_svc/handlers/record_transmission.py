"""How far a submission came on its way: it left in a file, and the partner took the file."""

from claimstream_schemas import ClaimTransmitted, FileAcknowledged

from ..steps.known_submissions import known_submission
from ..store import ClaimUnit


async def record_transmission(event: ClaimTransmitted, unit: ClaimUnit) -> None:
    """It left in a file."""
    submission = await known_submission(event.practice_id, event.submission_id, unit)
    unit.submissions.put(submission.sent(event.file_name))


async def record_file_answer(event: FileAcknowledged, unit: ClaimUnit) -> None:
    """The partner took the file; the claims' own fate is still open."""
    submissions = [await known_submission(event.practice_id, claim.submission_id, unit) for claim in event.claims]
    for submission in submissions:
        unit.submissions.put(submission.file_accepted())
