"""claim.adjudicated."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value
from .values.claim import PayerSequence
from .values.money import Money
from .values.payment import Adjustment

Outcome = Literal["paid", "partial", "denied", "zero_expected", "reversed", "forwarded"]


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


class AdjudicationPerson(Value):
    """The payment's own segments; identifying."""

    segments: tuple[str, ...] = ()


class ClaimAdjudicated(Event):
    """What a payer decided about a claim, posted to the ledger."""

    topic: ClassVar[str] = "claim.adjudicated"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    remittance_id: UUID
    payment_ordinal: int = Field(ge=1, description="The CLP's position in the set")
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
    adjustments: tuple[Adjustment, ...] = Field(default=(), description="Claim level CAS")
    remarks: tuple[str, ...] = ()
    lines: tuple[AdjudicatedLine, ...] = ()
    paid_on: date
    person: AdjudicationPerson = AdjudicationPerson()
