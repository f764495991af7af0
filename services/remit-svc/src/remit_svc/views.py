"""What people and pages read of remit-svc: typed answers, and the SELECTs behind them."""

from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from claimstream_kit.database import Database, Row
from claimstream_schemas.values.money import Total, from_cents
from pydantic import BaseModel, Field

from .domain.account import AccountState, PostedDecision
from .domain.balancing import NOT_POSTED
from .domain.ledger import UNAPPLIED

RemittanceState = Literal["staged", "posted", "quarantined", "conflict"]

INCOMPLETE_AFTER = timedelta(minutes=10)
REMEDIES = {
    "staged": "Look at era.received and the dead letters: parts of it have not arrived yet.",
    "quarantined": "Ask the payer for a corrected remittance: nothing of this one was posted.",
    "conflict": "Compare both with the deposit and ask the payer which one holds: nothing of this one was posted.",
}
WHEN_NOT_POSTED = (
    "Nothing of it was posted. Mend what the reason names (or update the service), then POST /remittances/{id}/repost."
)
REFUND = "Find out which payment was one too many, and refund it; what stands denied on the claim may be settled by it."


class Entry(BaseModel):
    """One journal entry of an account."""

    kind: str
    entered_at: datetime
    remittance_id: UUID | None
    account: str = Field(description="The ledger account")
    line_id: UUID | None
    payer_id: str | None
    reason: str | None
    amount: Total


class AccountView(BaseModel):
    """A claim's account, or a self-pay visit's; no patient data."""

    account_id: UUID
    encounter_id: UUID
    control_number: str | None
    state: AccountState
    balances: dict[str, Total] = Field(description="Ledger account to balance")
    patient_unapplied: Total = Field(description="Paid at the desk and not applied yet")
    decisions: list[PostedDecision]
    entries: list[Entry] = Field(description="In the order in which they were made")


class AccountSummary(BaseModel):
    """An account in a list; no patient data."""

    account_id: UUID
    encounter_id: UUID
    control_number: str | None
    state: AccountState
    is_submitted: bool = Field(description="A payer was billed at least once")
    is_decided: bool = Field(description="A payer's decision stands on it")
    is_quarantined: bool = Field(description="A quarantined remittance names its claim")
    balances: dict[str, Total] = Field(description="Ledger account to balance")
    expected: Total | None = Field(
        description="What the contract allows for what the first payer was billed last; null where nothing was, or none tells"
    )


class AccountPage(BaseModel):
    """A page of accounts by id."""

    accounts: list[AccountSummary]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class RemittanceView(BaseModel):
    """An 835 set and what became of it; no patient data."""

    id: UUID
    body_digest: str
    state: RemittanceState
    payer_name: str
    trace_number: str
    trace_originator: str
    payee: str
    paid_on: date
    amount: Total
    missing: Total | None = Field(description="What an unbalanced set lacks at transaction level, or first lower down")
    payments: int
    chunks: int
    chunks_here: int
    file_name: str
    reason: str | None
    remedy: str | None
    staged_at: datetime
    posted_at: datetime | None


class RemittancePage(BaseModel):
    """A page of remittances by id."""

    remittances: list[RemittanceView]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class PaymentView(BaseModel):
    """What became of one payment (CLP) of a remittance."""

    remittance_id: UUID
    ordinal: int
    claim_id: UUID | None
    payer_sequence: str | None
    outcome: str = Field(description="As claim.adjudicated tells it, or suspended")
    paid: Total
    denied: Total
    patient: Total
    suspense: Total
    reason: str | None = Field(description="Why all or part of it is in suspense")


class WholeRemittance(RemittanceView):
    """A remittance with its payments."""

    claim_payments: list[PaymentView]


class Credit(BaseModel):
    """A claim that was paid more than was owed."""

    account_id: UUID
    claim_id: UUID | None
    control_number: str | None
    credit: Total
    denied: Total = Field(description="What still stands refused on it")
    remedy: str = REFUND


class Tasks(BaseModel):
    """What waits for a person."""

    remittances: list[RemittanceView] = Field(description="Quarantined, conflicting, and incomplete for ten minutes")
    suspense: list[PaymentView]
    credits: list[Credit]


class RemitCounts(BaseModel):
    """Counts of one practice."""

    remittances: dict[str, int] = Field(description="State to number")
    accounts: dict[str, int] = Field(description="State to number")
    ledger_cents: dict[str, int] = Field(description="Ledger account to balance, in cents; all of them sum to 0")


_CREDITS = """
    SELECT e.account_id, a.claim_id, a.control_number, -sum(e.cents) FILTER (WHERE e.account = 'receivable.credit')::bigint AS credit_cents,
           coalesce(sum(e.cents) FILTER (WHERE e.account = 'receivable.denied'), 0)::bigint AS denied_cents
    FROM entries e JOIN accounts a ON a.practice = e.practice AND a.id = e.account_id
    WHERE e.practice = $1 AND e.account_id IN (
        SELECT account_id FROM entries WHERE practice = $1 AND account = 'receivable.credit'
        GROUP BY account_id HAVING sum(cents) <> 0)
    GROUP BY 1, 2, 3 ORDER BY 1
"""

_ACCOUNTS = """
    SELECT a.id, a.encounter_id, a.control_number, a.state, a.is_submitted,
           EXISTS (SELECT FROM jsonb_array_elements(a.document -> 'decisions') AS decision
                   WHERE NOT (decision ->> 'is_reversed')::boolean AND decision ->> 'outcome' <> 'reversed') AS is_decided,
           (SELECT jsonb_object_agg(account, cents) FROM (
                SELECT account, sum(cents)::bigint AS cents FROM entries
                WHERE practice = a.practice AND account_id = a.id GROUP BY account) AS balance) AS balances,
           CASE WHEN jsonb_array_length(a.document -> 'charges') > 0 THEN (
                SELECT sum((line ->> 'allowed_cents')::bigint)::bigint FROM jsonb_array_elements((
                    SELECT each -> 'lines' FROM jsonb_array_elements(a.document -> 'submissions') AS each
                    WHERE each ->> 'payer_sequence' = 'P' ORDER BY (each ->> 'ordinal')::int DESC LIMIT 1)) AS line)
           END AS expected_cents
    FROM accounts a WHERE a.practice = $1 AND a.id > $2 ORDER BY a.id LIMIT $3
"""
_QUARANTINED = """
    SELECT DISTINCT (payment ->> 'claim_id')::uuid AS id
    FROM remittances r JOIN remittance_chunks c ON c.practice = r.practice AND c.remittance_id = r.id,
         jsonb_array_elements(c.document -> 'payments') AS payment
    WHERE r.practice = $1 AND r.state = 'quarantined' AND payment ->> 'claim_id' IS NOT NULL
"""


async def accounts(database: Database, practice: str, *, after: UUID, limit: int) -> AccountPage:
    """A page of a practice's accounts, of claims and of self-pay visits."""
    rows = await database.fetch(_ACCOUNTS, practice, after, limit)
    quarantined = {row["id"] for row in await database.fetch(_QUARANTINED, practice)}
    listed = [
        AccountSummary(
            account_id=row["id"],
            is_quarantined=row["id"] in quarantined,
            balances={name: from_cents(cents) for name, cents in sorted((row["balances"] or {}).items())},
            expected=None if row["expected_cents"] is None else from_cents(row["expected_cents"]),
            **{name: row[name] for name in AccountSummary.model_fields if name in row and name != "balances"},
        )
        for row in rows
    ]
    return AccountPage(accounts=listed, next_after=listed[-1].account_id if len(listed) == limit else None)


async def account(database: Database, practice: str, account_id: UUID) -> AccountView | None:
    """Where each charge of a claim or a self-pay visit stands, and each entry behind it."""
    row = await database.fetch_one("SELECT * FROM accounts WHERE practice = $1 AND id = $2", practice, account_id)
    if row is None:
        return None
    entries = await database.fetch(
        "SELECT j.kind, j.entered_at, j.remittance_id, e.account, e.cents, e.line_id, e.payer_id, e.reason FROM entries e"
        " JOIN journals j ON j.practice = e.practice AND j.id = e.journal_id"
        " WHERE e.practice = $1 AND e.account_id = $2 ORDER BY j.entered_at, j.id, e.number",
        practice,
        account_id,
    )
    cents: dict[str, int] = {}
    for entry in entries:
        cents[entry["account"]] = cents.get(entry["account"], 0) + entry["cents"]
    return AccountView(
        account_id=row["id"],
        encounter_id=row["encounter_id"],
        control_number=row["control_number"],
        state=row["state"],
        balances={name: from_cents(balance) for name, balance in sorted(cents.items())},
        patient_unapplied=from_cents(-cents.get(UNAPPLIED, 0)),
        decisions=row["document"]["decisions"],
        entries=[Entry(amount=from_cents(entry["cents"]), **entry) for entry in entries],
    )


async def remittances(
    database: Database, practice: str, *, state: RemittanceState | None, after: UUID, limit: int
) -> RemittancePage:
    """A page of a practice's remittances."""
    rows = await database.fetch(
        "SELECT * FROM remittances WHERE practice = $1 AND id > $2 AND ($3::text IS NULL OR state = $3) ORDER BY id LIMIT $4",
        practice,
        after,
        state,
        limit,
    )
    listed = [_remittance(row) for row in rows]
    return RemittancePage(remittances=listed, next_after=listed[-1].id if len(listed) == limit else None)


async def whole_remittance(database: Database, practice: str, remittance_id: UUID) -> WholeRemittance | None:
    """A remittance with what became of each of its payments."""
    row = await database.fetch_one("SELECT * FROM remittances WHERE practice = $1 AND id = $2", practice, remittance_id)
    if row is None:
        return None
    payments = await database.fetch(
        "SELECT * FROM payments WHERE practice = $1 AND remittance_id = $2 ORDER BY ordinal", practice, remittance_id
    )
    return WholeRemittance(**dict(_remittance(row)), claim_payments=[_payment(payment) for payment in payments])


async def tasks(database: Database, practice: str, *, now: datetime) -> Tasks:
    """The work lists of a practice."""
    sets = await database.fetch(
        "SELECT * FROM remittances WHERE practice = $1 AND (state IN ('quarantined', 'conflict')"
        " OR (state = 'staged' AND staged_at < $2)) ORDER BY id",
        practice,
        now - INCOMPLETE_AFTER,
    )
    suspense = await database.fetch(
        "SELECT * FROM payments WHERE practice = $1 AND reason IS NOT NULL ORDER BY remittance_id, ordinal", practice
    )
    credited = await database.fetch(_CREDITS, practice)
    return Tasks(
        remittances=[_remittance(row) for row in sets],
        suspense=[_payment(row) for row in suspense],
        credits=[Credit.model_validate(_in_dollars(row)) for row in credited],
    )


async def counts(database: Database, practice: str) -> RemitCounts:
    """Counts of one practice."""
    remittances_by_state = await database.fetch(
        "SELECT state, count(*) AS n FROM remittances WHERE practice = $1 GROUP BY state", practice
    )
    accounts_by_state = await database.fetch(
        "SELECT state, count(*) AS n FROM accounts WHERE practice = $1 GROUP BY state", practice
    )
    ledger = await database.fetch(
        "SELECT account, sum(cents)::bigint AS cents FROM entries WHERE practice = $1 GROUP BY account ORDER BY account",
        practice,
    )
    return RemitCounts(
        remittances={row["state"]: row["n"] for row in remittances_by_state},
        accounts={row["state"]: row["n"] for row in accounts_by_state},
        ledger_cents={row["account"]: row["cents"] for row in ledger},
    )


def _remittance(row: Row) -> RemittanceView:
    not_posted = row["state"] == "quarantined" and (row["reason"] or "").startswith(NOT_POSTED)
    remedy = WHEN_NOT_POSTED if not_posted else REMEDIES.get(row["state"])
    return RemittanceView.model_validate(_in_dollars(row) | {"remedy": remedy})


def _payment(row: Row) -> PaymentView:
    return PaymentView.model_validate(_in_dollars(row))


def _in_dollars(row: Row) -> Row:
    """The row with its cents as dollars, under the names that answers have."""
    return {
        name.removesuffix("_cents"): from_cents(value) if name.endswith("_cents") and value is not None else value
        for name, value in row.items()
    }
