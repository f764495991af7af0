"""The demo: a stack of its own, the sample's encounters through it, and the figures at the end."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from . import exits
from .client import Answer, client, post_encounters, token
from .demo_biller import BillerRefused, send_corrections, work_as_a_biller
from .demo_report import faults, table_of
from .members import CODING
from .passing import ending, fresh_stack
from .places import Home, checkout
from .practice import load
from .progress import Steps, console, results, steps
from .quiet import NotQuiet, wait_until_quiet
from .sample_encounters import SOURCES, sample_encounters
from .sites import Site
from .state import Plan
from .summary import collect

DAY = date(2026, 9, 16)
PREFIX = "demo_"
POSTS_AT_ONCE = 2
QUIET_SECONDS = 240.0


@dataclass
class Intake:
    """What happened to the sample's files at the door."""

    posted: int = 0
    encounters: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    added_by_repost: int = 0


def demo_home() -> Home:
    """The demo's own folder, beside the stack of `up`."""
    return Home(Home.default().root / "demo")


def run_demo(*, keep_running: bool = False) -> int:
    """Run it, clean up whatever happens, and return the exit code."""
    home = demo_home()
    try:
        with ending(home):
            return _run(home, keep_running=keep_running)
    except (NotQuiet, BillerRefused) as fault:
        exits.errors.print(str(fault), style="red", markup=False)
        return exits.REFUSED
    except KeyboardInterrupt:
        console.print("Interrupted; everything has ended.")
        return exits.INTERRUPTED


def _run(home: Home, *, keep_running: bool) -> int:
    with steps() as progress:
        plan = fresh_stack(home, PREFIX, DAY, progress)
        began = time.monotonic()
        practice = checkout() / "demo" / "practice.json"
        loaded = load(Site.local(home, plan), practice)
        if not loaded.taken:
            exits.errors.print("\n".join(loaded.lines()), style="red", markup=False)
            return exits.REFUSED
        name = json.loads(practice.read_bytes())["id"]
        intake = _post_everything(home, plan, name, progress)
        _rest(home, plan, progress)
        _bill(home, plan, name, progress)
        seconds = time.monotonic() - began
    figures: dict[str, Any] = {**collect(home, plan, name), "seconds": round(seconds, 1)}
    summary = home.root / "summary.json"
    summary.write_text(json.dumps(figures, indent=2) + "\n")
    wrong = [*faults(figures), *intake.refused]
    if intake.added_by_repost:
        wrong.append(f"posting a file again added {intake.added_by_repost} encounters")
    results.print(table_of(figures))
    results.print(f"Figures: {summary}\nFiles:   {home.exchange}/outbound and inbound", highlight=False, markup=False)
    for fault in wrong:
        exits.errors.print(fault, style="red", markup=False)
    if keep_running:
        _wait_for_interrupt(plan)
    return exits.REFUSED if wrong else exits.OK


def _post_everything(home: Home, plan: Plan, practice: str, progress: Steps) -> Intake:
    bearer = token(home, practice=practice, subject="demo-ehr", roles=["ehr"], sources=SOURCES)
    sample = list(sample_encounters())
    intake = Intake()
    with client(plan.url(CODING.name), bearer) as http, ThreadPoolExecutor(POSTS_AT_ONCE) as pool:
        answers = pool.map(lambda item: (item[0], post_encounters(http, item[2], item[1])), sample)
        for name, answer in answers:
            _note(intake, name, answer)
            progress("Posting encounters", intake.posted, len(sample))
        before = len(intake.encounters)
        name, kind, body = sample[0]
        _note(intake, name, post_encounters(http, body, kind, repeated=True))
        intake.added_by_repost = len(intake.encounters) - before
    return intake


def _bill(home: Home, plan: Plan, practice: str, progress: Steps) -> None:
    """A biller corrects and takes back, and the payers answer that too."""
    work_as_a_biller(home, plan, practice)
    _rest(home, plan, progress)
    send_corrections(home, plan, practice)
    _rest(home, plan, progress)


def _note(intake: Intake, name: str, answer: Answer) -> None:
    intake.posted += 1
    if answer.taken:
        intake.encounters |= set(answer.encounter_ids())
    else:
        intake.refused.append(f"{name}: {' · '.join(answer.lines())}")


def _rest(home: Home, plan: Plan, progress: Steps) -> None:
    done = 0

    def told(figures: dict[str, Any]) -> None:
        nonlocal done
        inbound = int(figures["inbound"])
        done = max(done, inbound)
        progress("Files answered by the payers", done, done + 1)

    wait_until_quiet(home, plan, seconds=QUIET_SECONDS, told=told)
    progress("Files answered by the payers", done, done)


def _wait_for_interrupt(plan: Plan) -> None:
    for task in plan.tasks:
        address = plan.url(task.service) if task.service else "no HTTP"
        console.print(f"{task.name}: {address}", highlight=False)
    console.print("Still running; end it with Ctrl-C.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        return
