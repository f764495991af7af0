"""``bench x12``: its files, its measures and its judgement. Nothing here is timed."""

import json
import subprocess
import sys

import pytest
from claimstream_cli.bench.x12_command import GOALS, TOOLS, goals_of, ratios_of
from claimstream_cli.bench.x12_tools import make_input
from claimstream_cli.places import checkout
from claimstream_x12.checking import Checker

SAMPLES = checkout() / "libs" / "x12" / "samples"


def a_figure(tool, what, file, mb_per_s=100.0, claims_per_s=100_000, peak=10.0):
    rates = {"mb_per_s": mb_per_s, "claims_per_s": claims_per_s, "peak_rss_mb": peak}
    return {"tool": tool, "what": what, "file": f"{file}.edi", **rates}


def all_reached():
    own = [a_figure(goal.tool, goal.what, goal.file) for goal in GOALS]
    return [*own, a_figure("pyx12", "validate", "small-claims", 2.0)]


def unmet(figures, name="must_met"):
    return [goal["goal"] for goal in goals_of(figures) if not goal[name]]


def test_every_goal_is_met_by_figures_that_reach_it():
    assert unmet(all_reached()) == unmet(all_reached(), "aim_met") == []
    assert ratios_of(all_reached())["SNIP 1-5 and 999 against pyx12's validation and 999"] == 50.0


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.said)
def test_a_figure_beyond_its_limit_a_run_without_end_and_a_missing_one_meet_nothing(goal):
    others = [one for one in all_reached() if (one["what"], one["file"]) != (goal.what, f"{goal.file}.edi")]
    beyond = {goal.figure: goal.must * (1.01 if goal.figure == "peak_rss_mb" else 0.99)}

    for instead in (
        [a_figure(goal.tool, goal.what, goal.file) | beyond],
        [a_figure(goal.tool, goal.what, goal.file, mb_per_s=None)],
        [],
    ):
        assert goal.said in unmet([*others, *instead])


def test_a_peer_nineteen_times_slower_is_not_slow_enough():
    figures = [*all_reached()[:-1], a_figure("pyx12", "validate", "small-claims", 100 / 19)]

    assert unmet(figures) == ["837P read, SNIP 1-5, 999, times pyx12"]
    assert unmet(all_reached()[:-1]) == ["837P read, SNIP 1-5, 999, times pyx12"]


def test_a_file_of_examples_is_one_interchange_of_sets_with_numbers_of_their_own(tmp_path):
    examples = [path.read_text() for path in sorted((SAMPLES / "835").glob("stupidedi*pass*"))]
    sets = make_input.build(tmp_path / "made.edi", 40_000, examples)
    data = (tmp_path / "made.edi").read_bytes()

    report = Checker().check(data)
    numbers = {one.control_number for one in report.sets}
    assert (len(report.sets), len(numbers), len(report.interchanges)) == (sets, sets, 1)
    assert report.envelope_findings == ()
    assert 40_000 <= len(data) < 60_000


@pytest.mark.parametrize(
    ("what", "says"),
    [("tokenize", "segments"), ("typed", "payments|records"), ("check", "sets"), ("balanced", "imbalances")],
)
def test_each_measure_says_what_came_out_of_it(tmp_path, what, says):
    file = tmp_path / "remittances.edi"
    make_input.build(file, 20_000, [min((SAMPLES / "835").glob("stupidedi*pass*")).read_text()])
    command = [sys.executable, str(TOOLS / "own.py"), str(file), "--what", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(TOOLS)})  # noqa: S603  our own

    line = json.loads(done.stdout)
    assert (line["tool"], line["what"], line["file"]) == ("claimstream-x12", what, "remittances.edi")
    assert line["claims"] == file.read_bytes().count(b"~CLP*") > 0
    assert any(word in line["result"] for word in says.split("|"))
    assert line["mb_per_s"] > 0
