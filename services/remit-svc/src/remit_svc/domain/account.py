"""One claim's (or self-pay visit's) account: its charges, what was submitted, what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Literal, Self
from uuid import UUID

from claimstream_schemas.values.base import Value

from .decisions import Kept, Place, PostedDecision, Sequence_

SEQUENCES: tuple[Sequence_, ...] = ("P", "S", "T")
_AS_FIRST = frozenset({"1", "19"})
_LATER: Mapping[str, Sequence_] = MappingProxyType({"2": "S", "20": "S", "3": "T", "21": "T"})
AccountState = Literal["released", "held", "self_pay"]


class Charge(Kept):
    """A charge on the books."""

    line_id: UUID
    ordinal: int
    service_on: date
    procedure: str | None = None
    cents: int


class ExpectedLine(Value):
    """What was submitted for a line, and what the contract led us to expect of it; None where it does not tell."""

    line_id: UUID
    ordinal: int
    procedure: str | None = None
    revenue_code: str | None = None
    modifiers: tuple[str, ...] = ()
    units: str = "1"
    service_from: date
    cents: int
    allowed_cents: int | None = None
    paid_cents: int | None = None


class SubmissionFacts(Kept):
    """What the ledger needs to know of one submission."""

    ordinal: int
    submission_id: UUID
    payer_sequence: Sequence_
    payer_id: str
    payer_x12_id: str
    filing_indicator: str | None = None
    """SBR09."""
    is_institutional: bool = False
    total_cents: int
    lines: tuple[ExpectedLine, ...]
    next_payers: tuple[str, ...] = ()
    contract_version: str | None = None
    submitted_on: date

    @cached_property
    def _by_id(self) -> dict[UUID, ExpectedLine]:
        return {each.line_id: each for each in self.lines}

    def line(self, line_id: UUID | None) -> ExpectedLine | None:
        """The line with that id."""
        return self._by_id.get(line_id) if line_id is not None else None

    @property
    def expected_allowed_cents(self) -> int | None:
        """Of all lines; None where one is not known, or there is none."""
        return _sum_of_known([each.allowed_cents for each in self.lines])

    @property
    def expected_paid_cents(self) -> int | None:
        """Of all lines; None where one is not known, or there is none."""
        return _sum_of_known([each.paid_cents for each in self.lines])


def _sum_of_known(amounts: list[int | None]) -> int | None:
    known = [each for each in amounts if each is not None]
    return sum(known) if known and len(known) == len(amounts) else None


@dataclass(frozen=True)
class Account:
    """A claim's account, or a self-pay visit's."""

    practice_id: str
    account_id: UUID
    encounter_id: UUID
    claim_id: UUID | None
    control_number: str | None
    state: AccountState
    payers: tuple[str, ...] = ()
    """Who pays, in the order of billing, as the claim says now; none is told of accounts that were made before it was kept."""
    charges: tuple[Charge, ...] = ()
    submissions: tuple[SubmissionFacts, ...] = ()
    decisions: tuple[PostedDecision, ...] = ()
    """In the order in which they were posted: reversals too, those that still wait for what they take back among them."""
    assembled_sequence: int = 0
    """The sequence of the ``claim.assembled`` that it stands on: an older one changes nothing."""
    patient_paid_cents: int = 0
    """At the desk."""

    @property
    def charged_cents(self) -> int:
        """All charges."""
        return sum(each.cents for each in self.charges)

    def submitted(self, submission: SubmissionFacts) -> Self:
        """One more submission; a known one changes nothing."""
        if any(each.ordinal == submission.ordinal for each in self.submissions):
            return self
        ordered = sorted((*self.submissions, submission), key=lambda each: each.ordinal)
        return replace(self, submissions=tuple(ordered))

    def submission(self, ordinal: int) -> SubmissionFacts | None:
        """The submission with that ordinal."""
        return next((each for each in self.submissions if each.ordinal == ordinal), None)

    def decision(self, place: Place) -> PostedDecision | None:
        """The decision that stands there."""
        return next((each for each in self.decisions if each.place == place), None)

    def knows(self, place: Place) -> bool:
        """Whether this payment is posted."""
        return self.decision(place) is not None

    def decided(self, decision: PostedDecision) -> Self:
        """One more decision."""
        return replace(self, decisions=(*self.decisions, decision))

    def without(self, place: Place) -> Self:
        """A decision is no part of it any more: a person took it away again."""
        return replace(self, decisions=tuple(each for each in self.decisions if each.place != place))

    def changed(self, *decisions: PostedDecision) -> Self:
        """These decisions in the place of those that stood there."""
        by_place = {each.place: each for each in decisions}
        return replace(self, decisions=tuple(by_place.get(each.place, each) for each in self.decisions))

    def is_last_payer(self, decision: PostedDecision) -> bool:
        """Whether no payer comes after this one, as the claim says now: one may have come, or gone, since the decision."""
        if self.payers:
            return SEQUENCES.index(decision.payer_sequence) >= len(self.payers) - 1
        submission = self.submission(decision.submission_ordinal)
        return submission is None or not submission.next_payers

    def received(self) -> tuple[PostedDecision, ...]:
        """All decisions in the order in which they were received, whenever they were posted."""
        return tuple(sorted(self.decisions, key=lambda each: each.order))

    def standing(self) -> tuple[PostedDecision, ...]:
        """The decisions that were not taken back, in the order in which they were received.

        A payer that has decided as the first and decides again as a later one (CLP02 2, 3: a health account beside its plan) is behind itself.
        """
        received = self.received()
        first = {each.payer_id for each in received if each.status in _AS_FIRST}
        return tuple(
            each.model_copy(update={"payer_sequence": _LATER[each.status]})
            if each.payer_sequence == "P" and each.status in _LATER and each.payer_id in first
            else each
            for each in received
            if not each.is_reversed and not each.is_reversal
        )

    def reversal_of(self, place: Place) -> PostedDecision | None:
        """The reversal that takes the decision at that place back."""
        return next((each for each in self.decisions if each.takes_back == place), None)
