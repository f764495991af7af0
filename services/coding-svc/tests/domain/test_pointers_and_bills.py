"""Lines go on pointing to the diagnoses that the EHR pointed to, and a stay's bills say which of its bills they are."""

from uuid import UUID

import pytest
from claimstream_codesets import open_code_sets
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.coding import code_visit
from coding_svc.intake.native import EncounterDocument
from pydantic import ValidationError

from ..builders import PRACTICE, an_encounter

BAY_STATE = PracticeDocument.model_validate(PRACTICE)


def coded(**changes):
    document = EncounterDocument.model_validate(an_encounter(**changes))
    return code_visit(document.to_visit(), BAY_STATE, open_code_sets(), UUID(int=1))


def pointing(*pointers: tuple[int, ...]) -> list[dict]:
    return [
        {"procedure": "99213", "charge": "155.00", "line_id": f"L{number}", "diagnosis_pointers": list(each)}
        for number, each in enumerate(pointers, start=1)
    ]


def pointed(outcome) -> list[list[str]]:
    return [[outcome.diagnoses[pointer - 1].code for pointer in line.diagnosis_pointers] for line in outcome.lines]


def test_pointers_follow_a_principal_that_is_not_listed_first():
    diagnoses = [{"code": "I10", "kind": "other"}, {"code": "E11.9", "kind": "principal"}]

    outcome = coded(diagnoses=diagnoses, services=pointing((1,), (2,)))

    assert [diagnosis.code for diagnosis in outcome.diagnoses] == ["E119", "I10"]
    assert pointed(outcome) == [["I10"], ["E119"]]


def test_a_diagnosis_that_is_listed_twice_is_one_and_the_pointers_behind_it_still_fit():
    diagnoses = [{"code": "E11.9"}, {"code": "E119"}, {"code": "I10"}, {"code": "E78.5"}]

    assert pointed(coded(diagnoses=diagnoses, services=pointing((3,), (2, 1)))) == [["I10"], ["E119"]]


def test_a_first_diagnosis_that_nobody_can_code_is_asked_and_no_other_takes_its_place():
    outcome = coded(diagnoses=[{"text": "feels generally off"}, {"code": "I10"}], services=pointing((1,)))

    assert (outcome.state, [asked.question for asked in outcome.asked]) == ("awaiting_coder", ["diagnosis"])


def test_a_line_that_points_to_what_is_not_coded_is_asked():
    outcome = coded(diagnoses=[{"code": "I10"}, {"text": "feels generally off"}], services=pointing((2,)))

    (asked,) = outcome.asked
    assert "points to diagnosis 2" in asked.detail


def test_a_pointer_to_nothing_stays_for_the_claims_rule():
    assert coded(services=pointing((3,))).lines[0].diagnosis_pointers == (3,)


def test_who_holds_a_coverage_alone_and_who_does_not_cannot_both_be_true():
    other = {"name": {"last": "Other", "first": "Person"}, "birth_date": "1950-01-01", "sex": "M"}
    coverage = {"payer": "blue-cross", "member_id": "M123", "relationship": "18", "subscriber": other}

    with pytest.raises(ValidationError, match=r"coverages\.0\.relationship"):
        EncounterDocument.model_validate(an_encounter(coverages=[coverage]))


def a_stay(**changes):
    stay = {"type_of_bill": "11", "admitted_on": "2026-07-06", **changes.pop("stay", {})}
    return coded(
        **{
            "kind": "institutional",
            "started_on": "2026-07-06",
            "diagnoses": [{"code": "J18.9", "kind": "principal", "present_on_admission": "Y"}],
            "services": [{"revenue_code": "0120", "charge": "100.00"}],
            "stay": stay,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("changes", "type_of_bill"),
    [
        ({"status": "in-progress", "cut_off": "2026-07-31"}, "112"),
        ({"status": "in-progress", "cut_off": "2026-08-31", "started_on": "2026-08-01"}, "113"),
        ({"started_on": "2026-08-01", "ended_on": "2026-08-09", "stay": {"patient_status": "01"}}, "114"),
        ({"ended_on": "2026-07-09", "stay": {"patient_status": "01"}}, "11"),
    ],
)
def test_a_bill_of_a_stay_says_which_of_its_bills_it_is(changes, type_of_bill):
    assert a_stay(**changes).stay.type_of_bill == type_of_bill


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "in-progress", "cut_off": "2026-07-31", "stay": {"patient_status": "01"}},
        {"ended_on": "2026-07-09", "stay": {"patient_status": "30"}},
    ],
)
def test_a_patient_who_has_left_and_is_still_there_is_asked(changes):
    assert [asked.question for asked in a_stay(**changes).asked] == ["stay"]


def test_a_line_that_goes_on_after_the_cut_off_is_asked():
    room = {"revenue_code": "0120", "charge": "86100.00", "service_from": "2026-07-06", "service_to": "2026-08-15"}

    outcome = a_stay(status="in-progress", cut_off="2026-07-31", services=[room])

    assert [asked.question for asked in outcome.asked] == ["service"]


@pytest.mark.parametrize("written", ["1e3", "\u0661", "1_000", "٣"])
def test_numbers_are_written_in_ascii_digits(written):
    service = {"procedure": "99213", "charge": "155.00", "units": written}

    with pytest.raises(ValidationError, match="write it in digits"):
        EncounterDocument.model_validate(an_encounter(services=[service]))


def test_nobody_pays_less_than_nothing():
    with pytest.raises(ValidationError, match="less than nothing"):
        EncounterDocument.model_validate(an_encounter(facts={"patient_paid": "-5.00"}))
