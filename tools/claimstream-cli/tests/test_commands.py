"""What a person types, and the exit codes that scripts rely on."""

import json
import os
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from claimstream_cli import bench, exits, practice
from claimstream_cli.bench.intake import renumbered
from claimstream_cli.client import FHIR, JSON, NDJSON, Answer, kind_of
from claimstream_cli.main import app
from claimstream_cli.places import checkout
from claimstream_cli.sites import Site
from claimstream_cli.stack import clock_offset
from typer.testing import CliRunner

FRONT_DOOR = checkout() / "claimstream"


@pytest.fixture
def claimstream(home, monkeypatch):
    monkeypatch.setenv("CLAIMSTREAM_HOME", str(home.root))
    runner = CliRunner()
    return lambda *words: runner.invoke(app, list(words))


def test_help_names_every_command_and_the_exit_codes(claimstream):
    said = claimstream("--help").output

    for word in ("demo", "test", "up", "down", "status", "post", "bench", "token", "practice", "events", "Exit codes"):
        assert word in said


def test_a_token_is_signed_and_says_who_acts_for_whom_in_which_roles(claimstream, home):
    said = claimstream(
        "token", "--practice", "elm-street", "--subject", "ann", "--role", "coder", "--hours", "1"
    ).output.strip()

    key = (home.keys / "issuer.pub.pem").read_text()
    claims = jwt.decode(said, key, algorithms=["EdDSA"], audience="claimstream")
    assert (claims["sub"], claims["practice"], claims["roles"]) == ("ann", "elm-street", ["coder"])


def test_a_role_that_does_not_exist_is_wrong_usage(claimstream):
    assert claimstream("token", "--role", "emperor").exit_code == exits.USAGE


@pytest.mark.parametrize(
    "words",
    [("status",), ("post", __file__), ("practice", "load", __file__), ("bench", "intake"), ("events", "bay-state/1")],
)
def test_without_a_stack_a_command_says_so(claimstream, words):
    answer = claimstream(*words)

    assert answer.exit_code == exits.NOT_RUNNING
    assert "claimstream up" in answer.output


def test_down_without_a_stack_is_no_fault(claimstream):
    answer = claimstream("down")

    assert answer.exit_code == exits.OK


def test_an_unknown_bench_is_refused_with_a_list_of_those_there_are(claimstream):
    answer = claimstream("bench", "moonshot")

    assert answer.exit_code == exits.USAGE
    assert all(name in answer.output for name in bench.BENCHES)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"resourceType": "Bundle", "entry": []}', FHIR),
        (b'{"encounter_number": "1"}', JSON),
        (b'{"a": 1}\n{"a": 2}\n', NDJSON),
    ],
)
def test_what_a_file_holds_is_told_by_its_content(content, kind):
    assert kind_of(content) == kind


def test_a_broken_line_is_named():
    with pytest.raises(ValueError, match="line 2"):
        kind_of(b'{"a": 1}\n{"a": \n')


def test_a_problem_is_printed_with_its_places():
    body = {
        "title": "Not an encounter",
        "detail": "1 fault",
        "errors": [{"place": "/lines/0/charge", "detail": "missing"}],
    }

    assert Answer(422, body).lines() == ["Not an encounter", "1 fault", "/lines/0/charge  missing"]


def test_a_fault_is_printed_once():
    body = {
        "title": "Not an encounter",
        "detail": "/patient: Field required",
        "errors": [{"place": "/patient", "problem": "Field required"}],
    }

    assert Answer(422, body).lines() == ["Not an encounter", "/patient  Field required"]


def test_what_is_no_practice_is_said_without_an_exception(tmp_path, home):
    (tmp_path / "practice.json").write_text('{"name": "Bay State"}')

    said = practice.load(Site("here", {}), tmp_path / "practice.json").lines()

    assert said == ["Not a practice", f"{tmp_path}/practice.json is no JSON object with an `id`"]


def test_the_clock_starts_at_noon_of_the_day_and_is_remembered(home):
    offset = clock_offset(home, date(2026, 9, 16))

    noon = datetime(2026, 9, 16, 12, tzinfo=UTC)
    assert abs(datetime.now(UTC) + timedelta(seconds=offset) - noon) < timedelta(seconds=5)
    assert clock_offset(home, None) == offset


def test_the_front_door_says_what_is_missing_when_there_is_no_python(tmp_path):
    copy = tmp_path / "a checkout with spaces"
    (copy / "deploy").mkdir(parents=True)
    for name in ("claimstream", "requirements.lock", "deploy/bootstrap.lock", "pyproject.toml"):
        (copy / name).write_bytes((checkout() / name).read_bytes())
    for folder in ("libs", "services", "tools"):
        (copy / folder / "x").mkdir(parents=True)
        (copy / folder / "x" / "pyproject.toml").write_text("")
    environment = {**os.environ, "CLAIMSTREAM_PYTHON": "/bin/false"}

    done = subprocess.run(  # noqa: S603 - our own script
        ["/bin/sh", str(copy / "claimstream"), "status"],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == exits.NO_PYTHON
    assert "Python 3.11" in done.stderr


def test_the_files_that_make_the_environment_name_no_registry():
    for name in ("claimstream", "deploy/bootstrap.lock", "requirements.lock"):
        text = (checkout() / name).read_text()
        assert "index-url" not in text
        assert "://" not in text


def test_the_demo_rules_fit_the_practices_contracts():
    practice = json.loads((checkout() / "demo" / "practice.json").read_text())
    rules = json.loads((checkout() / "demo" / "payer-rules.json").read_text())["payers"]
    schedules = {schedule["id"]: schedule for schedule in practice["fee_schedules"]}

    for payer in practice["payers"]:
        contract, own = schedules[payer["fee_schedule"]], rules[payer["x12_id"]]
        assert float(own["percent_of_charge"]) == float(contract["percent_of_charge"])
        assert own.get("fees", {}) == {fee["procedure"]: fee["allowed"] for fee in contract.get("fees", [])}


def test_the_checkout_is_found():
    assert (checkout() / "pyproject.toml").exists()
    assert Path(FRONT_DOOR).stat().st_mode & 0o111


def test_the_benchs_encounters_are_new_ones_each_time():
    native = json.loads(renumbered(JSON, b'{"encounter_id": "A1"}', "x"))
    lines = renumbered(NDJSON, b'{"encounter_id": "A1"}\n{"encounter_id": "A2"}\n', "x").splitlines()
    visit = {"resourceType": "Encounter", "id": "e", "identifier": [{"system": "s", "value": "e"}]}
    bundle = json.dumps({"resourceType": "Bundle", "entry": [{"resource": visit}]}).encode()
    first, second = (json.loads(renumbered(FHIR, bundle, mark))["entry"][0]["resource"] for mark in "xy")

    assert native == {"encounter_id": "A1-x"}
    assert [json.loads(line)["encounter_id"] for line in lines] == ["A1-x", "A2-x"]
    assert first["identifier"] != second["identifier"]
    assert first["id"] != second["id"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("fuzz", "nosuch"), exits.USAGE, "there is no target nosuch"),
        (("fuzz-api", "nosuch-svc"), exits.USAGE, "there is no service nosuch-svc"),
        (("restore", "nowhere"), exits.REFUSED, "is no backup"),
        (("restore",), exits.REFUSED, "there was never a stack"),
        (("backup", "somewhere"), exits.NOT_RUNNING, "nothing is running"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(claimstream, tmp_path, monkeypatch, words, code, said):
    monkeypatch.chdir(tmp_path)

    done = claimstream(*words)

    assert (done.exit_code, said in " ".join(done.output.split())) == (code, True)


@pytest.mark.parametrize("file", ["run/state.json", "run/plan.json", "clock-offset", "keys/issuer.pem"])
@pytest.mark.parametrize("content", ["", "garbage", "[1"])
def test_a_file_that_was_cut_is_named_with_what_to_do(home, file, content):
    damaged = home.root / file
    damaged.parent.mkdir(parents=True, exist_ok=True)
    damaged.write_text(content)

    done = subprocess.run(  # noqa: S603  our own front door
        [FRONT_DOOR, "up"],
        env={**os.environ, "CLAIMSTREAM_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, "is damaged" in done.stderr) == (exits.NOT_STARTED, True), done.stderr
    assert str(damaged.name) in done.stderr
    assert "Traceback" not in done.stderr
