"""What later decisions say of a refusal: the last one holds, each speaks once, and what was taken back stays so."""

from decimal import Decimal

import pytest
from denial_svc.domain.settling import Settlement

from ..builders import LAST, LATER, PRACTICE, a_case, a_place

NOTHING, ALL, PART = Decimal("0.00"), None, Decimal("45.00")


def said(remittance=LATER, *, why="paid", standing=NOTHING) -> Settlement:
    return Settlement(PRACTICE, a_place().case_id, standing, why, remittance, (f"{remittance}/1",))


@pytest.mark.parametrize("why", ["paid", "decided_anew"])
def test_a_settled_refusal_closes_its_case(why):
    settled = said(why=why).settle(a_case())

    assert (settled.state, settled.closed_because, settled.closed_by) == ("closed", why, LATER)


def test_a_refusal_that_was_taken_back_withdraws_its_case():
    assert said(why="taken_back").settle(a_case()).state == "withdrawn"


def test_the_last_decision_holds():
    stands_again = said(LATER).follow(said(LAST, standing=ALL))

    assert not stands_again.is_settled
    assert stands_again.settle(said(LATER).settle(a_case())) == a_case()


def test_a_decision_that_is_told_again_says_nothing_new():
    stands_again = said(LATER).follow(said(LAST, standing=ALL))

    assert stands_again.follow(said(LATER)) == stands_again.follow(said(LAST, standing=ALL)) == stands_again


def test_a_refusal_that_was_taken_back_never_stands_again():
    taken_back = said(LATER, why="taken_back")

    assert taken_back.follow(said(LAST, standing=ALL)) == taken_back
    assert taken_back.follow(said(LAST)) == taken_back


def test_the_reason_why_a_refusal_stands_again_is_no_reason_to_withdraw_its_case():
    stands_again = said(LATER).follow(said(LAST, why="taken_back", standing=ALL))

    assert stands_again.settle(a_case()).state == "open"
    assert stands_again.follow(said(a_place().case_id)).is_settled


def test_a_refusal_of_which_a_part_stands_leaves_its_case_open_with_that_part():
    partly = said(standing=PART).settle(a_case())

    assert partly == a_case(standing=PART)


def test_a_part_that_is_taken_back_stands_again_in_full():
    stands_again = said(LATER, standing=PART).follow(said(LAST, standing=ALL))

    assert stands_again.settle(a_case(standing=PART)) == a_case()


def test_a_decision_that_is_told_again_with_another_part_says_nothing_new():
    assert said(standing=PART).follow(said(standing=NOTHING)) == said(standing=PART)
