"""Tier 1, lost servers: Kafka is made again from the outboxes, and a backup comes back to a moment; the auditor finds nothing wrong.

Run by `claimstream soak --tier 1`: it takes a minute, and a stack whose servers it may destroy.
"""

import asyncio
import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from claimstream_cli import audit_check, backup
from claimstream_cli.sites import Site
from claimstream_kit.database import Database
from claimstream_kit.outbox import everything_said
from claimstream_local_servers import LocalKafka, LocalPostgres
from claimstream_local_servers.processes import silent
from claimstream_schemas import EVENTS, Place
from claimstream_soak.auditing import judge
from claimstream_soak.loading import Load
from claimstream_soak.rig import PRACTICE, Rig, until

from .kafka_records import read

SEED = int(os.environ.get("CLAIMSTREAM_SEED", "1"))
ENCOUNTERS = 40
QUIET_SECONDS = 120.0
MIDDLE_SECONDS = 1.0
"""After the first encounter was taken: they travel then."""


class Subscriber:
    """Somebody outside, of whom no backup knows. It keeps id, place and value of what it saw, and how far it is with each key."""

    def __init__(self):
        self.seen = {}
        self.places = {}
        self.values = {}
        self.last = {}
        self.faults = []

    def hear(self, plan):
        """Hear all topics from their beginning."""
        for topic in sorted({event.topic for event in EVENTS}):
            for record in read(plan.kafka_access(), plan.topic_prefix + topic):
                self._hear(topic, record.key, record.headers, record.value)

    def _hear(self, topic, key, headers, value):
        event, where, sequence = (
            headers["ce_id"],
            (headers["ce_source"], headers["ce_place"]),
            int(headers["ce_sequence"]),
        )
        stream = (headers["ce_source"], topic, key)
        if self.places.setdefault(where, event) != event:
            self.faults.append(f"{where} is the place of {self.places[where]} and of {event}, {topic} {key}")
        era = Place.read(headers["ce_place"]).era
        known_era, known_value = self.values.get(event, (era, value))
        if known_era == era and known_value != value:
            self.faults.append(f"{event} at {where} has another value within an era, {topic} {key}")
        if era >= known_era:
            self.values[event] = (era, value)
        if event not in self.seen and sequence <= self.last.get(stream, -1):
            self.faults.append(f"{event} at {where} is below the last of {topic} {key}: it would be ignored")
        self.seen.setdefault(event, where)
        self.last[stream] = max(sequence, self.last.get(stream, -1))

    @property
    def eras(self):
        return {Place.read(place).era for _, place in self.places}

    def check(self, plan):
        """It missed nothing of what the services say that they said, which is returned."""
        kept = {each for name in plan.databases for each in asyncio.run(ids_said(plan, name))}
        assert self.faults == []
        assert kept - set(self.seen) == set()
        return kept


async def ids_said(plan, service):
    database = Database(plan.databases[service], size=1)
    await database.open()
    try:
        return {str(event.event_id) async for event in everything_said(database) if not event.is_copy}
    finally:
        await database.close()


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    made = Rig(tmp_path_factory.mktemp("restore") / "var", seed=SEED)
    try:
        made.start(silent)
        yield made
    finally:
        made.stop()


def load_of(rig, number, folder):
    return Load(
        rig.plan.url("coding-svc"),
        rig.bearer("biller"),
        practice=PRACTICE,
        seed=SEED * 1000 + number,
        count=ENCOUNTERS,
        rate=None,
        folder=folder / str(number),
    )


def travel(rig, number, folder):
    """Let encounters of their own travel until all is at rest; what was acknowledged."""
    load = load_of(rig, number, folder)
    load.start()
    assert load.finish().accepted == ENCOUNTERS
    rig.until_quiet(QUIET_SECONDS)
    return load


def violations(rig, *loads, folder):
    """What the auditor finds, with the journals of these loads."""
    journal, canaries, injected = folder / "journal", folder / "canaries", folder / "injected"
    journal.write_bytes(b"".join(load.journal.read_bytes() for load in loads))
    canaries.write_text("".join(load.canaries.read_text() for load in loads))
    injected.touch()
    report = judge(rig, journal=journal, canaries=canaries, injected=injected)
    return [f"{finding['invariant']} {each}" for finding in report["findings"] for each in finding["violations"]]


def test_a_kafka_that_was_lost_is_made_again_from_the_outboxes(rig, tmp_path):
    before = travel(rig, 1, tmp_path)
    rig.stop()
    LocalKafka(rig.home.kafka).remove()

    events = backup.rebuild_topics(rig.home)
    rig.resume(silent)
    rig.until_quiet(QUIET_SECONDS)
    after = travel(rig, 2, tmp_path)

    assert events > ENCOUNTERS
    assert violations(rig, before, after, folder=tmp_path) == []


@dataclass(frozen=True)
class BackedUp:
    """A backup, two moments in it, and the loads that travelled before the first, from there on, and in whose middle the second is."""

    folder: Path
    moment: datetime
    middle: datetime
    kept: Load
    lost: Load
    is_new: tuple[bool, bool]


@pytest.fixture(scope="module")
def subscriber():
    return Subscriber()


@pytest.fixture(scope="module")
def backed_up(rig, subscriber, tmp_path_factory):
    """The stack is down afterwards, and of its servers and keys nothing is left."""
    folder = tmp_path_factory.mktemp("backup")
    first = backup.take(Site.local(rig.home, rig.plan), folder / "backup")
    kept = travel(rig, 3, folder)
    moment = datetime.now(UTC)
    lost = load_of(rig, 4, folder)
    lost.start()
    until(lambda: lost.tally.accepted > 0, "the load", seconds=QUIET_SECONDS)
    time.sleep(MIDDLE_SECONDS)
    middle = datetime.now(UTC)
    assert lost.finish().accepted == ENCOUNTERS
    rig.until_quiet(QUIET_SECONDS)
    second = backup.take(Site.local(rig.home, rig.plan), folder / "backup")
    subscriber.hear(rig.plan)
    lose_everything(rig)
    return BackedUp(folder / "backup", moment, middle, kept, lost, (first.is_new, second.is_new))


def lose_everything(rig):
    rig.stop()
    LocalPostgres(rig.home.postgres).remove()
    LocalKafka(rig.home.kafka).remove()
    shutil.rmtree(rig.home.keys)


def goes_on(rig, number, folder):
    """After a restore: start, rest, work, rest."""
    rig.resume(silent)
    rig.until_quiet(QUIET_SECONDS)
    return travel(rig, number, folder)


def test_a_backup_comes_back_to_its_moment_and_the_work_goes_on(rig, subscriber, backed_up, tmp_path):
    restored = backup.restore(rig.home, backed_up.folder, until=backed_up.moment)
    after = goes_on(rig, 5, tmp_path)

    assert backed_up.is_new == (True, False)
    assert restored.left_after
    assert violations(rig, backed_up.kept, after, folder=tmp_path) == []
    assert any("I1" in each for each in violations(rig, backed_up.lost, folder=tmp_path))


def test_who_subscribed_outside_the_backup_misses_nothing(rig, subscriber, backed_up):
    """It saw what was lost, and ignores what it saw and what stands below the last of its key."""
    subscriber.hear(rig.plan)

    kept = subscriber.check(rig.plan)
    assert subscriber.eras == {1, 2}
    assert set(subscriber.seen) > kept, "nothing was lost"


def test_and_neither_does_it_when_the_same_backup_comes_back_to_another_moment(rig, subscriber, backed_up, tmp_path):
    rig.stop()

    backup.restore(rig.home, backed_up.folder, until=backed_up.middle)
    goes_on(rig, 6, tmp_path)
    subscriber.hear(rig.plan)

    subscriber.check(rig.plan)
    assert subscriber.eras == {1, 2, 3}
    assert all(holds for holds, _ in audit_check.verify(Site.local(rig.home, rig.plan)).values())
