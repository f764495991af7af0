"""A case is open, closed or withdrawn, and each step makes sense from where it stands."""

from decimal import Decimal

import pytest
from denial_svc.domain.case import standing_as_kept

from ..builders import LAST, LATER, a_case


def test_a_case_begins_open_and_nothing_has_closed_it():
    case = a_case()

    assert (case.state, case.closed_because, case.closed_by) == ("open", None, None)
    assert case.standing == case.amount


def test_a_case_that_was_paid_says_why_it_is_closed_and_by_which_remittance():
    closed = a_case().close("paid", LATER)

    assert (closed.state, closed.closed_because, closed.closed_by) == ("closed", "paid", LATER)


def test_the_last_remittance_that_settles_a_case_is_the_one_that_it_names():
    closed = a_case().close("decided_anew", LATER).close("paid", LAST)

    assert (closed.closed_because, closed.closed_by) == ("paid", LAST)


def test_a_closed_case_that_stands_again_is_as_it_was():
    assert a_case().close("paid", LATER).stand() == a_case()


def test_all_of_an_open_case_stands_already():
    assert a_case().stand() == a_case()


def test_nothing_stands_of_what_is_closed_or_withdrawn():
    assert a_case().close("paid", LATER).standing == a_case().withdraw().standing == 0


def test_a_case_of_which_less_stands_stays_open_with_its_amount():
    less = a_case().stand(Decimal("45.00"))

    assert (less.state, less.standing, less.amount) == ("open", Decimal("45.00"), Decimal("120.00"))
    assert less.looks_like(a_case())
    assert not less.looks_like(a_case().withdraw())


def test_what_stands_again_may_be_a_part():
    again = a_case().close("paid", LATER).stand(Decimal("45.00"))

    assert again == a_case(standing=Decimal("45.00"))


@pytest.mark.parametrize(
    ("kept", "state", "standing"),
    [
        (None, "open", "120.00"),
        ("45.00", "open", "45.00"),
        ("120.00", "withdrawn", "0.00"),
        (None, "withdrawn", "0.00"),
    ],
)
def test_a_row_of_the_release_before_stands_as_its_state_says(kept, state, standing):
    told = kept and Decimal(kept)

    assert standing_as_kept(told, state, Decimal("120.00")) == Decimal(standing)


def test_a_closed_case_whose_own_decision_was_taken_back_is_withdrawn_and_no_money_closes_it():
    withdrawn = a_case().close("paid", LATER).withdraw()

    assert withdrawn == a_case(state="withdrawn", standing=Decimal("0.00"))


def test_a_withdrawn_case_stays_withdrawn():
    withdrawn = a_case().withdraw()

    assert withdrawn.close("paid", LATER) == withdrawn.stand() == withdrawn.withdraw() == withdrawn


def test_a_case_with_a_hard_stop_may_not_be_appealed():
    assert a_case().may_appeal
    assert not a_case(hard_stop="the payer says so").may_appeal
