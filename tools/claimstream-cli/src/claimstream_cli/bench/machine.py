"""What was measured, and on what: figures without these say nothing."""

import os
import platform
import subprocess

from claimstream_cli.places import checkout


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
