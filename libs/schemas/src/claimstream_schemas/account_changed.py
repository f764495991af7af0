"""account.changed."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value
from .values.money import Money


class JournalEntry(Value):
    """One side of a journal: a debit is positive, a credit negative."""

    account: str
    amount: Money
    line_id: UUID | None = None
    payer_id: str | None = None
    reason: str | None = Field(default=None, description="Group and CARC, or PLB reason, where there is one")


class AccountChanged(Event):
    """A journal was entered; its entries sum to zero."""

    topic: ClassVar[str] = "account.changed"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "account_id"

    account_id: UUID = Field(description="Claim, self-pay encounter, or remittance")
    journal_id: UUID
    kind: str = Field(
        description="charge, charge_correction, patient_payment, payment, reversal, provider_adjustment, suspense"
    )
    remittance_id: UUID | None = None
    entries: tuple[JournalEntry, ...]
    entered_at: datetime
