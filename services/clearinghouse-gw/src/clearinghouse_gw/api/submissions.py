"""Submissions over HTTP: where one is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from claimstream_kit import NotFound, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from ..store import GatewayUnit

router = APIRouter(prefix="/submissions", tags=["submissions"])


class SubmissionPlace(BaseModel):
    """A submission and the file that it travels in: no patient data."""

    submission_id: UUID
    claim_id: UUID
    ordinal: int
    control_number: str
    receiver_id: str
    kind: str
    state: str
    heard_at: datetime
    file_id: UUID | None
    file_name: str | None
    interchange_control_number: int | None
    set_number: int | None
    place: int | None


@router.get("/{submission_id}", summary="Where a submission is")
async def get_submission(
    submission_id: UUID,
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[GatewayUnit], Depends(running_of)],
) -> SubmissionPlace:
    """Queued, in a prepared file, sent, or refused by the writer."""
    row = await service.database.fetch_one(
        "SELECT s.*, f.name AS file_name, f.control_number AS interchange_control_number FROM submissions s"
        " LEFT JOIN files f ON f.practice = s.practice AND f.id = s.file_id WHERE s.practice = $1 AND s.id = $2",
        who.practice,
        submission_id,
    )
    if row is None:
        raise NotFound(f"no submission {submission_id} in this practice")
    named = {name: row[name] for name in SubmissionPlace.model_fields if name != "submission_id"}
    return SubmissionPlace(submission_id=row["id"], **named)
