"""What `up` starts is kept running, and what is ended is exactly that."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from claimstream_cli import stack
from claimstream_cli.ending import end_tasks, marked
from claimstream_cli.state import Plan, State
from claimstream_cli.supervisor import Keeper, cut
from claimstream_local_servers import OwnedProcess
from claimstream_local_servers.processes import spawn

from .conftest import SLEEPER


def until(condition, seconds=20.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(condition)


@pytest.fixture
def supervised(home):
    started = []

    def start():
        command = [sys.executable, "-m", "claimstream_cli.supervisor", str(home.root)]
        process = spawn(command, home.logs / "supervisor.log", environment=dict(os.environ))
        started.append(process)
        until(lambda: (state := State.read(home.state)) and state.supervisor == process and len(state.tasks) == 2)
        return process

    yield start
    for process in started:
        process.end(((signal.SIGTERM, 30.0), (signal.SIGKILL, 5.0)))
    state = State.read(home.state)
    if state:
        end_tasks(state)


def test_a_task_that_is_killed_is_started_again_and_the_others_are_left_alone(home, a_plan, supervised):
    a_plan(first=SLEEPER, second=SLEEPER)
    supervised()
    before = State.read(home.state)

    os.kill(before.tasks["first"].pid, signal.SIGKILL)

    until(lambda: State.read(home.state).tasks["first"].restarts == 1)
    after = State.read(home.state)
    assert after.tasks["first"].process.is_alive()
    assert after.tasks["first"].pid != before.tasks["first"].pid
    assert after.tasks["second"] == before.tasks["second"]
    assert after.tasks["first"].ended == "SIGKILL"
    said = [json.loads(line) for line in (home.logs / "supervisor.log").read_text().splitlines()]
    (ended,) = [line for line in said if line["event"] == "task ended"]
    assert (ended["task"], ended["pid"], ended["by"]) == ("first", before.tasks["first"].pid, "SIGKILL")
    assert [line["task"] for line in said if line["event"] == "task started"] == ["first", "second", "first"]


def test_down_ends_every_task_and_nothing_else(home, a_plan, supervised):
    a_plan(first=SLEEPER, second=SLEEPER)
    supervisor = supervised()
    tasks = [task.process for task in State.read(home.state).tasks.values()]
    bystander = subprocess.Popen([sys.executable, "-c", SLEEPER])  # noqa: S603 - our own program
    try:
        assert stack.down(home)

        assert not supervisor.is_alive()
        assert not any(task.is_alive() for task in tasks)
        assert bystander.poll() is None
        assert not stack.down(home)
    finally:
        bystander.kill()
        bystander.wait()


def test_down_ends_what_a_killed_supervisor_left(home, a_plan, supervised):
    a_plan(first=SLEEPER, second=SLEEPER)
    supervisor = supervised()
    tasks = [task.process for task in State.read(home.state).tasks.values()]
    os.kill(supervisor.pid, signal.SIGKILL)
    until(lambda: not supervisor.is_alive())
    assert all(task.is_alive() for task in tasks)

    assert stack.current(home) is None
    assert stack.is_orphaned(home)
    assert stack.down(home)

    assert not stack.is_orphaned(home)
    assert not any(task.is_alive() for task in tasks)


def test_a_process_of_the_run_is_found_even_when_no_state_names_it(home, a_plan):
    plan = a_plan(run="run-without-state", only=SLEEPER)
    task = plan.tasks[0]
    forgotten = spawn(task.command, home.logs / "x.log", environment=task.environment)

    found = until(lambda: list(marked("run-without-state")))
    end_tasks(State("run-without-state", OwnedProcess(1, 0.0)))

    assert [process.pid for process in found] == [forgotten.pid]
    assert not forgotten.is_alive()


def test_a_stack_whose_guarded_owner_is_killed_is_taken_down(home, a_plan, supervised):
    owner = subprocess.Popen([sys.executable, "-c", SLEEPER])  # noqa: S603 - our own program
    a_plan(first=SLEEPER, second=SLEEPER)
    supervisor = supervised()
    tasks = [task.process for task in State.read(home.state).tasks.values()]
    watched = OwnedProcess.of(owner.pid)
    command = [sys.executable, "-m", "claimstream_cli.guard", str(home.root), str(watched.pid), str(watched.started)]
    guard = spawn(command, home.logs / "guard.log", environment=dict(os.environ))

    owner.kill()
    owner.wait()

    until(lambda: not guard.is_alive())
    assert not supervisor.is_alive()
    assert not any(task.is_alive() for task in tasks)


def test_a_program_that_ends_at_once_is_tried_again_more_and_more_slowly(home, a_plan):
    plan = a_plan(broken="raise SystemExit(1)")
    keeper = Keeper(plan.tasks[0])
    pauses = []
    now = 0.0
    for _ in range(4):
        assert keeper.is_due(now)
        keeper.start().wait(10.0)
        assert not keeper.is_due(now)
        pauses.append(keeper.start_at - now)
        now = keeper.start_at

    assert pauses == [0.5, 1.0, 2.0, 4.0]
    assert keeper.ended == "exit code 1"
    assert keeper.restarts == 3


def test_a_log_is_cut_while_its_writer_goes_on(tmp_path):
    log = tmp_path / "service.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 100)

        cut(log, largest=50)
        writer.write(b"after")

    assert log.read_bytes() == b"after"
    assert (tmp_path / "service.log.1").read_bytes() == b"x" * 100


def test_plan_and_state_are_readable_by_their_owner_alone_and_read_back_equal(home, a_plan):
    plan = a_plan(first=SLEEPER)
    state = State("run-1", OwnedProcess(1, 2.5)).started("first", OwnedProcess(3, 4.5), 2)
    state.write(home.state)

    assert Plan.read(home.plan) == plan
    assert State.read(home.state) == state
    assert home.plan.stat().st_mode & 0o077 == 0
    assert home.state.stat().st_mode & 0o077 == 0


def test_a_plan_of_another_release_is_still_read(home, a_plan):
    plan = a_plan(first=SLEEPER)
    home.plan.write_text(home.plan.read_text().replace('"run":', '"a_word_of_tomorrow": 1, "run":'))

    assert Plan.read(home.plan) == plan


def test_a_stack_whose_state_was_lost_is_found_and_ended_all_the_same(home, a_plan, supervised):
    a_plan(first=SLEEPER, second=SLEEPER)
    supervisor = supervised()
    tasks = [task.process for task in State.read(home.state).tasks.values()]
    home.state.unlink()

    assert stack.down(home) is True

    assert [process.is_alive() for process in (supervisor, *tasks)] == [False, False, False]
