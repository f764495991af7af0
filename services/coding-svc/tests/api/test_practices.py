"""A practice is loaded by version."""

import pytest
from claimstream_kit.auth import INSTALLATION
from claimstream_schemas import ContractChanged, PracticeChanged

from ..builders import PRACTICE


async def put(service, document, **headers):
    return await service.client.put(
        "/practices/bay-state",
        json=document,
        headers={**service.as_("practice-admin", practice=INSTALLATION), **headers},
    )


async def test_a_practice_is_told_once_however_often_it_is_loaded(empty):
    first = await put(empty, PRACTICE)
    again = await put(empty, PRACTICE)

    assert (first.json()["version"], again.json()["version"]) == (1, 1)
    assert [event.practice_version for event in await empty.told(PracticeChanged)] == [1]


async def test_another_document_is_the_next_version(empty):
    await put(empty, PRACTICE)
    await put(empty, {**PRACTICE, "name": "Bay State Renamed"})

    assert [(e.practice_version, e.practice.name) for e in await empty.told(PracticeChanged)][-1] == (
        2,
        "Bay State Renamed",
    )


async def test_a_fault_in_the_document_is_named_by_its_place(empty):
    answer = await put(empty, {**PRACTICE, "tin": "12-345"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "/tin"


@pytest.mark.parametrize(
    "line1",
    ["PO BOX 12", "P.O. Box 12", "p o box 12", "Post Office Box 12", "LOCK BOX 12", "1 Elm Street, P. O. Box 12"],
)
async def test_who_bills_has_a_street_and_no_post_box(empty, line1):
    answer = await put(empty, {**PRACTICE, "address": {**PRACTICE["address"], "line1": line1}})

    problem = answer.json()
    assert (answer.status_code, problem["place"]) == (422, "/address/line1")
    assert problem["remedy"] == "give the street; the payers' payment address is not sent"
    assert await empty.told(PracticeChanged) == []


@pytest.mark.parametrize(("bills", "status"), [(["professional"], 422), ([], 200), (None, 200)])
async def test_nor_has_a_location_that_bills_itself(empty, bills, status):
    main, north = PRACTICE["locations"]
    boxed = {**north, "address": {**north["address"], "line1": "PO Box 9"}, "bills": bills}

    answer = await put(empty, {**PRACTICE, "locations": [main, boxed]})

    assert (answer.status_code, answer.json().get("place")) == (status, "/locations/1/address/line1" if bills else None)


@pytest.mark.parametrize("line1", ["757 BOSTON POST RD", "5 Boxwood Lane", "12 Depot Box Street", "3 Lockwood Drive"])
async def test_a_street_is_no_post_box_because_it_sounds_like_one(empty, line1):
    assert (await put(empty, {**PRACTICE, "address": {**PRACTICE["address"], "line1": line1}})).status_code == 200


async def test_a_token_of_another_practice_does_not_load_this_one(empty):
    answer = await put(empty, PRACTICE, **empty.as_("practice-admin", practice="elsewhere"))

    assert answer.status_code == 403


async def test_only_a_practice_admin_loads(empty):
    answer = await empty.client.put("/practices/bay-state", json=PRACTICE, headers=empty.as_("biller"))

    assert answer.status_code == 403


def a_fee_schedule(name: str = "blue", version: str = "1", allowed: str = "80.00", **changes) -> dict:
    fees = [{"procedure": "99213", "allowed": allowed}]
    return {"id": name, "version": version, "effective_from": "2025-01-01", "fees": fees, **changes}


async def contracts_told(service) -> list[tuple[str, int, bool, list[str]]]:
    """Each contract that was told: its name, its revision, whether it is gone, the versions of its terms."""
    return [
        (event.contract_id, event.revision, event.removed, [terms.version for terms in event.terms])
        for event in await service.told(ContractChanged)
    ]


async def contracts_named(service) -> list[dict[str, int]]:
    """What each version of the practice names."""
    return [{each.id: each.revision for each in event.contracts} for event in await service.told(PracticeChanged)]


async def test_a_practice_names_its_contracts_and_each_is_told_by_itself(empty):
    schedules = [a_fee_schedule(version="2025", effective_to="2025-12-31"), a_fee_schedule("aetna"), a_fee_schedule()]

    await put(empty, {**PRACTICE, "fee_schedules": schedules})

    assert await contracts_told(empty) == [("blue", 1, False, ["2025", "1"]), ("aetna", 1, False, ["1"])]
    assert await contracts_named(empty) == [{"blue": 1, "aetna": 1}]
    (event,) = await empty.told(PracticeChanged)
    assert {"fee_schedules", "charge_master"} & event.practice.model_dump().keys() == set()


async def test_the_same_document_again_says_nothing(empty):
    document = {**PRACTICE, "fee_schedules": [a_fee_schedule()]}
    await put(empty, document)
    before = await empty.told_topics()

    await put(empty, document)

    assert await empty.told_topics() == before


async def test_only_the_contract_that_changed_is_told_in_its_next_revision(empty):
    await put(empty, {**PRACTICE, "fee_schedules": [a_fee_schedule("blue"), a_fee_schedule("aetna")]})
    await put(empty, {**PRACTICE, "fee_schedules": [a_fee_schedule("blue"), a_fee_schedule("aetna", allowed="81.00")]})
    await put(
        empty, {**PRACTICE, "name": "Renamed", "fee_schedules": [a_fee_schedule("blue"), a_fee_schedule("aetna")]}
    )

    assert [told[:2] for told in await contracts_told(empty)] == [("blue", 1), ("aetna", 1), ("aetna", 2), ("aetna", 3)]
    assert await contracts_named(empty) == [{"blue": 1, "aetna": number} for number in (1, 2, 3)]


async def test_a_contract_that_is_gone_is_told_as_removed_and_counts_on_when_it_comes_back(empty):
    for schedules in ([a_fee_schedule()], [], [a_fee_schedule("aetna")], [a_fee_schedule()]):
        await put(empty, {**PRACTICE, "fee_schedules": schedules})

    assert await contracts_told(empty) == [
        ("blue", 1, False, ["1"]),
        ("blue", 2, True, []),
        ("aetna", 3, False, ["1"]),
        ("blue", 3, False, ["1"]),
        ("aetna", 4, True, []),
    ]
    assert await contracts_named(empty) == [{"blue": 1}, {}, {"aetna": 3}, {"blue": 3}]


async def test_a_contract_is_told_above_the_versions_in_which_whole_documents_had_it(empty):
    await put(empty, {**PRACTICE, "fee_schedules": [a_fee_schedule()]})
    await empty.database.fetch("DELETE FROM contracts")
    await put(empty, {**PRACTICE, "name": "Renamed", "fee_schedules": [a_fee_schedule()]})

    assert await contracts_named(empty) == [{"blue": 1}, {"blue": 2}]


async def test_a_large_contract_is_told_in_chunks_that_fit_into_a_message(empty):
    fees = [{"procedure": f"{number:05}", "modifier": "25", "allowed": "12345678.90"} for number in range(10, 9_510)]
    large = a_fee_schedule(version="v" * 40, fees=fees)

    await put(empty, {**PRACTICE, "fee_schedules": [a_fee_schedule(version="2024"), large]})

    chunks = await empty.told(ContractChanged)
    assert [(each.chunk, each.chunks) for each in chunks] == [(number, 5) for number in range(1, 6)]
    assert max(len(each.to_bytes()) for each in chunks) < 450_000
    assert max(len(terms.fees) for each in chunks for terms in each.terms) <= 2_000
    assert sum(len(terms.fees) for each in chunks for terms in each.terms) == 9_501
    assert {terms.number for each in chunks for terms in each.terms} == {1, 2}
