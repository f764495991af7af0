"""Figures of remit-svc, for status tables."""

from typing import Annotated, Any

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends

from ..store import RemitUnit

router = APIRouter(tags=["counts"])


@router.get("/counts", summary="Remittances by state, accounts by state, the ledger's balance by account")
async def counts(
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[RemitUnit], Depends(running_of)],
) -> dict[str, Any]:
    """Counts of one practice; ledger balances in cents."""
    remittances = await service.database.fetch(
        "SELECT state, count(*) AS n FROM remittances WHERE practice = $1 GROUP BY state", who.practice
    )
    accounts = await service.database.fetch(
        "SELECT state, count(*) AS n FROM accounts WHERE practice = $1 GROUP BY state", who.practice
    )
    ledger = await service.database.fetch(
        "SELECT account, sum(cents)::bigint AS cents FROM entries WHERE practice = $1 GROUP BY account ORDER BY account",
        who.practice,
    )
    return {
        "remittances": {row["state"]: row["n"] for row in remittances},
        "accounts": {row["state"]: row["n"] for row in accounts},
        "ledger_cents": {row["account"]: row["cents"] for row in ledger},
    }
