"""A visit is billed when it has ended, up to a cut-off, or not at all."""

import pytest
from claimstream_schemas import EncounterCoded

from ..builders import an_encounter, post

STAY = {
    "kind": "institutional",
    "started_on": "2026-07-06",
    "ended_on": "2026-07-09",
    "providers": {"attending": {"id": "dr-okafor"}},
    "diagnoses": [{"code": "J18.9", "kind": "principal", "present_on_admission": "Y"}],
    "services": [{"revenue_code": "0120", "charge": "6300.00", "units": "3"}],
    "stay": {"type_of_bill": "11", "admitted_on": "2026-07-06", "patient_status": "01"},
}


async def state_of(service, **changes) -> str:
    answer = await post(service, an_encounter(**changes))
    assert answer.status_code == 202, answer.text
    state: str = answer.json()["encounters"][0]["state"]
    return state


@pytest.mark.parametrize("status", ["planned", "arrived", "triaged", "in-progress", "onleave", "unknown"])
async def test_what_goes_on_waits_and_says_nothing(coding_svc, status):
    assert await state_of(coding_svc, status=status) == "unfinished"
    assert await coding_svc.told(EncounterCoded) == []


async def test_a_later_version_that_is_finished_goes_on(coding_svc):
    await state_of(coding_svc, status="in-progress")

    assert await state_of(coding_svc, status="finished") == "coded"
    (coded,) = await coding_svc.told(EncounterCoded)
    assert (coded.encounter_version, coded.ended) == (2, None)


@pytest.mark.parametrize(
    ("status", "state", "ended"),
    [
        ("cancelled", "not_billable", "cancelled"),
        ("entered-in-error", "not_billable", "entered_in_error"),
        ("in-progress", "unfinished", "reopened"),
    ],
)
async def test_what_could_be_billed_and_ended_otherwise_is_told(coding_svc, status, state, ended):
    await state_of(coding_svc)

    assert await state_of(coding_svc, status=status) == state
    (_, last) = await coding_svc.told(EncounterCoded)
    assert (last.ended, last.encounter_version, last.lines, last.coverages) == (ended, 2, (), ())


async def test_up_to_a_cut_off_a_stay_is_billed_with_the_patient_still_there(coding_svc):
    stay = STAY | {"ended_on": None, "status": "in-progress", "cut_off": "2026-07-31"}
    stay["stay"] = {"type_of_bill": "112", "admitted_on": "2026-07-06"}
    stay["services"] = [
        {"revenue_code": "0120", "charge": "54600.00", "units": "26"},
        {"revenue_code": "0301", "procedure": "80053", "charge": "58.00", "service_from": "2026-08-01"},
    ]

    assert await state_of(coding_svc, **stay) == "coded"
    (coded,) = await coding_svc.told(EncounterCoded)
    assert (coded.ended_on.isoformat(), coded.stay.patient_status, coded.stay.type_of_bill) == (
        "2026-07-31",
        "30",
        "112",
    )
    assert [line.revenue_code for line in coded.lines] == ["0120"]


@pytest.mark.parametrize("changes", [{"cut_off": "2026-08-31"}, {"status": "in-progress", "cut_off": "2026-08-01"}])
async def test_a_cut_off_belongs_to_a_visit_that_goes_on(coding_svc, changes):
    answer = await post(coding_svc, an_encounter(**changes))

    assert (answer.status_code, "cut_off" in answer.text) == (422, True)


@pytest.mark.parametrize("missing", ["ended_on", "patient_status"])
async def test_a_stay_is_never_given_an_end_or_a_way_of_leaving(coding_svc, missing):
    stay = {**STAY, "stay": {**STAY["stay"]}}
    stay["stay"].pop(missing, None)
    stay[missing] = None if missing == "ended_on" else stay.pop(missing, None)

    assert await state_of(coding_svc, **stay) == "awaiting_coder"
    queue = (await coding_svc.client.get("/coder-queue", headers=coding_svc.as_("coder"))).json()
    assert [asked["question"] for asked in queue["questions"][0]["asked"]] == ["stay"]


async def test_of_an_outpatient_nobody_asks_how_he_left(coding_svc):
    visit = {**STAY, "ended_on": None, "stay": {"type_of_bill": "131"}}

    assert await state_of(coding_svc, **visit) == "coded"


async def test_an_authorisation_of_a_line_reaches_the_institutional_claim(coding_svc):
    line = {"revenue_code": "0120", "charge": "6300.00", "units": "3", "prior_authorization": "INPAUTH77"}

    assert await state_of(coding_svc, **STAY | {"services": [line]}) == "coded"
    (coded,) = await coding_svc.told(EncounterCoded)
    assert coded.facts.prior_authorization == "INPAUTH77"


async def test_two_authorisations_of_one_institutional_claim_are_asked(coding_svc):
    lines = [
        {"revenue_code": code, "charge": "100.00", "prior_authorization": number}
        for code, number in (("0120", "ONE"), ("0250", "TWO"))
    ]

    assert await state_of(coding_svc, **STAY | {"services": lines}) == "awaiting_coder"


@pytest.mark.parametrize("units", ["0", "-1", "0.0"])
async def test_no_units_are_refused(coding_svc, units):
    answer = await post(coding_svc, an_encounter(services=[{"procedure": "99213", "charge": "155.00", "units": units}]))

    assert (answer.status_code, answer.json()["place"]) == (422, "/services/0/units")


@pytest.mark.parametrize("day", [20260803, "2026-08", "2026-08-03T00:00:00", 1785715200])
async def test_only_a_whole_day_is_a_day(coding_svc, day):
    answer = await post(coding_svc, an_encounter(started_on=day))

    assert (answer.status_code, answer.json()["place"]) == (422, "/started_on")


async def test_a_member_that_nobody_knows_is_refused_however_deep(coding_svc):
    facts = {"accident_date": "2026-08-01"}

    answer = await post(coding_svc, an_encounter(facts=facts))

    assert (answer.status_code, answer.json()["place"]) == (422, "/facts/accident_date")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ({"state": "QC", "postal_code": "H2X1Y4", "country": "CA"}, 202),
        ({"country": "IE"}, 202),
        ({"state": "QC", "postal_code": "H2X1Y4"}, 422),
        ({"state": "MA", "postal_code": "0216"}, 422),
        ({"state": "Quebec", "postal_code": "H2X1Y4", "country": "CA"}, 422),
    ],
)
async def test_a_foreign_address_is_taken_and_a_domestic_one_has_a_zip_code(coding_svc, address, status):
    patient = {
        "name": {"last": "Tremblay", "first": "Luc"},
        "birth_date": "1970-01-15",
        "sex": "M",
        "address": {"line1": "5 Rue X", "city": "Montreal", **address},
    }

    assert (await post(coding_svc, an_encounter(patient=patient))).status_code == status
