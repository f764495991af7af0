"""payment.variance."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.money import Money


class PaymentVariance(Event):
    """A line was allowed or paid more or less than the contract led us to expect."""

    topic: ClassVar[str] = "payment.variance"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    line_id: UUID = Field(description="The line; the claim's own id where the payer decided on the claim as a whole")
    remittance_id: UUID
    payer_id: str
    procedure: str | None = None
    expected_allowed: Money
    allowed: Money
    variance: Money = Field(description="Allowed minus expected: negative is an underpayment")
    reason: Literal["underpaid", "overpaid"]
    contract_version: str | None = None
