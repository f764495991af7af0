"""A payment is posted to a claim: the journals, what is told of them, and what became of each payment that the claim has had."""

from dataclasses import replace
from uuid import UUID

from claimstream_schemas.values.identifiers import id_of
from claimstream_schemas.values.payment import ClaimPayment

from ..domain.account import Account
from ..domain.decisions import Place, PostedDecision
from ..domain.guardrails import Guardrails
from ..domain.ledger import REMITTED, SUSPENSE, Entry
from ..domain.posting import OfSet, Posted, post, results_of
from ..domain.remittance import PaymentResult
from ..domain.standing import Standing, standing_of
from ..events import claim_adjudicated, claim_denied, payment_variances
from ..store import RemitUnit
from .entering import enter
from .reading_sets import read_payment


async def post_payment(  # noqa: PLR0913  the payment, its set, the claim
    payment: ClaimPayment,
    segments: tuple[str, ...],
    of_set: OfSet,
    account: Account,
    unit: RemitUnit,
    guardrails: Guardrails,
    *,
    as_money: bool = False,
) -> Posted | None:
    """Post it; None where that was done before, or nothing was ever submitted that it could answer."""
    posted = post(account, payment, of_set, guardrails, as_money=as_money)
    if posted is not None:
        await keep_posted(posted, account, unit, guardrails, now=(payment, segments), of_set=of_set)
    return posted


async def keep_posted(  # noqa: PLR0913  what was posted, and what is told with it
    posted: Posted,
    before: Account,
    unit: RemitUnit,
    guardrails: Guardrails,
    *,
    now: tuple[ClaimPayment, tuple[str, ...]],
    of_set: OfSet,
) -> None:
    """Enter each step's journal, tell what it came to, and keep what became of each payment of the claim."""
    account = posted.account
    for step in posted.steps:
        decision = step.decision
        enter(
            unit,
            account.practice_id,
            step.kind,
            step.entries,
            journal_id=id_of("journal", account.practice_id, step.kind, *decision.place),
            account_id=account.account_id,
            remittance_id=decision.remittance_id,
        )
        is_now = decision.position == (of_set.remittance_id, now[0].ordinal)
        payment, segments = now if is_now else await _earlier(account.practice_id, decision, unit)
        lines = posted.lines if step.kind == "payment" else ()
        unit.publish(claim_adjudicated(account, step, payment, segments, lines))
        for refused, refusals in step.refuses:
            unit.publish(claim_denied(account, refused, refusals))
        if step.kind == "payment":
            for variance in payment_variances(account, step):
                unit.publish(variance)
    unit.accounts.put(account)
    standing = posted.steps[-1].standing if posted.steps else standing_of(account, guardrails)
    await keep_results(before, account, standing, unit, guardrails, of_remittance=of_set.remittance_id)


async def _earlier(practice: str, decision: PostedDecision, unit: RemitUnit) -> tuple[ClaimPayment, tuple[str, ...]]:
    """A reversal that has waited for its payment, as it came."""
    remittance = await unit.remittances.get(practice, decision.remittance_id)
    if remittance is None:
        raise KeyError(decision.remittance_id)
    payment, segments, _ = await read_payment(remittance, decision.position, unit)
    return payment, segments


async def keep_results(  # noqa: PLR0913  two states of an account, and what stands of the later one
    before: Account,
    after: Account,
    standing: Standing,
    unit: RemitUnit,
    guardrails: Guardrails,
    *,
    of_remittance: UUID | None = None,
) -> None:
    """Keep what became of each payment where that has changed; what left suspense, of sets that are posted already, is entered."""
    earlier = results_of(before, standing_of(before, guardrails)) if before.decisions else {}
    for place, result in results_of(after, standing).items():
        known = earlier.get(place)
        if result == known:
            continue
        was_suspended = known.suspense_cents if known is not None else 0
        moved_to = SUSPENSE
        kept = result
        if was_suspended or result.suspense_cents:
            row: PaymentResult | None = await unit.payments.get(result.practice, *place)
            if row is not None and row.moved_to is not None:
                moved_to = row.moved_to
                kept = _beside_what_was_moved(result, row) if result.suspense_cents else result
        unit.payments.put(kept)
        if known is not None and place[0] != of_remittance:
            left, by = was_suspended - result.suspense_cents, str(len(after.decisions))
            leave_suspense(unit, after.practice_id, place, left, of=moved_to, to=REMITTED, by=by)


def _beside_what_was_moved(result: PaymentResult, row: PaymentResult) -> PaymentResult:
    """What a person has moved out of suspense is no part of it any more."""
    return replace(
        result,
        suspense_cents=result.suspense_cents - row.moved_cents,
        moved_cents=row.moved_cents,
        moved_to=row.moved_to,
    )


def leave_suspense(  # noqa: PLR0913  how much, from where, to where
    unit: RemitUnit, practice: str, place: Place, cents: int, *, of: str = SUSPENSE, to: str, by: str
) -> None:
    """So much of what a payment had in suspense (or was moved to) stands elsewhere from now on: on a claim's books, or where a person wants it."""
    enter(
        unit,
        practice,
        "suspense",
        (Entry(of, cents), Entry(to, -cents)),
        journal_id=id_of("journal", practice, "suspense", *place, by),
        account_id=place[0],
        remittance_id=place[0],
    )
