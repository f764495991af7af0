"""What is on a claim's books: its charges, what stands of all that was decided, and what came in beyond what was owed.

What was paid beyond the charge is no negative receivable but a credit, which its payer is owed back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from uuid import UUID

from .account import Account
from .guardrails import Guardrails
from .ledger import CREDIT, DESK, OPEN, RECEIVABLES, REVENUE, SELF_PAY, UNAPPLIED, Entry, merged, negated
from .standing import Standing, standing_of


def change(before: Account | None, after: Account, guardrails: Guardrails) -> tuple[Entry, ...]:
    """The entries that bring an account's books from how they were to how they are to be."""
    earlier = books_of(before, standing_of(before, guardrails)) if before else []
    return difference(earlier, books_of(after, standing_of(after, guardrails)))


def difference(earlier: Iterable[Entry], later: Iterable[Entry]) -> tuple[Entry, ...]:
    """What brings the books from one to the other."""
    return merged([*later, *negated(earlier)])


def desk_change(before: Account | None, after: Account) -> tuple[Entry, ...]:
    """What the patient paid at the desk more than was known: unapplied, whatever the claim's books say."""
    more = after.patient_paid_cents - (before.patient_paid_cents if before else 0)
    return merged((Entry(DESK, more), Entry(UNAPPLIED, -more)))


def books_of(account: Account, standing: Standing) -> list[Entry]:
    """All entries of an account, desk cash apart."""
    return [*_charges(account), *decided(account, standing)]


def _receivable(account: Account) -> str:
    return SELF_PAY if account.state == "self_pay" else OPEN


def decided(account: Account, standing: Standing) -> list[Entry]:
    """What decisions put on the books: all but the charges themselves."""
    return [*standing.entries, *_credit(account, standing)]


def _charges(account: Account) -> Iterator[Entry]:
    receivable = _receivable(account)
    for charge in account.charges:
        yield Entry(receivable, charge.cents, charge.line_id)
        yield Entry(REVENUE, -charge.cents, charge.line_id)


def _credit(account: Account, standing: Standing) -> Iterator[Entry]:
    """A receivable below zero is a credit of the payer that paid too much."""
    owed: Counter[str] = Counter({_receivable(account): account.charged_cents})
    for entry in standing.entries:
        if entry.account.startswith(RECEIVABLES):
            owed[entry.account] += entry.cents
    too_much = 0
    for name, cents in owed.items():
        if cents < 0:
            yield Entry(name, -cents)
            too_much -= cents
    if too_much:
        for payer, part in _owed_to(too_much, _below(account, standing), account, standing):
            yield Entry(CREDIT, -part, None, payer)


def _below(account: Account, standing: Standing) -> set[UUID | None]:
    """The lines on which more came in than is owed."""
    by_line: Counter[UUID | None] = Counter()
    for entry in (*_charges(account), *standing.entries):
        if entry.account.startswith(RECEIVABLES):
            by_line[entry.line_id] += entry.cents
    return {line_id for line_id, cents in by_line.items() if cents < 0}


def _owed_to(cents: int, below: set[UUID | None], account: Account, standing: Standing) -> Iterator[tuple[str, int]]:
    """Whom it is owed: who paid beside a newer explanation or beyond what was left, then who paid for what is charged no more, the newest first."""
    newest_first = list(reversed(account.standing()))
    lines = [(each.payer_id, line.line_id, line.paid_cents) for each in newest_first for line in each.lines]
    paid: Counter[tuple[str, UUID | None]] = Counter()
    for payer, line_id, amount in lines:
        paid[payer, line_id] += amount
    candidates = [
        *reversed(standing.beyond),
        *(each for each in lines if each[1] in below),
        *(each for each in lines if each[1] not in below),
    ]
    for payer, line_id, most in candidates:
        part = min(cents, most, max(most if line_id is None else 0, paid[payer, line_id]))
        if part > 0:
            yield payer, part
            cents -= part
            paid[payer, line_id] -= part
    if cents:
        yield newest_first[0].payer_id if newest_first else "", cents
