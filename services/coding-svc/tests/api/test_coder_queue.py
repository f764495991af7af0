"""What cannot be coded with confidence waits for a coder, who has the last word."""

import pytest
from claimstream_schemas import EncounterCoded

from ..builders import an_encounter, encode, post


@pytest.fixture
async def waiting(coding_svc):
    """An encounter in the queue."""
    answer = await post(coding_svc, an_encounter(diagnoses=[{"text": "Viral sinusitis"}]))
    await encode(coding_svc)
    return answer.json()["encounters"][0]["id"]


async def say(service, encounter: str, **answer):
    body = {"version": 1, "diagnoses": [{"code": "J01.90"}], **answer}
    return await service.client.post(
        f"/encounters/{encounter}/codes", json=body, headers=service.as_("coder", subject="kim")
    )


async def test_an_unsure_text_is_not_guessed_but_asked_with_proposals(coding_svc, waiting):
    queue = (await coding_svc.client.get("/coder-queue", headers=coding_svc.as_("coder"))).json()

    (question,) = queue["questions"]
    assert question["id"] == waiting
    assert question["asked"][0]["question"] == "diagnosis"
    assert "J329" in [proposal["code"] for proposal in question["proposals"]]
    assert await coding_svc.told(EncounterCoded) == []


async def test_the_coders_answer_is_told_in_the_coders_name(coding_svc, waiting):
    answer = await say(coding_svc, waiting)

    assert answer.json()["state"] == "coded"
    (coded,) = await coding_svc.told(EncounterCoded)
    assert ([diagnosis.code for diagnosis in coded.diagnoses], coded.coded_by) == (["J0190"], "kim")
    queue = (await coding_svc.client.get("/coder-queue", headers=coding_svc.as_("coder"))).json()
    assert queue["questions"] == []


@pytest.mark.parametrize("code", ["J01", "S30.1XXA", "Z99.999"])
async def test_a_code_that_is_not_billable_that_day_is_refused(coding_svc, waiting, code):
    answer = await say(coding_svc, waiting, diagnoses=[{"code": code}])

    assert answer.status_code == 422
    assert answer.json()["place"] == "/diagnoses/0/code"


async def test_an_answer_is_taken_once(coding_svc, waiting):
    await say(coding_svc, waiting)
    again = await say(coding_svc, waiting)

    assert again.status_code == 409
    assert len(await coding_svc.told(EncounterCoded)) == 1


async def test_an_answer_to_an_older_version_is_refused(coding_svc, waiting):
    await post(coding_svc, an_encounter(diagnoses=[{"text": "Viral sinusitis, worse"}]))
    await encode(coding_svc)

    assert (await say(coding_svc, waiting)).status_code == 409


async def test_only_a_coder_may_answer(coding_svc, waiting):
    body = {"version": 1, "diagnoses": [{"code": "J01.90"}]}
    answer = await coding_svc.client.post(f"/encounters/{waiting}/codes", json=body, headers=coding_svc.as_("biller"))

    assert answer.status_code == 403


async def test_an_unknown_payer_waits_until_the_practice_knows_it(coding_svc):
    await post(coding_svc, an_encounter(coverages=[{"payer": "Guild Plan", "member_id": "G1"}]))
    listed = (await coding_svc.client.get("/coder-queue", headers=coding_svc.as_("coder"))).json()
    assert listed["questions"][0]["asked"][0]["question"] == "payer"

    practice = (await coding_svc.client.get("/practices/bay-state", headers=coding_svc.as_("biller"))).json()[
        "practice"
    ]
    practice["payers"][0]["also_known_as"].append("Guild Plan")
    await coding_svc.client.put("/practices/bay-state", json=practice, headers=coding_svc.as_("practice-admin"))
    await encode(coding_svc)

    assert [event.coverages[0].payer_id for event in await coding_svc.told(EncounterCoded)] == ["blue-cross"]


async def test_reading_an_encounter_is_audited(coding_svc, waiting):
    answer = await coding_svc.client.get(f"/encounters/{waiting}", headers=coding_svc.as_("coder", subject="kim"))

    assert answer.json()["outcome"]["state"] == "awaiting_coder"
    row = await coding_svc.database.fetch_one("SELECT actor, subject FROM audit_entries WHERE kind = 'read'")
    assert row == {"actor": "kim", "subject": f"encounter {waiting}"}


async def test_lists_are_paged(coding_svc):
    for number in range(3):
        await post(coding_svc, an_encounter(encounter_id=f"V-{number}"))

    first = (await coding_svc.client.get("/encounters?limit=2&state=coded", headers=coding_svc.as_("biller"))).json()
    path = f"/encounters?limit=2&state=coded&after={first['next_after']}"
    second = (await coding_svc.client.get(path, headers=coding_svc.as_("biller"))).json()

    assert (len(first["encounters"]), len(second["encounters"]), second["next_after"]) == (2, 1, None)


async def ask(service, encounter: str, *roles: str, **answer):
    return await service.client.post(
        f"/encounters/{encounter}/codes",
        json={"version": 1, **answer},
        headers=service.as_(*(roles or ("biller",)), subject="lee"),
    )


async def posted(service, **changes) -> str:
    answer = await post(service, an_encounter(**changes))
    assert answer.status_code == 202, answer.text
    identity: str = answer.json()["encounters"][0]["id"]
    return identity


async def test_a_place_is_asked_once_for_each_location_and_then_remembered(coding_svc):
    first = await posted(coding_svc, encounter_id="V-1", location="far-clinic")
    await posted(coding_svc, encounter_id="V-2", location="far-clinic")
    await posted(coding_svc, encounter_id="V-3", location="other-clinic")

    answer = await ask(coding_svc, first, place_of_service="11")
    await encode(coding_svc)
    await posted(coding_svc, encounter_id="V-4", location="far-clinic")

    assert answer.json()["state"] == "coded"
    told = {event.ehr_encounter_id: event for event in await coding_svc.told(EncounterCoded)}
    assert {name: (event.place_of_service, event.place_of_service_source) for name, event in told.items()} == {
        "V-1": ("11", "coder"),
        "V-2": ("11", "remembered"),
        "V-4": ("11", "remembered"),
    }
    assert {event.coded_by for event in told.values()} == {"ehr"}


async def test_a_location_that_is_a_nursing_home_has_its_places_from_then_on(coding_svc):
    first = await posted(coding_svc, encounter_id="V-1", location="hill-home")

    assert (await ask(coding_svc, first, location_kind="nursing_home")).json()["state"] == "coded"
    (coded,) = await coding_svc.told(EncounterCoded)
    assert (coded.place_of_service, coded.place_of_service_source) == ("32", "location")


async def test_a_hospital_is_remembered_as_one_and_each_visit_is_asked_for_itself(coding_svc):
    first = await posted(coding_svc, encounter_id="V-1", location="big-hospital")

    answer = await ask(coding_svc, first, location_kind="hospital", place_of_service="22")
    second = await posted(coding_svc, encounter_id="V-2", location="big-hospital")

    assert answer.json()["state"] == "coded"
    row = (await coding_svc.client.get(f"/encounters/{second}", headers=coding_svc.as_("biller"))).json()
    assert "inpatient (21)" in row["outcome"]["asked"][0]["detail"]


async def test_an_answer_that_should_not_be_remembered_is_not(coding_svc):
    first = await posted(coding_svc, encounter_id="V-1", location="far-clinic")
    await ask(coding_svc, first, place_of_service="11", remember=False)
    second = await posted(coding_svc, encounter_id="V-2", location="far-clinic")

    row = (await coding_svc.client.get(f"/encounters/{second}", headers=coding_svc.as_("biller"))).json()
    assert row["state"] == "awaiting_coder"


async def test_a_biller_puts_the_payers_in_order(coding_svc):
    practice = (await coding_svc.client.get("/practices/bay-state", headers=coding_svc.as_("biller"))).json()[
        "practice"
    ]
    medicaid = {**practice["payers"][0], "id": "medicaid", "x12_id": "MCD", "name": "M", "also_known_as": []}
    practice["payers"].append({**medicaid, "claim_filing_indicator": "MC"})
    await coding_svc.client.put("/practices/bay-state", json=practice, headers=coding_svc.as_("practice-admin"))
    coverages = [{"payer": "medicaid", "member_id": "100200"}, {"payer": "blue-cross", "member_id": "M123"}]
    waiting = await posted(coding_svc, coverages=coverages)

    unknown = await ask(coding_svc, waiting, payers=["nobody"])
    answer = await ask(coding_svc, waiting, payers=["blue-cross", "medicaid"])

    assert (unknown.status_code, unknown.json()["place"]) == (422, "/payers/0")
    assert answer.json()["state"] == "coded"
    (coded,) = await coding_svc.told(EncounterCoded)
    assert [coverage.payer_id for coverage in coded.coverages] == ["blue-cross", "medicaid"]
    assert [subscriber.member_id for subscriber in coded.person.subscribers] == ["M123", "100200"]


async def test_what_one_person_answers_is_kept_while_another_still_has_to(coding_svc):
    waiting = await posted(coding_svc, location="far-clinic", diagnoses=[{"text": "Viral sinusitis"}])
    await encode(coding_svc)

    placed = await ask(coding_svc, waiting, place_of_service="11", remember=False)
    nothing = await ask(coding_svc, waiting, prior_authorization="A1")
    coded = await ask(coding_svc, waiting, "coder", diagnoses=[{"code": "J01.90"}])

    assert [each["question"] for each in placed.json()["asked"]] == ["diagnosis"]
    assert (nothing.status_code, nothing.json()["type"].rsplit("/", 1)[-1]) == (422, "still-open")
    assert coded.json()["state"] == "coded"
    (event,) = await coding_svc.told(EncounterCoded)
    assert (event.place_of_service, event.coded_by, [one.code for one in event.diagnoses]) == ("11", "lee", ["J0190"])


async def test_a_question_that_needs_no_fact_passes_with_a_reason(coding_svc):
    coverage = {"payer": "blue-cross", "member_id": "M123", "period_start": "2026-08-04"}
    waiting = await posted(coding_svc, coverages=[coverage], ended_on="2026-08-04")

    answer = await ask(coding_svc, waiting, settled=[{"question": "coverage", "reason": "the plan took both days"}])

    assert answer.json()["state"] == "coded"


async def test_a_reason_does_not_settle_what_needs_a_fact(coding_svc):
    waiting = await posted(coding_svc, location="far-clinic")

    answer = await ask(coding_svc, waiting, settled=[{"question": "place_of_service", "reason": "never mind"}])

    assert answer.status_code == 422


async def test_an_encounter_that_is_not_to_be_billed_is_closed_with_its_reason(coding_svc):
    waiting = await posted(coding_svc, status="planned")

    answer = await ask(coding_svc, waiting, not_billable="the patient never came")

    assert answer.json()["state"] == "not_billable"
    assert (await ask(coding_svc, waiting, not_billable="again")).status_code == 409


async def test_answers_are_for_the_version_that_was_looked_at(coding_svc):
    waiting = await posted(coding_svc, location="far-clinic")
    await ask(coding_svc, waiting, place_of_service="11", remember=False)
    again = await post(
        coding_svc, an_encounter(location="far-clinic", services=[{"procedure": "99214", "charge": "1.00"}])
    )

    assert again.json()["encounters"][0]["state"] == "awaiting_coder"


@pytest.mark.parametrize(("remember", "state"), [(None, "awaiting_coder"), (True, "coded")])
async def test_what_it_means_that_an_ehr_names_no_location_is_remembered_only_when_said(coding_svc, remember, state):
    first = await posted(coding_svc, encounter_id="V-1", location=None)
    await ask(coding_svc, first, place_of_service="11", remember=remember)
    second = await posted(coding_svc, encounter_id="V-2", location=None)

    row = (await coding_svc.client.get(f"/encounters/{second}", headers=coding_svc.as_("biller"))).json()
    assert row["state"] == state


async def test_lines_that_each_tell_their_place_leave_nothing_to_ask(coding_svc):
    lines = [{"procedure": "99213", "charge": "155.00", "place_of_service": "12"}]
    await posted(coding_svc, location=None, services=lines)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert (coded.place_of_service, coded.place_of_service_source) == ("12", "given")


async def test_what_waits_says_what_its_lines_come_to_so_far(coding_svc):
    unpriced = [{"procedure": "99499"}]
    unsure = {"diagnoses": [{"text": "Viral sinusitis"}]}
    await post(coding_svc, an_encounter(encounter_id="V-1", **unsure))
    await post(coding_svc, an_encounter(encounter_id="V-2", **unsure, services=unpriced))
    await encode(coding_svc)

    answer = await coding_svc.client.get("/encounters?state=awaiting_coder", headers=coding_svc.as_("biller"))

    charges = {each["encounter_id"]: each["total_charge"] for each in answer.json()["encounters"]}
    assert charges == {"V-1": "155.00", "V-2": None}


async def test_reading_the_queue_is_audited_and_finding_it_empty_is_not(coding_svc, waiting):
    headers = coding_svc.as_("coder", subject="kim")
    reads = "SELECT practice, actor, subject FROM audit_entries WHERE kind = 'read'"

    await coding_svc.client.get("/coder-queue", params={"after": waiting}, headers=headers)
    before = await coding_svc.database.fetch(reads)
    await coding_svc.client.get("/coder-queue", headers=headers)

    assert before == []
    assert await coding_svc.database.fetch(reads) == [
        {"practice": "bay-state", "actor": "kim", "subject": "coder's queue, 1 encounters"}
    ]


async def test_the_queue_is_no_operators(coding_svc, waiting):
    answer = await coding_svc.client.get("/coder-queue", headers=coding_svc.as_("operator"))

    assert answer.status_code == 403
    assert answer.json()["type"].endswith("role-missing")
