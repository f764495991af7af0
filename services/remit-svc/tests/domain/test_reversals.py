"""A reversal is the exact negation of what it takes back; one that came first waits."""

import pytest

from ..builders import a_line_payment, a_payment, adjustments, line_of, reversed_
from .accounts import a_desk


def two_lines(*, ordinal: int = 1, **named):
    lines = (
        a_line_payment("120.00", "64.00", "CO-45 40.00", "PR-2 16.00", line=line_of()),
        a_line_payment("30.00", "20.00", "CO-45 10.00", line=line_of("E1", 2), procedure="82947"),
    )
    return a_payment("E1", *lines, ordinal=ordinal, **named)


def at_claim_level(ordinal: int = 1):
    """The same decision said of the claim alone."""
    return a_payment(
        charge="150.00",
        paid="84.00",
        lines=(),
        adjustments=adjustments("CO-45 50.00", "PR-2 16.00"),
        ordinal=ordinal,
    )


def a_desk_of_two():
    return a_desk("120.00", "30.00", allowed=("80.00", "20.00"))


@pytest.mark.parametrize("said", [two_lines, at_claim_level])
@pytest.mark.parametrize("taken_back", [two_lines, at_claim_level])
def test_lines_and_claim_say_the_same_when_a_decision_is_taken_back(said, taken_back):
    desk = a_desk_of_two()
    before = desk.balances

    desk.hears(said()).hears(reversed_(taken_back(), 1))

    assert desk.balances == before
    assert desk.outcomes == ["paid", "reversed"]
    assert desk.suspense == 0


def test_lines_that_differ_are_no_negation_though_their_sum_is():
    desk = a_desk_of_two().hears(two_lines())
    lines = (
        a_line_payment("120.00", "54.00", "CO-45 50.00", "PR-2 16.00", line=line_of()),
        a_line_payment("30.00", "30.00", line=line_of("E1", 2), procedure="82947"),
    )

    desk.hears(reversed_(a_payment("E1", *lines), 1))

    assert desk.suspense == -8400
    assert desk.outcomes == ["paid", "suspended"]


def test_a_reversal_that_came_before_its_payment_waits_for_it():
    desk = a_desk_of_two()
    before = desk.balances

    desk.hears(reversed_(two_lines(), 1), received=1)
    assert (desk.suspense, desk.balances) == (-8400, before)

    desk.hears(two_lines(), received=2)

    assert [step.kind for step in desk.posted.steps] == ["payment", "reversal"]
    assert (desk.suspense, desk.balances) == (0, before)
    assert desk.outcomes == ["reversed", "paid"]


def test_a_reversal_takes_back_what_was_received_before_it_however_late_that_comes():
    desk = a_desk_of_two()
    newer = a_payment(
        "E1",
        a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()),
        a_line_payment("30.00", "20.00", "CO-45 10.00", line=line_of("E1", 2), procedure="82947"),
    )

    desk.hears(two_lines(), received=4).hears(reversed_(two_lines(), 1), received=2).hears(newer, received=3)
    desk.hears(two_lines(), received=1)

    assert [each.received_number for each in desk.account.standing()] == [3, 4]


def test_a_reversal_opens_again_what_the_money_had_settled():
    desk = a_desk(allowed=("80.00",))
    refused = a_payment("E1", a_line_payment("120.00", "0.00", "CO-197 120.00", line=line_of()))
    paid = a_payment("E1", a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()), payer_claim_number="ICN2")
    desk.hears(refused).hears(paid)

    desk.hears(reversed_(paid, 1))

    assert desk.refused == [("CO-197", 12000)]
    (reopened,) = desk.posted.steps[0].reopens
    assert (reopened.carc, reopened.why) == ("197", "taken_back")


def test_two_payments_alike_are_taken_back_one_by_one():
    desk = a_desk_of_two()
    before = desk.balances
    desk.hears(two_lines()).hears(two_lines())

    desk.hears(reversed_(two_lines(), 1)).hears(reversed_(two_lines(), 1))

    assert (desk.balances, desk.suspense) == (before, 0)
