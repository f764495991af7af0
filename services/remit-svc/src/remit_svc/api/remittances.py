"""Remittances over HTTP: what was posted, quarantined or suspended, and what waits for a person."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from claimstream_kit import NotFound, Row, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_schemas.values.money import from_cents
from fastapi import APIRouter, Depends, Query

from ..store import RemitUnit

router = APIRouter(tags=["remittances"])

Reader = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Service = Annotated[Running[RemitUnit], Depends(running_of)]

INCOMPLETE_AFTER = timedelta(minutes=10)
REMEDIES = {
    "staged": "Look at era.received and the dead letters: parts of it have not arrived yet.",
    "quarantined": "Ask the payer for a corrected remittance: nothing of this one was posted.",
    "conflict": "Compare both with the deposit and ask the payer which one holds: nothing of this one was posted.",
}


def _shown(row: Row) -> Row:
    shown = {name: value for name, value in row.items() if not name.endswith("_cents")}
    for name in ("amount_cents", "missing_cents", "paid_cents", "suspense_cents", "denied_cents", "patient_cents"):
        if row.get(name) is not None:
            shown[name.removesuffix("_cents")] = str(from_cents(row[name]))
    return shown


def _shown_set(row: Row) -> Row:
    return {**_shown(row), "remedy": REMEDIES.get(row["state"])}


@router.get("/remittances", summary="Remittances, paged, by state")
async def list_remittances(
    who: Reader,
    service: Service,
    state: str | None = None,
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """A page of the practice's remittances."""
    rows = await service.database.fetch(
        "SELECT * FROM remittances WHERE practice = $1 AND id > $2 AND ($3::text IS NULL OR state = $3) ORDER BY id LIMIT $4",
        who.practice,
        after,
        state,
        limit,
    )
    return {
        "remittances": [_shown_set(row) for row in rows],
        "next_after": rows[-1]["id"] if len(rows) == limit else None,
    }


@router.get("/remittances/{remittance_id}", summary="One remittance, with its payments")
async def get_remittance(remittance_id: UUID, who: Reader, service: Service) -> dict[str, Any]:
    """The set and what became of each payment."""
    row = await service.database.fetch_one(
        "SELECT * FROM remittances WHERE practice = $1 AND id = $2", who.practice, remittance_id
    )
    if row is None:
        raise NotFound(f"there is no remittance {remittance_id}")
    payments = await service.database.fetch(
        "SELECT * FROM payments WHERE practice = $1 AND remittance_id = $2 ORDER BY ordinal",
        who.practice,
        remittance_id,
    )
    return {**_shown_set(row), "claim_payments": [_shown(payment) for payment in payments]}


@router.get("/tasks", summary="What waits for a person: quarantined, conflicting and incomplete sets, and suspense")
async def tasks(who: Reader, service: Service) -> dict[str, Any]:
    """Work lists."""
    sets = await service.database.fetch(
        "SELECT * FROM remittances WHERE practice = $1 AND (state IN ('quarantined', 'conflict')"
        " OR (state = 'staged' AND staged_at < $2)) ORDER BY id",
        who.practice,
        service.clock.now() - INCOMPLETE_AFTER,
    )
    suspense = await service.database.fetch(
        "SELECT * FROM payments WHERE practice = $1 AND reason IS NOT NULL ORDER BY remittance_id, ordinal",
        who.practice,
    )
    return {"remittances": [_shown_set(row) for row in sets], "suspense": [_shown(row) for row in suspense]}
