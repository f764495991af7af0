"""What was submitted, over HTTP: every submission of every claim, one after another."""

from typing import Annotated
from uuid import UUID

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends, Query

from .. import views
from ..store import ClaimUnit

router = APIRouter(prefix="/submissions", tags=["claims"])


@router.get("", summary="Submissions, paged, with how far each came")
async def list_submissions(
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[ClaimUnit], Depends(running_of)],
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.SubmissionPage:
    """A page of submissions: originals, replacements, voids, and claims to later payers."""
    return await views.submissions(service.database, who.practice, after=after, limit=limit)
