"""Who pays, by examples of what goes wrong."""

from datetime import date
from uuid import UUID

import pytest
from claimstream_codesets import open_code_sets
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.coding import code_visit
from coding_svc.intake.native import EncounterDocument

from ..builders import PRACTICE, an_encounter

_PAYER = PRACTICE["payers"][0]
PAYERS = [
    _PAYER,
    *(
        {**_PAYER, "id": name, "x12_id": name.upper(), "name": name.title(), "claim_filing_indicator": code, **more}
        for name, code, more in (
            ("medicare", "MB", {}),
            ("medicaid", "MC", {}),
            ("aetna", "CI", {}),
            ("kind-plan", "CI", {"newborns": "mothers_id"}),
        )
    ),
]
BAY_STATE = PracticeDocument.model_validate({**PRACTICE, "payers": PAYERS})
MOTHER = {"name": {"last": "Sample", "first": "Dana"}, "birth_date": "1990-01-01", "sex": "F"}


def a_coverage(payer: str = "aetna", member: str = "A1234", **more):
    return {"payer": payer, "member_id": member, **more}


def coded(*coverages, **changes):
    document = EncounterDocument.model_validate(an_encounter(coverages=list(coverages), **changes))
    return code_visit(document.to_visit(), BAY_STATE, open_code_sets(), UUID(int=1))


def asked(outcome) -> list[str]:
    return [each.question for each in outcome.asked]


def payers(outcome) -> list[str]:
    return [coverage.payer_id for coverage in outcome.coverages]


def born(on: str) -> dict:
    return {"patient": {"name": {"last": "Sample"}, "birth_date": on, "sex": "F"}}


@pytest.mark.parametrize(
    ("ends", "begins"),
    [("2026-08-03", "2026-08-03"), ("2026-08-02", "2026-08-03"), ("2026-12-31", "2026-08-01")],
)
def test_spans_of_one_plan_that_touch_or_overlap_are_one_coverage_and_the_newer_counts(ends, begins):
    old = a_coverage(period_start="2025-01-01", period_end=ends, group_number="OLD")
    new = a_coverage(period_start=begins, group_number="NEW")

    outcome = coded(old, new)

    assert (payers(outcome), outcome.asked) == (["aetna"], ())
    assert outcome.subscribers[0].group_number == "NEW"
    assert outcome.coverages[0].period_start == date(2025, 1, 1)


def test_a_span_that_begins_later_is_not_yet_what_counts():
    now = a_coverage(period_start="2026-01-01", period_end="2026-08-31", group_number="NOW")
    later = a_coverage(period_start="2026-09-01", group_number="LATER")

    assert coded(now, later).subscribers[0].group_number == "NOW"


@pytest.mark.parametrize("again", ["A1234", "a1234", "A-12 34"])
def test_a_payer_is_never_primary_and_secondary_for_the_same_member(again):
    assert payers(coded(a_coverage(), a_coverage(member=again))) == ["aetna"]


def test_two_members_of_one_payer_are_two_coverages():
    spouse = a_coverage(member="B9876", relationship="01", subscriber=MOTHER)

    assert payers(coded(a_coverage(), spouse)) == ["aetna", "aetna"]


def test_on_the_day_of_a_renewal_under_a_new_member_id_the_newer_plan_holds():
    old = a_coverage(period_end="2026-08-03")
    new = a_coverage(member="NEW99", period_start="2026-08-03")

    outcome = coded(old, new)

    assert (outcome.asked, [each.member_id for each in outcome.subscribers]) == ((), ["NEW99"])


def test_a_change_of_payer_on_the_day_of_service_is_asked():
    outcome = coded(a_coverage("aetna", period_end="2026-08-03"), a_coverage("blue-cross", period_start="2026-08-03"))

    assert asked(outcome) == ["coverage"]


@pytest.mark.parametrize("span", [{"period_start": "2026-08-04"}, {"period_end": "2026-08-04"}])
def test_a_coverage_that_begins_or_ends_within_a_stay_is_asked_and_never_self_pay(span):
    stay = {
        "kind": "institutional",
        "ended_on": "2026-08-06",
        "stay": {"type_of_bill": "11", "admitted_on": "2026-08-03", "patient_status": "01"},
    }

    outcome = coded(a_coverage(**span), **stay)

    assert (asked(outcome), outcome.is_self_pay) == (["coverage"], False)


def test_a_coverage_that_was_over_before_is_no_coverage():
    assert coded(a_coverage(period_end="2026-08-02")).is_self_pay


def test_medicaid_before_another_payer_is_asked_with_the_order_it_should_have():
    (question,) = coded(a_coverage("medicaid"), a_coverage("aetna")).asked

    assert question.question == "coverage"
    assert "aetna, then medicaid" in question.detail


@pytest.mark.parametrize(
    ("birth", "more", "wanted"),
    [
        ("1970-01-15", {}, ["coverage"]),
        ("1970-01-15", {"insurance_type": "MI"}, []),
        ("1949-05-17", {}, []),
    ],
)
def test_medicare_before_a_group_plan_is_asked_of_who_is_under_65(birth, more, wanted):
    outcome = coded(a_coverage("medicare", "1EG4TE5MK76"), a_coverage("aetna", **more), **born(birth))

    assert asked(outcome) == wanted


def test_medicare_then_medicaid_is_right_at_any_age():
    assert coded(a_coverage("medicare", "1EG4TE5MK76"), a_coverage("medicaid"), **born("1970-01-15")).asked == ()


@pytest.mark.parametrize(
    ("payer", "relationship", "wanted"),
    [("aetna", "19", ["newborn"]), ("kind-plan", "19", []), ("aetna", "18", [])],
)
def test_a_newborn_waits_for_its_own_id_or_goes_under_its_mothers(payer, relationship, wanted):
    subscriber = {"relationship": relationship, "subscriber": MOTHER} if relationship != "18" else {}

    assert asked(coded(a_coverage(payer, **subscriber), **born("2026-08-01"))) == wanted


def test_a_newborn_without_a_coverage_is_no_silent_self_pay():
    assert asked(coded(**born("2026-08-01"))) == ["newborn"]


def test_a_child_of_two_months_goes_under_its_parent():
    assert coded(a_coverage(relationship="19", subscriber=MOTHER), **born("2026-06-01")).asked == ()


def test_what_payers_need_of_a_coverage_travels():
    outcome = coded(
        a_coverage("blue-cross"), a_coverage("medicare", "1EG4TE5MK76", insurance_type="12", filing_code="MA")
    )

    (_, second) = outcome.coverages
    assert (second.insurance_type, second.filing_code) == ("12", "MA")


def test_medicaid_before_two_others_goes_behind_both():
    (question, *_) = coded(a_coverage("medicaid"), a_coverage("aetna"), a_coverage("medicare", "1EG4TE5MK76")).asked

    assert "aetna, then medicare, then medicaid" in question.detail


@pytest.mark.parametrize(
    ("coverages", "birth"),
    [
        ([a_coverage("medicare", "1EG4TE5MK76", insurance_type="12")], "1949-05-17"),
        ([a_coverage("aetna"), a_coverage("medicare", "1EG4TE5MK76", insurance_type="12")], "1980-05-17"),
        ([a_coverage("medicare", "1EG4TE5MK76"), a_coverage("medicare", "1EG4TE5MK77")], "1949-05-17"),
    ],
)
def test_what_is_said_of_medicare_has_to_fit(coverages, birth):
    assert asked(coded(*coverages, **born(birth))) == ["coverage"]
