"""A code is good or bad on a day, and unchecked where no list speaks for that day."""

from datetime import date

import pytest
from claimstream_codesets import CodeSets, Standing

MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("code", "on", "standing"),
    [
        ("E11.9", MARCH, Standing.VALID),
        ("e119", MARCH, Standing.VALID),
        ("S93.401A", MARCH, Standing.VALID),
        ("S93.4", MARCH, Standing.NOT_BILLABLE),
        ("S01.00", MARCH, Standing.NOT_BILLABLE),
        ("Z99.999", MARCH, Standing.INVALID),
        ("E11.9", date(2025, 9, 30), Standing.VALID),
        ("E11.9", date(2026, 9, 30), Standing.VALID),
        ("E11.9", date(2026, 10, 1), Standing.UNCHECKED),
        ("E11.9", date(2024, 9, 30), Standing.UNCHECKED),
        ("E11.9", date(2015, 9, 30), Standing.UNCHECKED),
    ],
)
def test_a_diagnosis_is_judged_by_its_day(sets: CodeSets, code: str, on: date, standing: Standing) -> None:
    assert sets.icd10cm.validity(code, on=on).standing is standing


def test_the_yearly_change_shows_on_the_first_of_october(sets: CodeSets) -> None:
    before, after = date(2025, 9, 30), date(2025, 10, 1)

    assert [sets.icd10cm.validity("B88.01", on=day).standing for day in (before, after)] == ["invalid", "valid"]
    assert [sets.icd10cm.validity("S30.1XXA", on=day).standing for day in (before, after)] == ["valid", "invalid"]


def test_there_is_no_icd_10_cm_before_october_2015(sets: CodeSets) -> None:
    assert not sets.icd10cm.in_force(date(2015, 9, 30))
    assert sets.icd10cm.in_force(date(2015, 10, 1))


@pytest.mark.parametrize(
    ("code", "on", "standing"),
    [
        ("J1885", MARCH, Standing.VALID),
        ("A0021", MARCH, Standing.VALID),
        ("E9999", MARCH, Standing.INVALID),
        ("99213", MARCH, Standing.UNCHECKED),
        ("0001U", MARCH, Standing.UNCHECKED),
        ("ABC", MARCH, Standing.INVALID),
        ("J1885", date(2027, 1, 1), Standing.UNCHECKED),
    ],
)
def test_a_procedure_is_judged_by_its_day(sets: CodeSets, code: str, on: date, standing: Standing) -> None:
    assert sets.procedures.validity(code, on=on).standing is standing


def test_a_procedure_that_has_ended_is_invalid_from_the_next_day(sets: CodeSets) -> None:
    sql = "select code, ended from hcpcs where ended > '2000' and added < ended limit 1"
    code, ended = sets._database.execute(sql).fetchone()
    last = date.fromisoformat(ended)

    assert sets.procedures.validity(code, on=last).standing is Standing.VALID
    assert sets.procedures.validity(code, on=date(2026, 9, 1)).standing is Standing.INVALID


def test_diabetes_supports_a_glucose_test_and_a_sprain_does_not(sets: CodeSets) -> None:
    (policy,) = sets.coverage.policies_for("82947")

    assert sets.coverage.is_covered(policy, "82947", "E11.9", on=MARCH)
    assert not sets.coverage.is_covered(policy, "82947", "S93.401A", on=MARCH)
    assert sets.coverage.policies_for("99213") == ()


def test_small_lists_know_their_codes(sets: CodeSets) -> None:
    lists = sets.lists

    assert lists.is_carc("45", on=MARCH)
    assert not lists.is_carc("999", on=MARCH)
    assert lists.is_rarc("N130", on=MARCH)
    assert lists.is_group_code("CO")
    assert lists.is_status_category("A2")
    assert lists.place_of_service("11") == "Office"
    assert not lists.is_place_of_service("97")
    assert lists.is_taxonomy("207Q00000X")
    assert lists.is_revenue_code("0450")
    assert lists.is_discharge_status("01")
    assert lists.is_modifier("25")


def test_no_list_ships_a_text_that_belongs_to_others(sets: CodeSets) -> None:
    texts = sets._database.execute("select distinct list from listed where text <> ''").fetchall()

    assert texts == [("place_of_service",)]
