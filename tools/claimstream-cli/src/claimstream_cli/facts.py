"""What the services say of a stack at rest, for the demo's figures; and the reading of amounts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
Rows = list[Row]


@dataclass(frozen=True)
class Facts:
    """What the services say."""

    encounters: Rows
    self_pay: Rows
    claims: Rows
    submissions: Rows
    accounts: Rows
    ledger_cents: dict[str, int]
    remittances: dict[str, int]
    denial_cases: Rows
    duplicate_sets: int
    sent: int
    dead_letters: int

    def latest_submissions(self) -> dict[str, Row]:
        """Of each claim what was submitted last."""
        return {row["claim_id"]: row for row in sorted(self.submissions, key=lambda row: row["ordinal"])}


def cents(dollars: str) -> int:
    """An amount as answers have it."""
    return int(Decimal(dollars) * 100)


def of_family(accounts: dict[str, int], *families: str) -> int:
    """The balance of ledger accounts, each named itself or by the family that it begins with (``plb`` is ``plb.WO`` as well)."""
    return sum(
        balance
        for account, balance in accounts.items()
        if any(account == family or account.startswith(f"{family}.") for family in families)
    )


def balances_of(account: Row) -> dict[str, int]:
    """A claim's ledger accounts, in cents."""
    return {name: cents(amount) for name, amount in account.get("balances", {}).items()}
