"""Load beyond capacity: three times what intake can take, for minutes. Nothing acknowledged may be lost, nobody may wait long, and it passes by itself."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimstream_cli.bench.machine import commit, machine
from claimstream_cli.quiet import NotQuiet
from claimstream_load import Journal, Poster, Tally, batches, canaries
from claimstream_local_servers.processes import silent

from .auditing import judge
from .crowd import IN_ONE_REQUEST, Crowd
from .figures import counts, quantile, table, violations
from .rig import CODING_DOOR, KAFKA, POSTGRES, PRACTICE, NotRecovered, Rig, until
from .sampling import memory

TIMES = 3
CALIBRATION_SECONDS = 20.0
CALIBRATION_CONNECTIONS = 8
ACCEPTED_P99_SECONDS = 1.0
RECOVERED_WITHIN_SECONDS = 10.0
MOST_GROWTH = 1.25
"""By how much the second half of the time may need more memory than the first."""

SLACK_BYTES = 64 << 20
REST_SECONDS = 3600.0
PROBE_SECONDS, AT_ONCE_SECONDS = 10.0, 0.5


@dataclass
class Overload:
    """What came of it."""

    seed: int
    seconds: float
    commit: str
    machine: str
    capacity: float = 0.0
    """Encounters a second that intake takes from clients who wait for each answer."""
    offered: int = 0
    accepted: int = 0
    refused: int = 0
    untold: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    accepted_seconds: list[float] = field(default_factory=list)
    """Sorted."""
    first_half_bytes: Counter[str] = field(default_factory=Counter)
    second_half_bytes: Counter[str] = field(default_factory=Counter)
    recovered_seconds: float | None = None
    """From the end of the load until a client who comes alone is answered at once."""
    rest_seconds: float | None = None
    """From the end of the load until all that was taken was worked on, by every service."""
    audit: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def wrong(self) -> list[str]:
        """Why it failed; nothing, when it passed."""
        return [*self.faults, *violations(self.audit), *self._of_clients(), *self._of_memory()]

    def _of_clients(self) -> Iterator[str]:
        if self.errors:
            yield f"clients saw errors other than 429: {self.errors}"
        if self.untold:
            yield f"{self.untold} refusals did not say when to come again"
        if not self.refused:
            yield "vacuous: nobody was refused, so it was no load beyond capacity"
        if self.accepted_seconds and quantile(self.accepted_seconds, 99) > ACCEPTED_P99_SECONDS:
            p99 = quantile(self.accepted_seconds, 99)
            yield f"accepted requests took {p99:.2f} s at the 99th percentile, at most {ACCEPTED_P99_SECONDS:.0f} s"
        if self.recovered_seconds is not None and self.recovered_seconds > RECOVERED_WITHIN_SECONDS:
            yield f"intake answered at once only {self.recovered_seconds:.1f} s after the load"

    def _of_memory(self) -> Iterator[str]:
        for name, size in self.second_half_bytes.items():
            before = self.first_half_bytes[name]
            if size > before * MOST_GROWTH + SLACK_BYTES:
                yield f"{name} grew from {before >> 20} MB in the first half of the time to {size >> 20} MB in the second"

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        spread = self.accepted_seconds or [0.0]
        return {
            "seed": self.seed,
            "seconds": self.seconds,
            "commit": self.commit,
            "machine": self.machine,
            "capacity_a_second": round(self.capacity, 1),
            "offered": self.offered,
            "offered_a_second": round(self.offered / self.seconds, 1),
            "accepted": self.accepted,
            "accepted_a_second": round(self.accepted / self.seconds, 1),
            "refused_requests": self.refused,
            "errors": self.errors,
            "accepted_p50_seconds": round(quantile(spread, 50), 3),
            "accepted_p99_seconds": round(quantile(spread, 99), 3),
            "accepted_max_seconds": round(spread[-1], 3),
            "first_half_bytes": dict(self.first_half_bytes),
            "second_half_bytes": dict(self.second_half_bytes),
            "recovered_seconds": self.recovered_seconds,
            "rest_seconds": self.rest_seconds,
            **counts(self.audit),
            "wrong": self.wrong(),
        }

    def lines(self) -> Iterator[str]:
        """For people."""
        facts = self.to_json()
        yield f"load beyond capacity   seed {self.seed}   {self.seconds:.0f} s   {self.machine}   commit {self.commit}"
        yield (
            f"intake takes {self.capacity:,.0f} encounters/s from clients who wait; offered {facts['offered_a_second']:,.0f}/s,"
            f" taken {facts['accepted_a_second']:,.0f}/s ({self.accepted:,}); {self.refused:,} requests of {IN_ONE_REQUEST} got 429"
        )
        yield (
            f"accepted requests: p50 {facts['accepted_p50_seconds']} s, p99 {facts['accepted_p99_seconds']} s,"
            f" max {facts['accepted_max_seconds']} s; other errors {self.errors or 'none'}"
        )
        yield "peak memory, first and second half, MB: " + ", ".join(
            f"{name} {self.first_half_bytes[name] >> 20} {size >> 20}"
            for name, size in sorted(self.second_half_bytes.items())
        )
        yield f"after the load: answered at once after {self.recovered_seconds} s, all worked on after {self.rest_seconds} s"
        yield from table(self.audit)
        wrong = self.wrong()
        yield from (f"WRONG: {each}" for each in wrong)
        yield "FAILED" if wrong else "passed: what was acknowledged is there, once"


class Overloading:
    """One run."""

    def __init__(self, folder: Path, *, seed: int, seconds: float, told: Callable[[str], None]) -> None:
        """Nothing runs yet."""
        self._folder = folder
        self._rig = Rig(folder / "var", seed=seed)
        self._told = told
        self.came = Overload(seed, seconds, commit(), machine())

    def go(self) -> Overload:
        """Do all of it; the stack is down afterwards, its databases, topics and files stay."""
        try:
            self._rig.start(silent)
            self._work()
        except (NotRecovered, NotQuiet) as failed:
            self.came.faults.append(str(failed))
        finally:
            self._rig.stop()
        return self.came

    def _work(self) -> None:
        came, rig = self.came, self._rig
        (self._folder / "journal.ndjson").unlink(missing_ok=True)
        came.capacity = self._capacity()
        self._told(
            f"intake takes {came.capacity:,.0f} encounters/s; now {TIMES} times as many for {came.seconds:.0f} s"
        )
        crowd = self._crowd(came.seed, TIMES * came.capacity)
        crowd.start()
        try:
            self._watch(crowd)
        finally:
            crowd.stop()
        ended = time.monotonic()
        came.offered, came.accepted, came.refused = crowd.offered, crowd.accepted, crowd.refused
        came.untold, came.errors = crowd.untold, dict(crowd.errors)
        came.accepted_seconds = sorted(seconds for _, seconds in crowd.seconds)
        came.recovered_seconds = self._recovered()
        self._told(f"{came.accepted:,} taken, {came.refused:,} requests refused; waiting for the rest to arrive")
        rig.until_quiet(REST_SECONDS)
        came.rest_seconds = round(time.monotonic() - ended, 1)
        self._told("auditing")
        planted = self._folder / "canaries.txt"
        planted.write_text("\n".join(word for seed in self._seeds for word in canaries(seed)) + "\n")
        injected = self._folder / "injected.ndjson"
        injected.write_text("")
        came.audit = judge(rig, journal=self._folder / "journal.ndjson", canaries=planted, injected=injected)

    @property
    def _seeds(self) -> tuple[int, int, int]:
        """Of the load, of what was posted before it, and of the one who comes after it."""
        return self.came.seed, self.came.seed + 1, self.came.seed + 2

    def _crowd(self, seed: int, rate: float) -> Crowd:
        url, bearer = self._rig.plan.url(CODING_DOOR), self._rig.bearer("biller")
        return Crowd(url, bearer, practice=PRACTICE, seed=seed, rate=rate, folder=self._folder)

    def _capacity(self) -> float:
        """What clients who wait for each answer get done, while the other services work on it."""
        began = time.monotonic()
        tally = self._post_alone(
            self._seeds[1], count=1 << 30, seconds=CALIBRATION_SECONDS, connections=CALIBRATION_CONNECTIONS
        )
        return tally.accepted / (time.monotonic() - began)

    def _watch(self, crowd: Crowd) -> None:
        came, half = self.came, self.came.seconds / 2
        began = time.monotonic()
        minute = 0
        while (passed := time.monotonic() - began) < came.seconds:
            peaks = came.first_half_bytes if passed < half else came.second_half_bytes
            for name in (*self._rig.names, KAFKA, POSTGRES):
                process = self._rig.process(name)
                if process is not None:
                    peaks[name] = max(peaks[name], memory(process.pid))
            if passed // 60 > minute:
                minute = int(passed // 60)
                self._told(f"{crowd.offered:,} offered, {crowd.accepted:,} taken, {crowd.refused:,} requests refused")
            time.sleep(1.0)

    def _recovered(self) -> float:
        """How long it took until one who comes alone is answered at once."""
        came = 0

        def is_answered_at_once() -> bool:
            nonlocal came
            tally = self._post_alone(self._seeds[2], start=came, count=1, seconds=PROBE_SECONDS, connections=1)
            came += 1
            return not tally.errors and bool(tally.seconds) and tally.seconds[0] <= AT_ONCE_SECONDS

        return round(until(is_answered_at_once, "the intake", seconds=REST_SECONDS), 2)

    def _post_alone(self, seed: int, *, count: int, seconds: float, connections: int, start: int = 0) -> Tally:
        """Post as fast as the answers come, until so many are posted or the time is over."""
        return asyncio.run(self._posted(seed, start, count, seconds, connections))

    async def _posted(self, seed: int, start: int, count: int, seconds: float, connections: int) -> Tally:
        with Journal(self._folder / "journal.ndjson") as journal:
            poster = Poster(
                self._rig.plan.url(CODING_DOOR),
                self._rig.bearer("biller"),
                practice=PRACTICE,
                connections=connections,
                journal=journal,
            )
            asyncio.get_running_loop().call_later(seconds, poster.stop)
            return await poster.post(batches(seed, start=start, count=count, size=IN_ONE_REQUEST))
