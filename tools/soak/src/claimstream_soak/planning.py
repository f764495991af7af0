"""Which faults strike a run, in which order and with which pauses: all of it from the seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from .faults import CLEAN, FAST, IMMEDIATE, KILL, Disconnect, DropAgain, Fault, Pause, Rebalance, SayAgain, end
from .proxying import Weather
from .rig import EXCHANGE, KAFKA, POSTGRES, SERVICES, SIMULATOR
from .weather import BadNetwork, DiskFull

SAID_AGAIN = (
    "contract.changed",
    "encounter.coded",
    "claim.submitted",
    "claim.acknowledged",
    "era.received",
    "claim.adjudicated",
)
STORMS = (Weather.LATE, Weather.CUT, Weather.STUCK, Weather.LOST)
LISTENERS = ("claim-svc", "clearinghouse-gw", "remit-svc", "denial-svc")


@dataclass(frozen=True)
class Planned:
    """A fault, and how long the stack is left alone before it."""

    after_seconds: float
    fault: Fault


@dataclass(frozen=True)
class Dose:
    """How much of each kind a tier asks for."""

    kills: int
    """kill -9 of one of our processes, each victim in turn."""
    server_rounds: int
    """How often each server is killed, and restarted cleanly."""
    disconnects: int
    repeats: int
    """Events said again, and files dropped again."""
    rebalances: int = 0
    pauses: int = 0
    storms: int = 0
    """Bad weather on the network."""
    floods: int = 0
    """Disks without a byte left."""


def planned(dose: Dose, names: list[str], seed: int, *, shortest: float, longest: float) -> list[Planned]:
    """The faults of a run; ``names`` are the processes that may be killed."""
    chance = random.Random(seed)  # noqa: S311  a schedule, not a secret
    faults = [*_kills(dose, names, chance), *_others(dose, names, chance)]
    chance.shuffle(faults)
    return [Planned(chance.uniform(shortest, longest), fault) for fault in faults]


def _kills(dose: Dose, names: list[str], chance: random.Random) -> Iterator[Fault]:
    victims: list[str] = []
    while len(victims) < dose.kills:
        victims += chance.sample(names, len(names))
    for victim in victims[: dose.kills]:
        yield end(victim, KILL)
    for _ in range(dose.server_rounds):
        yield end(KAFKA, KILL)
        yield end(KAFKA, CLEAN)
        yield end(POSTGRES, IMMEDIATE)
        yield end(POSTGRES, FAST)


def _others(dose: Dose, names: list[str], chance: random.Random) -> Iterator[Fault]:
    for number in range(dose.disconnects):
        yield Disconnect(SERVICES[number % len(SERVICES)].name)
    for number in range(dose.repeats):
        yield SayAgain(SAID_AGAIN[number % len(SAID_AGAIN)], count=600, seed=chance.randrange(1 << 30))
        yield DropAgain(count=12, seed=chance.randrange(1 << 30))
    for number in range(dose.rebalances):
        yield Rebalance(LISTENERS[number % len(LISTENERS)], seconds=chance.uniform(0.5, 2.0))
    paused = [name for name in names if name != SIMULATOR]
    for number in range(dose.pauses):
        yield Pause([*paused, KAFKA, POSTGRES][number % (len(paused) + 2)], seconds=chance.uniform(8.0, 12.0))
    for number in range(dose.storms):
        weather = STORMS[number // 2 % len(STORMS)]
        yield BadNetwork((KAFKA, POSTGRES)[number % 2], weather, seconds=chance.uniform(4.0, 9.0))
    for number in range(dose.floods):
        yield DiskFull((EXCHANGE, POSTGRES)[number % 2], seconds=chance.uniform(4.0, 8.0))
