"""Rows to domain and back: collections named by their plural, and the unit that holds them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from claimstream_kit import Clock, Collection, KitTables, Row, Unit
from claimstream_kit.database import Connection
from claimstream_schemas.values.money import cents, from_cents
from sqlalchemy import Table

from . import tables
from .domain.case import Case


@dataclass(frozen=True)
class AppealDays:
    """How long each payer of a practice takes an answer."""

    practice: str
    version: int
    days: dict[str, int]


class Payers(Collection[AppealDays]):
    """Appeal days, by practice."""

    table: ClassVar[Table] = tables.payers
    locks = False

    def to_row(self, value: AppealDays) -> Row:
        """A row of ``payers``."""
        return {"practice": value.practice, "version": value.version, "appeal_days": value.days}

    def from_row(self, row: Row) -> AppealDays:
        """Appeal days."""
        return AppealDays(row["practice"], row["version"], row["appeal_days"])


_SAME = (
    "claim_id",
    "control_number",
    "remittance_id",
    "payment_ordinal",
    "payer_id",
    "line_id",
    "procedure",
    "carc",
    "cause",
    "scenario",
    "route",
    "paid_on",
    "answer_by",
    "payer_claim_number",
    "state",
)


class Cases(Collection[Case]):
    """Cases, by practice and id."""

    table: ClassVar[Table] = tables.cases

    def to_row(self, value: Case) -> Row:
        """A row of ``cases``."""
        return {
            "practice": value.practice_id,
            "id": value.case_id,
            **{name: getattr(value, name) for name in _SAME},
            "adjustment_group": value.group,
            "remarks": list(value.remarks),
            "amount_cents": cents(value.amount),
        }

    def from_row(self, row: Row) -> Case:
        """A case."""
        return Case(
            practice_id=row["practice"],
            case_id=row["id"],
            group=row["adjustment_group"],
            remarks=tuple(row["remarks"]),
            amount=from_cents(row["amount_cents"]),
            **{name: row[name] for name in _SAME},
        )


@dataclass(frozen=True)
class Reversal:
    """A payment that its payer took back."""

    practice: str
    remittance_id: UUID
    payment_ordinal: int


class Reversals(Collection[Reversal]):
    """Reversed payments, by practice, remittance and ordinal."""

    table: ClassVar[Table] = tables.reversals

    def to_row(self, value: Reversal) -> Row:
        """A row of ``reversals``."""
        return dict(vars(value))

    def from_row(self, row: Row) -> Reversal:
        """A reversal."""
        return Reversal(**row)


class DenialUnit(Unit):
    """One transaction of denial-svc."""

    def __init__(self, connection: Connection, tables_: KitTables, *, service: str, clock: Clock) -> None:
        super().__init__(connection, tables_, service=service, clock=clock)
        self.payers = Payers(self)
        self.cases = Cases(self)
        self.reversals = Reversals(self)

    async def load_cases_of(self, practice: str, remittance_id: UUID, payment_ordinal: int) -> list[Case]:
        """The cases that one payment opened."""
        rows = await self.connection.fetch(
            "SELECT id FROM cases WHERE practice = $1 AND remittance_id = $2 AND payment_ordinal = $3",
            practice,
            remittance_id,
            payment_ordinal,
        )
        await self.cases.load([(practice, row["id"]) for row in rows])
        place = (practice, remittance_id, payment_ordinal)
        return [
            case
            for case in self.cases.loaded()
            if (case.practice_id, case.remittance_id, case.payment_ordinal) == place
        ]
