"""One refused amount, and the place that names its case."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal
from uuid import UUID

from claimstream_schemas.values.identifiers import id_of

Kind = Literal["refusal", "underpayment"]


@dataclass(frozen=True)
class Place:
    """Which reason, of which line, in which payment: whoever tells of a refusal tells these, and they name its case."""

    practice_id: str
    claim_id: UUID
    remittance_id: UUID
    payment_ordinal: int
    line_id: UUID | None
    group: str
    carc: str

    @property
    def case_id(self) -> UUID:
        """The case of this place, whether it is opened yet or not."""
        return id_of(
            "case",
            self.practice_id,
            self.remittance_id,
            self.payment_ordinal,
            self.claim_id,
            self.line_id,
            self.group,
            self.carc,
        )


@dataclass(frozen=True)
class Refusal:
    """An amount that a payer refused, as it told it; ``underpayment``: allowed less than the contract says."""

    place: Place
    amount: Decimal
    remarks: tuple[str, ...] = ()
    procedure: str | None = None
    kind: Kind = "refusal"
    filing_indicator: str | None = None


def added_up(refusals: Iterable[Refusal]) -> list[Refusal]:
    """One refusal for each place: a payer may name the same reason twice."""
    totals: dict[Place, Refusal] = {}
    for each in refusals:
        earlier = totals.get(each.place)
        totals[each.place] = _together(earlier, each) if earlier else each
    return list(totals.values())


def _together(earlier: Refusal, later: Refusal) -> Refusal:
    remarks = tuple(dict.fromkeys((*earlier.remarks, *later.remarks)))
    return replace(earlier, amount=earlier.amount + later.amount, remarks=remarks)
