"""Work lists over HTTP."""

from typing import Annotated

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends

from ..store import RemitUnit
from ..views import tasks as views

router = APIRouter(tags=["tasks"])


@router.get(
    "/tasks",
    summary="What waits for a person: sets that are quarantined, in conflict, incomplete or out of order; suspense, questions, credits, overpayments",
)
async def tasks(
    who: Annotated[Principal, Depends(allowed("biller", "auditor"))],
    service: Annotated[Running[RemitUnit], Depends(running_of)],
) -> views.Tasks:
    """Work lists."""
    return await views.tasks(service.database, who.practice, now=service.clock.now())
