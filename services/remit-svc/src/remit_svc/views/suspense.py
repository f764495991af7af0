"""What is in suspense: money that no claim or line of ours fits, with what a person needs to settle it."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from claimstream_kit.database import Database, Row
from claimstream_schemas.values.money import Total, cents, from_cents
from pydantic import BaseModel, Field

MOST_CANDIDATES = 5


class Candidate(BaseModel):
    """A claim that it may belong to."""

    claim_id: UUID
    control_number: str
    charged: Total
    why: str


class PayersLine(BaseModel):
    """A line as the payer said it."""

    number: int = Field(description="Position in the payment, from 1: what `lines` of a match names")
    procedure: str | None
    revenue_code: str | None
    service_from: date | None
    charge: Total
    paid: Total
    is_matched: bool = Field(description="Whether our line is told")


class SuspenseEntry(BaseModel):
    """A payment, or the part of it, that is in suspense; identifying: the patient's name as the payer wrote it."""

    remittance_id: UUID
    entry: str = Field(description="Its name in the commands: the payment's position, or plb- and the adjustment's")
    kind: Literal["payment", "lines", "reversal", "provider_adjustment"]
    amount: Total = Field(description="In suspense; below zero: what was taken back, or lowered the payment")
    reason: str
    trace_number: str
    payer_name: str
    paid_on: date
    payer_claim_number: str | None = None
    control_number: str | None = Field(default=None, description="CLP01 as it came")
    claim_id: UUID | None = Field(default=None, description="Our claim, where its number is known")
    charge: Total | None = None
    patient: str | None = None
    service_from: date | None = None
    service_to: date | None = None
    lines: list[PayersLine] = []
    reference: str | None = Field(default=None, description="PLB03-2")
    candidates: list[Candidate] = []


class SuspensePage(BaseModel):
    """A page of what is in suspense, by remittance and entry."""

    entries: list[SuspenseEntry]
    next_after: str | None = Field(description="Ask for the next page with `after`; null on the last")


class Resolved(BaseModel):
    """What a command came to."""

    remittance_id: UUID
    entry: str
    claim_id: UUID | None
    outcome: str
    paid: Total
    suspense: Total
    moved: Total
    moved_to: str | None
    reason: str | None


_WAITING = """
    SELECT p.remittance_id, p.ordinal, p.claim_id, p.outcome, p.suspense_cents, p.reason, p.payer_claim_number,
           r.trace_number, r.payer_name, r.paid_on,
           (SELECT payment FROM remittance_chunks c, jsonb_array_elements(c.document -> 'payments') AS payment
            WHERE c.practice = p.practice AND c.remittance_id = p.remittance_id AND (payment ->> 'ordinal')::int = p.ordinal LIMIT 1) AS payment,
           (SELECT c.document -> 'person' -> 'segments' -> (place - 1)::int
            FROM remittance_chunks c, jsonb_array_elements(c.document -> 'payments') WITH ORDINALITY AS made (payment, place)
            WHERE c.practice = p.practice AND c.remittance_id = p.remittance_id AND (payment ->> 'ordinal')::int = p.ordinal LIMIT 1) AS segments
    FROM payments p JOIN remittances r ON r.practice = p.practice AND r.id = p.remittance_id
    WHERE p.practice = $1 AND p.reason IS NOT NULL AND (p.remittance_id, p.ordinal) > ($2, $3)
    ORDER BY p.remittance_id, p.ordinal LIMIT $4
"""
_ADJUSTMENTS = """
    SELECT a.*, r.trace_number, r.payer_name, r.paid_on FROM provider_adjustments a
    JOIN remittances r ON r.practice = a.practice AND r.id = a.remittance_id
    WHERE a.practice = $1 AND a.account = 'suspense' ORDER BY a.remittance_id, a.number
"""
_CANDIDATES = """
    SELECT id AS claim_id, control_number, charged_cents, why FROM (
        SELECT a.id, a.control_number, a.charged_cents, 1 AS rank, 'the payer named its claim number for it before' AS why
        FROM payments p JOIN accounts a ON a.practice = p.practice AND a.id = p.claim_id
        WHERE p.practice = $1 AND p.payer_claim_number = $2 AND p.claim_id IS NOT NULL
        UNION SELECT id, control_number, charged_cents, 2, 'its number begins like the one that came'
        FROM accounts WHERE practice = $1 AND length($3) >= 8 AND starts_with(control_number, left($3, 8))
        UNION SELECT a.id, a.control_number, a.charged_cents, 3, 'the same charge on the same day'
        FROM accounts a WHERE a.practice = $1 AND a.charged_cents = $4 AND a.claim_id IS NOT NULL
          AND ($5::date IS NULL OR EXISTS (SELECT FROM jsonb_array_elements(a.document -> 'charges') AS charge
               WHERE (charge ->> 'service_on')::date BETWEEN $5 AND coalesce($6::date, $5)))
    ) AS found WHERE control_number IS NOT NULL ORDER BY rank, control_number LIMIT $7
"""


async def suspense(database: Database, practice: str, *, after: str, limit: int) -> SuspensePage:
    """A page of what is in suspense; provider adjustments come with the last one."""
    remittance, _, ordinal = after.partition(":")
    last = (UUID(remittance), int(ordinal)) if after else (UUID(int=0), 0)
    rows = await database.fetch(_WAITING, practice, *last, limit)
    entries = [await _entry(database, practice, row) for row in rows]
    if len(rows) == limit:
        return SuspensePage(entries=entries, next_after=f"{rows[-1]['remittance_id']}:{rows[-1]['ordinal']}")
    adjustments = await database.fetch(_ADJUSTMENTS, practice)
    return SuspensePage(entries=[*entries, *(_adjustment(row) for row in adjustments)], next_after=None)


async def _entry(database: Database, practice: str, row: Row) -> SuspenseEntry:
    payment = row["payment"] or {}
    lines = payment.get("lines") or []
    days = _days(payment)
    is_reversal = payment.get("status") == "22"
    return SuspenseEntry(
        remittance_id=row["remittance_id"],
        entry=str(row["ordinal"]),
        kind="reversal" if is_reversal else "lines" if row["claim_id"] else "payment",
        amount=from_cents(row["suspense_cents"]),
        reason=row["reason"],
        trace_number=row["trace_number"],
        payer_name=row["payer_name"],
        paid_on=row["paid_on"],
        payer_claim_number=row["payer_claim_number"],
        control_number=payment.get("control_number"),
        claim_id=row["claim_id"],
        charge=payment.get("charge"),
        patient=_patient(row["segments"] or []),
        service_from=days[0] if days else None,
        service_to=days[-1] if days else None,
        lines=list(_lines(lines)),
        candidates=await _candidates(database, practice, row, days),
    )


def _days(payment: dict[str, Any]) -> list[date]:
    lines = payment.get("lines") or []
    said = [each.get(name) for each in (payment, *lines) for name in ("service_from", "service_to")]
    return sorted(date.fromisoformat(each) for each in said if each)


def _lines(lines: Sequence[dict[str, Any]]) -> Iterator[PayersLine]:
    for number, line in enumerate(lines, start=1):
        yield PayersLine(
            number=number,
            procedure=line.get("procedure"),
            revenue_code=line.get("revenue_code"),
            service_from=line.get("service_from"),
            charge=line["charge"],
            paid=line["paid"],
            is_matched=line.get("line_id") is not None,
        )


def _patient(segments: Sequence[str]) -> str | None:
    """The patient as the payer wrote the name (NM1*QC), else the insured (NM1*IL)."""
    for role in ("QC", "IL"):
        for segment in segments:
            if segment.startswith("NM1") and segment[4:6] == role:
                last, first, middle = [*segment.split(segment[3])[3:6], "", "", ""][:3]
                return " ".join(part for part in (first, middle, last) if part) or None
    return None


async def _candidates(database: Database, practice: str, row: Row, days: Sequence[date]) -> list[Candidate]:
    payment = row["payment"] or {}
    if row["claim_id"] is not None:
        return []
    number = "".join(char for char in (payment.get("control_number") or "").upper() if char.isalnum())
    found = await database.fetch(
        _CANDIDATES,
        practice,
        row["payer_claim_number"] or "",
        number,
        abs(cents(Decimal(payment.get("charge") or 0))),
        days[0] if days else None,
        days[-1] if days else None,
        MOST_CANDIDATES,
    )
    best: dict[UUID, Row] = {}
    for each in found:
        best.setdefault(each["claim_id"], each)
    return [
        Candidate(
            claim_id=each["claim_id"],
            control_number=each["control_number"],
            charged=from_cents(each["charged_cents"]),
            why=each["why"],
        )
        for each in best.values()
    ]


def _adjustment(row: Row) -> SuspenseEntry:
    return SuspenseEntry(
        remittance_id=row["remittance_id"],
        entry=f"plb-{row['number']}",
        kind="provider_adjustment",
        amount=from_cents(-row["cents"]),
        reason=f"PLB {row['reason']} has no account of its own",
        trace_number=row["trace_number"],
        payer_name=row["payer_name"],
        paid_on=row["paid_on"],
        claim_id=row["claim_id"],
        reference=row["reference"],
    )


def place_of(entry: str) -> tuple[Literal["payment", "adjustment"], int]:
    """The payment's position, or the adjustment's."""
    is_adjustment = entry.startswith("plb-")
    return ("adjustment" if is_adjustment else "payment"), int(entry.removeprefix("plb-"))
