"""claim.denied."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value
from .values.money import Money


class DeniedAdjustment(Value):
    """One refused amount: a CAS that opens a case."""

    line_id: UUID | None = Field(default=None, description="None: at claim level")
    procedure: str | None = None
    service_on: date | None = None
    kind: Literal["refusal", "underpayment"] = Field(
        default="refusal", description="underpayment: CO-45 beyond the contract; its amount is a variance, not denied"
    )
    group: str
    carc: str
    remarks: tuple[str, ...] = Field(default=(), description="RARC codes")
    amount: Money


class ClaimDenied(Event):
    """A payer refused all or part of a claim, or allowed less of it than its contract says."""

    topic: ClassVar[str] = "claim.denied"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID = Field(description="Our id; the payer knows the claim by its control number, CLM01")
    encounter_id: UUID
    control_number: str
    remittance_id: UUID
    payment_ordinal: int
    submission_ordinal: int
    payer_id: str
    claim_filing_indicator: str | None = Field(
        default=None, description="SBR09 of the submission: MA and MB are original Medicare"
    )
    payer_claim_number: str | None = Field(default=None, description="CLP07")
    denied: Money
    adjustments: tuple[DeniedAdjustment, ...] = Field(min_length=1)
    claim_remarks: tuple[str, ...] = ()
    service_from: date
    service_to: date
    paid_on: date = Field(description="The remittance's date: the notice")
