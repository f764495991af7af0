"""What is too much, or too large, is refused at the door; what is taken is answered soon."""

import asyncio

from claimstream_kit import admission
from claimstream_kit.admission import Admission, Door

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

    door = Door(app, toy.running)
    door._admission.in_hand = in_hand
    return door, inside, leave


async def ask(door, *, size, method="POST", parts=(NOTHING,)):
    """What it sends back."""
    sent, left = [], list(parts)
    headers = [] if size is None else [(b"content-length", str(size).encode())]

    async def receive():
        return left.pop(0)

    async def send(message):
        sent.append(message)

    await door({"type": "http", "method": method, "path": "/", "headers": headers}, receive, send)
    return sent
