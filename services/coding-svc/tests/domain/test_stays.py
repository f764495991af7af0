"""What a claim says of a stay: all of it where a facility bills it, the day of admission where a clinician does."""

from datetime import date
from uuid import UUID

import pytest
from claimstream_codesets import open_code_sets
from claimstream_schemas.values.encounter import Stay
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.coding import code_visit
from coding_svc.intake.native import EncounterDocument
from pydantic import ValidationError

from ..builders import PRACTICE, an_encounter

BAY_STATE = PracticeDocument.model_validate(PRACTICE)


def coded(**changes):
    document = EncounterDocument.model_validate(an_encounter(**changes))
    return code_visit(document.to_visit(), BAY_STATE, open_code_sets(), UUID(int=1))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ended_on": None},
        {"status": "in-progress", "cut_off": "2026-08-05"},
    ],
)
def test_who_treats_a_patient_in_a_bed_tells_the_day_of_admission_and_is_asked_nothing(changes):
    outcome = coded(stay={"admitted_on": "2026-08-02"}, **changes)

    assert (outcome.state, outcome.asked) == ("coded", ())
    assert outcome.stay == Stay(admitted_on=date(2026, 8, 2))
    assert outcome.place_of_service == "21"


def test_a_place_of_service_goes_before_the_hospitals():
    assert coded(stay={"admitted_on": "2026-08-02"}, place_of_service="31").place_of_service == "31"


def test_what_the_facility_tells_of_its_stay_is_not_a_clinicians_to_tell():
    stay = {"type_of_bill": "11", "admitted_on": "2026-08-02", "patient_status": "30", "values": [{"code": "80"}]}

    assert coded(stay=stay).stay == Stay(admitted_on=date(2026, 8, 2))
    assert coded(stay={"type_of_bill": "11"}).stay is None


def a_bill(*services, **changes):
    """A facility's encounter."""
    stay = {"type_of_bill": "21", "admitted_on": "2026-08-03", "patient_status": "01"} | changes.pop("stay", {})
    return {"kind": "institutional", "ended_on": "2026-08-05", "services": services, "stay": stay} | changes


@pytest.mark.parametrize(("revenue_code", "code"), [("0022", "nhnn1"), ("0023", "1AA11"), ("0024", "A0101")])
def test_the_code_of_a_payment_group_is_judged_by_no_list_of_procedures(revenue_code, code):
    outcome = coded(**a_bill({"revenue_code": revenue_code, "procedure": code, "charge": "0.00"}))

    assert [(line.revenue_code, line.procedure) for line in outcome.lines] == [(revenue_code, code.upper())]
    assert [check.code for check in outcome.checks if check.code_set == "procedure"] == []


def test_a_line_of_a_payment_group_has_five_characters():
    with pytest.raises(ValidationError, match="HIPPS"):
        coded(**a_bill({"revenue_code": "0022", "procedure": "NHNN", "charge": "0.00"}))


ROOM = {"revenue_code": "0120", "charge": "100.00", "units": "2"}


def a_leave(**changes):
    return {"code": "74", "from_date": "2026-08-03", "through_date": "2026-08-04"} | changes


def test_what_lasted_is_told_with_both_its_days():
    (span,) = coded(**a_bill(ROOM, stay={"occurrence_spans": [a_leave()]})).stay.occurrence_spans

    assert (span.code, span.from_date, span.through_date) == ("74", date(2026, 8, 3), date(2026, 8, 4))


@pytest.mark.parametrize("wrong", [{"through_date": "2026-08-02"}, {"code": "11"}, {"code": "M"}, {"from_date": None}])
def test_what_ends_before_it_began_or_is_no_code_of_a_span_is_refused_with_its_place(wrong):
    with pytest.raises(ValidationError, match=r"stay\.occurrence_spans\.0"):
        coded(**a_bill(ROOM, stay={"occurrence_spans": [a_leave(**wrong)]}))


def test_what_lasted_a_day_has_the_same_day_twice():
    assert coded(**a_bill(ROOM, stay={"occurrence_spans": [a_leave(through_date="2026-08-03")]})).state == "coded"


TREATMENT = {"revenue_code": "0420", "procedure": "97110", "charge": "80.00"}
GOES_ON = {"status": "in-progress", "ended_on": None, "cut_off": "2026-08-31", "started_on": "2026-08-01"}
ENDS = {"started_on": "2026-08-01", "ended_on": "2026-08-20"}
SINCE_JULY, SINCE_AUGUST = {"admitted_on": "2026-07-06"}, {"admitted_on": "2026-08-01"}


@pytest.mark.parametrize("care", ["13", "72", "85"])
@pytest.mark.parametrize(
    ("visit", "since", "frequency"),
    [
        (GOES_ON, SINCE_AUGUST, "2"),
        (GOES_ON, {"admitted_on": None}, "2"),
        (GOES_ON, SINCE_JULY, "3"),
        (ENDS, SINCE_JULY, "4"),
        (ENDS, SINCE_AUGUST, ""),
        (ENDS, {"admitted_on": None}, ""),
    ],
)
def test_a_bill_of_an_outpatients_series_says_which_of_its_bills_it_is(care, visit, since, frequency):
    stay = {"type_of_bill": care, "patient_status": None, **since}

    assert coded(**a_bill(TREATMENT, **visit, stay=stay)).stay.type_of_bill == f"{care}{frequency}"


@pytest.mark.parametrize("type_of_bill", ["131", "133", "32"])
def test_a_frequency_that_is_told_and_a_period_of_home_health_stay_as_they_are(type_of_bill):
    stay = {"type_of_bill": type_of_bill, "patient_status": None, **SINCE_JULY}

    assert coded(**a_bill(TREATMENT, **GOES_ON, stay=stay)).stay.type_of_bill == type_of_bill
    assert coded(**a_bill(TREATMENT, **ENDS, stay=stay)).stay.type_of_bill == type_of_bill
