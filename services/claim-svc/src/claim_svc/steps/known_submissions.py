"""The submission that an answer is about."""

from uuid import UUID

from claimstream_kit import WaitsFor

from ..domain.submission import Submission
from ..store import ClaimUnit


async def known_submission(practice_id: str, submission_id: UUID, unit: ClaimUnit) -> Submission:
    """The submission.

    Raises:
        WaitsFor: its claim has not come here yet.
    """
    submission = await unit.submissions.get(practice_id, submission_id)
    if submission is None:
        raise WaitsFor(f"submission/{practice_id}/{submission_id}")
    return submission
