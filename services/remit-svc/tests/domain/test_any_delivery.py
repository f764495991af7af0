"""Whatever the order in which one received order is delivered, however often and in however many sets: the books end alike."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

from claimstream_schemas.values.identifiers import id_of
from claimstream_schemas.values.payment import ClaimPayment
from hypothesis import given, settings
from hypothesis import strategies as st
from remit_svc.domain.account import Account
from remit_svc.domain.books import books_of
from remit_svc.domain.posting import OfSet, post, results_of
from remit_svc.domain.standing import standing_of

from ..builders import PRACTICE, a_line_payment, a_payment, line_of, reversed_
from .accounts import GUARDRAILS, an_account

CHARGES = (Decimal("120.00"), Decimal("30.00"))
REASONS = (
    "CO-45",
    "CO-45",
    "CO-97",
    "CO-197",
    "PR-1",
    "PR-2",
    "PR-204",
    "OA-23",
    "CO-253",
    "OA-18",
    "PI-45",
    "OA-94",
    "CO-B13",
    "CO-22",
)


@st.composite
def a_decision(draw) -> ClaimPayment:
    """A payer's word on one line or both that balances; of the second payer now and then."""
    sequence = draw(st.sampled_from((1, 1, 1, 2)))
    lines = []
    for number in draw(st.sampled_from(((1,), (2,), (1, 2)))):
        charge = CHARGES[number - 1]
        left, said = charge, []
        for reason in draw(st.lists(st.sampled_from(REASONS), max_size=3, unique=True)):
            amount = draw(st.integers(0, int(left))) + Decimal("0.00")
            if amount:
                said.append(f"{reason} {amount}")
                left -= amount
        lines.append(a_line_payment(str(charge), str(left), *said, line=line_of("E1", number)))
    number = draw(st.sampled_from(("ICN1", "ICN2", None)))
    return a_payment(
        "E1",
        *lines,
        submission=sequence,
        status=draw(st.sampled_from((str(sequence), str(sequence), "1", "2", "19"))),
        payer_claim_number=number,
    )


@st.composite
def a_received_order(draw) -> list[ClaimPayment]:
    """Decisions, and reversals of some of them, before them too."""
    decisions = draw(st.lists(a_decision(), min_size=1, max_size=4))
    reversals = [reversed_(each, 1) for each in draw(st.lists(st.sampled_from(decisions), max_size=3))]
    return draw(st.permutations([*decisions, *reversals]))


def a_claim() -> Account:
    return an_account("120.00", "30.00", allowed=("80.00", "20.00"), payers=("blue", "medigap"))


def delivered(payments: list[tuple[ClaimPayment, OfSet]]) -> tuple[Account, Counter[str], int]:
    """The account, all journals added up, and what is in suspense."""
    account, journals = a_claim(), Counter()
    for payment, of_set in payments:
        posted = post(account, payment, of_set, GUARDRAILS)
        if posted is None:
            continue
        account = posted.account
        for step in posted.steps:
            assert sum(entry.cents for entry in step.entries) == 0
            for entry in step.entries:
                journals[entry.account] += entry.cents
    results = results_of(account, standing_of(account, GUARDRAILS))
    return account, journals, sum(each.suspense_cents for each in results.values())


def books(account: Account) -> dict[str, int]:
    found: Counter[str] = Counter()
    for entry in books_of(account, standing_of(account, GUARDRAILS)):
        found[entry.account] += entry.cents
    return {name: cents for name, cents in found.items() if cents}


def in_sets(payments: list[ClaimPayment], sizes: list[int]) -> list[tuple[ClaimPayment, OfSet]]:
    """The payments in sets of these sizes, in the order in which they were received."""
    found, number, left = [], 0, 0
    ordinal = 0
    for payment in payments:
        if left == 0:
            number, left, ordinal = number + 1, sizes[number % len(sizes)], 0
        ordinal, left = ordinal + 1, left - 1
        of_set = OfSet(id_of("remittance", PRACTICE, number), number, None, date(2026, 4, 1))
        found.append((payment.model_copy(update={"ordinal": ordinal}), of_set))
    return found


@settings(max_examples=300, deadline=None)
@given(order=a_received_order(), data=st.data())
def test_any_delivery_of_one_received_order_ends_in_the_same_books(order, data):
    received = in_sets(order, [1])
    shuffled = data.draw(st.permutations(received))
    repeated = [*shuffled, *data.draw(st.lists(st.sampled_from(received), max_size=3))]

    as_received, journals, suspense = delivered(received)
    otherwise, other_journals, other_suspense = delivered(repeated)

    assert books(otherwise) == books(as_received)
    assert other_suspense == suspense
    opening = Counter(books(a_claim()))
    for all_journals in (journals, other_journals):
        total = Counter(opening)
        total.update(all_journals)
        assert {name: cents for name, cents in total.items() if cents} == books(as_received)


@settings(max_examples=150, deadline=None)
@given(order=a_received_order(), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_the_same_payments_in_other_sets_end_in_the_same_books(order, sizes):
    alone, _, suspense = delivered(in_sets(order, [1]))
    together, _, other = delivered(in_sets(order, sizes))

    assert (books(together), other) == (books(alone), suspense)


@settings(max_examples=300, deadline=None)
@given(order=a_received_order())
def test_what_stands_adds_up(order):
    account, _, suspense = delivered(in_sets(order, [1]))
    balances = books(account)
    owed = {name: cents for name, cents in balances.items() if name.startswith("receivable.")}

    assert sum(balances.values()) == 0
    assert all(cents > 0 for name, cents in owed.items() if name != "receivable.credit")
    assert owed.get("receivable.credit", 0) <= 0
    assert balances.get("payer.paid", 0) + suspense == sum(int(each.paid * 100) for each in order)
    adjusted = sum(cents for name, cents in balances.items() if name.startswith("adjustment."))
    assert adjusted <= sum(CHARGES) * 100
    denied = sum(each.cents for each in standing_of(account, GUARDRAILS).refusals if each.kind == "refusal")
    assert denied == owed.get("receivable.denied", 0)
    told = {
        (each.place, refusal.line_id, refusal.group, refusal.carc)
        for each in account.decisions
        for refusal in each.told
        if refusal.is_open
    }
    stands = {
        (each.place, each.line_id, each.said.group, each.said.carc)
        for each in standing_of(account, GUARDRAILS).refusals
    }
    assert told == stands


@settings(max_examples=150, deadline=None)
@given(order=a_received_order())
def test_a_contractual_adjustment_of_a_line_is_taken_once(order):
    account, _, _ = delivered(in_sets(order, [1]))
    by_line: Counter[object] = Counter()
    for entry in books_of(account, standing_of(account, GUARDRAILS)):
        if entry.account.startswith("adjustment.") and entry.reason in ("CO-45", "PI-45"):
            by_line[entry.line_id] += entry.cents

    for charge in account.charges:
        assert by_line[charge.line_id] <= charge.cents


def test_a_claim_whose_charges_were_lowered_keeps_no_adjustment_beyond_them():
    account = a_claim()
    line = a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of())
    of_set = OfSet(id_of("remittance", PRACTICE, 1), 1, None, date(2026, 4, 1))
    posted = post(account, a_payment("E1", line), of_set, GUARDRAILS)
    assert posted is not None
    lowered = replace(
        posted.account,
        charges=(posted.account.charges[0].model_copy(update={"cents": 9000}), posted.account.charges[1]),
    )

    balances = books(lowered)

    assert (balances["adjustment.CO"], balances["payer.paid"]) == (1000, 8000)
    assert "receivable.credit" not in balances
