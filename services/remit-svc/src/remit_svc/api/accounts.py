"""Accounts over HTTP: where each charge of a claim or a self-pay visit stands."""

from typing import Annotated
from uuid import UUID

from claimstream_kit import NotFound, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends, Query

from ..store import RemitUnit
from ..views import accounts as views

router = APIRouter(prefix="/accounts", tags=["accounts"])

Reader = Annotated[Principal, Depends(allowed("biller", "auditor"))]
Service = Annotated[Running[RemitUnit], Depends(running_of)]


@router.get("", summary="Accounts, paged: the balances of each, and whether a payer has decided")
async def list_accounts(
    who: Reader,
    service: Service,
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.AccountPage:
    """A page of accounts: claims under their own ids, self-pay visits under their encounters'."""
    return await views.accounts(service.database, who.practice, after=after, limit=limit)


@router.get("/{account_id}", summary="An account: its balances, and each journal entry behind them")
async def get_account(account_id: UUID, who: Reader, service: Service) -> views.AccountView:
    """Balances by ledger account, decisions, and the entries in the order in which they were made."""
    found = await views.account(service.database, who.practice, account_id)
    if found is None:
        raise NotFound(f"there is no account {account_id}")
    return found
