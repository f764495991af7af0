"""What people and pages read of denial-svc: typed answers, and the SELECTs behind them."""

from datetime import date
from typing import Literal
from uuid import UUID

from claimstream_kit.database import Database, Row
from claimstream_schemas.values.money import Money, from_cents
from pydantic import BaseModel, Field

from .domain.case import standing_as_kept
from .domain.refusal import Kind

CaseState = Literal["open", "withdrawn", "closed"]


class CaseView(BaseModel):
    """A refused adjustment of one line, and by when we must answer; no patient data."""

    id: UUID
    claim_id: UUID
    control_number: str
    remittance_id: UUID
    payment_ordinal: int
    payer_id: str
    payer_claim_number: str | None
    line_id: UUID | None = Field(description="null: the refusal is of the whole claim")
    procedure: str | None
    adjustment_group: str
    carc: str
    remarks: list[str]
    kind: Literal["refusal", "underpayment"] = Field(
        description="underpayment: allowed less than the contract says; its amount is a variance, not denied"
    )
    amount: Money
    standing: Money = Field(
        description="What of the amount stands refused now: less where a part of it was paid, 0 of what is closed or withdrawn"
    )
    cause: str
    scenario: str
    route: str
    remedy: str | None = Field(description="What to do first")
    may_appeal: bool
    hard_stop: str | None = Field(description="Why no appeal is offered, and what to look up where that may lift it")
    paid_on: date
    answer_by: date
    state: CaseState
    closed_because: Literal["paid", "decided_anew"] | None = Field(
        description="paid: money came for it; decided_anew: a newer decision stands in its place"
    )
    closed_by: UUID | None = Field(description="The remittance that settled it")


class CaseCursor(BaseModel):
    """Where the next page begins."""

    after_day: date
    after: UUID


class CasePage(BaseModel):
    """A page of cases by their deadline."""

    cases: list[CaseView]
    next: CaseCursor | None = Field(description="Ask for the next page with both; null on the last")


class CaseCount(BaseModel):
    """How many cases of one kind there are."""

    state: CaseState
    kind: Kind
    scenario: str
    route: str
    n: int
    cents: int = Field(description="Their amounts")
    standing_cents: int = Field(description="What of these stands refused now")


class CaseCounts(BaseModel):
    """Cases by state, kind, scenario and route."""

    cases: list[CaseCount]


async def cases(  # noqa: PLR0913  each is a filter
    database: Database,
    practice: str,
    *,
    state: CaseState | None,
    payer_id: str | None,
    after: CaseCursor,
    limit: int,
) -> CasePage:
    """A page of a practice's cases."""
    rows = await database.fetch(
        "SELECT * FROM cases WHERE practice = $1 AND (answer_by, id) > ($2, $3) AND ($4::text IS NULL OR state = $4)"
        " AND ($5::text IS NULL OR payer_id = $5) ORDER BY answer_by, id LIMIT $6",
        practice,
        after.after_day,
        after.after,
        state,
        payer_id,
        limit,
    )
    listed = [_case(row) for row in rows]
    more = len(listed) == limit
    following = CaseCursor(after_day=listed[-1].answer_by, after=listed[-1].id) if more else None
    return CasePage(cases=listed, next=following)


async def case(database: Database, practice: str, case_id: UUID) -> CaseView | None:
    """One case."""
    row = await database.fetch_one("SELECT * FROM cases WHERE practice = $1 AND id = $2", practice, case_id)
    return _case(row) if row else None


def _case(row: Row) -> CaseView:
    amount, kept = from_cents(row["amount_cents"]), row["standing_cents"]
    standing = standing_as_kept(None if kept is None else from_cents(kept), row["state"], amount)
    told = {name: value for name, value in row.items() if name not in ("amount_cents", "standing_cents")}
    return CaseView(amount=amount, standing=standing, **told)


async def counts(database: Database, practice: str) -> CaseCounts:
    """Counts of one practice."""
    rows = await database.fetch(
        "SELECT state, kind, scenario, route, count(*) AS n, sum(amount_cents)::bigint AS cents,"
        " sum(CASE WHEN state = 'open' THEN coalesce(standing_cents, amount_cents) ELSE 0 END)::bigint AS standing_cents"
        " FROM cases WHERE practice = $1 GROUP BY state, kind, scenario, route ORDER BY state, kind, scenario, route",
        practice,
    )
    return CaseCounts(cases=[CaseCount.model_validate(row) for row in rows])
