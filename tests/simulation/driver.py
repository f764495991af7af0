"""Runs schedules by their seeds: Hypothesis reads its choices from bytes that the seed makes, so a seed is a schedule, wherever it runs."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any, get_args

from claimstream_kit.failpoints import PLACES
from hypothesis import HealthCheck, settings
from hypothesis.stateful import get_state_machine_test

from .faults import Kind
from .machine import Simulation
from .schedule import Schedule
from .world import World

STEPS = (4, 7, 10, 14)
"""How many rules a schedule has, by its seed."""

CHOICES = 16_384
"""Bytes that Hypothesis reads its choices from."""

LARGEST_SEED = 10**8


@dataclass
class Outcome:
    """What some schedules came to."""

    schedules: int = 0
    seconds: float = 0.0
    figures: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[int, str]] = field(default_factory=list)
    """Seed, and what it showed."""

    def add(self, other: "Outcome") -> None:
        """Those of another process."""
        self.schedules += other.schedules
        self.seconds = max(self.seconds, other.seconds)
        self.figures += other.figures
        self.crashes += other.crashes
        self.faults += other.faults
        self.failures += other.failures

    def vacuities(self) -> list[str]:
        """What a run must have shown, and did not: without it, nothing was tried."""
        missing = [f"no crash at {place}" for place in sorted(PLACES) if not self.crashes[place]]
        missing += [
            f"no {name}"
            for name in ("redelivered", "resent", "copies of files", "power losses", "poison", "done by the biller")
            if not self.figures[name]
        ]
        missing += [f"no fault of the kind {kind}" for kind in get_args(Kind) if not self.faults[kind]]
        return missing


Show = Callable[[int, Schedule], None]


def run(
    world: World,
    seeds: Iterable[int],
    *,
    until: float = float("inf"),
    on_failure: Show | None = None,
    on_each: Show | None = None,
) -> Outcome:
    """Run schedules, until one fails or the time has come."""
    outcome = Outcome()
    began = time.perf_counter()
    for seed in seeds:
        if time.monotonic() >= until:
            break
        failure = one(world, seed)
        outcome.schedules += 1
        outcome.figures += Simulation.last.counts()
        if on_each is not None:
            on_each(seed, Simulation.last)
        if failure is not None:
            outcome.failures.append((seed, failure))
            if on_failure is not None and on_each is None:
                on_failure(seed, Simulation.last)
            break
    outcome.seconds = time.perf_counter() - began
    outcome.crashes, outcome.faults = world.faults.crashes, world.faults.struck
    return outcome


def one(world: World, seed: int) -> str | None:
    """Run one schedule; what was wrong with it, or None."""
    world.load_practices([seed])
    Simulation.world, Simulation.number = world, seed
    random = Random(seed)  # noqa: S311  a seed is to be repeated
    try:
        _target(STEPS[seed % len(STEPS)])(random.randbytes(CHOICES))
    except Exception as error:  # noqa: BLE001  whatever it is, it is what the schedule showed
        notes = "".join(f"\n{note}" for note in getattr(error, "__notes__", ()))
        return f"{type(error).__name__}: {error}{notes}"
    return None


_TARGETS: dict[int, Callable[[bytes], object]] = {}


def _target(steps: int) -> Callable[[bytes], object]:
    if steps not in _TARGETS:
        chosen = settings(
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        )
        test: Any = get_state_machine_test(Simulation, settings=chosen)
        _TARGETS[steps] = test.hypothesis.fuzz_one_input
    return _TARGETS[steps]
