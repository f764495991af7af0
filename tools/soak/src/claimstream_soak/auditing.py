"""Lets the auditor judge a run: a process of its own, that knows the databases, topics, files and the journal, and nothing of what we did."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from claimstream_cli.places import checkout

from .rig import Rig


class AuditFailed(Exception):
    """The auditor itself broke; the message is the end of what it said."""


def judge(rig: Rig, *, journal: Path, canaries: Path, injected: Path) -> dict[str, Any]:
    """Return the auditor's report as it prints it.

    Raises:
        AuditFailed: it did not come to a report.
    """
    command = [
        sys.executable,
        "-m",
        "claimstream_auditor",
        "--plan",
        str(rig.home.plan),
        "--home",
        str(rig.home.root),
        "--topics",
        str(checkout() / "deploy" / "topics.toml"),
        "--journal",
        str(journal),
        "--canary",
        str(canaries),
        "--injected",
        str(injected),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own module
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError as broken:
        raise AuditFailed(f"exit code {done.returncode}: {done.stderr[-2000:]}") from broken
    return report


def figure(report: dict[str, Any], invariant: str, name: str) -> int:
    """A count that the auditor made on the way; 0 where it made none."""
    found = next((each for each in report["findings"] if each["invariant"] == invariant), None)
    return int(found["figures"].get(name, 0)) if found else 0
