"""claim.adjudicated."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value
from .values.claim import PayerSequence
from .values.money import ZERO, Money
from .values.payment import Adjustment

Outcome = Literal["paid", "partial", "denied", "zero_expected", "reversed", "forwarded", "duplicate", "undecided"]
"""``duplicate``: it says that the claim was decided before; ``undecided``: it pays, refuses and adjusts nothing (a prior payer is named that
decided nothing that we know of). Neither takes the place of a decision. ``partial``: paid, and refused or not answered in part."""


class AdjudicatedLine(Value):
    """A posted decision about one line. ``variance`` is paid minus expected, None where nothing was expected."""

    line_id: UUID
    procedure: str | None = None
    modifiers: tuple[str, ...] = ()
    units: str = "1"
    charge: Money
    paid: Money
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    patient_responsibility: Money
    denied: Money
    expected_allowed: Money | None = None
    expected_paid: Money | None = None
    variance: Money | None = None


class SettledRefusal(Value):
    """A refusal that was told, by the place that names its case: what has become of it by this decision."""

    remittance_id: UUID
    payment_ordinal: int
    line_id: UUID | None = Field(default=None, description="None: at claim level")
    group: str
    carc: str
    standing: Money = Field(default=ZERO, description="What of it stands refused now; 0: it is settled")
    why: Literal["paid", "decided_anew", "taken_back"] = Field(
        description="paid: money came for it; decided_anew: a newer decision stands in its place; taken_back: that one stands no more"
    )


class AdjudicationPerson(Value):
    """The payment's own segments; identifying."""

    segments: tuple[str, ...] = ()


class ClaimAdjudicated(Event):
    """What a payer decided about a claim, posted to the ledger, and which refusals told earlier it settles or opens again."""

    topic: ClassVar[str] = "claim.adjudicated"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    remittance_id: UUID
    payment_ordinal: int = Field(
        ge=1,
        description="The CLP's position in the set; a million more for each time that a person put it on a claim, or took it off",
    )
    submission_ordinal: int
    payer_sequence: PayerSequence
    payer_id: str
    outcome: Outcome
    status: str = Field(description="CLP02 as it came")
    charge: Money
    paid: Money
    patient_responsibility: Money
    denied: Money
    payer_claim_number: str | None = Field(default=None, description="CLP07")
    forwarded_to: str | None = None
    reverses_remittance_id: UUID | None = Field(
        default=None, description="A reversal: the remittance whose decision it takes back"
    )
    reverses_payment_ordinal: int | None = None
    unanswered: Money | None = Field(
        default=None, description="What of the claim's charges no decision that stands has answered"
    )
    expected_allowed: Money | None = Field(
        default=None, description="For the whole claim, where every line's is known; None where one is not"
    )
    expected_paid: Money | None = None
    variance: Money | None = Field(
        default=None, description="Of the whole claim: allowed minus expected, None where nothing was expected"
    )
    settles: tuple[SettledRefusal, ...] = Field(
        default=(),
        description="Refusals told earlier of which less stands now, or nothing: then their cases are closed",
    )
    reopens: tuple[SettledRefusal, ...] = Field(
        default=(), description="Refusals of which more stands now: those that were settled are opened again"
    )
    adjustments: tuple[Adjustment, ...] = Field(default=(), description="Claim level CAS")
    remarks: tuple[str, ...] = ()
    lines: tuple[AdjudicatedLine, ...] = ()
    paid_on: date
    person: AdjudicationPerson = AdjudicationPerson()
