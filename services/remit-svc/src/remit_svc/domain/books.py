"""What is on a claim's books: its charges, all that was paid, of each line the newest explanation of each payer, and what was paid too much.

A payer may decide on a line again without a reversal of what it said before. Both times the money came; the two explanations (contractual,
the patient's share) are one. What then was paid beyond the charge is no negative receivable but a credit, which somebody has to give back.
A refusal stays until its case is closed, whatever is paid later.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from .account import Account, KeptEntry, PostedDecision
from .ledger import (
    CREDIT,
    DENIED,
    DESK,
    NEXT_PAYER,
    OPEN,
    PATIENT,
    RECEIVABLES,
    REVENUE,
    SELF_PAY,
    UNAPPLIED,
    Entry,
    merged,
    negated,
    source_of,
)


def change(before: Account | None, after: Account) -> tuple[Entry, ...]:
    """The entries that bring an account's books from how they were to how they are to be."""
    earlier = _books(before) if before else []
    return merged([*_books(after), *negated(earlier)])


def desk_change(before: Account | None, after: Account) -> tuple[Entry, ...]:
    """What the patient paid at the desk more than was known: unapplied, whatever the claim's books say."""
    more = after.patient_paid_cents - (before.patient_paid_cents if before else 0)
    return merged((Entry(DESK, more), Entry(UNAPPLIED, -more)))


def _books(account: Account) -> list[Entry]:
    entries = [*_charges(account), *_decisions(account)]
    return [*entries, *_credit(entries)]


def _charges(account: Account) -> Iterator[Entry]:
    receivable = SELF_PAY if account.state == "self_pay" else OPEN
    for charge in account.charges:
        yield Entry(receivable, charge.cents, charge.line_id)
        yield Entry(REVENUE, -charge.cents, charge.line_id)


def _decisions(account: Account) -> Iterator[Entry]:
    explained: dict[str, set[UUID]] = defaultdict(set)
    for decision in reversed(account.standing()):
        scope = _scope(decision, account)
        newer = explained[decision.payer_sequence]
        for each in _with_share(decision, account):
            yield Entry(each.account, each.cents, each.line_id, each.payer_id, each.reason)
            about = {each.line_id} if each.line_id else scope
            if _explains(each) and about and about <= newer:
                yield from _taken_back(each, decision)
        newer |= scope


def _with_share(decision: PostedDecision, account: Account) -> Iterator[KeptEntry]:
    """The patient's share waits while another payer follows, as the claim says now: one may have come, or gone, since the decision."""
    share = PATIENT if account.is_last_payer(decision.payer_sequence) else NEXT_PAYER
    for each in decision.entries:
        is_share = account.payers and each.reason is not None and each.account in (PATIENT, NEXT_PAYER)
        yield each.model_copy(update={"account": share}) if is_share and each.account != share else each


def _scope(decision: PostedDecision, account: Account) -> set[UUID]:
    """The lines that a decision is about: all of the claim's where it names none."""
    named = {each.line_id for each in decision.entries if each.line_id is not None}
    return named or {charge.line_id for charge in account.charges}


def _explains(entry: KeptEntry) -> bool:
    return entry.reason is not None and entry.account != DENIED


def _taken_back(entry: KeptEntry, decision: PostedDecision) -> Iterator[Entry]:
    yield Entry(entry.account, -entry.cents, entry.line_id, entry.payer_id, entry.reason)
    yield Entry(source_of(decision.payer_sequence), entry.cents, entry.line_id, entry.payer_id)


def _credit(entries: Iterable[Entry]) -> Iterator[Entry]:
    """A receivable below zero is a credit."""
    owed: dict[str, int] = defaultdict(int)
    for entry in entries:
        if entry.account.startswith(RECEIVABLES):
            owed[entry.account] += entry.cents
    for account, cents in owed.items():
        if cents < 0:
            yield Entry(account, -cents)
            yield Entry(CREDIT, cents)
