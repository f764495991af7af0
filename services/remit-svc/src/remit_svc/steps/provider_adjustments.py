"""The provider adjustments of a set: each to the account of its reason, and tied to the claim or the remittance that its reference names."""

import re
from collections.abc import Sequence
from uuid import UUID

from claimstream_schemas.values.identifiers import read_control_number
from claimstream_schemas.values.money import cents

from ..domain.ledger import SUSPENSE, Entry
from ..domain.provider_adjustments import account_of
from ..domain.remittance import ProviderAdjustmentResult
from ..store import RemitUnit
from .reading_sets import CompleteSet

_PART = re.compile(r"[^\s#/]+")
_CONTROL_NUMBER = 16


async def keep_provider_adjustments(whole: CompleteSet, unit: RemitUnit) -> list[Entry]:
    """Keep each; positive lowers the payment, and what has no account of its own waits in suspense with the sign of a payment."""
    entries = []
    for number, each in enumerate(whole.provider_adjustments, start=1):
        account, amount = account_of(each.reason), cents(each.amount)
        claim_id, refers_to = await _named(whole.remittance.practice, each.reference or "", unit)
        unit.provider_adjustments.put(
            ProviderAdjustmentResult(
                practice=whole.remittance.practice,
                remittance_id=whole.remittance.id,
                number=number,
                provider=each.provider,
                fiscal_period=each.fiscal_period,
                reason=each.reason,
                reference=each.reference,
                cents=amount,
                account=account,
                claim_id=claim_id,
                refers_to=refers_to if refers_to != whole.remittance.id else None,
            )
        )
        entries.append(Entry(account, amount, reason=each.reason if account == SUSPENSE else None))
    return entries


async def _named(practice: str, reference: str, unit: RemitUnit) -> tuple[UUID | None, UUID | None]:
    """The claim that a reference names by our number or the payer's, and the remittance that it names by its trace; None where several fit.

    Payers write the patient's account number, the day of service and their own claim number in one (X12 RFI 227, 1082).
    """
    parts = list(dict.fromkeys([reference.strip(), *_PART.findall(reference)]))
    if not reference.strip():
        return None, None
    ours = [number for part in parts if (number := read_control_number(part[:_CONTROL_NUMBER]))]
    claims = await unit.connection.fetch(
        "SELECT DISTINCT claim_id AS id FROM accounts WHERE practice = $1 AND claim_id IS NOT NULL AND control_number = ANY($2)"
        " UNION SELECT claim_id FROM payments WHERE practice = $1 AND claim_id IS NOT NULL AND payer_claim_number = ANY($3)",
        practice,
        ours,
        parts,
    )
    sets = await unit.connection.fetch(
        "SELECT id FROM remittances WHERE practice = $1 AND trace_number = ANY($2) AND state = 'posted' LIMIT 2",
        practice,
        parts,
    )
    return _only([row["id"] for row in claims]), _only([row["id"] for row in sets])


def _only(found: Sequence[UUID]) -> UUID | None:
    return found[0] if len(found) == 1 else None
