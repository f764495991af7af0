"""What the supervisor was told to run, and what it says runs; both survive it."""

from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from claimstream_kit.bus.access import KafkaAccess
from claimstream_local_servers import OwnedProcess
from claimstream_local_servers.kafka import ADMIN
from claimstream_local_servers.processes import read_object, write_json

from .brokers import Broker


@dataclass(frozen=True)
class Task:
    """One process to keep running."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    log: str
    port: int | None = None
    service: str = ""
    """The service that this is a replica of; empty for what serves no HTTP."""

    @property
    def url(self) -> str | None:
        """Where it serves HTTP."""
        return f"http://127.0.0.1:{self.port}" if self.port else None


@dataclass(frozen=True)
class Plan:
    """Everything that one `up` runs. `run` marks each process's environment, so that none can be missed."""

    run: str
    tasks: tuple[Task, ...]
    bootstrap: str
    postgres: str
    databases: dict[str, str]
    doors: dict[str, int] = field(default_factory=dict)
    """The port of each service: a listening socket that the supervisor holds and all of its replicas share."""
    clock_offset_seconds: int = 0
    topic_prefix: str = ""
    kafka_home: str | None = None
    postgres_home: str | None = None
    kafka: dict[str, Any] = field(default_factory=dict)
    """What its users show Kafka; see `Broker`."""

    def write(self, path: Path) -> None:
        """Keep the plan; it holds passwords, so only its owner can read it."""
        write_json(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> "Plan | None":
        """Read a plan; None when there is none."""
        facts = read_json(path)
        if facts is None:
            return None
        tasks = tuple(Task(**{**task, "command": tuple(task["command"])}) for task in facts.pop("tasks"))
        # Another release may have written it; `down` must still find what it started.
        known = {name.name for name in fields(cls)}
        return cls(tasks=tasks, **{name: value for name, value in facts.items() if name in known})

    def kafka_access(self, user: str = ADMIN) -> KafkaAccess:
        """How a user of the stack reaches Kafka."""
        return Broker.from_json(self.bootstrap, self.kafka).as_user(user)

    def url(self, name: str) -> str:
        """Return where a service serves HTTP, whichever of its replicas answers."""
        return f"http://127.0.0.1:{self.doors[name]}"

    def replicas(self, name: str) -> list[Task]:
        """Return the tasks of a service."""
        return [task for task in self.tasks if task.service == name]


@dataclass(frozen=True)
class Running:
    """One task's process, and how often it had to be started again."""

    pid: int
    started: float
    restarts: int = 0
    ended: str | None = None
    """How the process before it ended: a signal or an exit code."""

    @property
    def process(self) -> OwnedProcess:
        """The process itself."""
        return OwnedProcess(self.pid, self.started)


@dataclass(frozen=True)
class State:
    """What runs now."""

    run: str
    supervisor: OwnedProcess
    tasks: dict[str, Running] = field(default_factory=dict)
    server_restarts: dict[str, int] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Keep the state; readers see an old one or a new one, never a half."""
        write_json(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> "State | None":
        """Read the state; None when nothing was ever started."""
        facts = read_json(path)
        if facts is None:
            return None
        tasks = {name: Running(**task) for name, task in facts["tasks"].items()}
        return cls(facts["run"], OwnedProcess(**facts["supervisor"]), tasks, facts["server_restarts"])

    def started(self, name: str, process: OwnedProcess, restarts: int, ended: str | None = None) -> "State":
        """Note that a task's process was started, and how the one before it ended."""
        return replace(self, tasks={**self.tasks, name: Running(process.pid, process.started, restarts, ended)})


def read_json(path: Path) -> dict[str, Any] | None:
    """Read an object from a file; None when the file is not there.

    Raises:
        ServerFailed: it is damaged.
    """
    try:
        return read_object(path)
    except FileNotFoundError:
        return None
