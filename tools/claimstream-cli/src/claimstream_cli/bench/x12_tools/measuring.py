"""What every peer's script shares: its arguments, its time limit, and the line of JSON that it prints.

One process measures one peer on one file, so that no peer pays for another's imports, caches or memory. Standard library
alone: the interpreter is the peer's.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_KIB = 1024 if sys.platform != "darwin" else 1024 * 1024  # ru_maxrss is in KiB, and in bytes on macOS


class TimeIsUp(BaseException):  # no Exception: a peer that catches everything would work on
    """The peer was still at work when its time limit came."""


@dataclass(frozen=True)
class Asked:
    """What one run was asked to do."""

    file: Path
    what: str
    limit: int
    note: str


def asked_for(description: str | None, *whats: str) -> Asked:
    """The command line: a file, what to do with it, how long it may take, and what to say of the file."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("file", type=Path)
    parser.add_argument("--what", choices=whats, default=whats[0])
    parser.add_argument("--limit", type=int, default=300, help="seconds, after which the run is given up")
    parser.add_argument(
        "--note", default="", help="printed with the figures, for instance that the file is a smaller one"
    )
    found = parser.parse_args()
    return Asked(found.file, found.what, found.limit, found.note)


def measure(asked: Asked, tool: str, version: str, work: Callable[[Path], str]) -> None:
    """Time the work on the file and print its line; `work` says what came out of it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core, also for who would take more
    signal.signal(signal.SIGALRM, _time_is_up)
    signal.alarm(asked.limit)
    started = time.perf_counter()
    try:
        result, done = work(asked.file), True
    except TimeIsUp:
        result, done = f"given up after {asked.limit} s", False
    except Exception as raised:  # noqa: BLE001  that a peer cannot read the file is its result
        result, done = f"{type(raised).__name__}: {raised}".splitlines()[0], False
    seconds = time.perf_counter() - started
    signal.alarm(0)
    peak = _peak()
    print(json.dumps({"tool": tool, "version": version} | _figures(asked, seconds, peak, done=done, result=result)))  # noqa: T201


def _figures(asked: Asked, seconds: float, peak: int, *, done: bool, result: str) -> dict[str, object]:
    """The line without its head; a run that came to no end has no rates."""
    data = asked.file.read_bytes()
    segments, claims = data.count(b"~"), data.count(b"~CLM*") + data.count(b"~CLP*")
    return {
        "what": asked.what,
        "file": asked.file.name,
        "mb": round(len(data) / 1e6, 2),
        "note": asked.note,
        "result": result,
        "seconds": round(seconds, 3),
        "mb_per_s": round(len(data) / 1e6 / seconds, 3) if done else None,
        "segments_per_s": round(segments / seconds) if done else None,
        "claims": claims,
        "claims_per_s": round(claims / seconds) if done else None,
        "peak_rss_mb": round(peak / 1e6, 1),
    }


def _peak() -> int:
    """The process's largest size in bytes; what getrusage says may be its parent's, from before it was started."""
    status = Path("/proc/self/status")
    if status.exists():
        highest = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(highest.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB


def _time_is_up(_signal: int, _frame: FrameType | None) -> None:
    raise TimeIsUp
