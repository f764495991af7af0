"""What a payer decided: adjustments, line and claim payments, provider adjustments."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from .base import Value
from .money import Money, Quantity

AdjustmentGroup = Literal["CO", "OA", "PI", "PR", "CR"]


class Adjustment(Value):
    """One CAS reason: positive lowers the payment, negative raises it."""

    group: str = Field(description="CO, OA, PI, PR (or CR in COB)")
    carc: str
    amount: Money
    quantity: Quantity | None = None


class LinePayment(Value):
    """Loop 2110: one SVC and what hangs on it."""

    procedure_qualifier: str | None = None
    procedure: str | None = None
    modifiers: tuple[str, ...] = ()
    submitted_procedure: str | None = Field(default=None, description="SVC06, where the payer changed the code")
    revenue_code: str | None = None
    charge: Money = Field(description="SVC02")
    paid: Money = Field(description="SVC03")
    units: Quantity | None = Field(default=None, description="SVC05")
    service_from: date | None = None
    service_to: date | None = None
    line_control_number: str | None = Field(default=None, description="REF*6R")
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = Field(default=(), description="RARC of LQ*HE")
    allowed: Money | None = Field(default=None, description="AMT*B6, information only")
    line_id: UUID | None = Field(default=None, description="Our line, where the gateway could tell")


class ClaimPayment(Value):
    """Loop 2100: what the payer decided about one claim."""

    ordinal: int = Field(ge=1, description="Position in the transaction set, from 1")
    control_number: str = Field(description="CLP01 as it came")
    status: str = Field(description="CLP02")
    charge: Money = Field(description="CLP03")
    paid: Money = Field(description="CLP04")
    patient_responsibility: Money | None = Field(default=None, description="CLP05, information only")
    claim_filing_indicator: str | None = None
    payer_claim_number: str | None = Field(default=None, description="CLP07")
    original_payer_claim_number: str | None = Field(default=None, description="2100 REF*F8")
    frequency_code: str | None = None
    adjustments: tuple[Adjustment, ...] = Field(default=(), description="Claim level CAS")
    remarks: tuple[str, ...] = Field(default=(), description="Remark codes of MIA and MOA")
    interest: Money | None = Field(default=None, description="AMT*I, information only")
    service_from: date | None = None
    service_to: date | None = None
    received_on: date | None = None
    forwarded_to: str | None = Field(default=None, description="NM1*TT: the payer it went on to")
    lines: tuple[LinePayment, ...] = ()
    claim_id: UUID | None = Field(default=None, description="Our claim, where CLP01 is a number that we sent")
    submission_ordinal: int | None = Field(default=None, description="From REF*6R, where it came back")

    @property
    def is_reversal(self) -> bool:
        """CLP02 = 22 takes an earlier decision back."""
        return self.status == "22"


class ProviderAdjustment(Value):
    """One reason of a PLB: positive lowers the payment, negative raises it."""

    provider: str
    fiscal_period: date | None = None
    reason: str = Field(description="PLB03-1, e.g. L6, WO, FB")
    reference: str | None = Field(default=None, description="PLB03-2")
    amount: Money


class RemittanceHeader(Value):
    """BPR, TRN and the two parties of one 835 transaction set."""

    payer_name: str
    payer_x12_id: str | None = None
    payee_name: str
    payee_npi: str | None = None
    payee_tin: str | None = None
    amount: Money = Field(description="BPR02")
    credit_or_debit: str = Field(description="BPR03")
    handling: str = Field(description="BPR01")
    payment_method: str = Field(description="BPR04: ACH, CHK, NON, …")
    paid_on: date = Field(description="BPR16")
    trace_number: str = Field(description="TRN02")
    trace_originator: str = Field(description="TRN03")
    production_date: date | None = Field(default=None, description="DTM*405")
