"""`ack` prints what goes back to the sender of a file."""

import gzip

import pytest
from claimstream_x12 import X12Reader
from claimstream_x12.command_line import main

from ..whole_files import GROUP_ACKNOWLEDGMENT, PROFESSIONAL, REMITTANCE

TODAY = ("--today", "2026-09-16")


@pytest.fixture
def a_file(tmp_path):
    """Writes bytes to a file and gives its name."""

    def written(data: bytes, name: str = "claims.x12") -> str:
        path = tmp_path / name
        path.write_bytes(data)
        return str(path)

    return written


def answered(out: bytes):
    """The sets of an answer and the control numbers of its interchanges."""
    reader = X12Reader(out)
    return [one.code for one in reader.sets()], [one.header.control_number for one in reader.interchanges]


def test_a_file_of_claims_is_answered_with_a_999_and_a_277ca(a_file, capfdbinary):
    code = main(["ack", *TODAY, a_file(PROFESSIONAL.data())])

    assert code == 0
    assert answered(capfdbinary.readouterr().out) == (["999", "277"], ["000000001"])


def test_what_is_rejected_is_answered_all_the_same(a_file, capfdbinary):
    code = main(["ack", *TODAY, a_file(gzip.compress(PROFESSIONAL.drop("BHT*").data()))])

    assert code == 0
    assert answered(capfdbinary.readouterr().out)[0] == ["999"]


def test_each_answer_has_the_next_control_number(a_file, capfdbinary):
    two = a_file(PROFESSIONAL.data() + REMITTANCE.edit("ISA*", "017", "018").edit("IEA*", "017", "018").data())

    main(["ack", *TODAY, "--control-number", "70", two, a_file(REMITTANCE.data(), "remittance.835")])

    assert answered(capfdbinary.readouterr().out)[1] == ["000000070", "000000071", "000000072"]


def test_what_needs_no_answer_is_said_to(a_file, capfdbinary):
    code = main(["ack", a_file(GROUP_ACKNOWLEDGMENT.data())])

    said = capfdbinary.readouterr()
    assert code == 1
    assert said.out == b""
    assert said.err.endswith(b"claims.x12: nothing in it asks for an answer or can be answered\n")


def test_a_file_that_is_not_there_is_named_and_the_others_are_answered(a_file, capfdbinary):
    code = main(["ack", *TODAY, "nowhere.x12", a_file(REMITTANCE.data())])

    said = capfdbinary.readouterr()
    assert code == 2
    assert said.err == b"nowhere.x12: no such file or directory\n"
    assert answered(said.out)[0] == ["999"]


@pytest.mark.parametrize("number", ["0", "-1", "1000000000"])
def test_a_control_number_that_no_interchange_can_have_is_refused(a_file, capfdbinary, number):
    with pytest.raises(SystemExit) as refused:
        main(["ack", f"--control-number={number}", a_file(PROFESSIONAL.data())])

    assert refused.value.code == 2
    assert b"--control-number" in capfdbinary.readouterr().err
