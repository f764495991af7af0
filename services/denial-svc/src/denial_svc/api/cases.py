"""Denial cases over HTTP: the list by deadline, one case, and counts."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from claimstream_kit import NotFound, Row, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_schemas.values.money import from_cents
from fastapi import APIRouter, Depends, Query

from ..store import DenialUnit

router = APIRouter(tags=["cases"])

Reader = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Service = Annotated[Running[DenialUnit], Depends(running_of)]


def _shown(row: Row) -> Row:
    return {
        **{name: value for name, value in row.items() if name != "amount_cents"},
        "amount": str(from_cents(row["amount_cents"])),
    }


@router.get("/cases", summary="Cases by their deadline, paged")
async def list_cases(  # noqa: PLR0913  each is a filter
    who: Reader,
    service: Service,
    state: str | None = None,
    payer_id: str | None = None,
    after_day: date = date(1900, 1, 1),
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """A page of the practice's cases; go on with the last case's ``answer_by`` and ``id``."""
    rows = await service.database.fetch(
        "SELECT * FROM cases WHERE practice = $1 AND (answer_by, id) > ($2, $3) AND ($4::text IS NULL OR state = $4)"
        " AND ($5::text IS NULL OR payer_id = $5) ORDER BY answer_by, id LIMIT $6",
        who.practice,
        after_day,
        after,
        state,
        payer_id,
        limit,
    )
    more = len(rows) == limit
    following = {"after_day": rows[-1]["answer_by"], "after": rows[-1]["id"]} if more else None
    return {"cases": [_shown(row) for row in rows], "next": following}


@router.get("/cases/{case_id}", summary="One case")
async def get_case(case_id: UUID, who: Reader, service: Service) -> dict[str, Any]:
    """The case."""
    row = await service.database.fetch_one("SELECT * FROM cases WHERE practice = $1 AND id = $2", who.practice, case_id)
    if row is None:
        raise NotFound(f"there is no case {case_id}")
    return _shown(row)


@router.get("/counts", summary="Cases and amounts by state, cause scenario and route")
async def counts(who: Reader, service: Service) -> dict[str, Any]:
    """Counts of one practice."""
    rows = await service.database.fetch(
        "SELECT state, scenario, route, count(*) AS n, sum(amount_cents)::bigint AS cents FROM cases"
        " WHERE practice = $1 GROUP BY state, scenario, route ORDER BY state, scenario, route",
        who.practice,
    )
    return {"cases": rows}
