"""The outbox is sent in order, at least once; the audit chain shows what was changed."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import asyncpg
import pytest
from claimstream_kit.audit import RESTORED, heads_before_restore, heads_file, verify
from claimstream_kit.database import TRANSIENT
from claimstream_kit.keys import load_public_keys
from claimstream_kit.relay import LOCK, Relay

from .builders import a_hold


async def leading(toy):
    connection = await toy.database.connect_alone()
    await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK)
    epoch = await connection.fetchval(
        "INSERT INTO relay_state (one, epoch) VALUES (true, 1)"
        " ON CONFLICT (one) DO UPDATE SET epoch = relay_state.epoch + 1 RETURNING epoch"
    )
    return connection, epoch


async def numbers(toy) -> list[int | None]:
    return [row["number"] for row in await toy.database.fetch("SELECT number FROM outbox ORDER BY id")]


def places(toy, topic: str = "claim.released") -> list[str]:
    return [dict(record.headers)["ce_place"].decode() for record in toy.running.publisher.topics[topic]]


async def said_late(toy, connection) -> None:
    """A unit that is not committed yet has taken its id."""
    unit = toy.running._make_unit(connection)
    event = a_hold()
    unit.holds(event.practice_id, event.claim_id)
    unit.publish(event)
    await unit.flush()


async def test_what_is_committed_late_with_an_early_id_is_numbered_and_sent_all_the_same(toy):
    connection, epoch = await leading(toy)
    late = await toy.database.connect_alone()
    transaction = late.transaction()
    await transaction.start()
    await said_late(toy, late)
    await toy.hears(a_hold())
    relay = toy.running.relay

    first = await relay.number_some(connection, epoch), await relay.send_some(epoch)
    await transaction.commit()
    second = await relay.number_some(connection, epoch), await relay.send_some(epoch)

    assert (first, second) == ((1, 1), (1, 1))
    assert await numbers(toy) == [2, 1]
    assert await toy.database.value("SELECT count(*) FROM outbox_queue") == 0
    await late.close()
    await connection.close()


async def test_a_relay_paused_past_its_lock_numbers_nothing_and_takes_nothing_off_the_queue(toy):
    await toy.hears(a_hold())
    old, old_epoch = await leading(toy)
    new, new_epoch = await leading(toy)

    assert await toy.running.relay.number_some(old, old_epoch) == 0
    assert await numbers(toy) == [None]
    assert await toy.running.relay.number_some(new, new_epoch) == 1
    assert await toy.running.relay.send_some(old_epoch) == 1
    assert await toy.database.value("SELECT count(*) FROM outbox_queue") == 1
    await old.close()
    await new.close()


async def test_what_is_sent_again_has_the_place_that_it_had(toy):
    claim = uuid4()
    await toy.hears(a_hold(claim), a_hold(claim), a_hold())
    connection, epoch = await leading(toy)
    relay = toy.running.relay
    await relay.number_some(connection, epoch)
    await relay.send_some(epoch)
    await toy.database.fetch("INSERT INTO outbox_queue SELECT id, events, size, era, number FROM outbox")

    await relay.number_some(connection, epoch)
    await relay.send_some(epoch)

    assert places(toy) == ["1.1.0", "1.1.1", "1.1.2"] * 2
    await connection.close()


async def test_after_a_restore_numbered_units_keep_their_numbers_and_the_others_begin_an_era(toy):
    connection, epoch = await leading(toy)
    await toy.hears(a_hold())
    await toy.running.relay.number_some(connection, epoch)
    await toy.hears(a_hold())
    await toy.database.fetch("UPDATE relay_state SET era = era + 1, last = 0, epoch = epoch + 1")

    await toy.running.relay.number_some(connection, epoch + 1)
    await toy.running.relay.send_some(epoch + 1)

    records = toy.running.publisher.topics["claim.released"]
    sequences = [int(dict(record.headers)["ce_sequence"]) for record in records]
    assert places(toy) == ["1.1.0", "2.1.0"]
    assert sequences == sorted(sequences)
    await connection.close()


async def test_what_is_unsent_is_seen_while_the_relay_hangs(toy, monkeypatch):
    hangs = asyncio.Event()

    async def send(_messages):
        await hangs.wait()

    monkeypatch.setattr(toy.running.publisher, "send", send)
    connection, epoch = await leading(toy)
    await toy.hears(a_hold())
    await toy.running.relay.number_some(connection, epoch)
    sending = asyncio.create_task(toy.running.relay.send_some(epoch))
    await toy.database.fetch("UPDATE outbox_queue SET since = now() - interval '45 seconds'")
    await toy.hears(a_hold())

    await toy.running.relay.look()
    answer = await toy.client.post("/notes", json={}, headers=toy.as_())

    assert toy.running.relay.oldest_unsent_seconds >= 45
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    hangs.set()
    await sending
    await toy.running.relay.number_some(connection, epoch)
    await toy.running.relay.send_some(epoch)
    await toy.running.relay.look()
    assert toy.running.relay.oldest_unsent_seconds == 0.0
    await connection.close()


async def test_a_replica_that_does_not_lead_tells_the_one_that_does_what_it_has_committed(toy, monkeypatch):
    monkeypatch.setattr("claimstream_kit.relay.POLL_SECONDS", 60)
    stopping = asyncio.Event()
    leader, follower = (Relay(toy.database, toy.running.publisher, service="toy-svc") for _ in range(2))
    tasks = [asyncio.create_task(leader.run(stopping))]
    async with asyncio.timeout(10):
        while not await toy.database.value("SELECT epoch FROM relay_state"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        tasks.append(asyncio.create_task(follower.run(stopping)))
        await toy.hears(a_hold())
        follower.wake()
        while await toy.database.value("SELECT count(*) FROM outbox_queue"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    assert await numbers(toy) == [1]
    stopping.set()
    leader.wake()
    await asyncio.gather(*tasks)


async def test_units_are_numbered_while_kafka_is_away(toy, monkeypatch):
    async def away(_messages):
        raise ConnectionError

    monkeypatch.setattr(toy.running.publisher, "send", away)
    await toy.running.start()
    await toy.hears(a_hold())
    async with asyncio.timeout(5):
        while None in await numbers(toy) or not await toy.database.value("SELECT count(*) FROM audit_chain"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)

    assert await toy.database.value("SELECT count(*) FROM outbox_queue") >= 1
    monkeypatch.undo()
    await toy.running.stop()


async def sealed(toy) -> Callable[[], Awaitable[str | None]]:
    """Three units, one act and one head; how to ask for what does not fit."""
    connection, epoch = await leading(toy)
    for _ in range(3):
        await toy.hears(a_hold())
    async with toy.running.unit("somebody") as unit:
        unit.record("act", "bay-state", "something")
    await toy.running.relay.number_some(connection, epoch)
    await connection.close()
    while await toy.running.sealer.chain():
        continue
    await toy.running.sealer.seal()
    folder = toy.running.settings.audit_dir
    (key,) = load_public_keys(folder / "toy-svc.sealing-key.pub.pem").values()

    async def fault() -> str | None:
        return await verify(toy.database, service="toy-svc", public_key=key, folder=folder)

    return fault


@pytest.mark.parametrize(
    ("tamper", "shown"),
    [
        ("UPDATE outbox SET actors = '[\"nobody\"]' WHERE id = 2", "audit chain 2 (unit 2) does not fit the chain"),
        (
            "UPDATE outbox SET ids = decode(repeat('00', 16), 'hex') WHERE id = 2",
            "audit chain 2 (unit 2) does not fit the chain",
        ),
        (
            "UPDATE outbox SET digests = decode(repeat('00', 32), 'hex') WHERE id = 3",
            "audit chain 3 (unit 3) does not fit the chain",
        ),
        ("DELETE FROM outbox WHERE id = 2", "audit chain 2 (unit 2): a row is missing"),
        ("UPDATE audit_entries SET actor = 'nobody'", "audit chain 4 (entry 1) does not fit the chain"),
        ("DELETE FROM audit_chain WHERE seq = 2", "audit chain 2 (unit 3): a row is missing"),
        ("DELETE FROM audit_chain WHERE seq = 4", "the chain ends at 3, but head 4 was signed"),
        (
            "WITH cut AS (DELETE FROM audit_chain WHERE seq = 4) DELETE FROM audit_heads",
            "the chain ends at 3, but head 4 was signed",
        ),
        ("UPDATE audit_heads SET signature = decode(repeat('00', 64), 'hex')", "head 4 does not fit the chain"),
    ],
)
async def test_the_audit_chain_holds_and_shows_what_was_changed_dropped_or_cut(toy, owner, tamper, shown):
    fault = await sealed(toy)

    assert await fault() is None
    await owner.execute(tamper)
    assert await fault() == shown


@pytest.mark.parametrize("left", [None, ""])
async def test_heads_that_are_gone_in_both_places_are_missed(toy, owner, left):
    fault = await sealed(toy)
    file = heads_file(toy.running.settings.audit_dir, "toy-svc")

    await owner.execute("DELETE FROM audit_heads")
    file.unlink() if left is None else file.write_text(left)

    assert await fault() == "none of the chain's 4 rows is under a signed head: the heads are gone"


@pytest.mark.parametrize("left", [None, ""])
async def test_heads_that_are_gone_beside_the_database_are_missed(toy, left):
    fault = await sealed(toy)
    async with toy.running.unit("somebody") as unit:
        unit.record("act", "bay-state", "something more")
    while await toy.running.sealer.chain():
        continue
    await toy.running.sealer.seal()
    file = heads_file(toy.running.settings.audit_dir, "toy-svc")
    assert await fault() is None

    file.unlink() if left is None else file.write_text(left)

    assert await fault() == f"{file} has no head, and 2 were signed"


@pytest.mark.parametrize("line", ["garbage", "{}", '{"head_hash": "zz"}', ""])
async def test_what_is_no_head_is_named_by_file_and_line(toy, line):
    fault = await sealed(toy)
    file = heads_file(toy.running.settings.audit_dir, "toy-svc")
    with file.open("a") as heads:
        heads.write(line + "\n")

    assert await fault() == f"{file}, line 2 is no head"


async def test_a_payload_that_is_not_what_was_said_is_shown_and_one_whose_time_is_over_is_not(toy, owner):
    fault = await sealed(toy)
    await owner.execute(
        "UPDATE outbox_payloads SET payload = (SELECT payload FROM outbox_payloads WHERE id = 1) WHERE id = 2"
    )
    assert await fault() == "audit chain 2 (unit 2): its payload is not what was said"
    await owner.execute("UPDATE outbox_payloads SET payload = substring(payload FOR length(payload) - 4) WHERE id = 2")
    assert (await fault()).startswith("audit chain 2 (unit 2): its payload cannot be read (")
    await owner.execute("UPDATE outbox_payloads SET packing = 7 WHERE id = 2")
    assert await fault() == "audit chain 2 (unit 2): its payload cannot be read (packing 7)"
    await owner.execute("DELETE FROM outbox_payloads")
    assert await fault() == "audit chain 1 (unit 1): its payload is gone before its time"
    await owner.execute("UPDATE outbox SET day = day - 31")
    assert await fault() is None


async def test_heads_that_were_put_aside_need_a_restore_that_says_how_far_the_chain_went(toy):
    fault = await sealed(toy)
    folder = toy.running.settings.audit_dir
    aside = heads_before_restore(folder, "toy-svc")
    aside.write_text(heads_file(folder, "toy-svc").read_text())

    assert await fault() == "head 4 was put aside without a restore"
    async with toy.running.unit("somebody") as unit:
        unit.record("restore", "claimstream", f"{RESTORED}3")
    await toy.running.sealer.chain()
    assert await fault() is None


async def test_an_entry_is_chained_once_and_a_unit_when_it_has_its_number(toy):
    await toy.hears(a_hold())
    async with toy.running.unit("somebody") as unit:
        unit.record("read", "bay-state", "something")
    chained = [await toy.running.sealer.chain(), await toy.running.sealer.chain()]
    connection, epoch = await leading(toy)
    await toy.running.relay.number_some(connection, epoch)
    chained += [await toy.running.sealer.chain(), await toy.running.sealer.chain()]

    assert chained == [1, 0, 1, 0]
    await connection.close()


async def test_a_head_is_published_and_kept_in_a_file(toy):
    await toy.running.sealer.seal()

    assert "audit.sealed" in await toy.told_topics()
    assert (toy.running.settings.audit_dir / "toy-svc.heads.jsonl").read_text().count("\n") == 1


async def test_nothing_stays_unsent_when_a_service_stops_not_even_its_last_seal(toy):
    await toy.running.start()
    await toy.hears(a_hold())
    url = toy.running.database.url

    await toy.running.stop()

    connection = await asyncpg.connect(url)
    unsent = await connection.fetchval("SELECT count(*) FROM outbox_queue")
    await connection.close()
    sent = [record.topic for topic in toy.running.publisher.topics.values() for record in topic]
    assert (unsent, sorted(set(sent))) == (0, ["audit.sealed", "claim.released"])


@pytest.mark.parametrize("what", [RuntimeError, asyncio.CancelledError])
async def test_a_part_that_breaks_in_a_way_nobody_thought_of_begins_again_and_the_service_stays_ready(
    toy, monkeypatch, what
):
    run, begun = toy.running.relay.run, []

    async def breaks_once(stopping):
        begun.append(True)
        if len(begun) == 1:
            raise what
        await run(stopping)

    monkeypatch.setattr(toy.running.relay, "run", breaks_once)
    await toy.running.start()
    await toy.hears(a_hold())
    async with asyncio.timeout(10):
        while "claim.released" not in toy.running.publisher.topics:  # noqa: ASYNC110  the bus is watched from outside
            await asyncio.sleep(0.05)

    assert (len(begun), toy.running._relaying.done()) == (2, False)
    await toy.running.stop()


def test_a_connection_that_breaks_in_the_middle_of_an_answer_is_an_outage_not_poison():
    assert issubclass(asyncpg.InternalClientError, TRANSIENT)
