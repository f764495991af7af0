"""Visits that no payer is billed for, over HTTP."""

from typing import Annotated
from uuid import UUID

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends, Query

from .. import views
from ..store import ClaimUnit

router = APIRouter(prefix="/self-pay-visits", tags=["claims"])


@router.get("", summary="Visits without a coverage, paged: their charges are the patient's own")
async def list_self_pay_visits(
    who: Annotated[Principal, Depends(allowed("biller", "auditor"))],
    service: Annotated[Running[ClaimUnit], Depends(running_of)],
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.SelfPayPage:
    """A page of self-pay visits, with what each charges and what was paid at the desk."""
    return await views.self_pay_visits(service.database, who.practice, after=after, limit=limit)
