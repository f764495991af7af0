"""Rows to domain and back: collections named by their plural, and the unit that holds them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

import orjson
from claimstream_kit import Clock, Collection, Journal, Row, Unit
from claimstream_kit.database import Connection
from claimstream_kit.unit import Cause
from sqlalchemy import Table

from . import tables
from .domain.account import Account, Charge, SubmissionFacts
from .domain.decisions import PostedDecision
from .domain.ledger import PAID, balanced
from .domain.ledger import Journal as LedgerJournal
from .domain.remittance import PaymentResult, ProviderAdjustmentResult, Remittance
from .domain.reversing import with_reversals
from .events import account_changed
from .witnessed import facts_of_journal


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
            "charged_cents": value.charged_cents,
            "document": document,
        }

    def from_row(self, row: Row) -> Account:
        """An account."""
        document = row["document"]
        account = Account(
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
            decisions=tuple(PostedDecision.model_validate(_with_lines(each)) for each in document["decisions"]),
        )
        is_earlier = any("entries" in each for each in document["decisions"])
        return with_reversals(account) if is_earlier else account


def _with_lines(decision: Row) -> Row:
    """A decision that an earlier release kept by its entries: what was said is read back from them."""
    if "entries" not in decision:
        return decision
    lines: dict[str | None, Row] = defaultdict(lambda: {"paid_cents": 0, "said": defaultdict(int)})
    for entry in decision["entries"]:
        line = lines[entry.get("line_id")]
        if entry["account"] == PAID:
            line["paid_cents"] += entry["cents"]
        elif entry.get("reason"):
            line["said"][entry["reason"]] += entry["cents"]
    return decision | {
        "lines": [
            {
                "line_id": line_id,
                "charge_cents": line["paid_cents"] + sum(line["said"].values()),
                "paid_cents": line["paid_cents"],
                "said": [
                    dict(zip(("group", "carc"), reason.split("-", 1), strict=True), cents=cents)
                    for reason, cents in line["said"].items()
                ],
            }
            for line_id, line in lines.items()
        ]
    }


class Remittances(Collection[Remittance]):
    """Remittances, by practice and id."""

    table: ClassVar[Table] = tables.remittances

    def to_row(self, value: Remittance) -> Row:
        """A row of ``remittances``."""
        return dict(vars(value)) | {
            "follows": [str(each) for each in value.follows],
            "passed": [str(each) for each in value.passed],
        }

    def from_row(self, row: Row) -> Remittance:
        """A remittance."""
        before = {name: tuple(UUID(each) for each in row[name]) for name in ("follows", "passed")}
        return Remittance(**{**row, **before})


class Payments(Collection[PaymentResult]):
    """What became of payments, by practice, remittance and position."""

    table: ClassVar[Table] = tables.payments

    def to_row(self, value: PaymentResult) -> Row:
        """A row of ``payments``."""
        return dict(vars(value))

    def from_row(self, row: Row) -> PaymentResult:
        """What became of it."""
        return PaymentResult(**row)


class ProviderAdjustments(Collection[ProviderAdjustmentResult]):
    """Provider adjustments, by practice, remittance and number."""

    table: ClassVar[Table] = tables.provider_adjustments

    def to_row(self, value: ProviderAdjustmentResult) -> Row:
        """A row of ``provider_adjustments``."""
        return dict(vars(value))

    def from_row(self, row: Row) -> ProviderAdjustmentResult:
        """What became of it."""
        return ProviderAdjustmentResult(**row)


class RemitUnit(Unit):
    """One transaction of remit-svc."""

    def __init__(self, connection: Connection, *, service: str, clock: Clock) -> None:
        super().__init__(connection, service=service, clock=clock)
        self.accounts = Accounts(self)
        self.remittances = Remittances(self)
        self.chunks = Journal(self, tables.remittance_chunks)
        self.journals = Journal(self, tables.journals, conflict="fail")
        self.entries = Journal(self, tables.entries, conflict="fail")
        self.payments = Payments(self)
        self.provider_adjustments = ProviderAdjustments(self)
        self._entered: dict[tuple[str, UUID], tuple[Cause, list[LedgerJournal]]] = {}

    async def flush(self) -> None:
        """Tell once of each account what was entered, by what caused the first of it."""
        entered, self._entered = self._entered, {}
        for cause, journals in entered.values():
            self.publish(account_changed(journals), cause=cause)
        await super().flush()

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

    async def not_posted(self, practice: str, remittances: Sequence[UUID]) -> tuple[UUID, ...]:
        """Those of them that are not on the books."""
        if not remittances:
            return ()
        rows = await self.connection.fetch(
            "SELECT id FROM remittances WHERE practice = $1 AND id = ANY($2) AND state = 'posted'",
            practice,
            list(remittances),
        )
        posted = {row["id"] for row in rows}
        return tuple(each for each in remittances if each not in posted)

    def enter(self, journal: LedgerJournal) -> None:
        """Enter a journal, if it balances; an empty one is nothing. It is told at the end of the unit."""
        balanced(journal)
        if not journal.entries:
            return
        account = (journal.practice_id, journal.account_id)
        self._entered.setdefault(account, (self.cause, []))[1].append(journal)
        self.journals.add(
            practice=journal.practice_id,
            id=journal.journal_id,
            account_id=journal.account_id,
            kind=journal.kind,
            remittance_id=journal.remittance_id,
            entered_at=journal.entered_at,
        )
        self.witness(journal.practice_id, journal.journal_id, facts_of_journal(journal))
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
