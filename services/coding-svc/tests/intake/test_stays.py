"""A stay's type of bill: told by the kind of place and of stay, or asked."""

import pytest
from coding_svc.domain.answers import NONE, Answers

from ..builders import PRACTICE, a_bundle, a_condition, a_coverage, a_stay, look_at

SKILLED = [{"text": "Admission to skilled nursing facility"}]
LED = [{"condition": {"reference": "Condition/c1"}, "rank": 1}]


def a_stay_at(kind: str | None, *, answers: Answers = NONE, **encounter: object):
    location = {"resourceType": "Location", "id": "l1", **({"type": [{"coding": [{"code": kind}]}]} if kind else {})}
    where = {
        "serviceProvider": None,
        "location": [{"location": {"reference": "Location/l1"}}],
        "diagnosis": LED,
        **encounter,
    }
    return look_at(
        a_bundle(location, a_condition("c1", "J18.9"), a_coverage(), encounter=a_stay(**where)), answers=answers
    )


def bill(seen) -> str | None:
    return seen.outcome.stay.type_of_bill if seen.outcome.stay else None


def test_a_stay_in_a_hospital_is_one():
    assert bill(a_stay_at("HOSP")) == "11"


@pytest.mark.parametrize("code", ["IMP", "NONAC"])
def test_a_stay_in_a_nursing_home_is_skilled_or_asked(code):
    assert bill(a_stay_at("SNF", type=SKILLED, **{"class": {"code": code}})) == "21"
    asked = a_stay_at("SNF", **{"class": {"code": code}})
    assert (bill(asked), "type of bill" in asked.details("stay")) == (None, True)


def test_a_stay_that_is_not_acute_is_asked():
    assert "type of bill" in a_stay_at("HOSP", **{"class": {"code": "NONAC"}}).details("stay")


def test_the_practices_own_list_says_that_it_is_a_nursing_home():
    home = {**PRACTICE["locations"][0], "place_of_service": "", "kind": "nursing_home"}
    practice = {**PRACTICE, "locations": [home]}
    bundle = a_bundle(a_condition("c1", "J18.9"), a_coverage(), encounter=a_stay(diagnosis=LED))

    assert "type of bill" in look_at(bundle, practice=practice).details("stay")
    assert bill(look_at(bundle, practice=practice, answers=Answers(type_of_bill="18"))) == "18"


def test_the_end_of_a_stay_is_asked_also_where_its_type_of_bill_is():
    seen = a_stay_at("SNF", period={"start": "2026-03-02"})

    assert "the day on which the stay ended" in seen.details("stay")


def test_the_type_of_bill_may_be_answered():
    assert bill(a_stay_at("SNF", answers=Answers(type_of_bill="65"))) == "65"
