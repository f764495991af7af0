"""`python -m claimstream_auditor --plan var/run/plan.json`: says whether I1 to I14 hold for a stack; exit code 1 when one does not."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from .auditing import audit
from .case import Bounds
from .connecting import evidence_of
from .report import Report


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="claimstream_auditor", description=__doc__)
    parser.add_argument("--plan", type=Path, required=True, help="run/plan.json of the stack")
    parser.add_argument("--home", type=Path, help="the stack's folder; the plan's grandparent when not told")
    parser.add_argument("--topics", type=Path, default=Path("deploy/topics.toml"), help="the list of topics")
    parser.add_argument("--journal", type=Path, help="the load generator's journal (JSON lines)")
    parser.add_argument("--canary", type=Path, help="planted words, one a line")
    parser.add_argument(
        "--injected", type=Path, help="records put on topics by hand (JSON lines: topic, partition, offset)"
    )
    parser.add_argument("--answers", type=Path, help="a folder with answers that clients got")
    parser.add_argument("--practice", help="audit this practice alone")
    parser.add_argument("--only", nargs="+", help="these invariants alone, such as I3 I10")
    parser.add_argument("--required", nargs="+", default=(), help="invariants that must have had something to look at")
    parser.add_argument("--running", action="store_true", help="work goes on: ask only for what holds at every moment")
    parser.add_argument("--stuck-after", type=float, default=60.0, help="seconds that anything may lie about")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser.parse_args(words)


async def _audit(chosen: argparse.Namespace) -> Report:
    plan = json.loads(chosen.plan.read_text())
    home = chosen.home or chosen.plan.parent.parent
    places = {
        "journal": chosen.journal,
        "canaries": chosen.canary,
        "injected": chosen.injected,
        "answers": chosen.answers,
    }
    async with evidence_of(plan, home, chosen.topics, **places) as evidence:
        return await audit(
            evidence,
            practice=chosen.practice,
            only=chosen.only,
            required=chosen.required,
            bounds=Bounds(at_rest=not chosen.running, stuck_after=timedelta(seconds=chosen.stuck_after)),
        )


def main(words: Sequence[str] | None = None) -> int:
    """Audit and print; 1 when an invariant does not hold."""
    chosen = _arguments(words)
    report = asyncio.run(_audit(chosen))
    text = json.dumps(report.to_json(), indent=2) if chosen.json else "\n".join(report.lines())
    sys.stdout.write(text + "\n")
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
