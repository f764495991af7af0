"""Remittances with their payments and provider adjustments."""

from datetime import date, datetime
from uuid import UUID

from claimstream_kit.database import Database, Row
from claimstream_schemas.values.money import Total, from_cents
from pydantic import BaseModel, Field

from ..domain.remittance import Cause, RemittanceState
from .amounts import in_dollars

REMEDIES = {
    "staged": "Look at era.received and the dead letters: parts of it have not arrived yet.",
    "quarantined": "Ask the payer for a corrected remittance: nothing of this one was posted.",
    "conflict": "Compare both with the deposit and ask the payer which one holds: nothing of this one was posted.",
}
WHEN_NOT_POSTED = (
    "Nothing of it was posted. Mend what the reason names (or update the service), then POST /remittances/{id}/repost."
)


class RemittanceView(BaseModel):
    """An 835 set and what became of it; no patient data."""

    id: UUID
    body_digest: str
    state: RemittanceState
    payer_name: str
    trace_number: str
    trace_originator: str
    payee: str
    paid_on: date
    amount: Total
    missing: Total | None = Field(description="What an unbalanced set lacks at transaction level, or first lower down")
    payments: int
    chunks: int
    chunks_here: int
    file_name: str
    received_number: int | None = Field(description="Its place among the practice's remittances, as they were received")
    cause: Cause | None = Field(description="Why it is quarantined or in conflict")
    reason: str | None
    remedy: str | None
    staged_at: datetime
    posted_at: datetime | None


class Reposted(BaseModel):
    """A remittance that is posted again."""

    id: UUID
    state: RemittanceState


class RemittancePage(BaseModel):
    """A page of remittances by id."""

    remittances: list[RemittanceView]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class PaymentView(BaseModel):
    """What became of one payment (CLP) of a remittance."""

    remittance_id: UUID
    ordinal: int
    claim_id: UUID | None
    payer_sequence: str | None
    payer_id: str | None
    payer_claim_number: str | None
    outcome: str = Field(description="As claim.adjudicated tells it, suspended, or predetermination")
    paid: Total
    denied: Total = Field(description="What was refused when it came")
    standing_denied: Total = Field(description="What of it stands refused now")
    underpaid: Total = Field(description="What was taken off beyond the contract")
    patient: Total
    variance: Total | None = Field(
        description="Allowed minus expected while it stands; null where nothing was expected"
    )
    suspense: Total
    moved: Total = Field(description="What a person took out of suspense to an account that is no claim's")
    moved_to: str | None
    reason: str | None = Field(default=None, description="Why all or part of it is in suspense")
    question: str | None = Field(default=None, description="What a person has to find out")


class ProviderAdjustmentView(BaseModel):
    """One reason of a PLB."""

    number: int
    provider: str
    fiscal_period: date | None
    reason: str = Field(description="PLB03-1")
    reference: str | None = Field(description="PLB03-2")
    amount: Total = Field(description="Positive lowers the payment")
    account: str = Field(
        description="The ledger account that it stands on: plb.<reason>, suspense, or where it was moved"
    )
    claim_id: UUID | None = Field(description="The claim that its reference names")
    refers_to: UUID | None = Field(description="The remittance that its reference names")


class WholeRemittance(RemittanceView):
    """A remittance with its payments and its provider adjustments."""

    claim_payments: list[PaymentView]
    provider_adjustments: list[ProviderAdjustmentView]


async def remittances(
    database: Database, practice: str, *, state: RemittanceState | None, after: UUID, limit: int
) -> RemittancePage:
    """A page of a practice's remittances."""
    rows = await database.fetch(
        "SELECT * FROM remittances WHERE practice = $1 AND id > $2 AND ($3::text IS NULL OR state = $3) ORDER BY id LIMIT $4",
        practice,
        after,
        state,
        limit,
    )
    listed = [remittance_view(row) for row in rows]
    return RemittancePage(remittances=listed, next_after=listed[-1].id if len(listed) == limit else None)


async def whole_remittance(database: Database, practice: str, remittance_id: UUID) -> WholeRemittance | None:
    """A remittance with what became of each of its payments."""
    row = await database.fetch_one("SELECT * FROM remittances WHERE practice = $1 AND id = $2", practice, remittance_id)
    if row is None:
        return None
    payments = await database.fetch(
        "SELECT * FROM payments WHERE practice = $1 AND remittance_id = $2 ORDER BY ordinal", practice, remittance_id
    )
    adjustments = await database.fetch(
        "SELECT * FROM provider_adjustments WHERE practice = $1 AND remittance_id = $2 ORDER BY number",
        practice,
        remittance_id,
    )
    return WholeRemittance(
        **dict(remittance_view(row)),
        claim_payments=[payment_view(payment) for payment in payments],
        provider_adjustments=[ProviderAdjustmentView(amount=from_cents(each["cents"]), **each) for each in adjustments],
    )


def remittance_view(row: Row) -> RemittanceView:
    """A remittance, with what to do about it."""
    remedy = WHEN_NOT_POSTED if row["cause"] == "not_posted" else REMEDIES.get(row["state"])
    return RemittanceView.model_validate(in_dollars(row) | {"remedy": remedy})


def payment_view(row: Row) -> PaymentView:
    """What became of a payment."""
    return PaymentView.model_validate(in_dollars(row))
