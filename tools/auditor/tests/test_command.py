"""The command, on the same run as it lies on disk, in Kafka and in PostgreSQL."""

import json

import pytest
from claimstream_auditor import Acknowledged
from claimstream_auditor.__main__ import main
from claimstream_auditor.folders import read_journal

from .live_run import CANARY, TOPICS


@pytest.fixture
def words(live_run, tmp_path):
    """What is typed: the plan, and what the load generator and the fault injector left."""
    journal, canaries, injected = (tmp_path / name for name in ("journal.jsonl", "canaries.txt", "injected.jsonl"))
    journal.write_bytes(b"".join(line_of(each) for each in live_run.journal))
    canaries.write_text(f"{CANARY}\n")
    injected.write_text("".join(json.dumps(place._asdict()) + "\n" for place in live_run.injected))
    plan = live_run.home / "run" / "plan.json"
    files = ("--journal", str(journal), "--canary", str(canaries), "--injected", str(injected))
    return ["--plan", str(plan), "--topics", str(TOPICS), *files]


def line_of(acknowledged):
    said = acknowledged._asdict() | {"at": "2026-09-16T12:00:00Z", "status": 202}
    return json.dumps(said).encode() + b"\n"


def test_a_stack_whose_promise_holds_ends_with_zero(words, capsys):
    code = main([*words, "--required", *(f"I{number}" for number in range(1, 15))])

    assert code == 0, capsys.readouterr().out
    assert "0 violations" in capsys.readouterr().out


def test_a_violation_is_printed_by_its_ids_and_ends_with_one(words, capsys, live_run):
    lost = live_run.journal[0]._replace(id="00000000-0000-4000-8000-000000000009", encounter_id="E-9")
    journal = words[words.index("--journal") + 1]
    with open(journal, "ab") as lines:  # noqa: PTH123  appended, as the load generator does
        lines.write(line_of(lost))

    code = main([*words, "--only", "I1", "--json"])

    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert code == 1
    assert finding["violations"] == [{"what": "an acknowledged encounter is missing", "where": f"bay-state {lost.id}"}]


def test_a_line_that_the_load_generator_did_not_finish_was_never_acknowledged(tmp_path):
    whole = Acknowledged("bay-state", "ehr", "E-1", "00000000-0000-4000-8000-000000000001", 1)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line_of(whole) + line_of(whole)[:40])

    assert list(read_journal(path)) == [whole]


def test_a_refusal_is_no_acknowledgement(tmp_path):
    refused = Acknowledged("bay-state", "ehr", "E-1", "00000000-0000-4000-8000-000000000001", 1)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line_of(refused).replace(b"202", b"429"))

    assert list(read_journal(path)) == []
