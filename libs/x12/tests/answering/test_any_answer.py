"""Whatever came in, answering does not fail, and what we answer is right by our own rules and by those of pyx12."""

from datetime import date, datetime

import pytest
from claimstream_x12.answering import answer
from claimstream_x12.checking import Checker
from claimstream_x12.testing import pyx12_errors
from hypothesis import given, settings
from hypothesis import strategies as st

from ..checking.test_each_kind_of_finding import EVERY_FAULT
from ..mutations import mutated_files
from ..whole_files import WHOLE_FILES

NOW = datetime(2026, 9, 17, 9, 0)  # noqa: DTZ001 — X12 has no zones
PYX12_WANTS = ("(2200C) missing",)
"""A trace of the provider in each 277CA: the guide's own example has none."""


def answered(data: bytes, codes=None) -> bytes:
    """The answer to a file."""
    return answer(Checker(codes, today=date(2026, 9, 16), remember_claims=True).check(data), now=NOW)


def faults_in(data: bytes) -> list[str]:
    """What our checker has against an answer, where there is one."""
    if not data:
        return []
    report = Checker().check(data)
    return [str(finding) for finding in (*report.envelope_findings, *(f for one in report.sets for f in one.findings))]


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_the_answer_to_a_file_that_is_right_is_right(name):
    data = answered(WHOLE_FILES[name].data())

    assert faults_in(data) == []
    assert bool(data) is (name != "999")


@pytest.mark.parametrize("wrong", EVERY_FAULT, ids=str)
def test_the_answer_to_any_fault_is_right(wrong):
    assert faults_in(answered(wrong.file.data(), wrong.codes)) == []


@pytest.mark.parametrize("wrong", EVERY_FAULT[::3], ids=str)
def test_the_answer_to_any_fault_is_right_to_pyx12(wrong):
    data = answered(wrong.file.data(), wrong.codes)

    errors = pyx12_errors(data) if b"GS*" in data else []

    assert [error for error in errors if not any(wanted in error for wanted in PYX12_WANTS)] == []


@settings(max_examples=250, deadline=None)
@given(mutated_files())
def test_answering_never_fails_and_the_answer_is_right(data):
    assert faults_in(answered(data)) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(mutated_files(), min_size=1, max_size=3))
def test_interchanges_one_after_another_are_each_answered(files):
    report = Checker(remember_claims=True).check(b"".join(files))

    assert faults_in(answer(report, now=NOW)) == []


printable = st.text([chr(code) for code in range(0x21, 0x7F) if chr(code) not in "*:^~"], min_size=2, max_size=20)
charges = st.decimals(min_value=0, max_value=10**14, places=3, allow_nan=False, allow_infinity=False)


@settings(max_examples=100, deadline=None)
@given(printable, printable, printable, charges)
def test_names_numbers_and_charges_of_any_form_reach_the_claim_acknowledgment(name, number, batch, charge):
    file = (
        WHOLE_FILES["837P"]
        .change("NM1*IL*1*DOE", f"NM1*IL*1*{name}*JANE****MI*{number}")
        .edit("NM1*85", "BAY CLINIC", name)
        .edit("NM1*41", "BAY CLINIC", name)
        .edit("BHT*", "BATCH0001", batch)
        .edit("CLM*OWN0001", "OWN0001*200*", f"{number}*{charge:f}*")
    )

    data = answered(file.data())

    assert b"GS*HN" in data
    assert faults_in(data) == []
