"""Where a visit was: the patient's home is not the clinic from which somebody went there."""

from uuid import UUID

import pytest
from claimstream_codesets import open_code_sets
from claimstream_schemas.values.people import Facility
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.answers import NONE, Answers
from coding_svc.domain.coding import code_visit
from coding_svc.intake.native import EncounterDocument

from ..builders import PRACTICE, an_encounter

BAY_STATE = PracticeDocument.model_validate(PRACTICE)
STREET = {"line1": "9 North Street", "city": "Quincy", "state": "MA", "postal_code": "02169"}


def facility_of(*, answers: Answers = NONE, described: Facility | None = None, **changes) -> str | None:
    visit = EncounterDocument.model_validate(an_encounter(**changes)).to_visit()
    visit = visit.model_copy(update={"location": described})
    facility = code_visit(visit, BAY_STATE, open_code_sets(), UUID(int=1), answers=answers).facility
    return facility.name if facility else None


@pytest.mark.parametrize(("place", "named"), [("11", "Main Street"), ("12", None), ("10", None), ("02", "Main Street")])
def test_a_visit_at_home_names_no_clinic_as_its_place(place, named):
    assert facility_of(place_of_service=place) == named


def test_nor_does_one_of_which_a_person_says_so():
    assert facility_of(answers=Answers(place_of_service="12")) is None


@pytest.mark.parametrize(("type_of_bill", "named"), [("32", None), ("341", None), ("13", "Main Street")])
def test_nor_does_a_bill_of_home_health(type_of_bill, named):
    services = [{"revenue_code": "0551", "procedure": "G0299", "charge": "150.00"}]

    assert facility_of(kind="institutional", stay={"type_of_bill": type_of_bill}, services=services) == named


@pytest.mark.parametrize(
    ("line1", "named"), [("9 North Street", None), ("1 MAIN STREET", None), ("7 Elm Lane", "Assisted Living")]
)
def test_a_place_that_the_ehr_describes_counts_unless_it_is_the_practices_own(line1, named):
    described = Facility(name="Assisted Living", address={**STREET, "line1": line1})

    assert facility_of(place_of_service="12", location=None, described=described) == named
