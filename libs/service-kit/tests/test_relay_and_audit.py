"""The outbox is sent in order, at least once; the audit chain shows what was changed."""

import asyncio

import asyncpg
import pytest
from claimstream_kit.audit import verify
from claimstream_kit.database import TRANSIENT
from claimstream_kit.keys import load_public_keys
from claimstream_kit.relay import LOCK

from .builders import a_hold


async def leading(toy):
    connection = await toy.database.connect_alone()
    await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK)
    epoch = await connection.fetchval(
        "INSERT INTO relay_state (one, epoch) VALUES (true, 1)"
        " ON CONFLICT (one) DO UPDATE SET epoch = relay_state.epoch + 1 RETURNING epoch"
    )
    return connection, epoch


async def test_what_is_committed_late_with_an_early_number_is_sent_all_the_same(toy):
    connection, epoch = await leading(toy)
    late = await toy.database.connect_alone()
    transaction = late.transaction()
    await transaction.start()
    unit = toy.running._make_unit(late)
    unit.publish(a_hold())
    await unit.flush()
    await toy.hears(a_hold())

    first = await toy.running.relay.send_some(connection, epoch)
    await transaction.commit()
    second = await toy.running.relay.send_some(connection, epoch)

    assert (first, second) == (1, 1)
    await late.close()
    await connection.close()


async def test_a_relay_paused_past_its_lock_marks_nothing(toy):
    await toy.hears(a_hold())
    old, old_epoch = await leading(toy)
    new, _ = await leading(toy)

    await toy.running.relay.send_some(old, old_epoch)

    assert await toy.database.value("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 1
    await old.close()
    await new.close()


async def test_the_audit_chain_holds_and_shows_a_changed_a_dropped_and_a_cut_row(toy):
    await toy.hears(*(a_hold() for _ in range(3)))
    sealer = toy.running.sealer
    await sealer.chain()
    await sealer.seal()
    keys = load_public_keys(toy.running.settings.audit_dir / "toy-svc.sealing-key.pub.pem")
    key = next(iter(keys.values()))

    async def fault() -> str | None:
        return await verify(toy.database, service="toy-svc", public_key=key)

    assert await fault() is None
    await toy.database.fetch("UPDATE audit_entries SET actor = 'nobody' WHERE chain_seq = 2")
    assert "audit entry 2" in await fault()
    await toy.database.fetch("UPDATE audit_entries SET actor = 'toy-svc' WHERE chain_seq = 2")
    assert await fault() is None
    await toy.database.fetch("DELETE FROM audit_entries WHERE chain_seq = (SELECT max(chain_seq) FROM audit_entries)")
    assert "but head" in await fault()


async def test_each_event_has_one_audit_entry_with_the_digest_of_its_bytes(toy):
    await toy.hears(a_hold())

    row = await toy.database.fetch_one(
        "SELECT a.digest = sha256(o.payload) AS same, a.subject = o.topic || ' ' || o.event_id AS named"
        " FROM audit_entries a, outbox o"
    )

    assert row == {"same": True, "named": True}


async def test_a_head_is_published_and_kept_in_a_file(toy):
    await toy.hears(a_hold())
    await toy.running.sealer.chain()

    await toy.running.sealer.seal()

    assert "audit.sealed" in await toy.told_topics()
    assert (toy.running.settings.audit_dir / "toy-svc.heads.jsonl").read_text().count("\n") == 1


async def test_nothing_stays_unsent_when_a_service_stops_not_even_its_last_seal(toy):
    await toy.running.start()
    await toy.hears(a_hold())
    url = toy.running.database.url

    await toy.running.stop()

    connection = await asyncpg.connect(url)
    unsent = await connection.fetchval("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
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
