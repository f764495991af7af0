"""A person knows where a payment in suspense belongs: it is posted to that claim, and decided as any other."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from claimstream_kit import Conflict, NotFound
from claimstream_schemas.values.payment import ClaimPayment

from ..domain.decisions import Place
from ..domain.guardrails import Guardrails
from ..domain.ledger import REMITTED
from ..domain.remittance import PaymentResult
from ..steps.posting_payments import leave_suspense, post_payment
from ..steps.reading_sets import read_payment
from ..steps.suspense import NotInSuspense, suspended, take_off
from ..store import RemitUnit


class DoesNotFit(Conflict):
    """The claim cannot take the payment."""

    slug = "payment-does-not-fit"


async def match_suspense(  # noqa: PLR0913  a payment, and where it belongs
    practice: str,
    place: Place,
    claim_id: UUID,
    lines: Mapping[int, UUID],
    unit: RemitUnit,
    guardrails: Guardrails,
) -> PaymentResult:
    """Post it to that claim, with ``lines`` saying which of the payer's lines (from 1) is which line of ours.

    A reversal that fits no decision of its claim, matched to that claim, takes its money back and explains nothing.
    """
    result, remittance = await suspended(practice, place, unit)
    if result.moved_cents:
        raise NotInSuspense("it was moved out of suspense", remedy="Release it first.")
    payment, segments, of_set = await read_payment(remittance, place, unit)
    as_money = payment.is_reversal and result.claim_id == claim_id
    if as_money:
        await _forget(practice, place, claim_id, unit)
    elif payment.is_reversal and result.claim_id is not None:
        raise DoesNotFit("the reversal names its claim", remedy="Match it to that one: its money is taken back there.")
    elif result.claim_id is not None:
        result = await take_off(remittance, result, unit, guardrails)
    edition = result.edition
    account = await unit.accounts.get(practice, claim_id)
    if account is None or account.claim_id is None:
        raise NotFound(f"there is no claim {claim_id}")
    tied = _tied(payment, claim_id, lines, {charge.line_id for charge in account.charges})
    of_set = replace(of_set, edition=edition + 1)
    posted = await post_payment(tied, segments, of_set, account, unit, guardrails, as_money=as_money)
    if posted is None:
        raise DoesNotFit("the claim was never submitted: no payment can answer it")
    after = await unit.payments.get(practice, *place)
    if after is None:
        raise KeyError(place)
    moved = result.suspense_cents - after.suspense_cents
    leave_suspense(unit, practice, place, moved, to=REMITTED, by=f"match {edition + 1}")
    return after


async def _forget(practice: str, place: Place, claim_id: UUID, unit: RemitUnit) -> None:
    """A reversal that fits no decision waits no more: nothing of it is on the books, and nobody was told of it."""
    account = await unit.accounts.get(practice, claim_id)
    if account is not None:
        unit.accounts.put(account.without(place))


def _tied(payment: ClaimPayment, claim_id: UUID, lines: Mapping[int, UUID], ours: set[UUID]) -> ClaimPayment:
    strangers = [number for number, line_id in lines.items() if line_id not in ours]
    if strangers or not set(lines) <= set(range(1, len(payment.lines) + 1)):
        raise DoesNotFit("lines name a line that the payment or the claim does not have")
    return payment.model_copy(
        update={
            "claim_id": claim_id,
            "submission_ordinal": payment.submission_ordinal if payment.claim_id == claim_id else None,
            "lines": tuple(
                line.model_copy(
                    update={"line_id": lines.get(number, line.line_id if payment.claim_id == claim_id else None)}
                )
                for number, line in enumerate(payment.lines, start=1)
            ),
        }
    )
