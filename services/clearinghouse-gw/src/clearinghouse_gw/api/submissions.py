"""Submissions over HTTP: where one is."""

from typing import Annotated
from uuid import UUID

from claimstream_kit import NotFound, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends

from .. import views
from ..store import GatewayUnit

router = APIRouter(prefix="/submissions", tags=["submissions"])


@router.get("/{submission_id}", summary="Where a submission is")
async def get_submission(
    submission_id: UUID,
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[GatewayUnit], Depends(running_of)],
) -> views.SubmissionPlace:
    """Queued, in a prepared file, sent, or refused by the writer."""
    found = await views.submission(service.database, who.practice, submission_id)
    if found is None:
        raise NotFound(f"no submission {submission_id} in this practice")
    return found
