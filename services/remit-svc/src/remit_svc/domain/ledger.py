"""Double entry in integer cents: a debit is positive, a credit negative, each journal sums to zero, nothing is ever changed.

Chart of accounts:

receivable.open        charges that no payer has decided on
receivable.next_payer  patient responsibility that waits for the next payer
receivable.variance    what was allowed less than the contract says (CO-45 beyond the expected)
receivable.denied      refused amounts whose case stands
receivable.patient     the patient's share after the last payer
receivable.self_pay    charges of visits without coverage
receivable.credit      what came in beyond what was owed (credit): to be given back, or to be set against a case that still stands
revenue                charges (credit)
payer.paid             what payers paid on lines and claims
payer.remitted         its other side: what the sets say was paid on claims (credit)
cash                   BPR02 of the posted sets
cash.desk              what patients paid at the desk, as the newest version of their encounter says
patient.unapplied      its other side, until it is applied to what the patient owes (credit)
adjustment.<group>     CO, OA and PI that open no case
unbillable.<why>       the patient's share that must not be billed: qmb, medicaid, work_injury
suspense               payments that no claim or line of ours fits, and provider adjustments without an account of their own (credit)
plb.<reason>           provider adjustments, by PLB03-1: positive lowers the payment
payable.payer          what came in and is none of ours: to be given back to the payer (credit)
income.other           what payers paid for no claim (credit)
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

JournalKind = Literal["charge", "charge_correction", "payment", "reversal", "remittance", "patient_payment", "suspense"]

OPEN = "receivable.open"
NEXT_PAYER = "receivable.next_payer"
VARIANCE = "receivable.variance"
DENIED = "receivable.denied"
PATIENT = "receivable.patient"
SELF_PAY = "receivable.self_pay"
CREDIT = "receivable.credit"
RECEIVABLES = "receivable."
REVENUE = "revenue"
PAID = "payer.paid"
REMITTED = "payer.remitted"
CASH = "cash"
DESK = "cash.desk"
UNAPPLIED = "patient.unapplied"
SUSPENSE = "suspense"
PLB = "plb."
ADJUSTMENT = "adjustment."
UNBILLABLE = "unbillable."
PAYABLE = "payable.payer"
OTHER_INCOME = "income.other"


def source_of(payer_sequence: str) -> str:
    """Where the amounts that a payer decides on come from: open charges, or what waited for this payer."""
    return OPEN if payer_sequence == "P" else NEXT_PAYER


@dataclass(frozen=True)
class Entry:
    """One side of a journal. ``reason`` is group and CARC, or a PLB reason."""

    account: str
    cents: int
    line_id: UUID | None = None
    payer_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Journal:
    """Entries that belong together; they sum to zero."""

    practice_id: str
    journal_id: UUID
    account_id: UUID
    kind: JournalKind
    entries: tuple[Entry, ...]
    entered_at: datetime
    remittance_id: UUID | None = None


class Unbalanced(Exception):
    """A journal's entries do not sum to zero."""

    def __init__(self, journal_id: UUID, cents: int) -> None:
        """What is over, in cents."""
        super().__init__(f"journal {journal_id} is off by {cents} cents")
        self.cents = cents


def balanced(journal: Journal) -> Journal:
    """The journal, if it balances.

    Raises:
        Unbalanced: it does not.
    """
    over = sum(entry.cents for entry in journal.entries)
    if over:
        raise Unbalanced(journal.journal_id, over)
    return journal


def merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries, those alike added up, without empty ones."""
    totals: dict[tuple[str, UUID | None, str | None, str | None], int] = defaultdict(int)
    for entry in entries:
        totals[entry.account, entry.line_id, entry.payer_id, entry.reason] += entry.cents
    return tuple(
        Entry(account, cents, line_id, payer_id, reason)
        for (account, line_id, payer_id, reason), cents in totals.items()
        if cents
    )


def negated(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The same entries the other way round: how an earlier journal is taken back."""
    return tuple(Entry(each.account, -each.cents, each.line_id, each.payer_id, each.reason) for each in entries)
