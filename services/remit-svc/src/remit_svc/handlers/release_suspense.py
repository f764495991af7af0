"""What a person did with an entry of suspense is taken back: it is in suspense again."""

from dataclasses import replace
from uuid import UUID, uuid4

from ..domain.decisions import Place
from ..domain.guardrails import Guardrails
from ..domain.ledger import SUSPENSE
from ..domain.provider_adjustments import account_of
from ..domain.remittance import PaymentResult, ProviderAdjustmentResult
from ..domain.suspense import ACCOUNTS
from ..steps.posting_payments import leave_suspense
from ..steps.suspense import NotResolved, adjustment_of, move_adjustment_to, payment_of, take_off
from ..store import RemitUnit


async def release_suspense(practice: str, place: Place, unit: RemitUnit, guardrails: Guardrails) -> PaymentResult:
    """A match or a move of a payment."""
    remittance, result = await payment_of(practice, place, unit)
    if result.moved_cents and result.moved_to is not None:
        released = replace(
            result,
            suspense_cents=result.suspense_cents + result.moved_cents,
            moved_cents=0,
            moved_to=None,
            reason="released: it was moved out of suspense by mistake",
        )
        unit.payments.put(released)
        leave_suspense(unit, practice, place, -result.moved_cents, to=result.moved_to, by=f"release {uuid4()}")
        return released
    if not result.edition or result.claim_id is None:
        raise NotResolved("nobody has matched or moved it")
    return await take_off(remittance, result, unit, guardrails)


async def release_adjustment(
    practice: str, remittance_id: UUID, number: int, unit: RemitUnit
) -> ProviderAdjustmentResult:
    """The move of a provider adjustment."""
    known = await adjustment_of(practice, remittance_id, number, unit)
    if known.account not in ACCOUNTS.values() or account_of(known.reason) != SUSPENSE:
        raise NotResolved("nobody has moved it")
    return move_adjustment_to(known, SUSPENSE, unit)
