"""The command: read, count, compare, print."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .databases import read_databases
from .figures import contradictions, count, read_exchange, sample_size, varieties
from .validity import invalid_files

CHECKOUT = Path(__file__).resolve().parents[2]
SETTLING_SECONDS = 15.0
"""The demo waits until nothing moves any more before it takes the time; the last event comes that much earlier, at most."""


def main(arguments: list[str]) -> int:
    """Compare the summary in a demo's folder with what is counted here; 1 when anything differs."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python tests/recount var/demo\n")
        return 2
    demo = Path(arguments[0])
    exchange = read_exchange(demo / "exchange")
    counted = count(exchange, read_databases(demo), sample_size(CHECKOUT / "demo"))
    summary = json.loads((demo / "summary.json").read_text())
    differing = _compare(dict(_flat(summary)), dict(_flat(counted)))
    false = contradictions(counted)
    some = varieties(exchange)
    missing = [name for name, number in some.items() if not number]
    for name, number in some.items():
        _say(f"{name:32}{number:>14}{'' if number else '  none'}")
    files, invalid = invalid_files(demo / "exchange" / "outbound")
    _say(f"{'837 files valid to pyx12':32}{files - len(invalid):>14}  of {files}")
    for name, errors in invalid.items():
        _say(f"  {name}: {'; '.join(errors[:3])}")
    wrong = [*differing, *false, *missing, *invalid] or ([] if files else ["no files"])
    _say("everything agrees" if not wrong else f"{len(wrong)} differ: {', '.join(wrong)}")
    return 1 if wrong else 0


def _compare(summary: dict[str, Any], counted: dict[str, Any]) -> list[str]:
    _say(f"{'figure':32}{'summary':>14}{'recounted':>14}")
    differing = []
    for name in {**summary, **counted}:
        said, found = summary.get(name), counted.get(name)
        agrees = _took(said, found) if name == "seconds" else said == found
        _say(f"{name:32}{_shown(said):>14}{_shown(found):>14}  {'agrees' if agrees else 'DIFFERS'}")
        differing += [] if agrees else [name]
    return differing


def _took(said: Any, found: Any) -> bool:
    """Whether the time told fits the time between the first event and the last."""
    return isinstance(said, (int, float)) and found - 1 <= said <= found + SETTLING_SECONDS


def _flat(figures: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _shown(value: Any) -> str:
    return "-" if value is None else f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
