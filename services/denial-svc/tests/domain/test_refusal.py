"""The place of a refusal names its case, and the same reason told twice is one refusal."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from claimstream_schemas.values.identifiers import id_of
from denial_svc.domain.refusal import added_up
from denial_svc.events import refusals_of, settlements_of

from ..builders import (
    CLAIM,
    LATER,
    PRACTICE,
    REMITTANCE,
    a_decision,
    a_denial,
    a_payment,
    a_place,
    refused,
    the_refusal,
)


def test_a_case_has_the_id_of_its_place():
    line = UUID(int=1)

    assert a_place().case_id == id_of("case", PRACTICE, REMITTANCE, 1, CLAIM, line, "CO", "197")
    assert a_place(line=None).case_id == id_of("case", PRACTICE, REMITTANCE, 1, CLAIM, None, "CO", "197")


@pytest.mark.parametrize(
    "other",
    [
        {"practice_id": "other"},
        {"claim_id": UUID(int=99)},
        {"remittance_id": LATER},
        {"payment_ordinal": 2},
        {"line_id": UUID(int=2)},
        {"group": "PR"},
        {"carc": "50"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_whatever_differs_in_the_place_is_another_case(other):
    assert replace(a_place(), **other).case_id != a_place().case_id


def test_the_refusal_and_the_decision_that_settles_it_name_the_same_case():
    (told,) = refusals_of(a_denial())
    (settled,) = settlements_of(a_payment())

    assert settled.case_id == told.place.case_id


def test_a_decision_says_one_thing_of_each_refusal():
    said = settlements_of(a_decision(settles=[the_refusal()], reopens=[the_refusal(), the_refusal(carc="50")]))

    assert [each.is_settled for each in said] == [True, False]


def test_what_stands_is_told_and_what_stands_again_with_nothing_stands_in_full():
    less, again = the_refusal(standing="45.00"), the_refusal(carc="50", standing="30.00")
    said = settlements_of(a_decision(settles=[less], reopens=[again, the_refusal(carc="96")]))

    standing = {each.standing: each.is_settled for each in said}
    assert standing == {Decimal("45.00"): False, Decimal("30.00"): False, None: False}


def test_a_reason_that_is_named_twice_is_added_up_with_the_remarks_of_both():
    twice = [refused("16", "MA130", amount="100.00"), refused("16", "N4", "MA130", amount="20.00")]

    (one,) = added_up(twice)

    assert (one.amount, one.remarks) == (Decimal("120.00"), ("MA130", "N4"))


def test_other_lines_groups_and_reasons_are_refusals_of_their_own():
    apart = [refused(), refused(line=None), refused(group="PI"), refused("50")]

    assert added_up(apart) == apart
