"""``claimstream bench journey``: a stack to measure, the measuring, and what is printed of it."""

import json
import time
from dataclasses import dataclass

from claimstream_cli import exits
from claimstream_cli.practice import is_loaded
from claimstream_cli.progress import results, steps
from claimstream_cli.quiet import NotQuiet
from claimstream_cli.sites import Site

from .journey import Run, a_stack, measure
from .journey_report import figures_of, table_of

UNKNOWN_PRACTICE = (
    "coding-svc does not know the practice {}: load it (claimstream practice load FILE) or name another one (--practice);"
    " without a running stack the bench loads demo/practice.json itself"
)
FIRST_SEED = 1
SEEDS = 1_000_000


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    practice: str
    encounters: int
    seed: int | None
    floor: bool
    as_json: bool


def run_journey(wanted: Wanted) -> int:
    """Measure, print, and return the exit code."""
    try:
        with steps() as progress, a_stack(progress) as (home, plan, is_own):
            if not is_loaded(Site.local(home, plan), wanted.practice):
                exits.fail(exits.REFUSED, UNKNOWN_PRACTICE.format(wanted.practice))
            # On a stack that has seen others, encounters that it knows would be no work at all.
            seed = wanted.seed if wanted.seed is not None else FIRST_SEED if is_own else int(time.time()) % SEEDS
            run = Run(home, plan, wanted.practice, wanted.encounters, seed)
            figures = figures_of(measure(run, progress=progress, with_floor=wanted.floor))
    except NotQuiet as restless:
        exits.errors.print(str(restless), style="red", markup=False)
        return exits.REFUSED
    if wanted.as_json:
        results.print_json(json.dumps(figures))
    else:
        results.print(table_of(figures))
    is_whole = figures["encounters"] == wanted.encounters and not figures["dead_letters"]
    return exits.OK if is_whole else exits.REFUSED
