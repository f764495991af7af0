"""What another claim has already: the same service, or the office visit of the day; and what was not checked, which is counted."""

from claimstream_schemas.encounter_coded import EncounterPerson
from claimstream_schemas.values.people import PersonName

from ..builders import a_line, a_patient, a_subscriber, an_encounter_coded, claim_of

BABY = PersonName(last="Girl Castellan")


def a_newborn(encounter: str, *, record: str | None = None, member: str = "WMOTHER"):
    patient = a_patient(name=BABY, medical_record_number=record)
    person = EncounterPerson(patient=patient, subscribers=(a_subscriber(member),))
    return an_encounter_coded(encounter, person=person)


async def shown(claim_svc, path: str) -> dict:
    return (await claim_svc.client.get(path, headers=claim_svc.as_("biller"))).json()


async def states(claim_svc) -> list[str]:
    return [(await shown(claim_svc, f"/claims/{claim_of(each)}"))["state"] for each in ("E1", "E2")]


async def test_unnamed_twins_are_told_apart_by_their_record_numbers(claim_svc):
    await claim_svc.hears(a_newborn("E1", record="A"), a_newborn("E2", record="B"))

    assert await states(claim_svc) == ["released", "released"]


async def test_unnamed_twins_are_told_apart_by_their_member_ids(claim_svc):
    await claim_svc.hears(a_newborn("E1", member="W1"), a_newborn("E2", member="W2"))

    assert await states(claim_svc) == ["released", "released"]


async def test_one_baby_under_one_member_id_is_one_however_the_number_is_written(claim_svc):
    await claim_svc.hears(a_newborn("E1", member="W-1"), a_newborn("E2", member="w 1"))

    assert await states(claim_svc) == ["released", "held"]


def a_visit(encounter: str, procedure: str, **changes):
    return an_encounter_coded(encounter, lines=(a_line(encounter=encounter, procedure=procedure),), **changes)


async def test_a_second_office_visit_of_a_day_is_warned_of(claim_svc):
    await claim_svc.hears(a_visit("E1", "99213"), a_visit("E2", "99214"))

    second = await shown(claim_svc, f"/claims/{claim_of('E2')}")
    assert (second["state"], [each["rule"] for each in second["warnings"]]) == ("released", ["second-visit"])


async def test_a_second_office_visit_of_a_day_is_held_for_medicare(claim_svc):
    await claim_svc.hears(a_visit("E1", "99213", payers=("medicare",)), a_visit("E2", "99214", payers=("medicare",)))

    second = await shown(claim_svc, f"/claims/{claim_of('E2')}")
    assert (second["state"], [each["rule"] for each in second["findings"]]) == ("held", ["second-visit"])


async def test_the_days_visit_is_free_again_once_its_claim_does_without_it(claim_svc):
    await claim_svc.hears(a_visit("E1", "99213", place_of_service=None))
    await claim_svc.hears(a_visit("E1", "97110", place_of_service=None, version=2))

    await claim_svc.hears(a_visit("E2", "99214"))

    assert (await shown(claim_svc, f"/claims/{claim_of('E2')}"))["warnings"] == []


async def test_what_no_table_is_loaded_for_is_counted_and_told(claim_svc):
    pair = (a_line(1), a_line(2, procedure="17110", units="3"))
    await claim_svc.hears(an_encounter_coded("E1"), an_encounter_coded("E2", lines=pair, diagnoses=("E109", "E119")))

    counts = await shown(claim_svc, "/counts")
    claim = await shown(claim_svc, f"/claims/{claim_of('E2')}")
    assert counts["unchecked_claims"] == {"ncci": 1, "mue": 1, "global_days": 2, "excludes1": 1, "sex_age": 2}
    assert claim["unchecked"][:2] == ["NCCI pairs are not loaded", "MUE limits are not loaded"]
