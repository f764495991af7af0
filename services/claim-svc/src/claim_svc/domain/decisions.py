"""What payers decided about a claim, and what of it stands."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from claimstream_schemas.values.base import Value
from claimstream_schemas.values.claim import PayerSequence
from claimstream_schemas.values.money import ZERO, Money
from claimstream_schemas.values.payment import Adjustment

_BY_A_PERSON = 1_000_000
"""What a person puts on a claim, or takes off it, is told under a number above this (``claim.adjudicated``)."""
_DECIDES_NOTHING = frozenset({"duplicate", "undecided"})
"""A payer's word that says nothing of the claim: that it was decided before, or that another payer decides."""


class LineDecision(Value):
    """What a payer decided about one line."""

    line_id: UUID
    procedure: str | None = None
    modifiers: tuple[str, ...] = ()
    units: str = "1"
    charge: Money
    paid: Money
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()


class Decision(Value):
    """A payer's posted decision about the claim."""

    remittance_id: UUID
    payment_ordinal: int
    submission_ordinal: int
    payer_sequence: PayerSequence
    payer_id: str
    outcome: str
    paid: Money
    patient_responsibility: Money
    denied: Money
    payer_claim_number: str | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    lines: tuple[LineDecision, ...] = ()
    unanswered: Money = ZERO
    """What of the claim's charges no decision had answered with it."""
    reverses_remittance_id: UUID | None = None
    """Of a reversal: the payment that it takes back; None is told of those that were heard before it was kept."""
    reverses_payment_ordinal: int | None = None
    paid_on: date

    @property
    def is_payers_reversal(self) -> bool:
        """Whether the payer took a decision back; a payment that a person took off the claim is none of its doing."""
        return self.outcome == "reversed" and self.payment_ordinal < _BY_A_PERSON

    @property
    def place(self) -> tuple[UUID, int]:
        """Which payment it is."""
        return self.remittance_id, self.payment_ordinal

    @cached_property
    def document(self) -> bytes:
        """The decision as JSON; made once."""
        return self.model_dump_json().encode()


def standing(decisions: Iterable[Decision], sequence: PayerSequence) -> Decision | None:
    """What this payer's decisions that were not taken back come to: of each line its newest word."""
    kept: list[Decision] = []
    for decision in decisions:
        if decision.payer_sequence != sequence or decision.outcome in _DECIDES_NOTHING:
            continue
        if decision.outcome != "reversed":
            kept.append(decision)
        elif decision.reverses_remittance_id is None:
            kept.clear()
        else:
            taken_back = (decision.reverses_remittance_id, decision.reverses_payment_ordinal)
            kept = [each for each in kept if each.place != taken_back]
    return _together(kept) if kept else None


def _together(decisions: Sequence[Decision]) -> Decision:
    """The newest decision, with what earlier ones say of lines that it does not name: a payer may decide line by line."""
    newest = decisions[-1]
    said = {line.line_id for line in newest.lines}
    before = []
    for decision in reversed(decisions[:-1]):
        lines = tuple(line for line in decision.lines if line.line_id not in said)
        if said and lines and len(lines) == len(decision.lines):
            before.append(decision)
            said |= {line.line_id for line in lines}
    if not before:
        return newest
    parts = (*reversed(before), newest)
    paid, denied = _sum(each.paid for each in parts), _sum(each.denied for each in parts)
    outcome = newest.outcome
    if outcome != "forwarded" and paid > ZERO:
        outcome = "partial" if denied > ZERO or newest.unanswered > ZERO else "paid"
    return newest.model_copy(
        update={
            "outcome": outcome,
            "paid": paid,
            "denied": denied,
            "patient_responsibility": _sum(each.patient_responsibility for each in parts),
            "adjustments": tuple(adjustment for each in parts for adjustment in each.adjustments),
            "remarks": tuple(dict.fromkeys(remark for each in parts for remark in each.remarks)),
            "lines": tuple(line for each in parts for line in each.lines),
        }
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
