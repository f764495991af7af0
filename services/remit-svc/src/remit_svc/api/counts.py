"""Figures of remit-svc, for status tables."""

from typing import Annotated

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends

from ..store import RemitUnit
from ..views import counts as views

router = APIRouter(tags=["counts"])


@router.get("/counts", summary="Remittances by state, accounts by state, the ledger's balance by account")
async def counts(
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[RemitUnit], Depends(running_of)],
) -> views.RemitCounts:
    """Counts of one practice; ledger balances in cents."""
    return await views.counts(service.database, who.practice)
