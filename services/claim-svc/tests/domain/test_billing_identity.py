"""Who bills: the practice, or the place for the kinds of claim that it bills itself."""

import pytest
from claim_svc.contents import content_of
from claim_svc.domain.billing_identity import billing_provider, service_facility
from claimstream_schemas.values.people import Facility

from ..builders import HOME, a_practice, an_encounter_coded, an_inpatient_encounter

ADDRESS = {"line1": "1 Hospital Hill", "city": "Quincy", "state": "MA", "postal_code": "021690001"}
HOSPITAL = {"id": "h1", "name": "Hill Hospital", "npi": "1700005006", "address": ADDRESS, "kind": "hospital"}


def identity(event, **location):
    practice = a_practice(locations=[{**HOSPITAL, **location}])
    event = event.model_copy(update={"location_id": "h1"})
    return billing_provider(content_of(event, event.lines, practice), practice)


def test_a_hospital_bills_its_own_stays_as_itself():
    billed = identity(an_inpatient_encounter(), tax_id="999888777", taxonomy="282NC0060X")

    assert (billed.name, billed.npi, billed.tin, billed.taxonomy) == (
        "Hill Hospital",
        "1700005006",
        "999888777",
        "282NC0060X",
    )
    assert billed.address.line1 == "1 Hospital Hill"


def test_what_it_does_not_say_of_itself_is_the_practices_or_its_kinds():
    billed = identity(an_inpatient_encounter())

    assert (billed.tin, billed.taxonomy) == (a_practice().tin, "282N00000X")


@pytest.mark.parametrize(
    ("bills", "npi"), [(None, a_practice().npi), (["professional"], "1700005006"), ([], a_practice().npi)]
)
def test_a_doctors_claim_in_a_hospital_is_the_practices_unless_the_place_bills_it(bills, npi):
    assert identity(an_encounter_coded(), bills=bills).npi == npi


def test_an_institutional_claim_of_a_clinic_is_the_practices():
    assert identity(an_inpatient_encounter(), kind="clinic").npi == a_practice().npi


def test_the_service_facility_is_told_only_where_it_is_not_who_bills():
    practice = a_practice(locations=[HOSPITAL])
    place = Facility(name="Hill Hospital", npi="1700005006", address=HOME)
    stay, visit = (
        event.model_copy(update={"location_id": "h1", "facility": place})
        for event in (an_inpatient_encounter(), an_encounter_coded())
    )

    facilities = [service_facility(content_of(each, each.lines, practice), practice) for each in (stay, visit)]

    assert facilities == [None, place]


@pytest.mark.parametrize(("event", "code"), [(an_encounter_coded, "MB"), (an_inpatient_encounter, "MA")])
def test_medicare_has_a_filing_code_for_each_kind_of_claim(event, code):
    made = event(payers=("medicare",))

    assert content_of(made, made.lines, a_practice()).payers[0].claim_filing_indicator == code
