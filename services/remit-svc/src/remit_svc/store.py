"""Rows to domain and back: collections named by their plural, and the unit that holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import orjson
from claimstream_kit import Clock, Collection, Journal, KitTables, Row, Unit
from claimstream_kit.database import Connection
from sqlalchemy import Table

from . import tables
from .domain.account import Account, Charge, PostedDecision, SubmissionFacts
from .domain.ledger import Journal as LedgerJournal
from .domain.ledger import balanced


class Accounts(Collection[Account]):
    """Accounts of claims and self-pay visits, by practice and id."""

    table: ClassVar[Table] = tables.accounts

    def to_row(self, value: Account) -> Row:
        """A row of ``accounts``."""
        document = {
            "payers": value.payers,
            "charges": [orjson.Fragment(each.document) for each in value.charges],
            "submissions": [orjson.Fragment(each.document) for each in value.submissions],
            "decisions": [orjson.Fragment(each.document) for each in value.decisions],
        }
        return {
            "practice": value.practice_id,
            "id": value.account_id,
            "encounter_id": value.encounter_id,
            "claim_id": value.claim_id,
            "control_number": value.control_number,
            "state": value.state,
            "assembled_sequence": value.assembled_sequence,
            "is_submitted": bool(value.submissions),
            "patient_paid_cents": value.patient_paid_cents,
            "document": document,
        }

    def from_row(self, row: Row) -> Account:
        """An account."""
        document = row["document"]
        return Account(
            practice_id=row["practice"],
            account_id=row["id"],
            encounter_id=row["encounter_id"],
            claim_id=row["claim_id"],
            control_number=row["control_number"],
            state=row["state"],
            assembled_sequence=row["assembled_sequence"],
            patient_paid_cents=row["patient_paid_cents"],
            payers=tuple(document.get("payers", ())),
            charges=tuple(Charge.model_validate(each) for each in document["charges"]),
            submissions=tuple(SubmissionFacts.model_validate(each) for each in document["submissions"]),
            decisions=tuple(PostedDecision.model_validate(each) for each in document["decisions"]),
        )


@dataclass(frozen=True)
class Remittance:
    """An 835 transaction set on its way to the ledger."""

    practice: str
    id: UUID
    body_digest: str
    state: str
    payer_name: str
    trace_number: str
    trace_originator: str
    payee: str
    paid_on: date
    amount_cents: int
    payments: int
    chunks: int
    chunks_here: int
    file_name: str
    staged_at: datetime
    reason: str | None = None
    missing_cents: int | None = None
    posted_at: datetime | None = None

    def is_another_with_the_trace_of(self, other: "Remittance") -> bool:
        """Whether it pays the same by the same trace, and is another one."""
        return self.id != other.id and self.pays == other.pays

    @property
    def pays(self) -> tuple[object, ...]:
        """What a payer names a payment by: trace, date, amount and payee."""
        return (
            self.practice,
            self.trace_originator,
            self.trace_number,
            self.paid_on,
            self.amount_cents,
            self.payee,
        )


class Remittances(Collection[Remittance]):
    """Remittances, by practice and id."""

    table: ClassVar[Table] = tables.remittances

    def to_row(self, value: Remittance) -> Row:
        """A row of ``remittances``."""
        return dict(vars(value))

    def from_row(self, row: Row) -> Remittance:
        """A remittance."""
        return Remittance(**row)


class RemitUnit(Unit):
    """One transaction of remit-svc."""

    def __init__(self, connection: Connection, tables_: KitTables, *, service: str, clock: Clock) -> None:
        super().__init__(connection, tables_, service=service, clock=clock)
        self.accounts = Accounts(self)
        self.remittances = Remittances(self)
        self.chunks = Journal(self, tables.remittance_chunks)
        self.journals = Journal(self, tables.journals, conflict="fail")
        self.entries = Journal(self, tables.entries, conflict="fail")
        self.payments = Journal(self, tables.payments, conflict="fail")

    async def load_accounts_paid_by(self, remittances: Sequence[tuple[str, UUID]]) -> None:
        """Load and lock, in key order, every account that these remittances pay: each alone would lock across the others' order."""
        rows = await self.connection.fetch(
            "SELECT DISTINCT c.practice, (p->>'claim_id')::uuid AS claim FROM remittance_chunks c"
            " JOIN unnest($1::text[], $2::uuid[]) AS w(practice, remittance_id) USING (practice, remittance_id)"
            " CROSS JOIN jsonb_array_elements(c.document->'payments') AS p WHERE p->>'claim_id' IS NOT NULL",
            [practice for practice, _ in remittances],
            [remittance for _, remittance in remittances],
        )
        await self.accounts.load((row["practice"], row["claim"]) for row in rows)

    def enter(self, journal: LedgerJournal) -> None:
        """Enter a journal, if it balances; an empty one is nothing."""
        balanced(journal)
        if not journal.entries:
            return
        self.journals.add(
            practice=journal.practice_id,
            id=journal.journal_id,
            account_id=journal.account_id,
            kind=journal.kind,
            remittance_id=journal.remittance_id,
            entered_at=journal.entered_at,
        )
        for number, entry in enumerate(journal.entries, start=1):
            self.entries.add(
                practice=journal.practice_id,
                journal_id=journal.journal_id,
                number=number,
                account=entry.account,
                account_id=journal.account_id,
                cents=entry.cents,
                line_id=entry.line_id,
                payer_id=entry.payer_id,
                reason=entry.reason,
            )
