"""What the commands about suspense share: what is in suspense, why not, and how a payment is taken off a claim."""

from dataclasses import replace
from uuid import UUID, uuid4

from claimstream_kit import Conflict, NotFound
from claimstream_schemas.values.identifiers import id_of

from ..domain.decisions import Place
from ..domain.guardrails import Guardrails
from ..domain.ledger import REMITTED, Entry
from ..domain.posting import repeal
from ..domain.remittance import PaymentResult, ProviderAdjustmentResult, Remittance
from ..store import RemitUnit
from .entering import enter
from .posting_payments import keep_posted, leave_suspense
from .reading_sets import read_payment


class NotInSuspense(Conflict):
    """There is nothing of it in suspense."""

    slug = "not-in-suspense"


class NotResolved(Conflict):
    """Nobody has matched or moved it."""

    slug = "suspense-not-resolved"


async def suspended(practice: str, place: Place, unit: RemitUnit) -> tuple[PaymentResult, Remittance]:
    """A payment of which something is in suspense, with its remittance.

    Raises:
        NotInSuspense: nothing of it is.
    """
    remittance, result = await payment_of(practice, place, unit)
    if result.reason is None and not result.suspense_cents:
        raise NotInSuspense("nothing of the payment is in suspense")
    return result, remittance


async def take_off(
    remittance: Remittance, result: PaymentResult, unit: RemitUnit, guardrails: Guardrails
) -> PaymentResult:
    """Off its claim: all of it is in suspense."""
    practice, place = remittance.practice, (result.remittance_id, result.ordinal)
    account = await unit.accounts.get(practice, result.claim_id)
    if account is None:
        raise NotFound(f"there is no claim {result.claim_id}")
    payment, segments, of_set = await read_payment(remittance, place, unit)
    posted = repeal(account, place, guardrails)
    await keep_posted(posted, account, unit, guardrails, now=(payment, segments), of_set=of_set)
    off = PaymentResult(
        practice=practice,
        remittance_id=place[0],
        ordinal=place[1],
        suspense_cents=result.paid_cents + result.suspense_cents,
        edition=result.edition + 1,
        payer_claim_number=result.payer_claim_number,
        reason="it was taken off the claim that it was on",
    )
    unit.payments.put(off)
    leave_suspense(unit, practice, place, -result.paid_cents, to=REMITTED, by=f"take off {off.edition}")
    return off


async def payment_of(practice: str, place: Place, unit: RemitUnit) -> tuple[Remittance, PaymentResult]:
    """A payment, with the set that it came in, whose account it is about while it is in suspense; both are locked, in the order in which posting does."""
    remittance = await remittance_of(practice, place, unit)
    result: PaymentResult | None = await unit.payments.get(practice, *place)
    if result is None:
        raise NotFound("there is no such payment")
    return remittance, result


async def remittance_of(practice: str, place: Place, unit: RemitUnit) -> Remittance:
    """The set that a payment came in."""
    remittance: Remittance | None = await unit.remittances.get(practice, place[0])
    if remittance is None:
        raise NotFound(f"there is no remittance {place[0]}")
    return remittance


async def adjustment_of(practice: str, remittance_id: UUID, number: int, unit: RemitUnit) -> ProviderAdjustmentResult:
    """A provider adjustment; its remittance is locked, whose account it is about."""
    await unit.remittances.get(practice, remittance_id)
    known: ProviderAdjustmentResult | None = await unit.provider_adjustments.get(practice, remittance_id, number)
    if known is None:
        raise NotFound("there is no such provider adjustment")
    return known


def move_adjustment_to(known: ProviderAdjustmentResult, account: str, unit: RemitUnit) -> ProviderAdjustmentResult:
    """A provider adjustment stands on that account from now on."""
    moved = replace(known, account=account)
    unit.provider_adjustments.put(moved)
    enter(
        unit,
        known.practice,
        "suspense",
        (Entry(known.account, -known.cents), Entry(account, known.cents)),
        journal_id=id_of("journal", known.practice, "suspense", known.remittance_id, known.number, str(uuid4())),
        account_id=known.remittance_id,
        remittance_id=known.remittance_id,
    )
    return moved
