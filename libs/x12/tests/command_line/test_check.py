"""`check` says what is wrong with files, for people and for programs."""

import gzip
import io
import json
import os
import subprocess
import sys

import pytest
from claimstream_x12.command_line import main
from hypothesis import given, settings
from hypothesis import strategies as st

from ..mutations import mutated_files
from ..whole_files import PROFESSIONAL, REMITTANCE, WHOLE_FILES

WRONG = PROFESSIONAL.edit("CLM*OWN0001", "*200*", "*201*")
WARNED = PROFESSIONAL.edit("REF*G1", "AUTHORIZED1", "AUTHORIZED1*")
TODAY = ("--today", "2026-09-16")
RULE = """
[[rule]]
id = "authorization"
says = "A claim names its authorization."
source = "First Payer, companion guide, section 7.2"
guide = "005010X222A1"
at = "2300"
need = ["REF*G1"]
"""


@pytest.fixture
def a_file(tmp_path):
    """Writes bytes to a file and gives its name."""

    def written(data: bytes, name: str = "claims.x12") -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return written


class StandardInput:
    """Standard input that holds these bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BufferedReader(io.BytesIO(data))


def test_a_file_that_is_right_is_said_to_be(a_file, capsys):
    code = main(["check", *TODAY, a_file(PROFESSIONAL.data())])

    assert code == 0
    assert capsys.readouterr().out.endswith("claims.x12: 1 set: 1 accepted\n")


def test_a_finding_is_told_with_its_place_level_and_code(a_file, capsys):
    code = main(["check", *TODAY, a_file(WRONG.data())])

    out = capsys.readouterr().out.splitlines()
    assert code == 1
    assert out[0].endswith("claims.x12: 1 set: 1 rejected")
    assert out[1] == "  set 0001 (837 005010X222A1): rejected"
    position = WRONG.position("CLM*OWN0001")
    assert out[2] == (
        f"    segment {position} CLM02 in 2300, claim OWN0001: 201 is charged, the lines come to 200 [SNIP 3, claim-charge]"
    )


def test_a_warning_is_marked_and_taken(a_file, capsys):
    code = main(["check", *TODAY, a_file(WARNED.data())])

    out = capsys.readouterr().out
    assert code == 0
    assert "1 accepted with errors" in out
    assert "REF04 in 2300, claim OWN0001: warning: " not in out.splitlines()[0]
    assert ": warning: empty elements" in out


def test_a_fault_of_the_envelope_says_why_its_sets_are_refused(a_file, capsys):
    code = main(["check", *TODAY, a_file(PROFESSIONAL.drop("IEA*").data())])

    out = capsys.readouterr().out
    assert code == 1
    assert "truncated-interchange" in out
    assert "rejected, its envelope is refused" in out


def test_very_many_findings_are_counted_and_not_all_told(a_file, capsys):
    file = PROFESSIONAL.change("REF*G1", *["ZZZ*1"] * 2_500)

    code = main(["check", *TODAY, a_file(file.data())])

    assert code == 1
    assert "    and 500 more findings" in capsys.readouterr().out


def test_the_report_for_programs_has_a_line_of_json_for_each_file(a_file, capsys):
    code = main(
        ["check", "--json", *TODAY, a_file(WRONG.data()), a_file(REMITTANCE.drop("IEA*").data(), "remittance.835")]
    )

    wrong, remittance = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 1
    assert wrong["file"].endswith("claims.x12")
    assert wrong["findings"] == []
    assert wrong["sets"] == [
        {
            "set": "837",
            "guide": "005010X222A1",
            "control": "0001",
            "status": "rejected",
            "findings": [
                {
                    "snip": 3,
                    "segment": WRONG.position("CLM*OWN0001"),
                    "loop": "2300",
                    "element": "CLM02",
                    "code": "claim-charge",
                    "severity": "error",
                    "message": "201 is charged, the lines come to 200",
                    "claim": "OWN0001",
                }
            ],
        }
    ]
    assert [one["code"] for one in remittance["findings"]] == ["truncated-interchange"]


def test_the_report_for_programs_counts_what_it_leaves_out(a_file, capsys):
    file = PROFESSIONAL.change("REF*G1", *["ZZZ*1"] * 2_500)

    main(["check", "--json", *TODAY, a_file(file.data())])

    (one,) = json.loads(capsys.readouterr().out)["sets"]
    assert (len(one["findings"]), one["more_findings"]) == (2_000, 500)


def test_several_files_give_the_worst_of_their_exit_codes(a_file):
    right, wrong = a_file(PROFESSIONAL.data()), a_file(WRONG.data(), "wrong.x12")

    assert main(["check", *TODAY, right, right]) == 0
    assert main(["check", *TODAY, right, wrong]) == 1
    assert main(["check", *TODAY, wrong, "nowhere.x12", right]) == 2


def test_a_file_without_a_set_is_not_in_order(a_file, capsys):
    code = main(["check", a_file(b"Dear payer,")])

    assert code == 1
    assert "no X12 was found in it" in capsys.readouterr().out


def test_a_gzipped_file_is_read_as_it_is(a_file, capsys):
    code = main(["check", *TODAY, a_file(gzip.compress(WRONG.data()), "claims.x12.gz")])

    assert code == 1
    assert "claim-charge" in capsys.readouterr().out


@pytest.mark.parametrize("names", [[], ["-"]])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_is_read_where_no_file_is_named(monkeypatch, capsys, names, pack):
    monkeypatch.setattr(sys, "stdin", StandardInput(pack(WRONG.data())))

    code = main(["check", *TODAY, *names])

    assert code == 1
    assert capsys.readouterr().out.startswith("-: 1 set: 1 rejected")


def test_a_file_that_is_not_there_is_named(capsys):
    code = main(["check", "nowhere.x12"])

    assert code == 2
    assert capsys.readouterr().err == "nowhere.x12: no such file or directory\n"


def test_a_folder_is_no_file(tmp_path, capsys):
    code = main(["check", str(tmp_path)])

    assert code == 2
    assert capsys.readouterr().err.endswith(": is a directory\n")


@pytest.mark.parametrize("cut", [2, 9, 40, -9, -1])
def test_a_gzip_that_is_cut_off_cannot_be_read(a_file, capsys, cut):
    code = main(["check", a_file(gzip.compress(WRONG.data())[:cut], "cut.gz")])

    assert code == 2
    assert capsys.readouterr().err.endswith("cut.gz: is not a whole gzip file\n")


def test_a_gzip_with_other_bytes_in_it_cannot_be_read(a_file, capsys):
    packed = bytearray(gzip.compress(WRONG.data()))
    packed[30:60] = b"\xff" * 30

    code = main(["check", a_file(bytes(packed), "broken.gz")])

    assert code == 2
    assert capsys.readouterr().err.endswith("broken.gz: is not a whole gzip file\n")


def test_an_empty_file_is_read_and_found_empty(a_file):
    assert main(["check", a_file(b"")]) == 1


def test_a_partners_rules_are_checked_as_well(a_file, capsys):
    rules = a_file(RULE.encode(), "first-payer.toml")

    code = main(["check", *TODAY, "--rules", rules, a_file(PROFESSIONAL.data())])

    assert code == 1
    assert "[SNIP 7, authorization]" in capsys.readouterr().out


def test_rules_of_two_partners_are_both_asked(a_file, capsys):
    first = a_file(RULE.encode(), "first.toml")
    second = a_file(RULE.replace('"authorization"', '"second"').encode(), "second.toml")

    main(["check", *TODAY, "--rules", first, "--rules", second, a_file(PROFESSIONAL.data())])

    out = capsys.readouterr().out
    assert "SNIP 7, authorization" in out
    assert "SNIP 7, second" in out


@pytest.mark.parametrize(
    "rules", [b"[[rule", b"[[rule]]\nid = 'x'", b"\xff\xfe", RULE.replace("REF*G1", "no").encode()]
)
def test_rules_that_cannot_be_read_are_named_and_nothing_is_checked(a_file, capsys, rules):
    code = main(["check", "--rules", a_file(rules, "rules.toml"), a_file(PROFESSIONAL.data())])

    said = capsys.readouterr()
    assert code == 2
    assert said.err.startswith("claimstream-x12: ")
    assert said.out == ""


def test_rules_that_are_not_there_are_named(a_file, capsys):
    code = main(["check", "--rules", "nowhere.toml", a_file(PROFESSIONAL.data())])

    assert code == 2
    assert "nowhere.toml" in capsys.readouterr().err


def test_the_day_that_counts_as_today_may_be_given(a_file, capsys):
    name = a_file(PROFESSIONAL.data())

    assert main(["check", "--today", "2026-08-01", name]) == 1
    assert "service-date-future" in capsys.readouterr().out


@pytest.mark.parametrize(
    "asked", [[], ["chek"], ["check", "--today", "tomorrow"], ["check", "--jsn"], ["ack", "--control-number", "one"]]
)
def test_what_was_asked_wrongly_is_refused(asked, capsys):
    with pytest.raises(SystemExit) as refused:
        main(asked)

    assert refused.value.code == 2
    assert "usage: claimstream-x12" in capsys.readouterr().err


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_every_kind_of_set_is_accepted(a_file, name):
    assert main(["check", *TODAY, a_file(WHOLE_FILES[name].data())]) == 0


@settings(max_examples=100, deadline=None)
@given(
    data=st.one_of(
        mutated_files(), st.binary(max_size=300), st.binary(max_size=300).map(lambda noise: b"\x1f\x8b" + noise)
    )
)
def test_bytes_of_any_kind_are_reported_and_never_a_traceback(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.x12"
    path.write_bytes(data)

    assert main(["check", "--json", *TODAY, str(path)]) in {0, 1, 2}
    assert main(["check", *TODAY, str(path)]) in {0, 1, 2}


def test_a_terminal_that_knows_few_characters_still_gets_the_report(a_file):
    name = a_file(PROFESSIONAL.edit("CLM*OWN0001", "*200*", "*" + "9" * 30 + "X*").add("REF*G1", "ÉÉÉ*1").data())
    asked = [sys.executable, "-m", "claimstream_x12", "check", *TODAY, name]

    done = subprocess.run(asked, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=False)  # noqa: S603

    assert done.returncode == 1
    assert b"element-number" in done.stdout
    assert b"Traceback" not in done.stderr
