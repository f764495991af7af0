"""Figures of clearinghouse-gw, for status tables and the demo's summary."""

from typing import Annotated

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends

from .. import views
from ..store import GatewayUnit

router = APIRouter(tags=["counts"])


@router.get("/counts", summary="Submissions, files and sets by state")
async def counts(
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[GatewayUnit], Depends(running_of)],
) -> views.Counts:
    """Counts of one practice."""
    return await views.counts(service.database, who.practice)
