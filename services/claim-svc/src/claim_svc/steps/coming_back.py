"""A replacement or void was refused before adjudication: it never was filed."""

from uuid import UUID

from ..domain.claim import Claim
from ..domain.submission import Submission
from ..store import ClaimUnit
from .settling import keep, say_again


async def come_back(claim: Claim, submission: Submission, unit: ClaimUnit) -> UUID | None:
    """The claim says what was decided again, and its correction waits for a person, or gives way where a newer one has its place.

    The correction that waits again, or None.
    """
    if not submission.corrects:
        return None
    sent = await unit.correction_sent_as(claim.practice_id, claim.claim_id, submission.ordinal)
    if sent is None:
        return None
    now = unit.clock.now()
    newer = await unit.open_correction(claim.practice_id, claim.claim_id)
    if sent.replaced is not None:
        claim = keep(await say_again(claim, sent.replaced, unit), unit)
    if newer is not None and newer.correction_id != sent.correction_id:
        unit.corrections.put(sent.give_way(at=now))
        return None
    unit.corrections.put(sent.come_back(at=now))
    keep(claim.with_correction("waiting"), unit)
    return sent.correction_id
