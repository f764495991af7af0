"""Remittances over HTTP: what was posted, quarantined or suspended, and what waits for a person."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from claimstream_kit import NotFound, Row, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_kit.idempotency import IdempotencyKey, once
from claimstream_schemas.values.money import from_cents
from fastapi import APIRouter, Depends, Query, Request, Response

from ..handlers.quarantine_remittance import NOT_POSTED
from ..handlers.repost_remittance import repost_remittance
from ..store import RemitUnit

router = APIRouter(tags=["remittances"])

Reader = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Operator = Annotated[Principal, Depends(allowed("operator"))]
Service = Annotated[Running[RemitUnit], Depends(running_of)]

INCOMPLETE_AFTER = timedelta(minutes=10)
AMOUNTS = ("amount_cents", "paid_cents", "suspense_cents", "denied_cents", "patient_cents", "credit_cents")
REMEDIES = {
    "staged": "Look at era.received and the dead letters: parts of it have not arrived yet.",
    "quarantined": "Ask the payer for a corrected remittance: nothing of this one was posted.",
    "conflict": "Compare both with the deposit and ask the payer which one holds: nothing of this one was posted.",
}


WHEN_NOT_POSTED = (
    "Nothing of it was posted. Mend what the reason names (or update the service), then POST /remittances/{id}/repost."
)
REFUND = "Find out which payment was one too many, and refund it; what stands denied on the claim may be settled by it."
CREDITS = """
    SELECT e.account_id, a.claim_id, a.control_number, -sum(e.cents) FILTER (WHERE e.account = 'receivable.credit')::bigint AS credit_cents,
           coalesce(sum(e.cents) FILTER (WHERE e.account = 'receivable.denied'), 0)::bigint AS denied_cents
    FROM entries e JOIN accounts a ON a.practice = e.practice AND a.id = e.account_id
    WHERE e.practice = $1 AND e.account_id IN (
        SELECT account_id FROM entries WHERE practice = $1 AND account = 'receivable.credit'
        GROUP BY account_id HAVING sum(cents) <> 0)
    GROUP BY 1, 2, 3 ORDER BY 1
"""


def _shown(row: Row) -> Row:
    shown = {name: value for name, value in row.items() if not name.endswith("_cents")}
    for name in (*AMOUNTS, "missing_cents"):
        if row.get(name) is not None:
            shown[name.removesuffix("_cents")] = str(from_cents(row[name]))
    return shown


def _shown_set(row: Row) -> Row:
    could_not_be_posted = row["state"] == "quarantined" and (row["reason"] or "").startswith(NOT_POSTED)
    return {**_shown(row), "remedy": WHEN_NOT_POSTED if could_not_be_posted else REMEDIES.get(row["state"])}


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


@router.post(
    "/remittances/{remittance_id}/repost",
    status_code=202,
    summary="Post a quarantined remittance again: what stood in its way is mended",
)
async def post_repost(
    remittance_id: UUID, request: Request, who: Operator, service: Service, key: IdempotencyKey = None
) -> Response:
    """It is staged again, and posted or quarantined in a moment."""
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> Row:
            del connection
            remittance = await repost_remittance(who.practice, remittance_id, unit)
            unit.record("act", who.practice, f"repost remittance {remittance_id}")
            return {"id": remittance.id, "state": remittance.state}

        return await once(unit.connection, request, who.practice, key, status=202, act=act)


@router.get(
    "/tasks", summary="What waits for a person: quarantined, conflicting and incomplete sets, suspense, and credits"
)
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
    credits_ = await service.database.fetch(CREDITS, who.practice)
    return {
        "remittances": [_shown_set(row) for row in sets],
        "suspense": [_shown(row) for row in suspense],
        "credits": [{**_shown(row), "remedy": REFUND} for row in credits_],
    }
