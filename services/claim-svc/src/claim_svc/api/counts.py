"""Figures of claim-svc, for status tables."""

from typing import Annotated

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends

from .. import views
from ..store import ClaimUnit

router = APIRouter(tags=["counts"])


@router.get("/counts", summary="Claims by state and headline, submissions and corrections by state, self-pay visits")
async def counts(
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[ClaimUnit], Depends(running_of)],
) -> views.ClaimCounts:
    """Counts of one practice."""
    return await views.counts(service.database, who.practice)
