"""What the gateway and remit-svc say of files, sets and remittances. Read once for several invariants."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from .case import Case
from .evidence import GATEWAY, REMIT

_FILES = """
SELECT practice, id, direction, name, state, partner_id, submitter_id, control_number, digest, size, created_at, interchange_answer,
       group_answer FROM files f
WHERE mine(f.practice) OR EXISTS (SELECT FROM sets s WHERE s.file_id = coalesce(f.copy_of, f.id) AND mine(s.practice))
ORDER BY created_at, name
"""
"""What came in is no practice's, but by the sets in it."""
_SUBMISSIONS = """
SELECT practice, id, claim_id, ordinal, control_number, payer_sequence, state, file_id, place, heard_at
FROM submissions WHERE mine(practice) ORDER BY file_id, place
"""
_SETS = """
SELECT practice, file_id, number, kind, control_number, digest, state, reason, told, remittance_id FROM sets s
WHERE mine(s.practice) OR EXISTS (SELECT FROM sets m WHERE m.file_id = s.file_id AND mine(m.practice)) ORDER BY file_id, number
"""
_PRACTICES = """
SELECT practice, version, submitter_id, ARRAY(SELECT npi UNION SELECT jsonb_array_elements_text(location_npis)) AS npis,
       ARRAY(SELECT tin UNION SELECT jsonb_array_elements_text(location_tins)) AS tax_ids FROM practices WHERE mine(practice)
"""
_CLAIMS = """
SELECT s.digest, a.practice FROM audit_entries a JOIN sets s ON a.subject = 'claim set ' || s.number || ' of file ' || s.file_id
WHERE a.kind = 'act' AND s.practice = a.practice AND mine(a.practice)
"""
_REMITTANCES = """
SELECT practice, id, body_digest, state, trace_number, trace_originator, payee, paid_on, amount_cents, payments, chunks, chunks_here,
       file_name, reason, staged_at FROM remittances WHERE mine(practice) ORDER BY staged_at, id
"""

_PAYMENTS = """
SELECT practice, remittance_id, ordinal, claim_id, outcome, paid_cents, denied_cents, underpaid_cents, standing_denied_cents,
       suspense_cents, moved_cents, edition FROM payments WHERE mine(practice)
ORDER BY practice, remittance_id, ordinal
"""


@dataclass(frozen=True)
class KeptRemittance:
    """A row of remit-svc's `remittances`."""

    practice: str
    number: UUID
    body_digest: str
    state: str
    trace_number: str
    trace_originator: str
    payee: str
    paid_on: date
    amount_cents: int
    payments: int
    chunks: int
    chunks_here: int
    reason: str | None
    staged_at: Any

    @property
    def identity(self) -> tuple[str, str, str, date, int, str]:
        """Payers reuse trace numbers, so date, amount and payee belong to it."""
        return (self.practice, self.trace_originator, self.trace_number, self.paid_on, self.amount_cents, self.payee)


@dataclass(frozen=True)
class ExchangeRows:
    """The gateway's side."""

    files: tuple[Any, ...]
    submissions: tuple[Any, ...]
    sets: tuple[Any, ...]
    practices: tuple[Any, ...]

    def outbound(self) -> dict[str, Any]:
        """Files of ours by name."""
        return {row["name"]: row for row in self.files if row["direction"] == "outbound"}

    def inbound(self) -> list[Any]:
        """What came in, in its order."""
        return [row for row in self.files if row["direction"] == "inbound"]

    claimed: dict[str, str]
    """Of the digests of sets that a person claimed the practice."""

    def practice_of(self, *, npi: str, tin: str) -> str | None:
        """Whose a remittance is by its payee alone; None where only a person can tell."""
        tax_id = tin.replace("-", "").replace(" ", "")
        with_tax_id = {row["practice"] for row in self.practices if tax_id and tax_id in row["tax_ids"]}
        if not npi.strip():
            return _only(with_tax_id)
        with_npi = {row["practice"] for row in self.practices if npi.strip() in row["npis"]}
        if with_tax_id and not with_npi & with_tax_id:
            return None
        return _only(with_npi if len(with_npi) == 1 else with_npi & with_tax_id)


def _only(practices: set[str]) -> str | None:
    return next(iter(practices)) if len(practices) == 1 else None


async def exchange_rows(case: Case) -> ExchangeRows:
    """All of the gateway's rows about the exchange."""
    return ExchangeRows(
        files=tuple(await case.table(GATEWAY, _FILES)),
        submissions=tuple(await case.table(GATEWAY, _SUBMISSIONS)),
        sets=tuple(await case.table(GATEWAY, _SETS)),
        practices=tuple(await case.table(GATEWAY, _PRACTICES)),
        claimed={row["digest"]: row["practice"] for row in await case.table(GATEWAY, _CLAIMS)},
    )


async def kept_remittances(case: Case) -> tuple[KeptRemittance, ...]:
    """Every remittance that remit-svc keeps, whatever became of it."""
    return tuple(
        KeptRemittance(
            practice=row["practice"],
            number=row["id"],
            body_digest=row["body_digest"],
            state=row["state"],
            trace_number=row["trace_number"],
            trace_originator=row["trace_originator"],
            payee=row["payee"],
            paid_on=row["paid_on"],
            amount_cents=row["amount_cents"],
            payments=row["payments"],
            chunks=row["chunks"],
            chunks_here=row["chunks_here"],
            reason=row["reason"],
            staged_at=row["staged_at"],
        )
        for row in await case.table(REMIT, _REMITTANCES)
    )


async def kept_payments(case: Case) -> list[Any]:
    """Every payment of every remittance on the books, in order."""
    return await case.table(REMIT, _PAYMENTS)
