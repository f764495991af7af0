"""A batch becomes one unit: once, in order, all or nothing; poison is put aside and its neighbours go on."""

import asyncio
import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from uuid import uuid4

import pytest
from claimstream_kit import FixedClock
from claimstream_kit.bus.port import Record
from claimstream_kit.consuming import Subscriptions
from claimstream_kit.outbox import EventTooLarge
from claimstream_schemas import ClaimHeld, ClaimReleased

from .builders import a_hold, a_release, holds
from .toy.service import POISON, ClaimShelved, Counter, NoteTaken


async def held(toy) -> dict:
    return {row["id"]: row["held"] for row in await toy.database.fetch("SELECT id, held FROM counters")}


async def letters(toy) -> list[tuple[str, str]]:
    rows = await toy.database.fetch("SELECT state, error_class FROM dead_letters ORDER BY id")
    return [(row["state"], row["error_class"]) for row in rows]


async def test_an_event_heard_twice_has_one_effect(toy):
    event = a_hold()

    ids = await toy.hears(event)
    await toy.hears(event, ids=ids)

    assert await held(toy) == {event.claim_id: 1}
    assert len(await toy.told(ClaimReleased)) == 1


async def test_the_same_event_twice_in_one_batch_has_one_effect(toy):
    event, number = a_hold(), uuid4()

    await toy.hears(event, event, ids=[number, number])

    assert await held(toy) == {event.claim_id: 1}


async def test_events_of_one_claim_are_worked_on_in_order_in_one_batch(toy):
    claim = uuid4()

    await toy.hears(a_hold(claim), a_hold(claim), a_release(claim), a_hold(claim))

    assert await held(toy) == {claim: 1}
    assert [event.reason for event in await toy.told(ClaimReleased)] == ["heard 1", "heard 2", "heard 1"]


async def test_a_poisoned_event_does_not_stop_its_neighbours(toy):
    good, bad = a_hold(), a_hold(rule=POISON)

    await toy.hears(good, bad, a_hold(good.claim_id))

    assert await held(toy) == {good.claim_id: 2}
    assert await letters(toy) == [("dead", "Impossible")]


async def test_later_events_of_a_poisoned_key_are_parked_behind_it(toy):
    claim = uuid4()

    await toy.hears(a_hold(claim, rule=POISON), a_hold(claim))
    await toy.hears(a_hold(claim))

    assert await held(toy) == {}
    assert [state for state, _ in await letters(toy)] == ["dead", "parked", "parked"]


async def test_an_event_of_the_same_aggregate_is_parked_whatever_its_topic_is_called(toy):
    claim = uuid4()

    await toy.hears(a_hold(claim, rule=POISON), NoteTaken(practice_id="bay-state", claim_id=claim))
    await toy.hears(NoteTaken(practice_id="bay-state", claim_id=claim))

    assert await held(toy) == {}
    rows = await toy.database.fetch("SELECT topic, aggregate, state FROM dead_letters ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [
        ("claim.held", "claim", "dead"),
        ("note.taken", "claim", "parked"),
        ("note.taken", "claim", "parked"),
    ]


async def test_another_aggregate_with_the_same_key_goes_on_whatever_its_topic_is_called(toy):
    number = uuid4()

    await toy.hears(a_hold(number, rule=POISON), ClaimShelved(practice_id="bay-state", shelf_id=number))
    await toy.hears(ClaimShelved(practice_id="bay-state", shelf_id=number))

    assert await held(toy) == {number: 4}
    assert [state for state, _ in await letters(toy)] == ["dead"]


async def test_a_redrive_leaves_another_aggregate_with_the_same_key_alone(toy):
    number = uuid4()
    await toy.hears(a_hold(number, rule=POISON))
    shelved = toy.record_of(ClaimShelved(practice_id="bay-state", shelf_id=number), uuid4())
    await toy.hears_records(replace(shelved, value=b"{"))
    letter = await toy.database.value("SELECT max(id) FROM dead_letters")

    answer = await toy.client.post(f"/dead-letters/{letter}/redrive", headers=toy.as_("operator"))

    assert [(each["aggregate"], each["state"]) for each in answer.json()["dead_letters"]] == [("shelf", "dead")]
    assert await toy.database.value("SELECT attempts FROM dead_letters ORDER BY id LIMIT 1") == 1


async def test_a_copy_of_each_dead_letter_goes_to_the_dead_topic_with_its_bytes(toy):
    event = a_hold(rule=POISON)

    await toy.hears(event)

    (copy,) = await toy.said()
    assert (copy.topic, copy.value) == ("claim.held.dead", event.to_bytes())
    assert dict(copy.headers)["dead_error_class"] == "Impossible"


async def test_a_redrive_after_the_fix_completes_the_letter_and_what_was_parked(toy):
    claim = uuid4()
    await toy.hears(a_hold(claim, rule=POISON), a_hold(claim))
    a_redrive_fix(toy)
    letter = (await toy.database.fetch("SELECT id FROM dead_letters ORDER BY id"))[0]["id"]

    answer = await toy.client.post(f"/dead-letters/{letter}/redrive", headers=toy.as_("operator"))

    assert [each["state"] for each in answer.json()["dead_letters"]] == ["redriven", "redriven"]
    assert await held(toy) == {claim: 2}
    again = await toy.client.post(f"/dead-letters/{letter}/redrive", headers=toy.as_("operator"))
    assert [each["state"] for each in again.json()["dead_letters"]] == ["redriven"]
    assert await held(toy) == {claim: 2}


def a_redrive_fix(toy) -> None:
    """The operator has mended the handler: it swallows poison now."""
    worker = toy.running.worker
    subscription = worker.subscriptions.find("claim.held", ClaimHeld.event_type())
    function = subscription.handler
    cured = type(function)(
        function.__code__, {**function.__globals__, "POISON": "nothing"}, function.__name__, None, function.__closure__
    )
    mended = replace(subscription, handler=cured)
    worker.subscriptions = Subscriptions(mended if one is subscription else one for one in worker.subscriptions)


async def test_a_redrive_without_a_fix_stays_dead_and_counts_the_attempt(toy):
    await toy.hears(a_hold(rule=POISON))
    letter = await toy.database.value("SELECT id FROM dead_letters")

    await toy.client.post(f"/dead-letters/{letter}/redrive", headers=toy.as_("operator"))

    row = await toy.database.fetch_one("SELECT state, attempts FROM dead_letters")
    assert row == {"state": "dead", "attempts": 2}


async def test_a_letter_whose_headers_nobody_can_read_stays_one_letter_when_it_is_redriven_in_vain(toy):
    event = a_hold()
    await toy.hears_records(Record(event.topic, 3, 1, event.key, event.to_bytes(), [], cluster="a"))
    letter = await toy.database.value("SELECT id FROM dead_letters")

    await toy.client.post(f"/dead-letters/{letter}/redrive", headers=toy.as_("operator"))

    rows = await toy.database.fetch("SELECT state, attempts FROM dead_letters")
    assert rows == [{"state": "dead", "attempts": 2}]
    assert [topic for topic in await toy.told_topics() if topic.endswith(".dead")] == ["claim.held.dead"]


async def test_a_letter_that_is_discarded_needs_a_reason_and_keeps_it(toy):
    await toy.hears(a_hold(rule=POISON))
    letter = await toy.database.value("SELECT id FROM dead_letters")

    bare = await toy.client.post(f"/dead-letters/{letter}/discard", json={}, headers=toy.as_("operator"))
    good = await toy.client.post(
        f"/dead-letters/{letter}/discard", json={"reason": "sent by mistake"}, headers=toy.as_("operator")
    )

    assert bare.status_code == 422
    assert (good.json()["state"], good.json()["settled_why"]) == ("discarded", "sent by mistake")
    assert good.json()["reason"] == "the toy cannot swallow poison"


async def test_a_state_that_no_letter_can_have_is_no_empty_list(toy):
    answer = await toy.client.get("/dead-letters?state=deda", headers=toy.as_("operator"))

    assert answer.status_code == 422


async def test_a_row_that_the_database_refuses_is_found_by_halving(toy):
    full, good = uuid4(), a_hold()
    async with toy.running.unit("test") as unit:
        unit.counters.put(Counter("bay-state", full, 4))

    await toy.hears(good, a_hold(full), a_hold(good.claim_id))

    assert await held(toy) == {full: 4, good.claim_id: 2}
    assert await letters(toy) == [("dead", "CheckViolationError")]


async def test_an_event_waits_for_a_fact_of_another_topic(toy):
    claim = uuid4()

    await toy.hears(a_release(claim))
    assert await toy.database.value("SELECT count(*) FROM waiting") == 1
    await toy.hears(a_hold(claim))

    assert await held(toy) == {claim: 0}
    assert await toy.database.value("SELECT count(*) FROM waiting") == 0


async def test_what_waits_for_a_fact_that_comes_later_in_its_own_batch_is_due_at_once(toy):
    claim = uuid4()

    await toy.hears(a_release(claim), a_hold(claim))

    assert await held(toy) == {claim: 0}
    assert await toy.database.value("SELECT count(*) FROM waiting") == 0


async def test_a_replay_with_an_empty_inbox_is_the_handlers_business_but_nothing_waits_twice(toy):
    claim = uuid4()
    release = a_release(claim)
    ids = await toy.hears(release)
    await toy.database.fetch("DELETE FROM inbox")

    await toy.hears(release, ids=ids)

    assert await toy.database.value("SELECT count(*) FROM waiting") == 1


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"{", "value: (whole): json_invalid"),
        (None, "value: (whole): json_invalid"),
        (b"[]", "value: (whole): model_type"),
    ],
)
async def test_a_record_that_is_no_event_is_a_dead_letter_with_its_place(toy, value, reason):
    record = toy.record_of(a_hold(), uuid4())

    await toy.hears_records(Record(record.topic, 0, 7, record.key, value, record.headers))

    row = await toy.database.fetch_one("SELECT error_class, reason, record_offset FROM dead_letters")
    assert row == {"error_class": "Unreadable", "reason": reason, "record_offset": 7}


async def test_a_record_without_headers_is_a_dead_letter_of_its_practice(toy):
    event = a_hold()

    await toy.hears_records(Record(event.topic, 0, 1, event.key, event.to_bytes(), []))

    row = await toy.database.fetch_one("SELECT practice, error_class FROM dead_letters")
    assert row == {"practice": "bay-state", "error_class": "Unreadable"}


async def test_a_letter_of_nobody_knows_whom_is_the_installations_to_see_and_to_settle(toy):
    event = a_hold()
    await toy.hears_records(Record(event.topic, 0, 1, "Bay State/x", event.to_bytes(), []))
    number = await toy.database.value("SELECT id FROM dead_letters WHERE practice = 'unknown'")
    reason = {"reason": "somebody tried the topic"}

    seen, acts = {}, {}
    for practice in ("bay-state", "claimstream"):
        headers = toy.as_("operator", practice=practice)
        listed = (await toy.client.get("/dead-letters", headers=headers)).json()["dead_letters"]
        seen[practice] = [letter["id"] for letter in listed]
        for act in ("redrive", "discard"):
            answer = await toy.client.post(f"/dead-letters/{number}/{act}", json=reason, headers=headers)
            acts[practice, act] = answer.status_code

    assert seen == {"bay-state": [], "claimstream": [number]}
    assert list(acts.values()) == [404, 404, 200, 200]


async def test_an_unknown_version_and_a_wrong_key_are_dead_letters(toy):
    record = toy.record_of(a_hold(), uuid4())
    newer = [(name, value.replace(b".v1", b".v9")) for name, value in record.headers]

    await toy.hears_records(
        Record(record.topic, 0, 1, record.key, record.value, newer),
        Record(record.topic, 0, 2, "bay-state/other", record.value, toy.record_of(a_hold(), uuid4()).headers),
    )

    assert [kind for _, kind in await letters(toy)] == ["UnknownVersion", "WrongKey"]


async def test_two_versions_of_an_event_on_one_topic_each_reach_their_handler(toy):
    claim = uuid4()

    await toy.hears(a_hold(claim), holds(2, claim), a_hold(claim))

    assert await held(toy) == {claim: 4}
    assert await letters(toy) == []


async def test_a_type_that_nobody_handles_says_which_are_handled(toy):
    record = toy.record_of(a_hold(), uuid4())
    newer = [(name, value.replace(b".v1", b".v9")) for name, value in record.headers]

    await toy.hears_records(replace(record, headers=newer))

    assert await toy.database.value("SELECT reason FROM dead_letters") == (
        "org.claimstream.claim.held.v9 is not org.claimstream.claim.held.v1 or org.claimstream.claim.held.v2"
    )


async def test_an_event_on_the_topic_of_another_is_a_dead_letter(toy):
    record = toy.record_of(a_hold(), uuid4())

    await toy.hears_records(replace(record, topic="claim.released"))

    assert await letters(toy) == [("dead", "UnknownVersion")]


def test_an_event_has_one_handler(toy):
    hears = tuple(toy.running.worker.subscriptions)

    with pytest.raises(ValueError, match=r"claim\.held\.v1 has two handlers: count_hold is the second"):
        Subscriptions((*hears, hears[0]))


def test_a_topic_with_two_versions_is_heard_once(toy):
    assert toy.running.worker.subscriptions.topics == ("claim.held", "note.taken", "claim.shelved", "claim.released")


async def test_two_practices_with_the_same_claim_id_stay_apart(toy):
    claim = uuid4()

    await toy.hears(a_hold(claim), a_hold(claim, practice_id="lake-shore"))

    rows = await toy.database.fetch("SELECT practice, held FROM counters ORDER BY practice")
    assert rows == [{"practice": "bay-state", "held": 1}, {"practice": "lake-shore", "held": 1}]


async def test_a_unit_that_fails_leaves_nothing(toy):
    async def fail() -> None:
        async with toy.running.unit("test") as unit:
            unit.publish(a_release(uuid4()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert await toy.told_topics() == []


async def test_an_event_too_large_for_a_topic_is_refused_in_its_unit(toy):
    with pytest.raises(EventTooLarge):
        async with toy.running.unit("test") as unit:
            unit.publish(a_release(uuid4()).model_copy(update={"reason": "x" * 1_000_000}))

    assert await toy.told_topics() == []


async def test_the_clock_of_a_unit_is_the_one_passed_in(toy):
    assert isinstance(toy.clock, FixedClock)
    await toy.hears(a_hold())

    (said,) = await toy.said()

    assert dict(said.headers)["ce_time"].startswith("2026-09-16T12:00")


async def test_a_row_that_another_replica_made_meanwhile_is_found_when_the_batch_runs_again(toy):
    event = a_hold()
    other = await toy.database.connect_alone()
    transaction = other.transaction()
    await transaction.start()
    await other.execute("INSERT INTO counters VALUES ('bay-state', $1, 2)", event.claim_id)
    hearing = asyncio.create_task(toy.hears(event))
    await asyncio.sleep(0.3)

    await transaction.commit()
    await hearing
    await other.close()

    assert await held(toy) == {event.claim_id: 3}
    assert await letters(toy) == []


async def test_a_nul_in_key_headers_or_value_is_a_dead_letter_and_stops_nobody(toy):
    good, bad = a_hold(), a_hold()
    record = toy.record_of(bad, uuid4())
    odd = Record(record.topic, 0, 3, "bay-state/\ufffd", b"\x00{", [*record.headers, ("x", b"a\x00b")])

    await toy.hears_records(odd, toy.record_of(good, uuid4()))

    assert await held(toy) == {good.claim_id: 1}
    assert [state for state, _ in await letters(toy)] == ["dead"]


NOISE = Random(7).randbytes(9_000).hex()  # noqa: S311  too long for an index, and nothing compresses it
ODD_NAMES = ["ce_id", "ce_source", "ce_type", "ce_time", "ce_practice", "ce_sequence", "ce_place", "ce_actor", "ce_causationid", "ce_traceparent", "", "a\x00b", NOISE]  # fmt: skip
ODD_VALUES = [
    b"",
    b"\x00",
    b"/a\x00b",
    b"a\nb",
    b"\xff\xfe",
    NOISE.encode(),
    b"-1",
    b"9" * 40,
    b"1.1.0",
    b"0.0.0",
    b"1.1.99999",
]
ODD_KEYS = ["", "/", "/x", "Bay State/x", "x" * 41 + "/x", "bay\ufffd/x", "bay-state/" + NOISE, NOISE + "/x", NOISE]
ODD_BODIES = [None, b"", b"{}", b"\x00", b"[" * 200_000, b'{"\\u0000": 1}', b'{"practice_id": "\\u0000"}', b"1e999", b"\xff", b'"\\ud800"']  # fmt: skip


def odd_records(toy) -> Iterator[Record]:
    """A good record of which one thing is odd; and records of nobody, with keys and nothing else."""
    for name, value in product(ODD_NAMES, ODD_VALUES):
        good = toy.record_of(a_hold(), uuid4())
        yield replace(good, headers=[*(each for each in good.headers if each[0] != name), (name, value)])
    for key, has_headers in product(ODD_KEYS, (True, False)):
        good = toy.record_of(a_hold(), uuid4())
        yield replace(good, key=key, headers=good.headers if has_headers else [])
    for body in ODD_BODIES:
        yield replace(toy.record_of(a_hold(), uuid4()), value=body)


async def test_whatever_somebody_puts_on_a_topic_is_worked_on_or_a_letter_and_stops_nobody(toy):
    good, records = a_hold(), list(odd_records(toy))

    async with asyncio.timeout(60):
        await toy.hears_records(*records, toy.record_of(good, uuid4()))
        for letter in await toy.database.fetch("SELECT id, practice FROM dead_letters ORDER BY id DESC LIMIT 40"):
            await toy.running.dead_letters.redrive(letter["practice"], letter["id"], actor="operator")

    effects = await held(toy)
    assert effects.pop(good.claim_id) == 1
    assert set(effects.values()) == {1}
    dead = [state for state, _ in await letters(toy) if state in ("dead", "parked")]
    assert len(effects) + len(dead) == len(records)
    assert len(dead) > len(ODD_KEYS) + len(ODD_BODIES)


async def test_a_dead_letter_too_large_for_its_topic_is_kept_whole_in_the_database(toy):
    record = toy.record_of(a_hold(), uuid4())
    large = b"{" + b"x" * 980_000

    await toy.hears_records(Record(record.topic, 0, 4, record.key, large, record.headers))

    assert await toy.database.value("SELECT length(payload) FROM dead_letters") == len(large)
    (copy,) = await toy.said()
    assert (copy.value, "too large" in dict(copy.headers)["dead_value"]) == (b"", True)


async def test_a_unit_goes_with_its_last_reference_so_that_nobody_has_to_look_for_garbage(toy):
    held_by_units = []
    toy.running.worker.after_commit.append(lambda unit: held_by_units.append(weakref.ref(unit.counters)))
    gc.collect()
    gc.disable()
    try:
        await toy.hears(a_hold(), a_hold())
        async with toy.running.unit("somebody"):
            pass
        left = [each for each in held_by_units if each() is not None]
    finally:
        gc.enable()

    assert len(held_by_units) == 2
    assert left == []
