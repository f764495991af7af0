"""Figures of one practice."""

from claimstream_kit.database import Database
from pydantic import BaseModel, Field


class RemitCounts(BaseModel):
    """Counts of one practice."""

    remittances: dict[str, int] = Field(description="State to number")
    accounts: dict[str, int] = Field(description="State to number")
    ledger_cents: dict[str, int] = Field(description="Ledger account to balance, in cents; all of them sum to 0")


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
