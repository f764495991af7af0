"""``bench x12``: the X12 library beside its peers, each in a process of its own on one core, on the same files, in one run."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from claimstream_cli.places import checkout
from claimstream_cli.progress import console, results

from .machine import commit, machine
from .x12_tools import make_input

TOOLS = Path(make_input.__file__).parent
_MB = 1_000_000
_SMALL_MB = 0.3  # for who validates a tenth of a megabyte a second
_LIMIT = "600"
_LINUXFORHEALTH = ("linuxforhealth-x12==0.57.0", "pydantic==1.10.27", "python-dotenv==1.1.1")
_WRONGLY_REFUSED = ("oxygen", "wheelchair")  # by pyx12 and linuxforhealth-x12
_OWN = "claimstream-x12"
_WIDTH = 120  # figures are not cut to a narrow terminal


@dataclass(frozen=True)
class Goal:
    """What a figure must reach and may aim at."""

    said: str
    tool: str
    what: str
    file: str
    figure: str
    must: float
    aim: float

    def is_reached(self, value: float, limit: float) -> bool:
        """Memory is to stay below, everything else to get above."""
        return value <= limit if self.figure == "peak_rss_mb" else value >= limit


GOALS = (
    Goal("tokenise, 837P, MB/s", _OWN, "tokenize", "claims", "mb_per_s", 20, 30),
    Goal("837P to typed records, MB/s", _OWN, "typed", "claims", "mb_per_s", 5, 10),
    Goal("835 to typed records, MB/s", _OWN, "typed", "remittances", "mb_per_s", 5, 10),
    Goal("837P read, SNIP 1-5, 999, MB/s", _OWN, "check", "claims", "mb_per_s", 2, 5),
    Goal("837P read, SNIP 1-5, 999, claims/s", _OWN, "check", "claims", "claims_per_s", 1_800, 4_500),
    Goal("835 read and balance, MB/s", _OWN, "balanced", "remittances", "mb_per_s", 8, 16),
    Goal("peak memory, 100 MB 837P checked, MB", _OWN, "check", "large", "peak_rss_mb", 100, 60),
)

_AGAINST_PYX12 = "SNIP 1-5 and 999 against pyx12's validation and 999"
_TIMES_PYX12 = Goal("837P read, SNIP 1-5, 999, times pyx12", _OWN, "check", "claims", "ratio", 20, 50)
Figures = list[dict[str, Any]]


def run_x12(*, megabytes: int, large_megabytes: int, as_json: bool) -> int:
    """Make the files, run everything, print a table or one JSON object; 0 when every goal that must be met is."""
    folder = checkout() / "var" / "bench" / "x12"
    folder.mkdir(parents=True, exist_ok=True)
    files = _files(folder, megabytes, large_megabytes)
    figures = [line for run in _runs(folder, files) for line in _run(run)]
    if as_json:
        judged = {"ratios": ratios_of(figures), "goals": goals_of(figures)}
        print(json.dumps({"figures": figures, **judged, "machine": machine(), "commit": commit()}))  # noqa: T201
    else:
        wide = Console(width=max(results.width, _WIDTH))
        wide.print(_table(figures))
        wide.print(_ratio_table(figures))
        wide.print(_goal_table(figures))
        results.print(f"{machine()}, one core each, commit {commit()}", style="dim")
    return 0 if all(goal["must_met"] for goal in goals_of(figures)) else 1


def _files(folder: Path, megabytes: int, large_megabytes: int) -> dict[str, Path]:
    samples = checkout() / "libs" / "x12" / "samples"
    claims = [path for path in sorted((samples / "837P").glob("stupidedi*pass*")) if not _is_left_out(path)]
    remittances = sorted((samples / "835").glob("stupidedi*pass*"))
    wanted = {
        "claims": (claims, megabytes * _MB),
        "remittances": (remittances, megabytes * _MB),
        "small-claims": (claims, int(_SMALL_MB * _MB)),
        "small-remittances": (remittances, int(_SMALL_MB * _MB)),
        "large": (claims, large_megabytes * _MB),
    }
    made = {}
    for name, (examples, size) in wanted.items():
        made[name] = folder / f"{name}.edi"
        with console.status(f"Making {made[name].name}"):
            make_input.build(made[name], size, [path.read_text(encoding="latin-1") for path in examples])
    return made


def _is_left_out(path: Path) -> bool:
    return any(word in path.name for word in _WRONGLY_REFUSED)


def _runs(folder: Path, files: dict[str, Path]) -> list[list[str]]:
    own = [sys.executable, str(TOOLS / "own.py")]
    floor = [sys.executable, str(TOOLS / "python_floor.py")]
    pyx12 = [sys.executable, str(TOOLS / "pyx12_peer.py")]
    oxedi = [sys.executable, str(TOOLS / "oxedi_peer.py")]
    claims, remittances = str(files["claims"]), str(files["remittances"])
    smaller = ["--note", "a smaller file, built the same way"]
    runs = [[*own, file, "--what", what] for what in ("tokenize", "typed", "check") for file in (claims, remittances)]
    runs += [[*own, remittances, "--what", "balanced"], [*own, str(files["large"]), "--what", "check"]]
    runs += [[*floor, file, "--what", what] for what in ("segments", "elements") for file in (claims, remittances)]
    runs += [[*pyx12, str(files[name]), *smaller] for name in ("small-claims", "small-remittances")]
    runs += [[*pyx12, file, "--what", "segments"] for file in (claims, remittances)]
    runs += [[*oxedi, remittances, "--what", what] for what in ("whole", "stream")]
    other = _environment_of_its_own(folder)
    if other is not None:
        runs.append([str(other), str(TOOLS / "linuxforhealth_peer.py"), claims])
    return [[*run, "--limit", _LIMIT] for run in runs]


def _environment_of_its_own(folder: Path) -> Path | None:
    """An interpreter with linuxforhealth-x12, which needs Pydantic 1; made once, None where no registry can be reached."""
    python = folder / "linuxforhealth" / "bin" / "python"
    if python.exists():
        return python
    with console.status("Installing linuxforhealth-x12 in an environment of its own"):
        made = [
            subprocess.run(command, capture_output=True, check=False)  # noqa: S603  our own interpreter
            for command in (
                [sys.executable, "-m", "venv", str(python.parent.parent)],
                [str(python), "-m", "pip", "install", "-q", *_LINUXFORHEALTH],
            )
        ]
    if any(one.returncode for one in made):
        console.print("linuxforhealth-x12 cannot be installed here; it is left out.", style="yellow")
        python.unlink(missing_ok=True)
        return None
    return python


def _run(command: list[str]) -> list[dict[str, Any]]:
    with console.status(f"{Path(command[1]).stem} {' '.join(command[2:4])}"):
        done = subprocess.run(  # noqa: S603  our own scripts
            command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(TOOLS)}
        )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        console.print(f"{Path(command[1]).name} gave no figures: {done.stderr.strip().splitlines()[-1:]}", style="red")
    return [json.loads(line) for line in lines]


def _find(figures: Figures, tool: str, what: str, file: str) -> dict[str, Any] | None:
    return next(
        (one for one in figures if (one["tool"], one["what"], one["file"]) == (tool, what, f"{file}.edi")), None
    )


def goals_of(figures: Figures) -> list[dict[str, Any]]:
    """Each goal with its figure, None where the run came to no end, and whether it is met."""
    found = []
    for goal in GOALS:
        figure = _find(figures, goal.tool, goal.what, goal.file)
        value = figure[goal.figure] if figure and figure["mb_per_s"] is not None else None
        found.append(_judged(goal, value))
    return [*found, _judged(_TIMES_PYX12, ratios_of(figures).get(_AGAINST_PYX12))]


def _judged(goal: Goal, value: float | None) -> dict[str, Any]:
    return {
        "goal": goal.said,
        "figure": value,
        "must": goal.must,
        "aim": goal.aim,
        "must_met": value is not None and goal.is_reached(value, goal.must),
        "aim_met": value is not None and goal.is_reached(value, goal.aim),
    }


def _table(figures: Figures) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("tool", "what", "file", "MB", "MB/s", "segments/s", "claims/s", "peak MB"):
        table.add_column(name, no_wrap=True, justify="left" if name in {"tool", "what", "file"} else "right")
    for one in figures:
        rates = [one["mb_per_s"], one["segments_per_s"], one["claims_per_s"]]
        said = [f"{rate:,}" if rate is not None else "-" for rate in rates]
        name = f"{one['tool']} {one['version']}" if one["tool"] != _OWN else _OWN
        table.add_row(
            name, one["what"], one["file"].removesuffix(".edi"), f"{one['mb']:.1f}", *said, f"{one['peak_rss_mb']:.0f}"
        )
        if one["mb_per_s"] is None:
            table.add_row("", f"[red]{one['result'][:60]}[/]")
    return table


_PAIRS = (
    ("check", "claims", "pyx12", "validate", "small-claims", _AGAINST_PYX12),
    ("check", "remittances", "pyx12", "validate", "small-remittances", "the same, 835"),
    ("tokenize", "claims", "pyx12", "segments", "claims", "tokenise against pyx12's segment reader"),
    ("typed", "claims", "linuxforhealth-x12", "models", "claims", "typed 837P against linuxforhealth-x12's models"),
    ("balanced", "remittances", "oxedi", "whole", "remittances", "835 read and balance against oxedi (Rust)"),
    ("check", "remittances", "oxedi", "whole", "remittances", "835 SNIP 1-5 and 999 against oxedi (Rust)"),
    ("tokenize", "claims", "python", "elements", "claims", "tokenise against Python's bare splits"),
)


def ratios_of(figures: Figures) -> dict[str, float]:
    """How many times as fast as a peer this library is, for each pair of which both came to an end."""
    found = {}
    for what, file, peer, peer_what, peer_file, said in _PAIRS:
        ours, theirs = _find(figures, _OWN, what, file), _find(figures, peer, peer_what, peer_file)
        if ours and theirs and ours["mb_per_s"] and theirs["mb_per_s"]:
            found[said] = round(ours["mb_per_s"] / theirs["mb_per_s"], 2)
    return found


def _ratio_table(figures: Figures) -> Table:
    table = Table("ratio in this run", "times", box=box.SIMPLE_HEAD)
    for said, times in ratios_of(figures).items():
        table.add_row(said, f"{times:.2f}")
    return table


def _goal_table(figures: Figures) -> Table:
    table = Table("goal", "figure", "must", "aim", box=box.SIMPLE_HEAD)
    for goal in goals_of(figures):
        value = f"{goal['figure']:,}" if goal["figure"] is not None else "-"
        must, aim = (f"{goal[name]:,} {'met' if goal[f'{name}_met'] else 'NOT met'}" for name in ("must", "aim"))
        table.add_row(goal["goal"], value, must, aim)
    return table
