"""What ``bench journey`` prints: a table for people, one JSON object for programs."""

import os
from typing import Any

from rich.table import Table

from .journey import Measured
from .machine import commit, machine
from .processes import GENERATOR
from .stages import STAGES, percentile

_NOT_OURS = ("payer-simulator", GENERATOR)
_MIB = 1 << 20


def figures_of(measured: Measured) -> dict[str, Any]:
    """Every figure of a run."""
    known, tally = measured.journeys, measured.tally
    seconds = max(measured.ended - measured.began, 1e-9)
    cpu = measured.meter.cpu_seconds(measured.began, measured.ended)
    claims_a_second = known.posted / seconds
    floor = measured.floor
    ours = sum(used for name, used in cpu.items() if name not in _NOT_OURS)
    return {
        "encounters": known.encounters,
        "states": known.states,
        "claims": known.claims,
        "claims_submitted": known.submitted,
        "claims_posted": known.posted,
        "payments": known.payments,
        "dead_letters": measured.dead_letters,
        "seconds": round(seconds, 2),
        "claims_per_second": round(claims_a_second, 1),
        "claims_per_second_sustained": _rounded(sustained(known.posted_at), 1),
        "encounters_per_second": round(known.encounters / seconds, 1),
        "intake": {
            **tally.to_json(),
            "encounters_per_second": _rounded(_intake_rate(measured), 1),
            "request_p50_ms": _milliseconds(tally.seconds, 50),
            "request_p99_ms": _milliseconds(tally.seconds, 99),
        },
        "stages": {
            name: {
                "p50_s": _rounded(percentile(known.seconds[name], 50), 3),
                "p95_s": _rounded(percentile(known.seconds[name], 95), 3),
            }
            for name in STAGES
        },
        "core_milliseconds_a_claim": {
            name: _rounded(used * 1000 / known.posted if known.posted else None, 2) for name, used in cpu.items()
        },
        "core_milliseconds_a_claim_ours": _rounded(ours * 1000 / known.posted if known.posted else None, 2),
        "wal_kilobytes_a_claim": _rounded(measured.wal_bytes / 1000 / known.posted if known.posted else None, 1),
        "cores_used": round(sum(cpu.values()) / seconds, 2),
        "peak_mib": {name: round(peak / _MIB) for name, peak in measured.meter.peak_bytes().items()},
        "floor": {
            "events": floor.events,
            "seconds": round(floor.seconds, 2),
            "claims_per_second": round(floor.per_second, 1),
            "journey_share": round(claims_a_second / floor.per_second, 3),
        }
        if floor
        else None,
        "seed": measured.run.seed,
        "load_before": measured.load_before,
        "cores": os.cpu_count(),
        "machine": machine(),
        "commit": commit(),
    }


def sustained(posted_at: list[float]) -> float | None:
    """Claims a second between the tenth and the ninetieth of a hundred posted: without the way in and the last payment's wait."""
    first, last = len(posted_at) // 10, len(posted_at) * 9 // 10
    if last <= first or posted_at[last] <= posted_at[first]:
        return None
    return (last - first) / (posted_at[last] - posted_at[first])


def _intake_rate(measured: Measured) -> float | None:
    tally = measured.tally
    if tally.last_answered is None or tally.last_answered <= measured.began:
        return None
    return tally.accepted / (tally.last_answered - measured.began)


def _milliseconds(seconds: list[float], percent: int) -> float | None:
    found = percentile(seconds, percent)
    return None if found is None else round(found * 1000, 1)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def table_of(figures: dict[str, Any]) -> Table:
    """The figures for a person."""
    table = Table(title="bench journey", show_header=False)
    states = ", ".join(f"{count:,} {state.replace('_', ' ')}" for state, count in sorted(figures["states"].items()))
    table.add_row("encounters", f"{figures['encounters']:,} ({states})")
    table.add_row(
        "claims",
        f"{figures['claims']:,}, submitted {figures['claims_submitted']:,}, posted {figures['claims_posted']:,}"
        f" by {figures['payments']:,} payments; dead letters {figures['dead_letters']}",
    )
    table.add_row("first POST to last posted payment", f"{figures['seconds']:,.1f} s")
    table.add_row(
        "claims a second", f"{figures['claims_per_second']:,}; sustained {figures['claims_per_second_sustained']}"
    )
    table.add_row("encounters a second", f"{figures['encounters_per_second']:,}")
    intake = figures["intake"]
    table.add_row(
        "intake",
        f"{intake['encounters_per_second']} encounters/s; a request p50 {intake['request_p50_ms']} ms,"
        f" p99 {intake['request_p99_ms']} ms; 429: {intake['refused_429']}, sent again: {intake['retried']}",
    )
    for name, each in figures["stages"].items():
        table.add_row(name, f"p50 {each['p50_s']} s, p95 {each['p95_s']} s")
    table.add_section()
    for name, used in figures["core_milliseconds_a_claim"].items():
        table.add_row(name, f"{used} core-ms a claim, peak {figures['peak_mib'].get(name)} MiB")
    table.add_row("all but simulator and generator", f"{figures['core_milliseconds_a_claim_ours']} core-ms a claim")
    table.add_row("write-ahead log", f"{figures['wal_kilobytes_a_claim']} kB a claim")
    table.add_row("cores in use", f"{figures['cores_used']} of {figures['cores']}")
    table.add_section()
    if floor := figures["floor"]:
        table.add_row(
            "floor: five bare stages", f"{floor['claims_per_second']:,} claims/s ({floor['events']:,} events)"
        )
        table.add_row("journey's share of the floor", f"{floor['journey_share']:.1%}")
    table.add_row("seed", str(figures["seed"]))
    table.add_row("machine", f"{figures['machine']}; load before {figures['load_before']}")
    table.add_row("commit", figures["commit"])
    return table
