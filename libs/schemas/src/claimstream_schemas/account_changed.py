"""account.changed."""

from datetime import datetime
from typing import Annotated, ClassVar
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


class EnteredJournal(Value):
    """A journal; its entries sum to zero."""

    journal_id: UUID
    kind: str = Field(
        description="charge, charge_correction, patient_payment, payment, reversal, provider_adjustment, suspense"
    )
    remittance_id: UUID | None = None
    entries: tuple[JournalEntry, ...]
    entered_at: datetime


class AccountChangedV1(Event):
    """As version 1 told it: each journal by itself."""

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


class AccountChanged(Event):
    """Journals were entered for an account in one transaction, told together in the order in which they were entered."""

    topic: ClassVar[str] = "account.changed"
    version: ClassVar[int] = 2
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "account_id"

    account_id: UUID = Field(description="Claim, self-pay encounter, or remittance")
    journals: Annotated[tuple[EnteredJournal, ...], Field(min_length=1)]
