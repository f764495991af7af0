"""A correction is written as intake would have written it, whatever the biller's hand."""

from datetime import date

import pytest
from claim_svc.contents import content_of
from claim_svc.domain.correcting import CannotChange, Change, corrected
from claimstream_schemas.values.encounter import InstitutionalProcedure, Stay
from claimstream_schemas.values.people import Facility

from ..builders import a_line, a_practice, an_encounter_coded, an_inpatient_encounter

VISIT = content_of(an_encounter_coded(), (a_line(1),), a_practice())
INPATIENT = an_inpatient_encounter()
STAY = content_of(INPATIENT, INPATIENT.lines, a_practice())


def after(content, place, value):
    return corrected(content, (Change(place=place, value=value),))


@pytest.mark.parametrize("written", ["E11.9", "e11.9", " E119 ", "e119"])
def test_a_diagnosis_is_taken_with_its_point_and_in_any_case(written):
    whole = [{"code": written, "kind": "principal"}]

    assert after(VISIT, "diagnoses/1/code", written).diagnoses[0].code == "E119"
    assert after(VISIT, "diagnoses", whole).diagnoses[0].code == "E119"


def test_a_procedure_is_taken_in_any_case():
    assert after(VISIT, "lines/1/procedure", " j1885 ").lines[0].procedure == "J1885"


def test_a_procedure_of_a_stay_is_taken_in_any_case():
    told = [{"code": "02703dz", "performed_on": "2026-08-01"}]

    assert after(STAY, "stay/procedures", told).stay.procedures == (
        InstitutionalProcedure(code="02703DZ", performed_on=date(2026, 8, 1)),
    )


def test_a_number_is_trimmed():
    provider = {"npi": " 1234567893 ", "last_name": "Healer", "first_name": "Helen"}

    assert after(VISIT, "providers/rendering", provider).providers.rendering.npi == "1234567893"


def test_a_clinicians_claim_is_told_the_day_of_admission_alone_and_a_facilitys_keeps_its_type_of_bill():
    assert after(VISIT, "stay", {"admitted_on": "2026-08-01"}).stay == Stay(admitted_on=date(2026, 8, 1))
    for place, value in (("stay", {"admitted_on": "2026-08-01"}), ("stay/type_of_bill", "")):
        with pytest.raises(CannotChange) as refused:
            after(STAY, place, value)
        assert refused.value.place == "stay/type_of_bill"


def test_a_visit_that_turns_out_to_be_at_home_was_at_no_facility():
    facility = Facility(name="Harbor Clinic", npi="1234567893", address=a_practice().address.model_dump())
    at_the_clinic = VISIT.model_copy(update={"facility": facility})

    assert after(at_the_clinic, "place_of_service", "12").facility is None
    assert after(at_the_clinic, "place_of_service", "22").facility == facility
