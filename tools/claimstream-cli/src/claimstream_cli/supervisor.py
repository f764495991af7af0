"""The process behind `up`: it keeps every task running, restarts what ended with a growing pause, and ends all of it when asked.

Run as `python -m claimstream_cli.supervisor HOME`. It reads `run/plan.json` and keeps `run/state.json`. Its own death ends nothing:
`down` and the next `up` find the processes by the state file and by the run's mark in their environment.
"""

import os
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from claimstream_kit.telemetry import configure_logging
from claimstream_local_servers import LocalKafka, LocalPostgres, OwnedProcess, ServerFailed
from claimstream_local_servers.processes import how_it_ended, spawn

from .ending import end_tasks, stop_servers
from .places import Home
from .state import Plan, State, Task

log = structlog.get_logger()

POLL_SECONDS = 0.1
SERVER_CHECK_SECONDS = 1.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
CALM_AFTER_SECONDS = 5.0
BACKLOG = 1024
LARGEST_LOG = 20 << 20


@dataclass
class Keeper:
    """Keeps one task running. The pause before a restart doubles, until a process has lived for some seconds."""

    task: Task
    doors: tuple[socket.socket, ...] = ()
    process: OwnedProcess | None = None
    restarts: int = -1
    pause: float = FIRST_PAUSE_SECONDS
    start_at: float = 0.0
    ended: str | None = None
    """How its last process ended: a signal or an exit code."""

    def is_due(self, now: float) -> bool:
        """Whether the task has to be started now; notices an end and sets the time of the restart."""
        if self.process is not None:
            if self.process.is_alive():
                return False
            lived = time.time() - self.process.started
            self.ended = how_it_ended(self.process) or "unknown"
            self.pause = FIRST_PAUSE_SECONDS if lived > CALM_AFTER_SECONDS else self.pause
            self.start_at = now + self.pause
            log.warning(
                "task ended",
                task=self.task.name,
                pid=self.process.pid,
                by=self.ended,
                lived_seconds=round(lived, 1),
                again_in_seconds=self.pause,
            )
            self.pause = min(self.pause * 2, LONGEST_PAUSE_SECONDS)
            self.process = None
        return now >= self.start_at

    def start(self) -> OwnedProcess:
        """Start the task's process."""
        numbers = [door.fileno() for door in self.doors]
        environment = {**self.task.environment, "CLAIMSTREAM_LISTEN_FDS": str(numbers)}
        self.process = spawn(self.task.command, Path(self.task.log), environment=environment, sockets=numbers)
        self.restarts += 1
        log.info("task started", task=self.task.name, pid=self.process.pid, restarts=self.restarts)
        return self.process


class Supervisor:
    """Runs a plan until it is asked to stop."""

    def __init__(self, home: Home, plan: Plan) -> None:
        self._home = home
        self._plan = plan
        doors = {name: open_door(port) for name, port in plan.doors.items()}
        self._keepers = [
            Keeper(task, (doors[task.service], open_door(task.port)) if task.service and task.port else ())
            for task in plan.tasks
        ]
        self._state = State(plan.run, OwnedProcess.of(os.getpid()))
        self._stopping = False
        self._servers_checked = 0.0

    def run(self) -> None:
        """Keep everything running."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda number, _: self._stop(number))
        self._state.write(self._home.state)
        while not self._stopping:
            self._keep_tasks()
            self._keep_servers()
            time.sleep(POLL_SECONDS)
        end_tasks(self._state)
        stop_servers(self._home, self._plan)
        log.info("stopped")

    def _stop(self, number: int) -> None:
        log.info("stopping", by=signal.Signals(number).name)
        self._stopping = True

    def _keep_tasks(self) -> None:
        for keeper in self._keepers:
            if self._stopping:
                return
            if keeper.is_due(time.monotonic()):
                keeper.task = self._newest(keeper.task)
                process = keeper.start()
                self._state = self._state.started(keeper.task.name, process, keeper.restarts, keeper.ended)
                self._state.write(self._home.state)
            cut(Path(keeper.task.log))

    def _newest(self, task: Task) -> Task:
        """The task as the plan says now: a change to it holds from the next start on, so that a release is rolled out one by one."""
        plan = Plan.read(self._home.plan)
        tasks = plan.tasks if plan is not None and plan.run == self._plan.run else ()
        return next((each for each in tasks if each.name == task.name), task)

    def _keep_servers(self) -> None:
        now = time.monotonic()
        if now - self._servers_checked < SERVER_CHECK_SECONDS:
            return
        self._servers_checked = now
        for name, server in _servers(self._plan).items():
            if server.process() is not None or self._stopping:
                continue
            log.warning("server ended", server=name)
            try:
                server.start()
            except (ServerFailed, OSError) as failed:
                log.error("server could not be started again", server=name, why=str(failed))  # noqa: TRY400  a sentence
                continue
            log.info("server started again", server=name)
            counts = {**self._state.server_restarts, name: self._state.server_restarts.get(name, 0) + 1}
            self._state = replace(self._state, server_restarts=counts)
            self._state.write(self._home.state)


def _servers(plan: Plan) -> dict[str, LocalKafka | LocalPostgres]:
    """Return the embedded servers of the plan. They must come back on the port that the services know."""
    servers: dict[str, LocalKafka | LocalPostgres] = {}
    if plan.postgres_home:
        servers["PostgreSQL"] = LocalPostgres(Path(plan.postgres_home), same_port=True)
    if plan.kafka_home:
        servers["Kafka"] = LocalKafka(Path(plan.kafka_home), same_port=True)
    return servers


def open_door(port: int) -> socket.socket:
    """A listening socket, for all replicas of a service or for one: what comes while nobody serves it waits in it."""
    return socket.create_server(("127.0.0.1", port), backlog=BACKLOG)


def cut(log: Path, largest: int = LARGEST_LOG) -> None:
    """Begin a log anew when it is long, keeping the last one; its writer appends, so it goes on in the emptied file."""
    if log.exists() and log.stat().st_size > largest:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)


def main() -> None:
    """Supervise the home that the command line names."""
    home = Home(Path(sys.argv[1]))
    plan = Plan.read(home.plan)
    if plan is None:
        sys.exit(f"there is no plan in {home.plan}")
    configure_logging("supervisor")
    log.info("starting", pid=os.getpid(), tasks=len(plan.tasks))
    Supervisor(home, plan).run()


if __name__ == "__main__":
    main()
