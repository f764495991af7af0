"""Accounts: the balances of each, what was decided, and each entry behind it."""

from datetime import datetime
from uuid import UUID

from claimstream_kit.database import Database, Row
from claimstream_schemas.values.money import Total, from_cents
from pydantic import BaseModel, Field

from ..domain.account import AccountState
from ..domain.decisions import PostedDecision
from ..domain.ledger import UNAPPLIED
from .amounts import in_dollars


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


class FirstDecision(BaseModel):
    """The first word of a payer on a claim, whether or not it was taken back since."""

    charge: Total = Field(description="CLP03")
    denied: Total = Field(description="What it refused")


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
    expected_allowed: Total | None = Field(
        description="What the contract allows for what the first payer was billed last; null where nothing was, or none tells"
    )
    expected_paid: Total | None = Field(
        description="What of it the first payer is to pay itself, the patient's share apart; null as before"
    )
    first_decision: FirstDecision | None = Field(description="On what left first; null while no payer has decided")


class AccountPage(BaseModel):
    """A page of accounts by id."""

    accounts: list[AccountSummary]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


_ACCOUNTS = """
    SELECT a.id, a.encounter_id, a.control_number, a.state, a.is_submitted,
           EXISTS (SELECT FROM jsonb_array_elements(a.document -> 'decisions') AS decision
                   WHERE NOT coalesce((decision ->> 'is_reversed')::boolean, false)
                     AND decision ->> 'outcome' NOT IN ('reversed', 'suspended', 'duplicate', 'undecided')) AS is_decided,
           (SELECT jsonb_object_agg(account, cents) FROM (
                SELECT account, sum(cents)::bigint AS cents FROM entries
                WHERE practice = a.practice AND account_id = a.id GROUP BY account) AS balance) AS balances,
           expected.allowed_cents AS expected_allowed_cents, expected.paid_cents AS expected_paid_cents,
           (SELECT jsonb_build_object('charge', decision -> 'charge_cents', 'denied', decision -> 'denied_cents')
            FROM jsonb_array_elements(a.document -> 'decisions') WITH ORDINALITY AS made (decision, place)
            WHERE decision ->> 'outcome' NOT IN ('reversed', 'suspended', 'duplicate', 'undecided')
            ORDER BY (decision ->> 'submission_ordinal')::int, place LIMIT 1) AS first_decision
    FROM accounts a LEFT JOIN LATERAL (
        SELECT sum((line ->> 'allowed_cents')::bigint)::bigint AS allowed_cents, sum((line ->> 'paid_cents')::bigint)::bigint AS paid_cents
        FROM jsonb_array_elements((
            SELECT each -> 'lines' FROM jsonb_array_elements(a.document -> 'submissions') AS each
            WHERE each ->> 'payer_sequence' = 'P' ORDER BY (each ->> 'ordinal')::int DESC LIMIT 1)) AS line
    ) AS expected ON jsonb_array_length(a.document -> 'charges') > 0
    WHERE a.practice = $1 AND a.id > $2 ORDER BY a.id LIMIT $3
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
    listed = [_summary(row, is_quarantined=row["id"] in quarantined) for row in rows]
    return AccountPage(accounts=listed, next_after=listed[-1].account_id if len(listed) == limit else None)


def _summary(row: Row, *, is_quarantined: bool) -> AccountSummary:
    in_cents = {name: row[name] or {} for name in ("balances", "first_decision")}
    dollars = {name: {key: from_cents(cents) for key, cents in sorted(of.items())} for name, of in in_cents.items()}
    first = dollars["first_decision"] or None
    told = in_dollars(row) | dollars | {"first_decision": first}
    return AccountSummary.model_validate(told | {"account_id": row["id"], "is_quarantined": is_quarantined})


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
