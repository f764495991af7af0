"""A remittance is complete: all of it is posted in one transaction, or it is quarantined whole.

Balance comes first (line, claim, transaction). Then each payment is posted to the claim that it answers (``domain/posting.py``); what fits none of
ours goes to suspense, and the set's own journal says where its cash went.
"""

import asyncio
from dataclasses import replace

from claimstream_kit.failpoints import failpoint
from claimstream_schemas.values.identifiers import id_of
from claimstream_schemas.values.money import cents
from claimstream_schemas.values.payment import ClaimPayment

from ..domain.guardrails import Guardrails
from ..domain.ledger import CASH, REMITTED, SUSPENSE, Entry
from ..domain.posting import PREDETERMINATION
from ..domain.remittance import PaymentResult, Remittance
from ..steps.entering import enter
from ..steps.posting_payments import post_payment
from ..steps.provider_adjustments import keep_provider_adjustments
from ..steps.reading_sets import CompleteSet, objection_to, read_set
from ..store import RemitUnit

MID_POSTING = failpoint("remit.mid-posting", "some payments of a remittance are posted, the rest are still to come")

SLICE = 200
"""Payments worked on before the event loop gets its turn: the consumer's heartbeat must live."""


class FactMissing(Exception):
    """A payment is about a claim of ours whose submission has not been heard of yet."""


async def post_remittance(remittance: Remittance, unit: RemitUnit, guardrails: Guardrails) -> Remittance:
    """Post it, or say why not.

    Raises:
        FactMissing: a submission it answers is not known here yet; nothing was changed.
    """
    whole = await read_set(remittance, unit)
    settled = await objection_to(whole, unit)
    if settled is None:
        await _load_accounts(whole, unit)
        for number, (payment, segments) in enumerate(whole.payments):
            if number % SLICE == SLICE - 1:
                await asyncio.sleep(0)
            await _post(whole, payment, segments, unit, guardrails)
            MID_POSTING.reached()
        entries = [*_of_claims(whole, unit), *await keep_provider_adjustments(whole, unit)]
        enter(
            unit,
            remittance.practice,
            "remittance",
            (Entry(CASH, cents(whole.header.amount)), *entries),
            journal_id=id_of("journal", remittance.practice, "remittance", remittance.id, 0),
            account_id=remittance.id,
            remittance_id=remittance.id,
        )
        passed = await unit.not_posted(remittance.practice, remittance.follows)
        settled = replace(remittance, state="posted", posted_at=unit.clock.now(), passed=passed)
    unit.remittances.put(settled)
    return settled


async def _load_accounts(whole: CompleteSet, unit: RemitUnit) -> None:
    practice = whole.remittance.practice
    named = [(payment.claim_id, payment.submission_ordinal) for payment, _ in whole.payments if payment.claim_id]
    await unit.accounts.load([(practice, claim) for claim, _ in named])
    for claim, ordinal in named:
        account = await unit.accounts.get(practice, claim)
        known = account is not None and account.submissions
        if account is None or not known or (ordinal is not None and account.submission(ordinal) is None):
            raise FactMissing


async def _post(
    whole: CompleteSet, payment: ClaimPayment, segments: tuple[str, ...], unit: RemitUnit, guardrails: Guardrails
) -> None:
    """To its claim; what pays nothing (a predetermination) or no claim of ours is kept as that."""
    practice = whole.remittance.practice
    if payment.claim_id is not None and payment.status != PREDETERMINATION:
        account = await unit.accounts.get(practice, payment.claim_id)
        if account is None:
            raise FactMissing
        await post_payment(payment, segments, whole.facts, account, unit, guardrails)
        return
    is_predetermined = payment.status == PREDETERMINATION
    reason = (
        "a predetermination (CLP02 25) pays nothing"
        if is_predetermined
        else f"no claim of ours has the number that CLP {payment.ordinal} names"
    )
    unit.payments.put(
        PaymentResult(
            practice=practice,
            remittance_id=whole.remittance.id,
            ordinal=payment.ordinal,
            claim_id=payment.claim_id,
            outcome="predetermination" if is_predetermined else "suspended",
            suspense_cents=cents(payment.paid),
            payer_claim_number=payment.payer_claim_number,
            reason=reason if payment.paid or not is_predetermined else None,
        )
    )


def _of_claims(whole: CompleteSet, unit: RemitUnit) -> list[Entry]:
    """What of the cash was for claims, and what is in suspense."""
    own = [each for each in unit.payments.loaded() if each.remittance_id == whole.remittance.id]
    paid, suspense = sum(each.paid_cents for each in own), sum(each.suspense_cents for each in own)
    return [Entry(REMITTED, -paid), Entry(SUSPENSE, -suspense)]
