"""The stack under test: started as `claimstream up` starts it, with servers of its own, and looked at from outside."""

import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from signal import SIGTERM
from typing import Any

import httpx2
from claimstream_cli import stack
from claimstream_cli.client import token
from claimstream_cli.members import CODING, SERVICES, SIMULATOR
from claimstream_cli.places import Home, checkout
from claimstream_cli.practice import load
from claimstream_cli.quiet import wait_until_quiet
from claimstream_cli.sites import Site
from claimstream_cli.state import Plan, State, Task
from claimstream_local_servers import LocalKafka, LocalPostgres, OwnedProcess
from claimstream_local_servers.places import answers
from claimstream_local_servers.processes import Progress

from .proxying import Proxy
from .volumes import Volume

DAY = date(2026, 9, 16)
KAFKA, POSTGRES, EXCHANGE = "Kafka", "PostgreSQL", "exchange"
EXCHANGE_MEGABYTES, POSTGRES_MEGABYTES = 4_096, 16_384
CODING_DOOR = CODING.name
POLL_SECONDS = 0.05
ANSWER_SECONDS = 2.0
RESTART_SECONDS = 60.0
PRACTICE = "bay-state"


class NotRecovered(Exception):
    """Something did not come back to work by itself; the message names it."""


class Rig:
    """One stack in a folder that is removed before and kept after."""

    def __init__(self, folder: Path, *, replicas: int = 1, seed: int = 1, weather: bool = False) -> None:
        """Nothing runs yet. With ``weather`` the servers stand behind proxies, and disks can be full where we may mount."""
        self.home = Home(folder)
        self._has_weather = weather
        self.proxies: dict[str, Proxy] = {}
        self.volumes = {
            EXCHANGE: Volume(self.home.exchange, megabytes=EXCHANGE_MEGABYTES),
            POSTGRES: Volume(self.home.postgres, megabytes=POSTGRES_MEGABYTES),
        }
        self._options = stack.Options(clock=DAY, fixed_ports=False, replicas=replicas, seed=seed)
        self._plan: Plan | None = None
        self._bearer = ""
        # Nothing is kept open: a process that is gone must not be asked twice.
        self._http = httpx2.Client(timeout=ANSWER_SECONDS, limits=httpx2.Limits(max_keepalive_connections=0))

    def start(self, told: Progress) -> None:
        """Remove what an earlier run left, start, and make the practice known."""
        self.remove()
        if self.has_volumes:
            for volume in self.volumes.values():
                volume.mount()
        self._plan = stack.up(self.home, self._options, told)
        self._bearer = token(self.home, practice=PRACTICE, subject="claimstream-soak")
        if self._has_weather:
            self._go_behind_proxies()
        answer = load(Site.local(self.home, self._plan), checkout() / "demo" / "practice.json")
        if not answer.taken:
            raise stack.NotStarted("\n".join(answer.lines()))

    def resume(self, told: Progress) -> None:
        """Start again what was stopped."""
        self._plan = stack.up(self.home, self._options, told)

    def stop(self) -> None:
        """End all of it; databases, topics and files stay, those of volumes in their images."""
        stack.down(self.home)
        for volume in self.volumes.values():
            volume.unmount()
        for proxy in self.proxies.values():
            proxy.stop()
        self.proxies.clear()

    @property
    def has_volumes(self) -> bool:
        """Whether disks of this stack can be full."""
        return self._has_weather and Volume.is_possible()

    def _go_behind_proxies(self) -> None:
        """From now on the services reach Kafka and PostgreSQL through proxies; who looks from outside reaches them as before."""
        kafka, postgres = Proxy(), Proxy()
        self.proxies = {KAFKA: kafka, POSTGRES: postgres}
        kafka.start(LocalKafka(self.home.kafka).serve_behind(kafka.port))
        postgres.start(int(self.plan.postgres.rpartition(":")[2]))
        self._restart(KAFKA)
        for task in self.services:
            address = task.environment["CLAIMSTREAM_DATABASE_URL"].replace(
                self.plan.postgres, f"127.0.0.1:{postgres.port}"
            )
            self.change(task.name, CLAIMSTREAM_DATABASE_URL=address, CLAIMSTREAM_KAFKA=f"127.0.0.1:{kafka.port}")
            self._restart(task.name)

    def _restart(self, name: str) -> None:
        before = self.process(name)
        self.end_politely(name)
        self.until_back(name, before, seconds=RESTART_SECONDS)

    def remove(self) -> None:
        """End it and remove its folder."""
        self.stop()
        for volume in self.volumes.values():
            volume.remove()
        LocalKafka(self.home.kafka).remove()
        LocalPostgres(self.home.postgres).remove()
        shutil.rmtree(self.home.root, ignore_errors=True)

    @property
    def plan(self) -> Plan:
        """What runs."""
        if self._plan is None:
            raise LookupError("the stack is not started")
        return self._plan

    @property
    def services(self) -> list[Task]:
        """Every replica of every service."""
        return [task for task in self.plan.tasks if task.service]

    @property
    def names(self) -> list[str]:
        """Every process that the supervisor keeps, by name."""
        return [task.name for task in self.plan.tasks]

    def task(self, name: str) -> Task:
        """A task by its name."""
        return next(task for task in self.plan.tasks if task.name == name)

    def bearer(self, *roles: str) -> str:
        """A token of the practice."""
        return token(self.home, practice=PRACTICE, subject="claimstream-soak", roles=roles) if roles else self._bearer

    def change(self, name: str, *, command: tuple[str, ...] | None = None, **environment: str) -> None:
        """Give a task other settings, or another command: they hold from its next start on."""
        plan = Plan.read(self.home.plan)
        if plan is None:
            raise LookupError("there is no plan")
        tasks = tuple(
            replace(task, command=command or task.command, environment={**task.environment, **environment})
            if task.name == name
            else task
            for task in plan.tasks
        )
        replace(plan, tasks=tasks).write(self.home.plan)

    def process(self, name: str) -> OwnedProcess | None:
        """The process that a task, or a server, runs in now."""
        if name == KAFKA:
            return LocalKafka(self.home.kafka).process()
        if name == POSTGRES:
            return LocalPostgres(self.home.postgres).process()
        state = State.read(self.home.state)
        now = state.tasks.get(name) if state else None
        return now.process if now and now.process.is_alive() else None

    def end_politely(self, name: str) -> None:
        """Ask a process to end; the supervisor starts the next one."""
        process = self.process(name)
        if process is not None:
            process.send(SIGTERM)

    def works(self, name: str) -> bool:
        """Whether it does what it is there for: a replica is ready, reaches its database, knows its lag; a server serves every replica."""
        if name in (KAFKA, POSTGRES):
            address = self.plan.bootstrap if name == KAFKA else self.plan.postgres
            return self.process(name) is not None and answers(*_place(address)) and self.all_work()
        if name == SIMULATOR:
            return self.process(name) is not None
        quiet = self.quiet(self.task(name))
        return quiet is not None and quiet["lag"] >= 0

    def all_work(self, service: str | None = None) -> bool:
        """Whether every replica works, of one service or of all. They are asked side by side: one that is stuck answers late."""
        names = [task.name for task in self.services if service in (None, task.service)]
        with ThreadPoolExecutor(len(names)) as pool:
            return all(pool.map(self.works, names))

    def quiet(self, task: Task) -> dict[str, Any] | None:
        """What a replica says is still to do; None when it does not answer in time, or is not ready."""
        with suppress(httpx2.HTTPError):
            if self._http.get(f"{task.url}/health/ready").status_code != httpx2.codes.OK:
                return None
            answer = self._http.get(f"{task.url}/quiet", headers={"Authorization": f"Bearer {self._bearer}"})
            if answer.status_code == httpx2.codes.OK:
                return dict(answer.json())
        return None

    def until_back(self, name: str, before: OwnedProcess | None, *, seconds: float) -> float:
        """Wait until another process than before does the work again; how long it took.

        Raises:
            NotRecovered: it did not.
        """
        return until(lambda: self.process(name) not in (None, before) and self.works(name), name, seconds=seconds)

    def until_quiet(self, seconds: float, told: Callable[[dict[str, Any]], None] | None = None) -> float:
        """Wait until nothing is left to do; how long it took."""
        began = time.monotonic()
        wait_until_quiet(self.home, self.plan, seconds=seconds, told=told)
        return time.monotonic() - began

    def database(self, service: str) -> str:
        """A service's database, for who looks from outside."""
        return self.plan.databases[service]


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)


def until(holds: Callable[[], bool], what: str, *, seconds: float) -> float:
    """Wait until something holds; how long it took.

    Raises:
        NotRecovered: it did not in that time.
    """
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise NotRecovered(f"{what} was not back at work within {seconds:.0f} s")
        time.sleep(POLL_SECONDS)
    return time.monotonic() - began


__all__ = [
    "CODING_DOOR",
    "EXCHANGE",
    "KAFKA",
    "POSTGRES",
    "PRACTICE",
    "SERVICES",
    "SIMULATOR",
    "NotRecovered",
    "Rig",
    "until",
]
