"""One claim's (or self-pay visit's) account: its charges, what was submitted, what was decided."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal, Self
from uuid import UUID

from claimstream_schemas.values.base import Value


class Kept(Value):
    """A part of an account, as its row keeps it."""

    @cached_property
    def document(self) -> bytes:
        """It as JSON, without what is empty; made once."""
        return self.model_dump_json(exclude_none=True).encode()


SEQUENCES = ("P", "S", "T")
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
    payer_sequence: Literal["P", "S", "T"]
    payer_id: str
    payer_x12_id: str
    total_cents: int
    lines: tuple[ExpectedLine, ...]
    next_payers: tuple[str, ...] = ()
    contract_version: str | None = None
    submitted_on: date


class KeptEntry(Value):
    """An entry as a decision keeps it, so that a reversal can take it back."""

    account: str
    cents: int
    line_id: UUID | None = None
    payer_id: str | None = None
    reason: str | None = None


class PostedDecision(Kept):
    """A decision that was posted; ``reversed_by`` names the reversal that took it back."""

    remittance_id: UUID
    payment_ordinal: int
    submission_ordinal: int
    payer_sequence: Literal["P", "S", "T"]
    payer_id: str
    outcome: str
    status: str
    charge_cents: int
    paid_cents: int
    denied_cents: int
    patient_cents: int
    payer_claim_number: str | None = None
    paid_on: date
    entries: tuple[KeptEntry, ...] = ()
    is_reversed: bool = False


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
    assembled_sequence: int = 0
    """The sequence of the ``claim.assembled`` that it stands on: an older one changes nothing."""
    patient_paid_cents: int = 0
    """At the desk."""

    def submitted(self, submission: SubmissionFacts) -> Self:
        """One more submission; a known one changes nothing."""
        if any(each.ordinal == submission.ordinal for each in self.submissions):
            return self
        ordered = sorted((*self.submissions, submission), key=lambda each: each.ordinal)
        return replace(self, submissions=tuple(ordered))

    def submission(self, ordinal: int) -> SubmissionFacts | None:
        """The submission with that ordinal."""
        return next((each for each in self.submissions if each.ordinal == ordinal), None)

    def knows(self, remittance_id: UUID, payment_ordinal: int) -> bool:
        """Whether this payment is posted."""
        place = (remittance_id, payment_ordinal)
        return any((each.remittance_id, each.payment_ordinal) == place for each in self.decisions)

    def decided(self, decision: PostedDecision) -> Self:
        """One more decision."""
        return replace(self, decisions=(*self.decisions, decision))

    def is_last_payer(self, sequence: str) -> bool:
        """Whether no payer comes after this one."""
        return SEQUENCES.index(sequence) >= len(self.payers) - 1

    def standing(self) -> tuple[PostedDecision, ...]:
        """The decisions that were not taken back."""
        return tuple(each for each in self.decisions if not each.is_reversed and each.outcome != "reversed")

    def reverse(self, taken_back: PostedDecision) -> Self:
        """A decision is taken back."""
        kept = tuple(
            each.model_copy(update={"is_reversed": True}) if each is taken_back else each for each in self.decisions
        )
        return replace(self, decisions=kept)
