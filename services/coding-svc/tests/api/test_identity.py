"""Who a practice is, is proved once: the installation says it, and nobody takes another's number."""

import asyncio

import pytest
from claimstream_kit.auth import INSTALLATION, UNREADABLE
from claimstream_schemas import PracticeChanged

from ..builders import PRACTICE

HILL = {**PRACTICE, "id": "hill", "npi": "1999999984", "tin": "111111111", "submitter_id": "HILL", "locations": []}
HOSPITAL = {"id": "h", "name": "Hospital", "kind": "hospital", "npi": "1999999976", "address": PRACTICE["address"]}


async def put(service, document, practice=INSTALLATION, *roles):
    headers = service.as_(*(roles or ("practice-admin",)), practice=practice)
    return await service.client.put(f"/practices/{document['id']}", json=document, headers=headers)


async def acts(service):
    rows = await service.database.fetch("SELECT practice, subject FROM audit_entries WHERE kind = 'act' ORDER BY id")
    return [(row["practice"], row["subject"]) for row in rows]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"npi": PRACTICE["npi"]}, "/npi"),
        ({"locations": [HOSPITAL | {"npi": PRACTICE["npi"]}]}, "/locations/0/npi"),
        ({"tin": PRACTICE["tin"]}, "/tin"),
        ({"locations": [HOSPITAL | {"tax_id": PRACTICE["tin"]}]}, "/locations/0/tax_id"),
        ({"submitter_id": PRACTICE["submitter_id"]}, "/submitter_id"),
    ],
)
async def test_a_number_of_another_practice_is_not_taken_and_the_try_is_remembered(coding_svc, change, place):
    answer = await put(coding_svc, HILL | change)

    problem = answer.json()
    assert (answer.status_code, problem["type"].rpartition("/")[2] or problem["type"], problem["place"]) == (
        409,
        "identifier-taken",
        place,
    )
    assert problem["remedy"]
    assert (await acts(coding_svc))[-1] == ("hill", f"load practice hill: identifier-taken {place}")
    assert {event.practice_id for event in await coding_svc.told(PracticeChanged)} == {"bay-state"}


async def test_a_location_that_bills_holds_its_npi_and_one_that_only_serves_does_not(empty):
    serves = HOSPITAL | {"bills": []}

    answers = [
        await put(empty, PRACTICE | {"locations": [serves]}),
        await put(empty, HILL | {"locations": [HOSPITAL]}),
        await put(empty, PRACTICE | {"locations": [HOSPITAL]}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 409]


async def test_a_number_that_was_given_up_may_be_taken(empty):
    await put(empty, HILL)
    await put(empty, HILL | {"npi": "1999999976"})

    assert (await put(empty, PRACTICE | {"npi": HILL["npi"], "tin": "222222222"})).status_code == 200


async def test_a_tax_number_and_a_submitter_id_are_shared_where_each_names_the_other(empty):
    ours = PRACTICE | {"shares_identifiers_with": ["hill"]}
    theirs = HILL | {"tin": PRACTICE["tin"], "submitter_id": PRACTICE["submitter_id"]}

    first = await put(empty, ours)
    alone = await put(empty, theirs)
    both = await put(empty, theirs | {"shares_identifiers_with": ["bay-state"]})
    back = await put(empty, PRACTICE)

    assert [answer.status_code for answer in (first, alone, both, back)] == [200, 409, 200, 409]


@pytest.mark.parametrize("written", ["baystate", "BayState"])
async def test_a_submitter_id_is_one_practices_however_it_is_written(empty, written):
    await put(empty, PRACTICE | {"submitter_id": "BAYSTATE"})

    answer = await put(empty, HILL | {"submitter_id": written})

    assert (answer.status_code, answer.json()["place"]) == (409, "/submitter_id")


async def test_an_npi_is_not_shared_whatever_both_say(empty):
    await put(empty, PRACTICE | {"shares_identifiers_with": ["hill"]})

    answer = await put(empty, HILL | {"npi": PRACTICE["npi"], "shares_identifiers_with": ["bay-state"]})

    assert answer.status_code == 409


async def test_of_two_who_take_a_number_at_once_one_has_it(empty):
    answers = await asyncio.gather(
        *(put(empty, HILL | {"id": f"hill-{n}", "tin": f"{n:09d}", "submitter_id": f"S{n}"}) for n in range(6))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert len(await empty.told(PracticeChanged)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"npi": "1999999976"},
        {"tin": "222222222"},
        {"submitter_id": "OTHER"},
        {"shares_identifiers_with": ["hill"]},
        {"locations": [HOSPITAL]},
        {"locations": [HOSPITAL | {"npi": "", "tax_id": "222222222"}]},
    ],
)
async def test_a_practices_own_admin_changes_no_identifier(empty, change):
    own = PRACTICE | {"locations": []}
    await put(empty, own)

    answer = await put(empty, own | change, "bay-state")

    assert (answer.status_code, answer.json()["title"]) == (403, "Who a practice is, the installation says")
    assert (await acts(empty))[-1] == ("bay-state", "load practice bay-state: identity")


async def test_a_practices_own_admin_changes_all_else(coding_svc):
    answer = await put(coding_svc, PRACTICE | {"name": "Renamed"}, "bay-state")

    assert (answer.status_code, answer.json()["version"]) == (200, 2)


async def test_nobody_but_the_installation_makes_a_practice(empty):
    refused = [
        await put(empty, HILL, "hill"),
        await put(empty, HILL, "bay-state"),
        await put(empty, HILL, INSTALLATION, "operator", "biller"),
    ]

    assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert (await put(empty, HILL)).status_code == 200


@pytest.mark.parametrize("name", [INSTALLATION, UNREADABLE])
async def test_a_practice_is_not_called_what_stands_for_none(empty, name):
    answer = await put(empty, HILL | {"id": name})

    assert (answer.status_code, answer.json()["place"]) == (422, "/id")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"npi": "1999999985"}, "/npi"),
        ({"locations": [HOSPITAL | {"npi": "1999999977"}]}, "/locations/0/npi"),
        ({"roster": [{"id": "d", "npi": "1234567890", "last_name": "Doe"}]}, "/roster/0/npi"),
    ],
)
async def test_an_npi_passes_its_check_digit(empty, change, place):
    answer = await put(empty, HILL | change)

    assert (answer.status_code, answer.json()["place"]) == (422, place)
    assert answer.json()["remedy"]
