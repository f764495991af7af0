"""Typed JSON for programs, and a page for people, of every set."""

import json

import pytest
from claimstream_x12.command_line import main

from ..whole_files import WHOLE_FILES


@pytest.fixture
def of(tmp_path, capsys):
    """What a command prints for a file."""

    def printed(name, *arguments):
        path = tmp_path / "file.x12"
        path.write_bytes(WHOLE_FILES[name].data())
        assert main([*arguments, str(path)]) == 0
        return capsys.readouterr().out

    return printed


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_every_set_is_printed_as_typed_records_without_findings(of, name):
    (one,) = json.loads(of(name, "json"))["sets"]

    assert (one["set"], one["findings"]) == (name[:3], [])
    assert "segments" not in one


def test_a_claim_stands_on_a_line_of_its_own_and_repeats_no_segments(of):
    lines = [json.loads(line) for line in of("837P", "json", "--ndjson").splitlines()]

    claims = [line["claim"]["claim"] for line in lines]
    assert [claim["control_number"] for claim in claims] == ["OWN0001", "CHILD0001"]
    assert claims[0]["charge"] == "200"
    assert "segments" not in claims[0]


def test_a_payment_is_told_without_the_segments_that_it_was_read_from(of):
    first = json.loads(of("835", "json", "--ndjson").splitlines()[0])["payment"]

    assert (first["control_number"], first["paid"]) == ("OWN0001", "80.5")
    assert {"segments", "position"}.isdisjoint(first)


def test_a_remittance_is_shown_with_its_money_and_its_balance(of):
    shown = of("835", "show")

    assert "FIRST PAYER pays 131.5" in shown
    assert "charged 120, paid 80.5" in shown
    assert "The transaction balances." in shown


def test_what_holds_no_x12_is_said_to(tmp_path, capsys):
    path = tmp_path / "words"
    path.write_text("words")

    assert [main([command, str(path)]) for command in ("json", "show")] == [1, 1]
    assert "no X12 was found" in capsys.readouterr().err
