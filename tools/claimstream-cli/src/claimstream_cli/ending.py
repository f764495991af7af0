"""Ends what `up` started, and nothing else: by process id with start time, and by the run's mark in a process's environment."""

import contextlib
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil
from claimstream_local_servers import LocalKafka, LocalPostgres, OwnedProcess

from .places import Home
from .state import Plan, State

GRACE_SECONDS = 20.0
MARK = "CLAIMSTREAM_RUN"


def end_all(processes: Iterable[OwnedProcess], grace: float = GRACE_SECONDS) -> None:
    """Ask all of them at once to end, wait together, then kill what is left."""
    alive = [process for process in processes if process.is_alive()]
    for process in alive:
        process.send(signal.SIGTERM)
    deadline = time.monotonic() + grace
    for process in alive:
        if not process.wait(max(0.0, deadline - time.monotonic())):
            process.send(signal.SIGKILL)
    for process in alive:
        process.wait(5.0)


def end_tasks(state: State) -> None:
    """End the processes of the state, and any other that carries the run's mark (started just before the supervisor was killed)."""
    end_all([task.process for task in state.tasks.values()])
    end_all(marked(state.run))


def marked(run: str) -> Iterator[OwnedProcess]:
    """Find the processes whose environment carries the run's mark."""
    for process in psutil.process_iter():
        # A process that ends meanwhile, or whose environment is closed to us, is none of ours.
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == run:
                yield OwnedProcess(process.pid, process.create_time())


def supervisors_of(home: Home) -> Iterator[OwnedProcess]:
    """The supervisors of this home that run, also where the file that remembers them is gone."""
    command = ["-m", "claimstream_cli.supervisor", str(home.root)]
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.cmdline()[-3:] == command and process.status() != psutil.STATUS_ZOMBIE:
                yield OwnedProcess(process.pid, process.create_time())


def stop_servers(home: Home, plan: Plan | None) -> None:
    """Stop the embedded servers, Kafka first; real servers elsewhere are none of ours."""
    LocalKafka(Path(plan.kafka_home) if plan and plan.kafka_home else home.kafka).stop()
    LocalPostgres(Path(plan.postgres_home) if plan and plan.postgres_home else home.postgres).stop()
