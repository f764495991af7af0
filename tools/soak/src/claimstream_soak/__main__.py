"""`python -m claimstream_soak --tier 2`: what `./claimstream soak` calls."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from os import environ
from pathlib import Path
from typing import Annotated

import typer
from claimstream_cli.places import Home, checkout
from claimstream_local_servers.places import closed_folder

from .figures import Figures
from .mutants import judge_all
from .overloading import Overload, Overloading
from .running import TIERS, Run

FAILED = 1
SIMULATION, FAILPOINTS, MUTANTS = 0, 1, 4
SEEDS = (1, 2, 3)
"""Tier 1 plays each of these where no seed is named."""


def soak(  # noqa: PLR0913  each is an option
    tier: Annotated[
        int,
        typer.Option(
            min=0,
            max=4,
            help="0: seeded simulation, a minute. 1: a kill at every failpoint. 2: twenty kills in minutes. 3: the long one."
            " 4: mutants, each of which has to turn a lower tier red.",
        ),
    ] = 2,
    seed: Annotated[
        int | None, typer.Option(help="Says all of it: people, faults, pauses. By default a new one; tier 1: three.")
    ] = None,
    encounters: Annotated[int | None, typer.Option(min=1, help="Tiers 2 and 3: fewer or more than their own.")] = None,
    replicas: Annotated[
        int | None,
        typer.Option(min=1, max=3, help="Tiers 2 and 3: processes of each service; two also roll and rebalance."),
    ] = None,
    overload: Annotated[
        float | None,
        typer.Option(
            min=10,
            help="No tier: three times the load that intake can take, for so many seconds (600 before a release).",
        ),
    ] = None,
    only: Annotated[str | None, typer.Option(help="Tier 4: the mutants with this in their name.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the figures there as JSON as well.")] = None,
) -> None:
    """Hurt a stack at work, by a seed, and say whether anything was lost or done twice. Exit code 1 when it was, or when the run was vacuous."""
    if tier == SIMULATION and overload is None:
        raise typer.Exit(_simulate(seed, report))
    if tier == FAILPOINTS:
        raise typer.Exit(max(_strike_failpoints(each) for each in (SEEDS if seed is None else (seed,))))
    if tier == MUTANTS:
        raise typer.Exit(_judge_mutants(only))
    figures = _run(tier, seed, encounters, replicas) if overload is None else _overload(seed, overload)
    sys.stdout.write("\n".join(figures.lines()) + "\n")
    if report is not None:
        report.write_text(json.dumps(figures.to_json(), indent=2) + "\n")
    raise typer.Exit(FAILED if figures.wrong() else 0)


def _simulate(seed: int | None, report: Path | None) -> int:
    options = [*(() if seed is None else ("--seed", str(seed))), *(() if report is None else ("--json", str(report)))]
    return subprocess.run(  # noqa: S603  our own module
        [sys.executable, "tests/simulation", "--schedules", "2000", "--seconds", "60", *options],
        cwd=checkout(),
        check=False,
    ).returncode


def _strike_failpoints(seed: int) -> int:
    sys.stdout.write(f"tier 1, seed {seed}\n")
    sys.stdout.flush()
    environment = {key: value for key, value in environ.items() if key != "CLAIMSTREAM_HOME"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/tier1_failpoints.py", "tests/tier1_restore.py"],
        cwd=checkout(),
        env={**environment, "CLAIMSTREAM_SEED": str(seed)},
        check=False,
    ).returncode


def _judge_mutants(only: str | None) -> int:
    began = time.monotonic()
    folder = Home.default().root / "mutants"
    closed_folder(folder)
    verdicts = judge_all(folder, _tell(began), only=only)
    for verdict in verdicts:
        sys.stdout.write(f"{verdict.mutant.name:58} {verdict.killed_by or 'LIVES'}   {verdict.said}\n")
    alive = sum(verdict.killed_by is None for verdict in verdicts)
    sys.stdout.write(f"{len(verdicts) - alive} of {len(verdicts)} mutants turned a tier red\n")
    return FAILED if alive or not verdicts else 0


def _overload(seed: int | None, seconds: float) -> Overload:
    seed = _a_seed() if seed is None else seed
    folder = Home.default().root / "overload"
    return Overloading(folder, seed=seed, seconds=seconds, told=_tell(time.monotonic())).go()


def _a_seed() -> int:
    return int(time.time()) % 1_000_000


def _run(tier: int, seed: int | None, encounters: int | None, replicas: int | None) -> Figures:
    began = time.monotonic()
    chosen = TIERS[tier]
    if encounters is not None:
        share = encounters / chosen.encounters
        chosen = replace(chosen, encounters=encounters, load_seconds=max(5.0, chosen.load_seconds * share))
    if replicas is not None:
        chosen = chosen.with_replicas(replicas)
    seed = _a_seed() if seed is None else seed
    figures = Run(chosen, seed, Home.default().root / "soak", _tell(began)).go()
    figures.seconds["all of it"] = time.monotonic() - began
    return figures


def _tell(began: float) -> Callable[[str], None]:
    def told(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:7.1f}  {what}\n")
        sys.stderr.flush()

    return told


if __name__ == "__main__":
    typer.run(soak)
