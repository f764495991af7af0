"""A claim was submitted: it waits here for the next file to its partner."""

import orjson
from claimstream_schemas import ClaimSubmitted

from ..domain.submission import Submission
from ..store import GatewayUnit


async def queue_submission(event: ClaimSubmitted, unit: GatewayUnit) -> None:
    """Queue it once, whatever the number of times it is heard."""
    if await unit.submissions.get(event.practice_id, event.submission_id) is not None:
        return
    unit.submissions.put(
        Submission(
            practice_id=event.practice_id,
            submission_id=event.submission_id,
            claim_id=event.claim_id,
            ordinal=event.submission_ordinal,
            payer_sequence=event.payer_sequence,
            control_number=event.control_number,
            payer_x12_id=event.payer.x12_id,
            submitter_id=event.billing_provider.submitter_id,
            receiver_id=event.payer.receiver_id,
            kind=event.kind,
            document=orjson.Fragment(unit.heard),
            heard_at=unit.clock.now(),
        )
    )
