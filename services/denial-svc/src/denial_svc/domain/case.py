"""A denial case: one refused adjustment of one line, and by when we must answer."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from claimstream_schemas.values.money import ZERO

from .refusal import Kind

State = Literal["open", "withdrawn", "closed"]
Because = Literal["paid", "decided_anew"]


@dataclass(frozen=True)
class Case:
    """What a payer refused to pay, and where our answer stands. There is one per (remittance, claim, line, group, CARC)."""

    practice_id: str
    case_id: UUID
    claim_id: UUID
    control_number: str
    remittance_id: UUID
    payment_ordinal: int
    payer_id: str
    line_id: UUID | None
    procedure: str | None
    group: str
    carc: str
    remarks: tuple[str, ...]
    amount: Decimal
    standing: Decimal
    """What of the amount stands refused now: all of it at first, nothing of a case that is closed or withdrawn."""
    cause: str
    scenario: str
    route: str
    paid_on: date
    answer_by: date
    payer_claim_number: str | None = None
    kind: Kind = "refusal"
    remedy: str | None = None
    hard_stop: str | None = None
    state: State = "open"
    closed_because: Because | None = None
    closed_by: UUID | None = None

    @property
    def may_appeal(self) -> bool:
        """Whether an appeal is offered: nothing of the catalogue stands against it."""
        return self.hard_stop is None

    def withdraw(self) -> Self:
        """The payer took its decision back; that is the end of the case, closed or not."""
        return replace(self, state="withdrawn", closed_because=None, closed_by=None, standing=ZERO)

    def close(self, because: Because, by: UUID) -> Self:
        """A later remittance settled it. What is withdrawn stays so: the refusal itself is gone."""
        if self.state == "withdrawn":
            return self
        return replace(self, state="closed", closed_because=because, closed_by=by, standing=ZERO)

    def stand(self, amount: Decimal | None = None) -> Self:
        """So much of the refusal stands, None: all of it; a closed case is open again. What is withdrawn stays so."""
        if self.state == "withdrawn":
            return self
        standing = self.amount if amount is None else amount
        return replace(self, state="open", closed_because=None, closed_by=None, standing=standing)

    def looks_like(self, other: Self) -> bool:
        """Whether nothing sets them apart but what of the amount stands."""
        return replace(self, standing=other.standing) == other


def standing_as_kept(kept: Decimal | None, state: State, amount: Decimal) -> Decimal:
    """What stands by a row of which the release before this one may have written the state: it knows no standing amount."""
    if state != "open":
        return ZERO
    return amount if kept is None else kept
