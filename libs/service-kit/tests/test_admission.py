"""What is too much, or too large, is refused at the door; what is taken is answered soon."""

import asyncio
from uuid import uuid4

import pytest
from claimstream_kit import admission
from claimstream_kit.admission import Admission, Door
from claimstream_kit.auth import TokenVerifier

NOTHING = {"type": "http.request", "body": b"", "more_body": False}


def test_a_write_that_would_wait_too_long_is_refused_and_alone_it_is_taken():
    door = Admission(patience_seconds=0.5, seconds_a_byte=0.001)

    assert door.takes(10_000)
    door.begin(400)
    assert door.takes(100)
    assert not door.takes(101)


def test_the_door_learns_how_fast_the_work_goes():
    door = Admission(patience_seconds=0.5, seconds_a_byte=0.001)
    for _ in range(200):
        beside = door.begin(1000)
        door.end(1000, beside, 0.01)

    door.begin(1000)

    assert round(door.seconds_a_byte, 6) == 0.00001
    assert door.takes(48_900)
    assert not door.takes(49_100)


def test_a_refusal_says_nothing_of_the_speed():
    door = Admission(patience_seconds=0.5, seconds_a_byte=0.001)

    door.end(1000, door.begin(1000), None)

    assert (door.seconds_a_byte, door.in_hand) == (0.001, 0)


async def test_beyond_what_can_be_answered_soon_a_write_gets_429_with_the_time_to_come_back(toy):
    door, inside, leave = door_around(toy, in_hand=10 * admission.LARGEST_BODY)

    answer = await ask(door, size=1000)
    leave.set()

    assert answer[0]["status"] == 429
    assert dict(answer[0]["headers"])[b"retry-after"] == b"1"
    assert b"Idempotency-Key" in answer[1]["body"]
    assert inside == []


async def test_reads_are_never_refused_for_load(toy):
    door, inside, leave = door_around(toy, in_hand=10 * admission.LARGEST_BODY)
    leave.set()

    answer = await ask(door, size=0, method="GET")

    assert (answer[0]["status"], inside) == (200, ["GET"])


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(toy):
    door, inside, _ = door_around(toy)

    answer = await ask(door, size=admission.LARGEST_BODY + 1)

    assert (answer[0]["status"], inside) == (413, [])


@pytest.mark.parametrize(("encoding", "status"), [("gzip", 415), ("br, gzip", 415), ("identity", 201), ("", 201)])
async def test_a_body_that_is_compressed_is_refused_for_what_it_is(toy, encoding, status):
    answer = await toy.client.post(
        "/holds", json={"claim_id": str(uuid4())}, headers=toy.as_("biller") | {"Content-Encoding": encoding}
    )

    assert answer.status_code == status, answer.text


async def test_a_body_that_hides_its_size_is_refused_as_soon_as_it_is_too_large(toy, monkeypatch):
    monkeypatch.setattr(admission, "LARGEST_BODY", 1000)
    door, _, leave = door_around(toy)
    leave.set()
    parts = [{"type": "http.request", "body": bytes(600), "more_body": True}] * 3

    answer = await ask(door, size=None, parts=parts)

    assert answer[0]["status"] == 413


async def test_a_service_that_drains_says_goodbye_with_each_answer(toy):
    door, _, leave = door_around(toy)
    leave.set()
    toy.running.is_draining = True

    answer = await ask(door, size=0)

    assert dict(answer[0]["headers"])[b"connection"] == b"close"


def door_around(toy, in_hand=0):
    """A door around an application that notes who came in, and answers once it is told to."""
    inside, leave = [], asyncio.Event()

    async def app(scope, receive, send):
        inside.append(scope["method"])
        while (await receive()).get("more_body"):
            continue
        await leave.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    door = Door(app, toy.running, TokenVerifier(toy._keys))
    door._admission.in_hand = in_hand
    door.token = toy.as_("ehr")["Authorization"]
    return door, inside, leave


async def ask(door, *, size, method="POST", parts=(NOTHING,), token=..., path="/notes"):
    """What it sends back. A part may be an event to wait for, or seconds after which a byte comes."""
    sent, left = [], list(parts)
    headers = [] if size is None else [(b"content-length", str(size).encode())]
    said = door.token if token is ... else token
    headers += [] if said is None else [(b"authorization", said.encode())]

    async def receive():
        part = left.pop(0)
        if isinstance(part, asyncio.Event):
            await part.wait()
            return NOTHING
        if isinstance(part, float):
            await asyncio.sleep(part)
            return {"type": "http.request", "body": b"x", "more_body": True}
        return part

    async def send(message):
        sent.append(message)

    await door({"type": "http", "method": method, "path": path, "headers": headers}, receive, send)
    return sent


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
@pytest.mark.parametrize("token", [None, "", "Bearer", "Bearer ", "Bearer x.y.z", "Basic eDp5", "Bearer \xff"])
async def test_without_a_token_nothing_is_read(toy, method, token):
    door, inside, _ = door_around(toy)
    never = asyncio.Event()

    answer = await ask(door, size=admission.LARGEST_BODY * 10, method=method, parts=[never], token=token)

    assert answer[0]["status"] == 401
    assert dict(answer[0]["headers"])[b"www-authenticate"] == b"Bearer"
    assert inside == []


@pytest.mark.parametrize("path", sorted(admission.OPEN))
async def test_health_and_metrics_ask_for_no_token(toy, path):
    door, inside, leave = door_around(toy)
    leave.set()

    answer = await ask(door, size=None, method="GET", path=path, token=None)

    assert (answer[0]["status"], inside) == (200, ["GET"])


async def test_a_body_that_does_not_come_is_given_up_and_gives_its_room_back(toy, monkeypatch):
    door, inside, _ = door_around(toy)
    monkeypatch.setitem(toy.running.settings.__dict__, "body_silent_seconds", 0.05)
    first = {"type": "http.request", "body": b"x", "more_body": True}

    answer = await ask(door, size=1000, parts=[first, asyncio.Event()])

    assert answer[0]["status"] == 408
    assert dict(answer[0]["headers"])[b"content-type"] == b"application/problem+json"
    assert (inside, door._room.held, door._admission.in_hand) == ([], 0, 0)


async def test_a_body_that_drips_is_given_up_too(toy, monkeypatch):
    monkeypatch.setattr(admission, "SLOWEST_BYTES_A_SECOND", 1 << 40)
    door, inside, _ = door_around(toy)
    monkeypatch.setitem(toy.running.settings.__dict__, "body_silent_seconds", 0.2)
    parts = [0.05] * 100

    answer = await ask(door, size=1000, parts=parts)

    assert (answer[0]["status"], inside) == (408, [])


async def test_while_one_body_drips_others_are_answered(toy):
    door, _, leave = door_around(toy)
    leave.set()
    late = asyncio.Event()
    dripping = [asyncio.create_task(ask(door, size=admission.LARGEST_BODY, parts=[late])) for _ in range(10)]
    await asyncio.sleep(0)

    others = [
        await ask(door, size=1000, token=toy.as_("ehr", subject=f"other-{each}")["Authorization"]) for each in range(5)
    ]

    assert [answer[0]["status"] for answer in others] == [200] * 5
    late.set()
    statuses = sorted([(await each)[0]["status"] for each in dripping])
    assert statuses == [200, 429, 429, 429, 429, 429, 429, 429, 429, 429]
    assert door._room.held == 0


async def test_many_subjects_together_hold_no_more_than_there_is_room(toy):
    door, _, leave = door_around(toy)
    leave.set()
    late = asyncio.Event()
    tasks = [
        asyncio.create_task(
            ask(
                door,
                size=admission.LARGEST_BODY,
                parts=[late],
                token=toy.as_("ehr", subject=f"s{each}")["Authorization"],
            )
        )
        for each in range(6)
    ]
    await asyncio.sleep(0.01)

    assert door._room.held <= admission.LARGEST_TOGETHER
    late.set()
    assert sorted([(await each)[0]["status"] for each in tasks]).count(429) >= 3


async def test_a_chunked_body_holds_what_has_come_of_it(toy):
    door, _, leave = door_around(toy)
    late = asyncio.Event()
    chunk = {"type": "http.request", "body": bytes(5000), "more_body": True}
    asked = asyncio.create_task(ask(door, size=None, parts=[chunk, chunk, late]))
    await asyncio.sleep(0.01)

    assert door._room.held == 10_000 + admission.OVERHEAD_BYTES
    late.set()
    leave.set()
    assert (await asked)[0]["status"] == 200
    assert door._room.held == 0


async def test_a_client_that_leaves_is_no_fault(toy, caplog):
    door, inside, _ = door_around(toy)

    answer = await ask(door, size=1000, parts=[{"type": "http.disconnect"}])

    assert (answer, inside, caplog.records, door._room.held) == ([], [], [], 0)


async def test_who_asks_again_as_soon_as_it_is_answered_is_taken(toy):
    answers = []

    async def app(scope, receive, send):
        del scope
        await receive()
        await asyncio.sleep(0.002)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    door = Door(app, toy.running, TokenVerifier(toy._keys))
    door._admission.seconds_a_byte = 1.0  # as after something very slow

    async def again(message):
        """The client asks within the last send of its first answer."""
        answers.append(message)
        if message["type"] == "http.response.body" and len(answers) < 10:
            await one()

    async def one():
        async def receive():
            return NOTHING

        headers = [(b"content-length", b"5000"), (b"authorization", toy.as_("ehr")["Authorization"].encode())]
        await door({"type": "http", "method": "POST", "path": "/notes", "headers": headers}, receive, again)

    await one()

    assert [each["status"] for each in answers if "status" in each] == [200] * 5


def test_while_several_ask_each_has_its_share_and_alone_one_has_all(monkeypatch):
    now = 0.0
    monkeypatch.setattr(admission.time, "monotonic", lambda: now)
    door = Admission(patience_seconds=1.0, seconds_a_byte=0.001)
    door.begin(400, "loud")
    assert door.takes(500, "loud")

    assert door.takes(100, "quiet")
    assert not door.takes(500, "loud"), "another one asks: half of the time is its"
    assert door.takes(100, "loud")
    now = admission.ASKS_SECONDS + 1
    assert door.takes(500, "loud"), "it has gone"


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_request_that_takes_too_long_gets_503_and_no_second_answer(toy, monkeypatch, method):
    door, inside, leave = door_around(toy)
    monkeypatch.setitem(toy.running.settings.__dict__, "request_seconds", 0.05)

    answer = await ask(door, size=100, method=method)
    leave.set()
    await asyncio.sleep(0)

    assert [each.get("status") for each in answer] == [503, None]
    assert dict(answer[0]["headers"])[b"retry-after"] == b"5"
    assert (inside, door._admission.in_hand, door._room.held) == ([method], 0, 0)
