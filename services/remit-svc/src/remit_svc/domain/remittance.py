"""An 835 transaction set on its way to the ledger, and what became of each of its payments."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

RemittanceState = Literal["staged", "posted", "quarantined", "conflict"]
Cause = Literal["unbalanced", "contradiction", "not_posted", "conflict"]
"""Why a set is not posted: it does not balance, it is not what it says, we failed on it, or its trace was posted with another content."""


@dataclass(frozen=True)
class Remittance:
    """An 835 transaction set: what a payer names it by, where it stands, and why."""

    practice: str
    id: UUID
    body_digest: str
    state: RemittanceState
    payer_name: str
    trace_number: str
    trace_originator: str
    payee: str
    paid_on: date
    amount_cents: int
    payments: int
    chunks: int
    chunks_here: int
    file_name: str
    staged_at: datetime
    received_number: int | None = None
    follows: tuple[UUID, ...] = ()
    """Remittances that were received before it and name a claim of it."""
    passed: tuple[UUID, ...] = ()
    """Those of them that were not posted when it was."""
    cause: Cause | None = None
    reason: str | None = None
    missing_cents: int | None = None
    posted_at: datetime | None = None

    def is_another_with_the_trace_of(self, other: "Remittance") -> bool:
        """Whether it pays the same by the same trace, and is another one."""
        return self.id != other.id and self.pays == other.pays

    @property
    def pays(self) -> tuple[object, ...]:
        """What a payer names a payment by: trace, date, amount and payee."""
        return (
            self.practice,
            self.trace_originator,
            self.trace_number,
            self.paid_on,
            self.amount_cents,
            self.payee,
        )


@dataclass(frozen=True)
class PaymentResult:
    """What became of one payment (CLP), in cents: on the claim's books and in suspense it is CLP04."""

    practice: str
    remittance_id: UUID
    ordinal: int
    claim_id: UUID | None = None
    payer_sequence: str | None = None
    payer_id: str | None = None
    outcome: str = "suspended"
    """As it was told, ``suspended``, or ``predetermination``."""
    paid_cents: int = 0
    denied_cents: int = 0
    """What was refused, as it was told."""
    underpaid_cents: int = 0
    """What was taken off beyond the contract, as it was told."""
    patient_cents: int = 0
    standing_denied_cents: int = 0
    """What of it stands refused now."""
    variance_cents: int | None = None
    """Allowed minus expected while it stands; None where the contract does not tell."""
    suspense_cents: int = 0
    moved_cents: int = 0
    """What a person took out of suspense to an account that is no claim's."""
    moved_to: str | None = None
    edition: int = 0
    """How often a person has put it on a claim, or taken it off."""
    payer_claim_number: str | None = None
    reason: str | None = None
    """Why all or part of it is in suspense."""
    question: str | None = None
    """What a person has to find out."""


@dataclass(frozen=True)
class ProviderAdjustmentResult:
    """What became of one reason of a PLB; positive lowers the payment."""

    practice: str
    remittance_id: UUID
    number: int
    provider: str
    fiscal_period: date | None
    reason: str
    reference: str | None
    cents: int
    account: str
    """Where it stands: its reason's own account, suspense, or where a person has moved it."""
    claim_id: UUID | None = None
    """The claim that its reference names."""
    refers_to: UUID | None = None
    """The remittance that its reference names."""
