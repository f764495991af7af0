"""A practice is loaded by version."""

from claimstream_schemas import PracticeChangedV1

from ..builders import PRACTICE


async def put(service, document, **headers):
    return await service.client.put(
        "/practices/bay-state", json=document, headers={**service.as_("practice-admin"), **headers}
    )


async def test_a_practice_is_told_once_however_often_it_is_loaded(empty):
    first = await put(empty, PRACTICE)
    again = await put(empty, PRACTICE)

    assert (first.json()["version"], again.json()["version"]) == (1, 1)
    assert [event.practice_version for event in await empty.told(PracticeChangedV1)] == [1]


async def test_another_document_is_the_next_version(empty):
    await put(empty, PRACTICE)
    await put(empty, {**PRACTICE, "name": "Bay State Renamed"})

    assert [(e.practice_version, e.practice.name) for e in await empty.told(PracticeChangedV1)][-1] == (
        2,
        "Bay State Renamed",
    )


async def test_a_fault_in_the_document_is_named_by_its_place(empty):
    answer = await put(empty, {**PRACTICE, "tin": "12-345"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "/tin"


async def test_a_token_of_another_practice_does_not_load_this_one(empty):
    answer = await put(empty, PRACTICE, **empty.as_("practice-admin", practice="elsewhere"))

    assert answer.status_code == 403


async def test_only_a_practice_admin_loads(empty):
    answer = await empty.client.put("/practices/bay-state", json=PRACTICE, headers=empty.as_("biller"))

    assert answer.status_code == 403
