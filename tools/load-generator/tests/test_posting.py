import asyncio
import time

import httpx2
import orjson
import pytest
from claimstream_load import Journal, Poster, batches, read_journal

PRACTICE = "bay-state"


class Door:
    """An intake that answers as it is told to, then takes everything."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.keys = []
        self.taken = []

    async def __call__(self, request):
        self.keys.append(request.headers["Idempotency-Key"])
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        documents = [orjson.loads(line) for line in request.content.splitlines()]
        self.taken += documents
        told = [
            {"id": f"id-{each['encounter_id']}", "encounter_id": each["encounter_id"], "version": 1, "state": "coded"}
            for each in documents
        ]
        return httpx2.Response(202, json={"encounters": told})


def poster(door, **changes):
    return Poster(
        "http://intake",
        "token",
        practice=PRACTICE,
        transport=httpx2.MockTransport(door),
        **{"connections": 1, **changes},
    )


async def test_every_encounter_is_posted_once_when_nothing_goes_wrong():
    door = Door()

    tally = await poster(door, connections=3).post(batches(1, count=25, size=10))

    assert tally.accepted == 25
    assert tally.requests == 3
    assert len({each["encounter_id"] for each in door.taken}) == 25
    assert tally.to_json()["errors"] == {}


@pytest.mark.parametrize("fault", [httpx2.ReadError("reset"), httpx2.Response(503), httpx2.Response(409)])
async def test_a_lost_answer_is_asked_for_again_with_the_same_key(fault):
    door = Door(fault)

    tally = await poster(door).post(batches(1, count=5, size=5))

    assert tally.accepted == 5
    assert tally.retried == 1
    assert sum(tally.errors.values()) == 1
    assert len(door.keys) == 2
    assert len(set(door.keys)) == 1


async def test_a_429_is_waited_out_as_long_as_it_says():
    door = Door(httpx2.Response(429, headers={"Retry-After": "0.3"}))
    began = time.monotonic()

    tally = await poster(door).post(batches(1, count=5, size=5))

    assert time.monotonic() - began >= 0.3
    assert tally.refused_429 == 1
    assert tally.accepted == 5


async def test_a_refusal_for_good_is_counted_and_not_repeated():
    door = Door(httpx2.Response(422))

    tally = await poster(door).post(batches(1, count=10, size=5))

    assert tally.given_up == 5
    assert tally.accepted == 5
    assert tally.errors == {"422": 1}
    assert len(door.keys) == 2


async def test_the_journal_holds_what_a_202_acknowledged_and_nothing_else(tmp_path):
    door = Door(httpx2.Response(422))
    with Journal(tmp_path / "journal.jsonl") as journal:
        await poster(door, journal=journal).post(batches(9, count=10, size=5))

    noted = list(read_journal(tmp_path / "journal.jsonl"))

    assert [each.encounter_id for each in noted] == [each["encounter_id"] for each in door.taken]
    assert {(each.practice, each.source_system, each.version) for each in noted} == {(PRACTICE, "load-9", 1)}


async def test_a_stopped_posting_gives_up_what_is_not_answered():
    door = Door(*(httpx2.Response(503) for _ in range(100)))
    posting = poster(door)

    async with asyncio.TaskGroup() as group:
        posted = group.create_task(posting.post(batches(1, count=100, size=5)))
        await asyncio.sleep(0.05)
        posting.stop()

    assert posted.result().accepted == 0
    assert posted.result().given_up == 5


async def test_a_rate_holds_the_posting_back():
    began = time.monotonic()

    tally = await poster(Door(), rate=100).post(batches(1, count=40, size=10))

    assert tally.accepted == 40
    assert time.monotonic() - began >= 0.3
