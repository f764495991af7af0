"""Accounts over HTTP: where each charge of a claim or a self-pay visit stands."""

from typing import Annotated, Any
from uuid import UUID

from claimstream_kit import NotFound, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_schemas.values.money import from_cents
from fastapi import APIRouter, Depends

from ..domain.ledger import UNAPPLIED
from ..store import RemitUnit

router = APIRouter(prefix="/accounts", tags=["accounts"])

Reader = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Service = Annotated[Running[RemitUnit], Depends(running_of)]


@router.get("/{account_id}", summary="An account: its balances, and each journal entry behind them")
async def get_account(account_id: UUID, who: Reader, service: Service) -> dict[str, Any]:
    """Balances by ledger account, decisions, and the entries in the order in which they were made."""
    row = await service.database.fetch_one(
        "SELECT * FROM accounts WHERE practice = $1 AND id = $2", who.practice, account_id
    )
    if row is None:
        raise NotFound(f"there is no account {account_id}")
    entries = await service.database.fetch(
        "SELECT j.kind, j.entered_at, j.remittance_id, e.account, e.cents, e.line_id, e.payer_id, e.reason FROM entries e"
        " JOIN journals j ON j.practice = e.practice AND j.id = e.journal_id"
        " WHERE e.practice = $1 AND e.account_id = $2 ORDER BY j.entered_at, j.id, e.number",
        who.practice,
        account_id,
    )
    balances: dict[str, int] = {}
    for entry in entries:
        balances[entry["account"]] = balances.get(entry["account"], 0) + entry["cents"]
    return {
        "account_id": row["id"],
        "encounter_id": row["encounter_id"],
        "control_number": row["control_number"],
        "state": row["state"],
        "balances": {account: str(from_cents(cents)) for account, cents in sorted(balances.items())},
        "patient_unapplied": str(from_cents(-balances.get(UNAPPLIED, 0))),
        "decisions": row["document"]["decisions"],
        "entries": [{**entry, "amount": str(from_cents(entry.pop("cents")))} for entry in entries],
    }
