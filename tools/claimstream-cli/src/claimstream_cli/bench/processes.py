"""What the processes of a stack cost: CPU time and memory, sampled while a bench runs."""

import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
from claimstream_local_servers import LocalKafka, LocalPostgres

from claimstream_cli.places import Home
from claimstream_cli.state import Plan, State

KAFKA, POSTGRES, GENERATOR = "Kafka", "PostgreSQL", "load generator"
SAMPLE_SECONDS = 1.0


@dataclass(frozen=True)
class Usage:
    """What a process and its children have used so far."""

    cpu_seconds: float
    resident_bytes: int


@dataclass(frozen=True)
class Sample:
    """All processes at one moment of the wall clock."""

    at: float
    usage: Mapping[str, Usage]


def members(home: Home, plan: Plan) -> dict[str, int]:
    """The process ids of a stack by name, and this process as the load generator. Servers that are not ours are left out."""
    state = State.read(home.state)
    found = {name: task.process.pid for name, task in state.tasks.items()} if state else {}
    postgres = LocalPostgres(Path(plan.postgres_home)).process() if plan.postgres_home else None
    kafka = LocalKafka(Path(plan.kafka_home)).process() if plan.kafka_home else None
    if postgres is not None:
        found[POSTGRES] = postgres.pid
    if kafka is not None:
        found[KAFKA] = kafka.pid
    return {**found, GENERATOR: os.getpid()}


def usage_of(pid: int) -> Usage:
    """What a process uses, with its living children and those it has waited for. Memory that they share counts once."""
    main = psutil.Process(pid)
    children = main.children(recursive=True) if pid != os.getpid() else []
    times = main.cpu_times()
    seconds = times.user + times.system + times.children_user + times.children_system
    memory = [main.memory_info()]
    for child in children:
        try:
            used = child.cpu_times()
            seconds += used.user + used.system
            memory.append(child.memory_info())
        except psutil.NoSuchProcess:
            continue
    own = sum(each.rss - each.shared for each in memory)
    return Usage(seconds, own + max(each.shared for each in memory))


@dataclass
class Meter:
    """Samples processes in a thread of its own until it is left."""

    pids: Mapping[str, int]
    samples: list[Sample] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="meter", daemon=True)
        self._take()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self._take()

    def _work(self) -> None:
        while not self._stopping.wait(SAMPLE_SECONDS):
            self._take()

    def _take(self) -> None:
        usage = {}
        for name, pid in self.pids.items():
            try:
                usage[name] = usage_of(pid)
            except psutil.NoSuchProcess:
                continue  # it ended, or was started again: its figure ends with the last sample
        self.samples.append(Sample(time.time(), usage))

    def cpu_seconds(self, began: float, ended: float) -> dict[str, float]:
        """CPU seconds of each process between two moments, from the last sample before the first to the first after the second."""
        first = max(
            (each for each in self.samples if each.at <= began), key=lambda each: each.at, default=self.samples[0]
        )
        last = min(
            (each for each in self.samples if each.at >= ended), key=lambda each: each.at, default=self.samples[-1]
        )
        return {
            name: last.usage[name].cpu_seconds - used.cpu_seconds
            for name, used in first.usage.items()
            if name in last.usage
        }

    def peak_bytes(self) -> dict[str, int]:
        """The most memory that each process held at a sample."""
        peaks: dict[str, int] = {}
        for sample in self.samples:
            for name, used in sample.usage.items():
                peaks[name] = max(peaks.get(name, 0), used.resident_bytes)
        return peaks
