"""How many encounters a second intake takes from one client that posts one after the other."""

import json
import statistics
import time
import uuid
from typing import Any

from rich.progress import track
from rich.table import Table

from claimstream_cli import exits
from claimstream_cli.client import JSON, NDJSON, client, post_encounters, token
from claimstream_cli.members import CODING
from claimstream_cli.places import Home
from claimstream_cli.progress import console
from claimstream_cli.sample_encounters import sample_encounters
from claimstream_cli.state import Plan

from .machine import commit, machine


def intake(home: Home, plan: Plan, practice: str, times: int) -> Table:
    """POST the sample's encounters again and again, each time under new encounter numbers."""
    bodies = [(kind, body) for _, kind, body in sample_encounters()]
    bearer = token(home, practice=practice, subject="claimstream-bench", roles=["biller"])
    seconds: list[float] = []
    taken = 0
    with client(plan.url(CODING.name), bearer) as http:
        began = time.perf_counter()
        for run in range(times):
            mark = uuid.uuid4().hex[:8]
            for kind, body in track(
                bodies, f"Run {run + 1} of {times}", console=console, disable=not console.is_terminal
            ):
                fresh = renumbered(kind, body, mark)
                start = time.perf_counter()
                answer = post_encounters(http, fresh, kind)
                seconds.append(time.perf_counter() - start)
                if not answer.taken:
                    exits.fail(exits.REFUSED, "\n".join(answer.lines()))
                taken += len(answer.body["encounters"])
        total = time.perf_counter() - began
    return _table(taken, len(seconds), total, seconds)


def renumbered(kind: str, body: bytes, mark: str) -> bytes:
    """The same encounters under other numbers of their source system, so that they are new ones."""
    if kind == NDJSON:
        return b"\n".join(renumbered(JSON, line, mark) for line in body.splitlines() if line.strip())
    whole: dict[str, Any] = json.loads(body)
    if whole.get("resourceType") != "Bundle":
        return json.dumps({**whole, "encounter_id": f"{whole['encounter_id']}-{mark}"}).encode()
    for entry in whole["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Encounter":
            for identifier in resource.get("identifier", []):
                identifier["value"] = f"{identifier['value']}-{mark}"
            resource["id"] = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{resource['id']}-{mark}"))
    return json.dumps(whole).encode()


def _table(encounters: int, requests: int, total: float, seconds: list[float]) -> Table:
    table = Table(title="bench intake", show_header=False)
    percentiles = statistics.quantiles(seconds, n=100, method="inclusive")
    table.add_row("encounters", f"{encounters:,} in {requests:,} requests, one at a time")
    table.add_row("encounters a second", f"{encounters / total:,.1f}")
    table.add_row("a request", f"p50 {percentiles[49] * 1000:.1f} ms, p99 {percentiles[98] * 1000:.1f} ms")
    table.add_row("machine", machine())
    table.add_row("commit", commit())
    return table
