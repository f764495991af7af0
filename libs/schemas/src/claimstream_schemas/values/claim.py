"""What a claim and one submission of it consist of."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from .base import Value
from .encounter import ChargeLine
from .identifiers import Npi
from .money import Money, Quantity
from .payment import Adjustment
from .people import Address, Subscriber

PayerSequence = Literal["P", "S", "T"]
"""SBR01: primary, secondary, tertiary."""

FrequencyCode = Literal["1", "2", "3", "4", "7", "8", "9"]
"""CLM05-3: original; first, continuing and last bill of a stay that is billed in parts; replacement, void; final claim of a home health episode."""

MEDICARE = frozenset({"MA", "MB", "16"})
"""SBR09 of Medicare Part A, Part B and Medicare Advantage (HMO)."""


class RuleFinding(Value):
    """What a rule says of a claim, and how to mend it."""

    rule: str = Field(description="The rule's stable slug, e.g. timely-filing")
    message: str = Field(description="What is wrong, without patient data")
    remedy: str = Field(description="What a biller does about it")
    severity: Literal["hold", "warn"] = Field(default="hold", description="A warning lets the claim leave")
    place: str | None = Field(default=None, description="Where in the claim, e.g. lines/2/procedure")
    source: str | None = Field(default=None, description="Where the rule comes from")


class BillingProvider(Value):
    """Who bills (loop 2010AA)."""

    name: str
    npi: Npi
    tin: str
    taxonomy: str
    address: Address
    contact_name: str
    contact_phone: str
    submitter_id: str = Field(description="ISA06/GS02")


class ClaimPayer(Value):
    """A payer as a claim names it."""

    payer_id: str
    name: str
    x12_id: str
    receiver_id: str
    claim_filing_indicator: str
    insurance_type: str | None = Field(default=None, description="SBR05, where the coverage tells it")
    reports_patient_paid: bool = Field(default=True, description="Whether its claims tell what the patient paid")

    @property
    def is_medicare(self) -> bool:
        """Whether it is Medicare, by its filing code."""
        return self.claim_filing_indicator in MEDICARE


class Expected(Value):
    """What we expect for one line under the contract; None where no contract tells."""

    allowed: Money | None = None
    paid: Money | None = None


class SubmittedLine(ChargeLine):
    """A charge line as submitted."""

    line_control_number: str = Field(description="REF*6R: control number + submission + line")
    expected: Expected = Expected()


class PriorLine(Value):
    """A prior payer's decision about one line (loop 2430)."""

    line_id: UUID
    procedure: str | None = None
    modifiers: tuple[str, ...] = ()
    units: Quantity
    paid: Money
    adjustments: tuple[Adjustment, ...] = ()


class PriorPayment(Value):
    """What a payer before us in line decided (loop 2320 with 2430)."""

    payer: ClaimPayer
    payer_sequence: PayerSequence
    paid: Money = Field(description="AMT*D, sent even when 0")
    patient_liability: Money | None = Field(default=None, description="AMT*EAF")
    adjustments: tuple[Adjustment, ...] = Field(default=(), description="Claim level CAS")
    lines: tuple[PriorLine, ...] = ()
    decided_on: date
    payer_claim_number: str | None = None


class OtherCoverage(Value):
    """A coverage that is not the destination of this submission, and what its payer decided, if it has."""

    payer: ClaimPayer
    payer_sequence: PayerSequence
    decision: PriorPayment | None = None


class SubmissionPerson(Value):
    """Who the claim is about; identifying."""

    patient: "ClaimPatient"
    subscriber: Subscriber
    other_subscribers: tuple[Subscriber, ...] = Field(default=(), description="In the order of other_coverages")


class ClaimPatient(Value):
    """The patient as a claim names him or her."""

    last: str
    first: str | None = None
    middle: str | None = None
    suffix: str | None = None
    birth_date: date
    sex: Literal["F", "M", "U"]
    address: Address | None = None
    death_date: date | None = None
    medical_record_number: str | None = None


SubmissionPerson.model_rebuild()
