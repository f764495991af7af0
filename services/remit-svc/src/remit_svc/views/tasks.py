"""What waits for a person."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from claimstream_kit.database import Database
from claimstream_schemas.values.money import Total
from pydantic import BaseModel, Field

from .amounts import in_dollars
from .remittances import PaymentView, RemittanceView, payment_view, remittance_view

INCOMPLETE_AFTER = timedelta(minutes=10)
OUT_OF_ORDER = (
    "It was posted although an earlier remittance that names one of its claims was not. Settle the earlier one: the books follow the order"
    " in which both were received."
)
REFUND = "It paid more than was owed on the claim: refund it, or ask it to take the payment back. Federal payers: within 60 days."
REFUND_PATIENT = "At the desk more was taken than the patient owes, and no payer is awaited any more: give it back."
OVERPAID = "The payer allowed more than the contract says, within the charge: it may ask for it back. Compare with the contract."


class OutOfOrder(RemittanceView):
    """A remittance that went past earlier ones which name one of its claims."""

    passed: list[UUID] = Field(description="Those that are still not posted")


class Credit(BaseModel):
    """Somebody who is owed money back on a claim."""

    account_id: UUID
    claim_id: UUID | None
    control_number: str | None
    owed_to: Literal["payer", "patient"]
    payer_id: str | None = Field(description="Which payer; null: the patient")
    credit: Total
    taken_back: Total = Field(
        description="What of it the payer has taken back already: by a reversal in suspense, or a PLB WO for the claim"
    )
    denied: Total = Field(description="What still stands refused on the claim")
    remedy: str


class Overpayment(PaymentView):
    """A payment that allowed more than the contract says, within the charge."""

    remedy: str = OVERPAID


class Tasks(BaseModel):
    """What waits for a person."""

    remittances: list[RemittanceView] = Field(description="Quarantined, conflicting, and incomplete for ten minutes")
    out_of_order: list[OutOfOrder] = Field(description="Posted past an earlier one that is not posted")
    suspense: list[PaymentView] = Field(description="With its facts and candidates at GET /suspense")
    suspended_adjustments: int = Field(
        description="Provider adjustments without an account of their own: see GET /suspense"
    )
    questions: list[PaymentView] = Field(description="Decisions that leave something for a person to find out")
    credits: list[Credit]
    overpayments: list[Overpayment]


_CREDITS = """
    SELECT owed.*, taken.cents AS taken_back_cents FROM (
        SELECT e.account_id, a.claim_id, a.control_number, 'payer' AS owed_to, nullif(e.payer_id, '') AS payer_id, -sum(e.cents)::bigint AS credit_cents,
               (SELECT coalesce(sum(d.cents), 0)::bigint FROM entries d
                WHERE d.practice = $1 AND d.account_id = e.account_id AND d.account = 'receivable.denied') AS denied_cents
        FROM entries e JOIN accounts a ON a.practice = e.practice AND a.id = e.account_id
        WHERE e.practice = $1 AND e.account = 'receivable.credit'
        GROUP BY 1, 2, 3, 5 HAVING sum(e.cents) < 0) AS owed,
    LATERAL (SELECT (coalesce((SELECT -sum(p.suspense_cents) FROM payments p
                     WHERE p.practice = $1 AND p.claim_id = owed.claim_id AND p.suspense_cents < 0
                       AND coalesce(p.payer_id, '') = coalesce(owed.payer_id, '')), 0)
                   + coalesce((SELECT sum(x.cents) FROM provider_adjustments x
                     WHERE x.practice = $1 AND x.claim_id = owed.claim_id AND x.reason = 'WO'), 0))::bigint AS cents) AS taken
    WHERE taken.cents < owed.credit_cents ORDER BY 1, 5
"""
"""What the payer has taken back already, by a reversal that waits in suspense or by a PLB WO for the claim (X12 RFI 2231, 1082), is owed no more."""

_PATIENTS_CREDITS = """
    SELECT account_id, claim_id, control_number, 'patient' AS owed_to, NULL AS payer_id, (unapplied - owed)::bigint AS credit_cents,
           0::bigint AS denied_cents, 0::bigint AS taken_back_cents
    FROM (SELECT a.id AS account_id, a.claim_id, a.control_number,
                 -coalesce(sum(e.cents) FILTER (WHERE e.account = 'patient.unapplied'), 0) AS unapplied,
                 coalesce(sum(e.cents) FILTER (WHERE e.account IN ('receivable.patient', 'receivable.self_pay')), 0) AS owed,
                 coalesce(sum(e.cents) FILTER (WHERE e.account IN ('receivable.open', 'receivable.next_payer', 'receivable.denied')), 0) AS awaited
          FROM accounts a JOIN entries e ON e.practice = a.practice AND e.account_id = a.id
          WHERE a.practice = $1 AND a.patient_paid_cents > 0 GROUP BY 1, 2, 3) AS books
    WHERE awaited = 0 AND unapplied > owed ORDER BY 1
"""
_OUT_OF_ORDER = """
    SELECT r.*, (SELECT array_agg(earlier::uuid) FROM jsonb_array_elements_text(r.passed) AS earlier
                 WHERE NOT EXISTS (SELECT FROM remittances e WHERE e.practice = r.practice AND e.id = earlier::uuid AND e.state = 'posted')) AS not_posted
    FROM remittances r WHERE r.practice = $1 AND r.passed <> '[]' ORDER BY r.id
"""


async def tasks(database: Database, practice: str, *, now: datetime) -> Tasks:
    """The work lists of a practice."""
    sets = await database.fetch(
        "SELECT * FROM remittances WHERE practice = $1 AND (state IN ('quarantined', 'conflict')"
        " OR (state = 'staged' AND staged_at < $2)) ORDER BY id",
        practice,
        now - INCOMPLETE_AFTER,
    )
    payments = await database.fetch(
        "SELECT * FROM payments WHERE practice = $1 AND (reason IS NOT NULL OR question IS NOT NULL OR variance_cents > 0)"
        " ORDER BY remittance_id, ordinal",
        practice,
    )
    credited = [
        *await database.fetch(_CREDITS, practice),
        *await database.fetch(_PATIENTS_CREDITS, practice),
    ]
    late = [row for row in await database.fetch(_OUT_OF_ORDER, practice) if row["not_posted"]]
    return Tasks(
        remittances=[remittance_view(row) for row in sets],
        out_of_order=[
            OutOfOrder(**dict(remittance_view(row)) | {"remedy": OUT_OF_ORDER}, passed=row["not_posted"])
            for row in late
        ],
        suspense=[payment_view(row) for row in payments if row["reason"]],
        suspended_adjustments=await database.value(
            "SELECT count(*) FROM provider_adjustments WHERE practice = $1 AND account = 'suspense'", practice
        ),
        questions=[payment_view(row) for row in payments if row["question"]],
        credits=[
            Credit.model_validate(in_dollars(row) | {"remedy": REFUND if row["owed_to"] == "payer" else REFUND_PATIENT})
            for row in credited
        ],
        overpayments=[Overpayment(**dict(payment_view(row))) for row in payments if (row["variance_cents"] or 0) > 0],
    )
