"""A person moves what is in suspense to an account that is no claim's."""

from dataclasses import replace
from uuid import UUID, uuid4

from ..domain.decisions import Place
from ..domain.ledger import SUSPENSE
from ..domain.remittance import PaymentResult, ProviderAdjustmentResult
from ..domain.suspense import ACCOUNTS, Target
from ..steps.posting_payments import leave_suspense
from ..steps.suspense import NotInSuspense, adjustment_of, move_adjustment_to, suspended
from ..store import RemitUnit


async def move_suspense(practice: str, place: Place, target: Target, unit: RemitUnit) -> PaymentResult:
    """All of it that is in suspense goes to that account."""
    result, _ = await suspended(practice, place, unit)
    if not result.suspense_cents or result.moved_cents:
        raise NotInSuspense("no money of it is in suspense")
    moved = replace(
        result,
        suspense_cents=0,
        moved_cents=result.suspense_cents,
        moved_to=ACCOUNTS[target],
        edition=result.edition,
        reason=None,
    )
    unit.payments.put(moved)
    leave_suspense(unit, practice, place, result.suspense_cents, to=ACCOUNTS[target], by=f"move {uuid4()}")
    return moved


async def move_adjustment(
    practice: str, remittance_id: UUID, number: int, target: Target, unit: RemitUnit
) -> ProviderAdjustmentResult:
    """The same with a provider adjustment."""
    known = await adjustment_of(practice, remittance_id, number, unit)
    if known.account != SUSPENSE:
        raise NotInSuspense(f"the adjustment stands on {known.account}")
    return move_adjustment_to(known, ACCOUNTS[target], unit)
