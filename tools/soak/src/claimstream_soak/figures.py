"""What a run says at its end: figures for people and for machines, and whether it was worth anything."""

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .faults import Struck

RECOVERY_P95_SECONDS = 10.0
"""Or as long as the whole stack took to start in the same run, where that is more: a part that was ended is back no later than all of it would be."""

OUTBOX_EMPTY_SECONDS = 5.0
SHOWN = 5


@dataclass
class Figures:
    """One run."""

    tier: int
    seed: int
    replicas: int
    commit: str
    machine: str
    planned_kills: int
    encounters: int = 0
    posting: dict[str, Any] = field(default_factory=dict)
    struck: list[Struck] = field(default_factory=list)
    places: dict[str, Any] = field(default_factory=dict)
    """Where encounters, claims and remittances stand, as the auditor counted them."""
    audit: dict[str, Any] = field(default_factory=dict)
    redelivered: int = 0
    sent_twice: int = 0
    peak_total_bytes: int = 0
    peak_bytes: dict[str, int] = field(default_factory=dict)
    outbox_oldest_seconds: float = 0.0
    outbox_empty_seconds: float | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    client_errors_while_rolling: int | None = None
    replayed_rows_changed: int | None = None
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What went wrong outside the invariants, such as a process that did not come back."""

    @property
    def kills(self) -> int:
        """How many processes had no chance to end well."""
        return sum(each.is_kill for each in self.struck)

    @property
    def recoveries(self) -> list[float]:
        """Seconds from each end or kill until the work went on."""
        return sorted(each.recovery_seconds for each in self.struck if each.recovery_seconds is not None)

    def wrong(self) -> list[str]:
        """Why the run failed: violations, what did not recover, and what makes it vacuous. Nothing, when it passed."""
        return [*self.faults, *self._violations(), *self._too_slow(), *self._vacuous()]

    def _violations(self) -> Iterator[str]:
        yield from violations(self.audit)
        if self.client_errors_while_rolling:
            yield f"clients saw {self.client_errors_while_rolling} errors while replicas were restarted one by one"
        if self.replayed_rows_changed:
            yield f"replaying every event changed {self.replayed_rows_changed} tables"

    @property
    def longest_recovery(self) -> float:
        """Seconds that the 95th percentile may take on this machine."""
        return max(RECOVERY_P95_SECONDS, self.seconds.get("start", 0.0))

    def _too_slow(self) -> Iterator[str]:
        if self.recoveries and quantile(self.recoveries, 95) > self.longest_recovery:
            took = quantile(self.recoveries, 95)
            yield f"recovery took {took:.1f} s at the 95th percentile, at most {self.longest_recovery:.1f} s"
        if self.outbox_empty_seconds is not None and self.outbox_empty_seconds > OUTBOX_EMPTY_SECONDS:
            yield f"the outboxes were empty {self.outbox_empty_seconds:.1f} s after the load, at most {OUTBOX_EMPTY_SECONDS:.0f} s"

    def _vacuous(self) -> Iterator[str]:
        if self.kills < self.planned_kills:
            yield f"vacuous: {self.kills} kills, {self.planned_kills} were planned"
        if not self.redelivered:
            yield "vacuous: no event was delivered a second time"
        if self.audit and not all(finding["checked"] for finding in self.audit["findings"]):
            empty = [finding["invariant"] for finding in self.audit["findings"] if not finding["checked"]]
            yield f"vacuous: nothing to check for {', '.join(empty)}"

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "tier": self.tier,
            "seed": self.seed,
            "replicas": self.replicas,
            "commit": self.commit,
            "machine": self.machine,
            "encounters": self.encounters,
            "posting": self.posting,
            "faults": dict(Counter(each.kind for each in self.struck)),
            "kills": self.kills,
            "places": self.places,
            **counts(self.audit),
            "redelivered": self.redelivered,
            "sent_twice": self.sent_twice,
            "recovery_seconds": spread(self.recoveries),
            "recoveries": recovery_by_kind(self.struck),
            "peak_bytes": {"together": self.peak_total_bytes, **self.peak_bytes},
            "outbox_oldest_seconds": round(self.outbox_oldest_seconds, 1),
            "outbox_empty_seconds": self.outbox_empty_seconds,
            "client_errors_while_rolling": self.client_errors_while_rolling,
            "replayed_rows_changed": self.replayed_rows_changed,
            "seconds": {name: round(value, 1) for name, value in self.seconds.items()},
            "notes": self.notes,
            "wrong": self.wrong(),
        }

    def lines(self) -> Iterator[str]:
        """For people: figures, then what is wrong, or that nothing is."""
        facts = self.to_json()
        yield f"soak, tier {self.tier}   seed {self.seed}   replicas {self.replicas}   {self.machine}   commit {self.commit}"
        yield f"encounters acknowledged {self.encounters:,}   " + _said(self.posting)
        yield f"faults ({len(self.struck)}, {self.kills} kills, {self.planned_kills} planned)"
        yield from (f"  {count:4}  {kind}" for kind, count in sorted(facts["faults"].items()))
        yield "where they stand: " + _said(self.places)
        yield from table(self.audit)
        yield f"redelivered and left alone {self.redelivered:,}   sent to Kafka a second time {self.sent_twice:,}"
        if self.recoveries:
            yield (
                "recovery seconds "
                + _said(facts["recovery_seconds"])
                + f"; the aim is p95 {RECOVERY_P95_SECONDS:.0f}, at most {self.longest_recovery:.1f} here"
            )
            yield from (f"  {kind}: {_said(each)}" for kind, each in facts["recoveries"].items())
        yield f"oldest unsent event {self.outbox_oldest_seconds:.1f} s" + (
            f"   outboxes empty {self.outbox_empty_seconds:.1f} s after the load"
            if self.outbox_empty_seconds is not None
            else ""
        )
        yield f"peak memory {self.peak_total_bytes / 2**20:,.0f} MB: " + ", ".join(
            f"{name} {size / 2**20:,.0f}" for name, size in sorted(self.peak_bytes.items())
        )
        yield "seconds " + _said(facts["seconds"])
        yield from self.notes
        wrong = self.wrong()
        yield from (f"WRONG: {each}" for each in wrong)
        yield "FAILED" if wrong else "passed: nothing lost, nothing twice"


def violations(audit: Mapping[str, Any]) -> Iterator[str]:
    """What an audit found, an invariant at a time."""
    for finding in audit.get("findings", ()):
        if finding["violated"]:
            first = "; ".join(f"{each['what']}: {each['where']}" for each in finding["violations"][:SHOWN])
            yield f"{finding['invariant']} is violated {finding['violated']} times: {first}"


def table(audit: Mapping[str, Any]) -> Iterator[str]:
    """The invariants with their counts, a line each."""
    yield "invariants       checked  violations"
    for finding in audit.get("findings", ()):
        yield f"  {finding['invariant']:5} {finding['checked']:>16,} {finding['violated']:>11,}   {finding['says']}"


def counts(audit: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """How much of each invariant was checked, and violated."""
    return {
        said: {each["invariant"]: each[name] for each in audit.get("findings", ())}
        for said, name in (("violations", "violated"), ("checked", "checked"))
    }


def quantile(values: Sequence[float], percent: int) -> float:
    """A percentile of sorted values."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def spread(values: Sequence[float]) -> dict[str, float]:
    """How many, their middle, their tail and the worst."""
    if not values:
        return {}
    return {
        "count": len(values),
        "p50": round(quantile(values, 50), 2),
        "p95": round(quantile(values, 95), 2),
        "max": round(values[-1], 2),
    }


def recovery_by_kind(struck: Sequence[Struck]) -> dict[str, dict[str, float]]:
    """The same for each kind of fault."""
    kinds: dict[str, list[float]] = {}
    for each in struck:
        if each.recovery_seconds is not None:
            kinds.setdefault(each.kind, []).append(each.recovery_seconds)
    return {kind: spread(sorted(values)) for kind, values in sorted(kinds.items())}


def _said(facts: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}" for name, value in facts.items()
    )
