"""The faults that a run strikes with. Each knows its kind, its victim, how it is done, and whether it counts as a kill.

A fault that ends or stops a process is over when another process (or the same one, after a pause) does the work again.
"""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from signal import SIGCONT, SIGINT, SIGKILL, SIGQUIT, SIGSTOP, SIGTERM, Signals

from . import membership, repeating
from .rig import KAFKA, POSTGRES, NotRecovered, Rig, until

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Struck:
    """What a fault did: how long until everything worked again, where that can be said."""

    kind: str
    victim: str
    recovery_seconds: float | None = None
    is_kill: bool = False


class Fault(ABC):
    """Something bad that happens to a stack at work."""

    is_kill = False

    @property
    @abstractmethod
    def kind(self) -> str:
        """Under which name it is counted."""

    @property
    @abstractmethod
    def victim(self) -> str:
        """Whom it strikes."""

    @abstractmethod
    def strike(self, rig: Rig) -> float | None:
        """Do it, wait until it is over, and say how many seconds the recovery took, where there was one.

        Raises:
            NotRecovered: the stack did not come back to work by itself.
        """


@dataclass(frozen=True)
class End(Fault):
    """A process is ended by a signal; whoever keeps it starts it again."""

    name: str
    signal: Signals
    means: str

    @property
    def is_kill(self) -> bool:  # type: ignore[override]
        """Whether the process had no chance to end well."""
        return self.signal in (SIGKILL, SIGQUIT)

    @property
    def kind(self) -> str:
        """The signal, and whether it struck a server or one of ours."""
        return f"{self.means} of {_whom(self.name)}"

    @property
    def victim(self) -> str:
        """The process by its name."""
        return self.name

    def strike(self, rig: Rig) -> float | None:
        """Send the signal, and wait for the next process to work."""
        process = rig.process(self.name)
        if process is None:
            until(lambda: rig.process(self.name) is not None, self.name, seconds=PATIENCE_SECONDS)
            process = rig.process(self.name)
        if process is not None:
            process.send(self.signal)
        return rig.until_back(self.name, process, seconds=PATIENCE_SECONDS)


@dataclass(frozen=True)
class Pause(Fault):
    """A process is stopped for longer than its group waits for it, and goes on as if nothing had been: a zombie must do no harm."""

    name: str
    seconds: float

    @property
    def kind(self) -> str:
        """Whether it struck a server or one of ours."""
        return f"pause of {_whom(self.name)}"

    @property
    def victim(self) -> str:
        """The process by its name."""
        return self.name

    def strike(self, rig: Rig) -> float | None:
        """Stop, wait, continue, and wait until it works."""
        process = rig.process(self.name)
        if process is None:
            raise NotRecovered(f"{self.name} does not run")
        process.send(SIGSTOP)
        try:
            time.sleep(self.seconds)
        finally:
            process.send(SIGCONT)
        return until(lambda: rig.works(self.name), self.name, seconds=PATIENCE_SECONDS)


@dataclass(frozen=True)
class Disconnect(Fault):
    """PostgreSQL ends every connection of a service, also in the middle of a transaction or at its COMMIT."""

    service: str
    kind = "connections ended by PostgreSQL"

    @property
    def victim(self) -> str:
        """The service."""
        return self.service

    def strike(self, rig: Rig) -> float | None:
        """End them, and wait until each replica reaches its database."""
        repeating.end_connections(rig.database(self.service))
        return _until_all_work(rig, self.service)


@dataclass(frozen=True)
class Rebalance(Fault):
    """A stranger joins a service's consumer group and leaves it again: all partitions are taken away and given back, twice."""

    service: str
    seconds: float
    kind = "rebalance"

    @property
    def victim(self) -> str:
        """The service."""
        return self.service

    def strike(self, rig: Rig) -> float | None:
        """Join, stay a moment, leave; how long until every replica has its partitions again."""
        membership.join_and_leave(rig.plan, self.service, seconds=self.seconds)
        return _until_all_work(rig, self.service)


@dataclass(frozen=True)
class SayAgain(Fault):
    """The newest events of a topic are on it once more, byte for byte, in an order of chance."""

    topic: str
    count: int
    seed: int
    kind = "events said again"

    @property
    def victim(self) -> str:
        """The topic."""
        return self.topic

    def strike(self, rig: Rig) -> float | None:
        """Say them again."""
        repeating.say_again(rig.plan, self.topic, count=self.count, seed=self.seed)
        return None


@dataclass(frozen=True)
class DropAgain(Fault):
    """Files of the payers lie in the inbound folder once more: under another name, in another envelope, growing, cut short."""

    count: int
    seed: int
    kind = "payer's file dropped again"
    victim = "inbound"

    def strike(self, rig: Rig) -> float | None:
        """Drop them."""
        repeating.drop_again(rig.home.exchange / "inbound", count=self.count, seed=self.seed)
        return None


def _whom(name: str) -> str:
    """A server by its name; our own processes are counted together."""
    return name if name in (KAFKA, POSTGRES) else "a process of ours"


def _until_all_work(rig: Rig, service: str) -> float:
    """Wait until every replica of a service works; how long it took."""
    return until(lambda: rig.all_work(service), service, seconds=PATIENCE_SECONDS)


KILL = ("kill -9", SIGKILL)
CLEAN = ("clean restart", SIGTERM)
FAST = ("fast shutdown", SIGINT)
IMMEDIATE = ("immediate shutdown", SIGQUIT)


def end(name: str, how: tuple[str, Signals]) -> End:
    """A process that is ended in one of these ways."""
    return End(name, how[1], how[0])
