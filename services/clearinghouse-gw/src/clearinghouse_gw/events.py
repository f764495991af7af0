"""Domain and X12 to shared events."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from claimstream_schemas import ClaimAcknowledged, ClaimTransmitted, FileAcknowledged
from claimstream_schemas.claim_acknowledged import StatusCode
from claimstream_schemas.claim_transmitted import SegmentsPerson
from claimstream_schemas.file_acknowledged import AcknowledgedClaim

from .domain.answers import Verdict
from .domain.exchange_file import ExchangeFile
from .domain.submission import Submission
from .rendering import SentClaim

_CLAIMS_A_CHUNK = 1000


def transmitted(submission: Submission, file: ExchangeFile, place: SentClaim) -> ClaimTransmitted:
    """The submission left in this file."""
    return ClaimTransmitted(
        practice_id=submission.practice_id,
        claim_id=submission.claim_id,
        submission_id=submission.submission_id,
        submission_ordinal=submission.ordinal,
        payer_sequence=submission.payer_sequence,
        control_number=submission.control_number,
        file_name=file.name,
        file_digest=file.digest or "",
        interchange_control_number=f"{file.control_number:09d}",
        group_control_number=str(file.control_number),
        set_control_number=place.set_control_number,
        transmitted_at=file.settled_at or file.created_at,
        person=SegmentsPerson(segments=place.segments),
    )


def acknowledged(
    submission: Submission, verdict: Verdict, *, at: datetime, file: ExchangeFile | None = None
) -> ClaimAcknowledged:
    """What an answer says of one submission; `file` is the one that it came in."""
    return ClaimAcknowledged(
        practice_id=submission.practice_id,
        claim_id=submission.claim_id,
        submission_id=submission.submission_id,
        submission_ordinal=submission.ordinal,
        level=verdict.level,
        accepted=verdict.accepted,
        payer_level=verdict.payer_level,
        statuses=tuple(
            StatusCode(category=code.category, code=code.code, entity=code.entity, place=code.place)
            for code in verdict.codes
        ),
        message=verdict.message,
        remedy=verdict.remedy,
        payer_claim_number=verdict.payer_claim_number,
        file_name=file.name if file else None,
        file_digest=file.digest if file else None,
        acknowledged_at=at,
        person=SegmentsPerson(segments=verdict.segments),
    )


def file_acknowledged(
    file: ExchangeFile, kind: Literal["TA1", "999"], members: Sequence[Submission], *, at: datetime
) -> Iterator[FileAcknowledged]:
    """The partner took the file, or these sets of it; the claims in chunks."""
    chunks = [members[first : first + _CLAIMS_A_CHUNK] for first in range(0, len(members), _CLAIMS_A_CHUNK)]
    for number, chunk in enumerate(chunks, start=1):
        yield FileAcknowledged(
            practice_id=file.practice_id,
            file_id=file.file_id,
            file_name=file.name,
            kind=kind,
            interchange_control_number=f"{file.control_number:09d}",
            acknowledged_at=at,
            chunk=number,
            chunks=len(chunks),
            claims=tuple(_claims(chunk)),
        )


def _claims(members: Iterable[Submission]) -> Iterator[AcknowledgedClaim]:
    for member in members:
        yield AcknowledgedClaim(
            claim_id=member.claim_id, submission_id=member.submission_id, submission_ordinal=member.ordinal
        )
