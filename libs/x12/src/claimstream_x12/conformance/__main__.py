"""`python -m claimstream_x12.conformance [--adapter module:attribute]`: the cases in a table, and a total."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections import Counter
from typing import TYPE_CHECKING, TextIO

from claimstream_x12.conformance.cases import CASES
from claimstream_x12.conformance.running import Outcome, Result, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimstream_x12.conformance.adapter import Adapter

_SHORT = {
    "own": "claimstream_x12.conformance.adapters.own:Own",
    "pyx12": "claimstream_x12.conformance.adapters.pyx12_adapter:Pyx12",
    "oxedi": "claimstream_x12.conformance.adapters.oxedi_adapter:Oxedi",
}


def adapter_named(name: str) -> Adapter:
    """The adapter that `module:attribute` makes, or one of our own by its short name."""
    module, _, attribute = _SHORT.get(name, name).partition(":")
    made: Adapter = getattr(importlib.import_module(module), attribute)()
    return made


def print_table(results: Sequence[Result], name: str, to: TextIO) -> None:
    """A line for each case, with its source and what was seen where it failed; then the total."""
    width = max(len(one.case.id) for one in results)
    for one in results:
        seen = f"  {one.seen}" if one.outcome is Outcome.FAILED else ""
        to.write(f"{one.outcome:<9}  {one.case.id:<{width}}  {one.case.source}{seen}\n")
    totals = Counter(one.outcome for one in results)
    counted = ", ".join(f"{totals[outcome]} {outcome}" for outcome in Outcome)
    rules = len({one.case.rule for one in results})
    to.write(f"\n{name}: {counted}; {len(results)} cases of {rules} rules\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """1 when a case failed."""
    parser = argparse.ArgumentParser(prog="python -m claimstream_x12.conformance", description=__doc__)
    parser.add_argument("--adapter", default="own", help=f"module:attribute, or one of {', '.join(_SHORT)}")
    parser.add_argument("--case", default="", help="only the cases whose id begins so, with their rules")
    asked = parser.parse_args(arguments)
    adapter = adapter_named(asked.adapter)
    results = list(run((case for case in CASES if case.id.startswith(asked.case)), adapter))
    if not results:
        parser.error(f"no case begins with {asked.case}")
    print_table(results, adapter.name, sys.stdout)
    return int(any(one.outcome is Outcome.FAILED for one in results))


if __name__ == "__main__":
    sys.exit(main())
