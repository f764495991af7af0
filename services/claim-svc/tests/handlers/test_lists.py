"""What people read page by page: what was submitted, and visits that no payer is billed for."""

import pytest
from claim_svc.views import LONGEST_IDLE_DAYS
from claimstream_schemas.values.encounter import VisitFacts

from ..builders import a_line, an_adjudication, an_answer, an_encounter_coded, claim_of


async def pages_of(claim_svc, path: str, name: str) -> list[dict]:
    found, after = [], ""
    while True:
        answer = (await claim_svc.client.get(f"{path}?limit=1{after}", headers=claim_svc.as_("biller"))).json()
        found += answer[name]
        if answer["next_after"] is None:
            return found
        after = f"&after={answer['next_after']}"


async def test_every_submission_is_listed_once_with_how_far_it_came(claim_svc):
    await claim_svc.hears(
        an_encounter_coded("E1", payers=("blue", "medicare")),
        an_encounter_coded("E2", payers=("medicare",), lines=(a_line(encounter="E2", procedure="99214"),)),
    )
    await claim_svc.hears(an_answer(claim_of("E1"), accepted=True))
    await claim_svc.hears(an_answer(claim_of("E2"), accepted=False), an_adjudication(claim_of("E1")))

    listed = await pages_of(claim_svc, "/submissions", "submissions")

    by_place = {(row["claim_id"], row["ordinal"]): row for row in listed}
    assert len(listed) == len(by_place) == 3
    first, second, refused = (
        by_place[str(claim), ordinal]
        for claim, ordinal in ((claim_of("E1"), 1), (claim_of("E1"), 2), (claim_of("E2"), 1))
    )
    assert (first["payer_sequence"], first["is_accepted"], first["total_charge"]) == ("P", True, "120.00")
    assert (second["payer_sequence"], second["is_accepted"], second["file_name"]) == ("S", False, None)
    assert (refused["state"], refused["is_accepted"]) == ("rejected", False)


async def test_a_submission_tells_whether_its_payer_answered_at_all(claim_svc):
    other = an_encounter_coded("E2", payers=("medicare",), lines=(a_line(encounter="E2", procedure="99214"),))
    await claim_svc.hears(an_encounter_coded("E1"), other)
    await claim_svc.hears(
        an_answer(claim_of("E1"), accepted=True, payer_level=False), an_answer(claim_of("E2"), accepted=False)
    )

    listed = await pages_of(claim_svc, "/submissions", "submissions")

    answered = {row["claim_id"]: row["is_answered_by_payer"] for row in listed}
    assert answered == {str(claim_of("E1")): False, str(claim_of("E2")): True}


async def test_a_claim_that_was_held_stays_one_that_was_held(claim_svc):
    await claim_svc.hears(
        an_encounter_coded("E1", place_of_service=None), an_encounter_coded("E2", payers=("medicare",))
    )
    await claim_svc.hears(an_encounter_coded("E1", version=2))

    listed = await pages_of(claim_svc, "/claims", "claims")

    told = {row["claim_id"]: (row["state"], row["was_held"]) for row in listed}
    assert told == {str(claim_of("E1")): ("released", True), str(claim_of("E2")): ("released", False)}


async def test_what_is_held_after_a_payer_refused_it_was_clean_at_first(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_answer(claim_of(), accepted=False))
    await claim_svc.hears(an_encounter_coded(version=2, place_of_service=None))

    (listed,) = await pages_of(claim_svc, "/claims", "claims")

    assert (listed["state"], listed["was_held"]) == ("held", False)


async def test_visits_without_a_payer_are_listed_with_what_they_charge_and_what_was_paid(claim_svc):
    await claim_svc.hears(
        an_encounter_coded("E1", payers=(), facts=VisitFacts(patient_paid="20.00")),
        an_encounter_coded("E2", payers=()),
        an_encounter_coded("E3", lines=(a_line(encounter="E3", procedure="99214"),)),
    )
    await claim_svc.hears(an_encounter_coded("E2", version=2))

    (listed,) = await pages_of(claim_svc, "/self-pay-visits", "visits")

    assert (listed["total_charge"], listed["patient_paid"]) == ("120.00", "20.00")


async def test_the_lists_show_no_other_practice(claim_svc):
    await claim_svc.hears(an_encounter_coded("E1"), an_encounter_coded("E2", payers=()))
    stranger = claim_svc.as_("biller", practice="other")

    for path, name in (("/submissions", "submissions"), ("/self-pay-visits", "visits")):
        assert (await claim_svc.client.get(path, headers=stranger)).json()[name] == []


async def test_a_filter_that_is_spelled_wrong_is_refused_with_those_that_there_are(claim_svc):
    answer = await claim_svc.client.get("/claims?encounter=E1", headers=claim_svc.as_("biller"))

    problem = answer.json()
    assert (answer.status_code, problem["place"]) == (422, "query/encounter")
    assert "encounter_id" in problem["remedy"]
    assert "after" in problem["remedy"]


async def test_the_longest_idleness_can_be_asked_for(claim_svc):
    answer = await claim_svc.client.get(f"/claims?idle_days={LONGEST_IDLE_DAYS}", headers=claim_svc.as_("biller"))

    assert (answer.status_code, answer.json()["claims"]) == (200, [])


@pytest.mark.parametrize("days", [LONGEST_IDLE_DAYS + 1, 86_153_772, 2**40])
async def test_days_of_idleness_before_any_moment_are_refused_with_their_limit(claim_svc, days):
    answer = await claim_svc.client.get(f"/claims?idle_days={days}", headers=claim_svc.as_("biller"))

    assert (answer.status_code, answer.json()["place"]) == (422, "/idle_days")
    assert str(LONGEST_IDLE_DAYS) in answer.text


async def test_a_claim_is_found_by_each_of_its_payers_and_by_the_patients_name_as_people_write_it(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))

    for query in ("payer_id=blue", "payer_id=medicare", "patient=Castellan,%20Mira", "patient=castellan%20mi"):
        answer = await claim_svc.client.get(f"/claims?{query}", headers=claim_svc.as_("biller"))
        assert [each["claim_id"] for each in answer.json()["claims"]] == [str(claim_of())], query


async def test_corrections_are_found_by_claim_and_kind(claim_svc):
    await claim_svc.hears(an_encounter_coded("E1"))
    await claim_svc.hears(an_encounter_coded("E1", version=2, charge="150.00"))

    for query, found in ((f"claim_id={claim_of()}&kind=replacement", 1), (f"claim_id={claim_of('E2')}", 0)):
        answer = await claim_svc.client.get(f"/corrections?{query}", headers=claim_svc.as_("biller"))
        assert len(answer.json()["corrections"]) == found
