"""One run from its seed to its figures."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from claimstream_cli.bench.machine import commit, machine
from claimstream_cli.quiet import NotQuiet
from claimstream_local_servers.processes import silent

from . import rolling
from .auditing import figure, judge
from .databases import unsent
from .faults import Fault, Struck
from .figures import Figures
from .loading import Load
from .planning import Dose, planned
from .poisoning import poison
from .replaying import replay_everything
from .rig import CODING_DOOR, PRACTICE, NotRecovered, Rig, until
from .sampling import Sampler

Told = Callable[[str], None]

OUTBOX_PATIENCE_SECONDS = 120.0
REBALANCES = 12
SHORT_PAUSES = 0.3, 2.5


@dataclass(frozen=True)
class Tier:
    """What a tier asks for."""

    number: int
    encounters: int
    dose: Dose
    load_seconds: float
    """How long the load shall last, so that the faults fall into it."""
    quiet_seconds: float
    shortest_pause: float = 0.3
    longest_pause: float = 2.5
    replicas: int = 1
    rolls: bool = False
    replays: bool = False

    def with_replicas(self, replicas: int) -> "Tier":
        """The same with so many processes of each service; with more than one, they are restarted one by one and their groups rebalanced."""
        if replicas == 1:
            return replace(self, replicas=1)
        dose = replace(self.dose, rebalances=max(REBALANCES, self.dose.rebalances))
        shortest, longest = SHORT_PAUSES  # a rebalance every few seconds
        return replace(self, replicas=replicas, rolls=True, dose=dose, shortest_pause=shortest, longest_pause=longest)


TIERS = {
    2: Tier(
        2,
        encounters=20_000,
        dose=Dose(kills=22, server_rounds=1, disconnects=3, repeats=2),
        load_seconds=280,
        quiet_seconds=240,
        shortest_pause=1.5,
        longest_pause=6.0,
    ),
    3: Tier(
        3,
        encounters=100_000,
        dose=Dose(kills=66, server_rounds=3, disconnects=10, repeats=6, rebalances=8, pauses=10, storms=8, floods=4),
        load_seconds=900,
        quiet_seconds=1200,
        rolls=True,
        replays=True,
    ),
}


@dataclass
class Run:
    """A run under way."""

    tier: Tier
    seed: int
    folder: Path
    told: Told
    figures: Figures = field(init=False)

    def __post_init__(self) -> None:
        """Nothing runs yet."""
        dose = self.tier.dose
        self.rig = Rig(
            self.folder / "var",
            replicas=self.tier.replicas,
            seed=self.seed,
            weather=dose.storms > 0 or dose.floods > 0,
        )
        self.figures = Figures(
            self.tier.number, self.seed, self.tier.replicas, commit(), machine(), planned_kills=self._planned_kills()
        )

    def _planned_kills(self) -> int:
        return sum(each.fault.is_kill for each in self._plan(["x"]))

    def _plan(self, names: list[str]) -> list[Any]:
        tier = self.tier
        dose = tier.dose if self.rig.has_volumes else replace(tier.dose, floods=0)
        return planned(dose, names, self.seed, shortest=tier.shortest_pause, longest=tier.longest_pause)

    def go(self) -> Figures:
        """Do all of it; the stack is down afterwards, its databases, topics and files stay."""
        try:
            with self._timed("start"):
                self.rig.start(silent)
            if self.tier.dose.floods and not self.rig.has_volumes:
                self.figures.notes.append(
                    "no disk was full: mounting a file system of our own needs root and mkfs.ext4"
                )
            self._work()
        except (NotRecovered, NotQuiet) as failed:
            self.figures.faults.append(str(failed))
        finally:
            self.rig.stop()
        return self.figures

    def _work(self) -> None:
        tier = self.tier
        load = Load(
            self.rig.plan.url(CODING_DOOR),
            self.rig.bearer("biller"),
            practice=PRACTICE,
            seed=self.seed,
            count=tier.encounters,
            rate=tier.encounters / tier.load_seconds,
            folder=self.folder,
        )
        sampler = Sampler(self.rig)
        injected = self.folder / "injected.ndjson"
        poison(self.rig.plan, PRACTICE, injected)
        sampler.start()
        load.start()
        try:
            self._strike_all(load)
            if tier.rolls:
                self.figures.client_errors_while_rolling = rolling.roll(self.rig, load, self.folder, self.told)
            with self._timed("load after the last fault"):
                tally = load.finish()
            self.figures.encounters, self.figures.posting = tally.accepted, tally.to_json()
            self._rest()
        finally:
            load.stop()
            sampler.stop()
        self._audit(load, injected)
        if tier.replays:
            self._replay()
        figures = self.figures
        figures.redelivered = sampler.duplicates
        figures.peak_bytes, figures.peak_total_bytes = dict(sampler.peak_bytes), sampler.peak_total_bytes
        figures.outbox_oldest_seconds = sampler.oldest_unsent_seconds

    def _strike_all(self, load: Load) -> None:
        with self._timed("faults"):
            for number, each in enumerate(plan := self._plan(self.rig.names), start=1):
                time.sleep(each.after_seconds)
                self.told(
                    f"{number}/{len(plan)} {each.fault.kind}: {each.fault.victim}   {load.tally.accepted:,} encounters in"
                )
                self.figures.struck.append(strike(each.fault, self.rig))

    def _rest(self) -> None:
        rig = self.rig
        self.figures.outbox_empty_seconds = round(
            until(lambda: unsent(rig.plan, CODING_DOOR) == 0, "the intake's outbox", seconds=OUTBOX_PATIENCE_SECONDS), 2
        )
        self.told("all is posted; waiting for the rest to arrive")
        with self._timed("until all was quiet"):
            rig.until_quiet(self.tier.quiet_seconds)

    def _audit(self, load: Load, injected: Path) -> None:
        self.told("auditing")
        with self._timed("audit"):
            self.figures.audit = judge(self.rig, journal=load.journal, canaries=load.canaries, injected=injected)
        self.figures.places = places(self.figures.audit)
        self.figures.sent_twice = figure(self.figures.audit, "I10", "sent again")

    def _replay(self) -> None:
        self.told("replaying every event from offset 0")
        with self._timed("replay"):
            self.figures.replayed_rows_changed = replay_everything(self.rig, self.tier.quiet_seconds, self.told)

    @contextmanager
    def _timed(self, name: str) -> Any:
        began = time.monotonic()
        yield
        self.figures.seconds[name] = time.monotonic() - began


def strike(fault: Fault, rig: Rig) -> Struck:
    """Strike, and note what came of it."""
    seconds = fault.strike(rig)
    return Struck(fault.kind, fault.victim, seconds, fault.is_kill)


def places(report: dict[str, Any]) -> dict[str, int]:
    """Where everything stands, as the auditor counted it."""
    return {
        name: count
        for finding in report["findings"]
        if finding["invariant"] in ("I1", "I4", "I12")
        for name, count in finding["figures"].items()
    }
