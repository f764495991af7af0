"""What was measured, and on what: figures without these say nothing."""

import os
import platform
import subprocess
import time

from claimstream_cli.places import checkout

REFERENCE_SECONDS = 0.035
"""What the additions of `slowness` took on the machine whose figures are the goals (two cores, Python 3.11; docs/benchmarks.md)."""
ADDITIONS = 1_000_000


def commit() -> str:
    """The commit that runs, with a mark when the work tree differs from it; `unknown` outside a git checkout."""
    command = ["git", "-C", str(checkout()), "describe", "--always", "--dirty", "--abbrev=12"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def machine() -> str:
    """Cores and system."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def slowness() -> float:
    """How many times longer than the reference machine this one takes for plain Python at this moment: 1.0 is as fast.

    It counts this thread's own time on a core, so that it can be asked while other processes work; a shared host's speed changes within minutes.
    """
    began = time.thread_time()
    total = 0
    for number in range(ADDITIONS):
        total += number
    return (time.thread_time() - began) / REFERENCE_SECONDS
