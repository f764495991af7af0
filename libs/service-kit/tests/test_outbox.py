"""A unit's events in its rows: packed and read again, by practice, in order, no larger than a row may be."""

from uuid import uuid4

import pytest
from claimstream_kit import outbox
from claimstream_kit.unit import NotHeld
from claimstream_schemas import ClaimHeld, Envelope, Place
from hypothesis import given
from hypothesis import strategies as st

from .builders import a_hold


async def say(toy, *events) -> None:
    async with toy.running.unit("somebody") as unit:
        for event in events:
            unit.holds(event.practice_id, event.claim_id)
            unit.publish(event)


async def rows(toy) -> list[tuple[str, int]]:
    return [
        (row["practice"], row["events"])
        for row in await toy.database.fetch("SELECT practice, events FROM outbox ORDER BY id")
    ]


async def test_what_a_unit_said_is_read_again_as_it_was_said(toy):
    events = [a_hold(), a_hold()]

    await say(toy, *events)

    told = await toy.said()
    assert [event.value for event in told] == [event.to_bytes() for event in events]
    assert [event.key for event in told] == [event.key for event in events]
    assert {dict(event.headers)["ce_actor"] for event in told} == {"somebody"}
    assert all(event.place is None and "ce_sequence" not in dict(event.headers) for event in told)
    assert await rows(toy) == [("bay-state", 2)]


async def test_the_headers_of_what_is_said_are_those_of_an_envelope(toy):
    await toy.hears(a_hold())

    (said, *_) = await toy.said()
    envelope = Envelope.from_headers([*said.to_send().headers, ("ce_sequence", b"0")])

    assert (envelope.id, envelope.source, envelope.causation_id is not None) == (said.event_id, "/toy-svc", True)
    assert envelope.header_texts() == [tuple(each) for each in said.headers]


async def test_each_practice_has_a_row_of_its_own(toy):
    await say(toy, a_hold(), a_hold().model_copy(update={"practice_id": "elsewhere"}), a_hold())

    assert await rows(toy) == [("bay-state", 2), ("elsewhere", 1)]


async def test_a_unit_that_says_more_than_a_row_takes_writes_several_in_order(toy, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_EVENTS", 2)
    events = [a_hold() for _ in range(5)]

    await say(toy, *events)

    assert await rows(toy) == [("bay-state", 2), ("bay-state", 2), ("bay-state", 1)]
    assert [event.key for event in await toy.said()] == [event.key for event in events]


async def test_a_row_holds_no_more_bytes_than_it_may(toy, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_BYTES", 10)

    await say(toy, a_hold(), a_hold())

    assert await rows(toy) == [("bay-state", 1)] * 2


async def test_who_says_an_event_without_holding_its_key_fails(toy):
    with pytest.raises(NotHeld, match=r"claim\.held bay-state"):
        async with toy.running.unit("somebody") as unit:
            unit.publish(a_hold())


async def test_an_event_that_is_said_twice_shows(toy, owner):
    event, cause = a_hold(), uuid4()
    for _ in range(2):
        async with toy.running.unit("somebody", cause=cause) as unit:
            unit.holds(event.practice_id, event.claim_id)
            unit.publish(event)

    with pytest.raises(AssertionError, match=r"said twice: claim\.held"):
        await toy.said()
    await owner.execute("DELETE FROM outbox WHERE id = 2")


def test_a_packing_of_a_later_release_is_told_and_not_guessed():
    with pytest.raises(outbox.UnknownPacking, match="packing 2"):
        list(outbox.unpack(2, b""))


@given(st.lists(st.tuples(st.binary(max_size=50), st.binary(max_size=300)), min_size=1, max_size=20))
def test_whatever_was_packed_comes_out_again(pairs):
    said = [outbox.Said(uuid4(), "p", "a", None, head, value) for head, value in pairs]

    assert list(outbox.unpack(outbox.ZSTD_1, outbox.pack(said))) == pairs


def test_a_place_is_read_as_it_was_written_and_rises_over_eras():
    places = [Place(1, 1, 0), Place(1, 1, 999), Place(1, 2, 0), Place(2, 1, 0), Place(500, 8_000_000_000_000, 999)]

    assert [Place.read(str(place)) for place in places] == places
    assert [place.sequence for place in sorted(places)] == sorted(place.sequence for place in places)
    assert places[-1].sequence < 2**63
    assert ClaimHeld.topic == "claim.held"


async def test_a_unit_that_only_witnesses_is_chained_and_sends_nothing(toy):
    async with toy.running.unit("somebody") as unit:
        unit.witness("bay-state", uuid4(), ["a fact"])

    assert await toy.audit_fault() is None
    assert await toy.database.fetch("SELECT events, length(witnessed) AS bytes FROM outbox ORDER BY id LIMIT 1") == [
        {"events": 0, "bytes": 48}
    ]
    while await toy.running.relay.send_some(await toy.database.value("SELECT epoch FROM relay_state")):
        continue
    assert await toy.database.value("SELECT count(*) FROM outbox_queue WHERE events = 0") == 0
    assert not any(toy.running.publisher.topics.values())
