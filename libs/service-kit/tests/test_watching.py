"""What an operator sees of a service at work."""

import asyncio
from uuid import uuid4

import pytest
from claimstream_kit.relay import LOCK
from claimstream_kit.watching import Watch
from prometheus_client import REGISTRY

from .builders import a_hold, a_release
from .toy.service import POISON


def gauge(name, **labels):
    return REGISTRY.get_sample_value(f"claimstream_{name}", labels)


class Behind:
    """A subscriber whose lag a test says."""

    now = 0

    async def lag(self):
        return self.now


async def test_letters_that_are_dead_and_those_parked_behind_them_are_told_until_they_are_settled(toy):
    dead = a_hold(rule=POISON)
    await toy.hears(dead, a_hold(claim_id=dead.claim_id))
    await toy.running.watch.look()
    before = (
        gauge("dead_letters", service="toy-svc", state="dead"),
        gauge("dead_letters", service="toy-svc", state="parked"),
    )
    await toy.database.fetch("UPDATE dead_letters SET state = 'discarded'")

    await toy.running.watch.look()

    assert before == (1, 1)
    assert gauge("dead_letters", service="toy-svc", state="dead") == 0
    assert gauge("dead_letters", service="toy-svc", state="parked") == 0


async def test_events_that_wait_are_told_with_the_age_of_the_oldest(toy):
    await toy.hears(a_release(uuid4()))
    await toy.database.fetch("UPDATE waiting SET since = now() - interval '90 seconds'")

    await toy.running.watch.look()

    assert gauge("waiting_events", service="toy-svc") == 1
    assert gauge("waiting_oldest_seconds", service="toy-svc") == pytest.approx(90, abs=20)


async def test_what_no_signed_head_covers_is_told_by_its_age_until_it_is_sealed(toy, owner):
    await toy.hears(a_hold())
    await owner.execute("UPDATE outbox SET at = at - interval '5 minutes'")
    await toy.running.watch.look()
    before = gauge("audit_unsealed_seconds", service="toy-svc")
    connection = await toy.database.connect_alone()
    await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK)
    epoch = await toy.running.relay.lead(connection)
    await toy.running.relay.number_some(connection, epoch)
    while await toy.running.sealer.chain():
        continue
    await toy.running.sealer.seal()
    await connection.close()

    await toy.running.watch.look()

    assert before == pytest.approx(300, abs=1)
    assert gauge("audit_unsealed_seconds", service="toy-svc") == 0


async def test_what_was_said_by_a_clock_that_went_back_has_no_age_below_none(toy, owner):
    await toy.hears(a_hold())
    await owner.execute("UPDATE outbox SET at = at + interval '10 minutes'")

    await toy.running.watch.look()

    assert gauge("audit_unsealed_seconds", service="toy-svc") == 0


async def test_lag_is_told_and_since_when_a_consumer_is_behind(toy):
    behind = Behind()
    watch = Watch(toy.database, service="toy-svc", clock=toy.running.clock, for_people={}, subscriber=behind)
    behind.now = 7
    await watch.look()
    await asyncio.sleep(0.02)
    await watch.look()
    late = gauge("consumer_lag", consumer="toy-svc"), gauge("consumer_behind_seconds", consumer="toy-svc")
    behind.now = 0

    await watch.look()

    assert late[0] == 7
    assert late[1] >= 0.02
    assert gauge("consumer_lag", consumer="toy-svc") == 0
    assert gauge("consumer_behind_seconds", consumer="toy-svc") == 0


async def test_what_waits_for_a_person_is_told_by_kind_and_stays_as_it_was_while_the_database_is_away(toy):
    kinds = {"counter": "SELECT count(*) FROM counters"}
    watch = Watch(toy.database, service="toy-svc", clock=toy.running.clock, for_people=kinds, subscriber=None)
    await toy.hears(a_hold(), a_hold())
    await watch.look()
    there = gauge("for_people", service="toy-svc", kind="counter")
    await toy.database.close()

    await watch.look()

    assert (there, gauge("for_people", service="toy-svc", kind="counter")) == (2, 2)
    await toy.database.open()
