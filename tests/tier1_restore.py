"""Tier 1, lost servers: Kafka is made again from the outboxes, and a backup comes back to a moment; the auditor finds nothing wrong.

Run by `claimstream soak --tier 1`: it takes a minute, and a stack whose servers it may destroy.
"""

import os
import shutil
from datetime import UTC, datetime

import pytest
from claimstream_cli import backup
from claimstream_local_servers import LocalKafka, LocalPostgres
from claimstream_local_servers.processes import silent
from claimstream_soak.auditing import judge
from claimstream_soak.loading import Load
from claimstream_soak.rig import PRACTICE, Rig

SEED = int(os.environ.get("CLAIMSTREAM_SEED", "1"))
ENCOUNTERS = 40
QUIET_SECONDS = 120.0


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    made = Rig(tmp_path_factory.mktemp("restore") / "var", seed=SEED)
    try:
        made.start(silent)
        yield made
    finally:
        made.stop()


def travel(rig, number, folder):
    """Let encounters of their own travel until all is at rest; what was acknowledged."""
    load = Load(
        rig.plan.url("coding-svc"),
        rig.bearer("ehr"),
        practice=PRACTICE,
        seed=SEED * 1000 + number,
        count=ENCOUNTERS,
        rate=None,
        folder=folder / str(number),
    )
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


def test_a_backup_comes_back_to_its_moment_and_the_work_goes_on(rig, tmp_path):
    folder = tmp_path / "backup"
    first = backup.take(rig.home, rig.plan, folder)
    kept = travel(rig, 3, tmp_path)
    moment = datetime.now(UTC)
    lost = travel(rig, 4, tmp_path)
    second = backup.take(rig.home, rig.plan, folder)
    rig.stop()
    LocalPostgres(rig.home.postgres).remove()
    LocalKafka(rig.home.kafka).remove()
    shutil.rmtree(rig.home.keys)

    restored = backup.restore(rig.home, folder, until=moment)
    rig.resume(silent)
    rig.until_quiet(QUIET_SECONDS)
    after = travel(rig, 5, tmp_path)

    assert (first.is_new, second.is_new) == (True, False)
    assert restored.left_after
    assert violations(rig, kept, after, folder=tmp_path) == []
    assert any("I1" in each for each in violations(rig, lost, folder=tmp_path))
