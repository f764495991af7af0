"""Rows to domain and back: collections named by their plural, and the unit that holds them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from claimstream_kit import Clock, Collection, Row, Unit
from claimstream_kit.database import Connection
from claimstream_schemas.values.money import cents, from_cents
from sqlalchemy import Table

from . import tables
from .domain.case import Case, standing_as_kept
from .domain.settling import Reversal, Settlement


@dataclass(frozen=True)
class PayerDays:
    """How long each payer of a practice takes an answer, and a claim; none to file where the practice was kept by an earlier release."""

    practice: str
    version: int
    appeal_days: dict[str, int]
    filing_days: dict[str, int]


class Payers(Collection[PayerDays]):
    """Days to answer and to file, by practice."""

    table: ClassVar[Table] = tables.payers
    locks = False

    def to_row(self, value: PayerDays) -> Row:
        """A row of ``payers``."""
        return dict(vars(value))

    def from_row(self, row: Row) -> PayerDays:
        """Days of a practice's payers."""
        return PayerDays(**row)


_SAME = (
    "claim_id",
    "control_number",
    "remittance_id",
    "payment_ordinal",
    "payer_id",
    "line_id",
    "procedure",
    "carc",
    "kind",
    "cause",
    "scenario",
    "route",
    "remedy",
    "hard_stop",
    "paid_on",
    "answer_by",
    "payer_claim_number",
    "state",
    "closed_because",
    "closed_by",
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
            "standing_cents": cents(value.standing),
            "may_appeal": value.may_appeal,
        }

    def from_row(self, row: Row) -> Case:
        """A case."""
        amount = from_cents(row["amount_cents"])
        return Case(
            practice_id=row["practice"],
            case_id=row["id"],
            group=row["adjustment_group"],
            remarks=tuple(row["remarks"]),
            amount=amount,
            standing=standing_as_kept(_dollars(row["standing_cents"]), row["state"], amount),
            **{name: row[name] for name in _SAME},
        )


class Reversals(Collection[Reversal]):
    """Reversed payments, by practice, remittance and ordinal."""

    table: ClassVar[Table] = tables.reversals

    def to_row(self, value: Reversal) -> Row:
        """A row of ``reversals``."""
        return dict(vars(value))

    def from_row(self, row: Row) -> Reversal:
        """A reversal."""
        return Reversal(**row)


class Settlements(Collection[Settlement]):
    """What decisions said of a refusal, by practice and the id of its case, opened or not."""

    table: ClassVar[Table] = tables.settlements

    def to_row(self, value: Settlement) -> Row:
        """A row of ``settlements``."""
        row = vars(value) | {"decisions": list(value.decisions)}
        standing = row.pop("standing")
        return row | {"standing_cents": None if standing is None else cents(standing)}

    def from_row(self, row: Row) -> Settlement:
        """A settlement."""
        told = dict(row)
        standing = _dollars(told.pop("standing_cents"))
        return Settlement(**told | {"decisions": tuple(row["decisions"]), "standing": standing})


def _dollars(kept: int | None) -> Decimal | None:
    return None if kept is None else from_cents(kept)


class DenialUnit(Unit):
    """One transaction of denial-svc."""

    def __init__(self, connection: Connection, *, service: str, clock: Clock) -> None:
        super().__init__(connection, service=service, clock=clock)
        self.payers = Payers(self)
        self.cases = Cases(self)
        self.reversals = Reversals(self)
        self.settlements = Settlements(self)

    async def alone_with_claim(self, practice: str, claim_id: UUID) -> None:
        """Hold the claim until the commit: its refusals and its decisions come on topics without an order between them."""
        await self.alone("claim", practice, claim_id)

    async def load_cases(self, practice: str, case_ids: Iterable[UUID]) -> None:
        """Cases, and what was decided of them, in one statement each."""
        keys = [(practice, case_id) for case_id in case_ids]
        await self.cases.load(keys)
        await self.settlements.load(keys)

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
