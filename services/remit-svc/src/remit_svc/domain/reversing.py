"""A reversal (CLP02 = 22) carries the original's amounts with their signs turned; negative CO is normal there (835 guide, 1.10.2.8).

Which decision each reversal takes back is worked out from all that is known of the claim, in the order in which it was received: so a reversal
that came before its payment waits for it, and any delivery of one received order ends in the same ledger.
"""

from collections import Counter
from collections.abc import Iterable

from claimstream_schemas.values.payment import Adjustment, ClaimPayment, LinePayment

from .account import Account
from .decisions import Place, PostedDecision


def as_original(reversal: ClaimPayment) -> ClaimPayment:
    """The decision that a reversal describes: its amounts with their signs turned back."""
    return reversal.model_copy(
        update={
            "charge": -reversal.charge,
            "paid": -reversal.paid,
            "adjustments": _turned(reversal.adjustments),
            "lines": tuple(_turned_line(line) for line in reversal.lines),
        }
    )


def _turned(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(each.model_copy(update={"amount": -each.amount}) for each in adjustments)


def _turned_line(line: LinePayment) -> LinePayment:
    return line.model_copy(
        update={"charge": -line.charge, "paid": -line.paid, "adjustments": _turned(line.adjustments)}
    )


def with_reversals(account: Account) -> Account:
    """Each reversal tied to what it takes back: what was received before it, the latest first, else the first that was received after it."""
    decisions = account.received()
    if not any(each.is_reversal for each in decisions):
        return account
    taken: dict[Place, Place] = {}
    for number, reversal in enumerate(decisions):
        if reversal.is_reversal:
            order = [*reversed(decisions[:number]), *decisions[number + 1 :]]
            free = [
                each for each in order if each.place not in taken and not each.is_reversal and not each.is_money_alone
            ]
            named = [each for each in free if _is_named(reversal, each)]
            same = [each for each in free if each.payer_sequence == reversal.payer_sequence]
            original = next((each for each in named or same if takes_back(reversal, each)), None)
            if original is not None:
                taken[original.place] = reversal.place
    back = {reversal: original for original, reversal in taken.items()}
    return account.changed(*_retied(decisions, taken, back))


def _retied(
    decisions: Iterable[PostedDecision], taken: dict[Place, Place], back: dict[Place, Place]
) -> Iterable[PostedDecision]:
    for each in decisions:
        if each.is_reversal and each.takes_back != back.get(each.place):
            takes = back.get(each.place)
            yield each.model_copy(update={"takes_back": takes, "outcome": each.outcome if takes else "suspended"})
        elif not each.is_reversal and each.is_reversed != (each.place in taken):
            yield each.model_copy(update={"is_reversed": each.place in taken})


def off_by(account: Account, reversal: PostedDecision) -> int | None:
    """What a reversal that fits nothing differs by, in cents paid, from the decision that it seems to mean; None where there is none."""
    of_payer = [each for each in reversed(account.standing()) if each.payer_sequence == reversal.payer_sequence]
    named = [each for each in of_payer if _is_named(reversal, each)]
    meant = next(iter(named or of_payer), None)
    return None if meant is None else _paid(reversal) - _paid(meant)


def takes_back(reversal: PostedDecision, decision: PostedDecision) -> bool:
    """Whether it is the exact negation of the decision: line by line where both speak of lines, else in all.

    A reversal keeps its amounts turned back, so that both say the same.
    """
    if _paid(decision) != _paid(reversal):
        return False
    by_line = _is_by_line(decision) and _is_by_line(reversal)
    return _said(decision, by_line=by_line) == _said(reversal, by_line=by_line)


def _is_named(reversal: PostedDecision, decision: PostedDecision) -> bool:
    numbers = {reversal.payer_claim_number, reversal.original_payer_claim_number} - {None}
    return decision.payer_claim_number in numbers


def _paid(decision: PostedDecision) -> int:
    return sum(line.paid_cents for line in decision.lines) + decision.suspense_cents


def _is_by_line(decision: PostedDecision) -> bool:
    return all(line.line_id is not None for line in decision.lines)


def _said(decision: PostedDecision, *, by_line: bool) -> Counter[object]:
    """Cents by reason, and by line where that is asked; what a prior payer did moves nothing and is left out."""
    found: Counter[object] = Counter()
    for line in decision.lines:
        where = line.line_id if by_line else None
        found[where, None] += line.paid_cents if by_line else 0
        for said in line.said:
            if not said.is_prior_payers:
                found[where, said.reason] += said.cents
    return Counter({place: cents for place, cents in found.items() if cents})
