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
