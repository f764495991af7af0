"""Tier T0 in short: a hundred schedules with one seed; `python tests/simulation` runs as many as one likes."""

import pytest
import uvloop

from .disk import Disk, Folder
from .driver import one, run
from .evidence import gather
from .faults import Fault
from .invariants import violations
from .machine import Simulation
from .members import GATEWAY
from .rest import come_to_rest, flow
from .schedule import Schedule
from .world import World

SEED = 20_260_916
SCHEDULES = 100


@pytest.fixture(scope="module")
def world(new_database, tmp_path_factory):
    loop = uvloop.new_event_loop()
    made = World(new_database, tmp_path_factory.mktemp("simulation"), loop)
    yield made
    made.close()
    loop.close()


def test_whatever_fails_between_two_steps_nothing_is_lost_and_nothing_happens_twice(world):
    seeds = range(SEED, SEED + SCHEDULES)
    world.load_practices(list(seeds))

    outcome = run(world, seeds)

    assert not outcome.failures, "\n".join([*outcome.failures[0][1:], *Simulation.last.trace])
    assert outcome.figures["redelivered"] > 0
    assert outcome.figures["resent"] > 0
    assert sum(outcome.crashes.values()) > SCHEDULES // 2


def test_a_seed_is_the_same_schedule_wherever_it_runs(world, new_database, tmp_path):
    seeds = range(SEED + SCHEDULES, SEED + SCHEDULES + 4)
    for seed in seeds:
        assert one(world, seed) is None
    here = Simulation.last.trace

    elsewhere = World(new_database, tmp_path, uvloop.new_event_loop())
    assert one(elsewhere, seeds[-1]) is None
    elsewhere.close()

    assert Simulation.last.trace == here


def test_a_file_whose_commit_was_not_answered_is_no_copy_of_itself(world):
    schedule = a_schedule(world, SEED + 1000)
    schedule.ehr.post("clean")
    flow(schedule)
    schedule.payer.answer("paid", 0, "whole")
    schedule.receive()
    schedule.receive(Fault("lost-after-commit"))

    come_to_rest(schedule)

    assert [row["state"] for row in gather(schedule).of(GATEWAY, "files")] == ["sent", "processed"]
    assert violations(gather(schedule)) == []


def test_what_was_sent_and_archived_outlives_a_power_loss(world):
    schedule = a_schedule(world, SEED + 1001)
    schedule.ehr.post("clean")
    flow(schedule)
    before = contents(schedule.disk)

    only_what_was_synced(schedule.disk.root)

    assert contents(schedule.disk) == before
    come_to_rest(schedule)


def test_a_file_that_is_found_after_a_crash_outlives_a_power_loss(world):
    schedule = a_schedule(world, SEED + 1002)
    schedule.ehr.post("clean")
    flow(schedule, Fault("crash", "gateway.after-rename"))
    flow(schedule)
    before = contents(schedule.disk)

    only_what_was_synced(schedule.disk.root)

    assert contents(schedule.disk) == before
    come_to_rest(schedule)


def a_schedule(world, number):
    world.load_practices([number])
    return Schedule(world, number)


def contents(disk: Disk):
    archive = disk.folder("/exchange/archive")
    return disk.files("/exchange/outbound").keys(), {
        (name, kept) for name, each in archive.entries.items() for kept in each.entries
    }


def only_what_was_synced(folder: Folder):
    """The worst that a power loss can do."""
    folder.entries = dict(folder.durable)
    for each in folder.entries.values():
        if isinstance(each, Folder):
            only_what_was_synced(each)
        else:
            each.data = each.durable or b""
