"""The kit's own files are what they claim to be, and this library passes every case that it can be asked."""

from collections import Counter

import pytest
from claimstream_x12.conformance import ABILITIES, CASES, Facts, Finding, Outcome, SetVerdict, run_case
from claimstream_x12.conformance.__main__ import main
from claimstream_x12.conformance.adapter import CHECKS
from claimstream_x12.conformance.adapters.own import Own
from claimstream_x12.conformance.adapters.pyx12_adapter import Pyx12
from claimstream_x12.conformance.case import Found

PYX12_IS_WRONG = {
    "guide-277ca-batch-rejected": "its map demands a 2000C below a 2000B whose HL04, by the same map, may be 0",
    "x12-5-interchanges-with-their-own-delimiters": "it reads the whole file with the first ISA's delimiters",
}
"""Files that every parser must accept and pyx12 4.0.0 does not, with the reason."""


class SaysOf:
    """A parser that says the same of every set of every file."""

    name = "a stand-in"
    abilities = CHECKS

    def __init__(self, status, *findings):
        self.verdict = SetVerdict("837", "", "0001", status, findings)

    def check(self, data):  # noqa: ARG002  a stand-in says the same of any file
        return [self.verdict]

    def facts(self, data):  # noqa: ARG002  the same
        raise AssertionError("nobody asked for facts")


def of_kind(expectation):
    return [case for case in CASES if isinstance(case.expects, expectation)]


def test_every_case_has_a_name_of_its_own():
    assert [name for name, times in Counter(case.id for case in CASES).items() if times > 1] == []


def test_every_case_asks_for_abilities_that_an_adapter_can_name():
    assert {ability for case in CASES for ability in case.needs} <= ABILITIES


@pytest.mark.parametrize("case", [case for case in CASES if case.valid], ids=lambda case: case.id)
def test_a_file_that_must_be_accepted_is_accepted_by_pyx12(case):
    if case.id in PYX12_IS_WRONG:
        pytest.skip(PYX12_IS_WRONG[case.id])

    assert run_case(case, Pyx12()).seen == ""


@pytest.mark.parametrize("case", of_kind(Found), ids=lambda case: case.id)
def test_a_file_with_a_fault_has_no_other_fault_in_the_eyes_of_pyx12(case):
    findings = [finding for verdict in Pyx12().check(case.data) for finding in verdict.findings]

    assert [one for one in findings if not any(place.covers(one) for place in case.expects.places)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_this_library_passes(case):
    result = run_case(case, Own())

    if result.outcome is Outcome.NOT_ASKED:
        pytest.skip(result.seen)
    assert result.seen == ""


@pytest.mark.parametrize("case", of_kind(Found), ids=lambda case: case.id)
def test_a_parser_that_accepts_everything_finds_no_fault(case):
    accepts = SaysOf("accepted")
    accepts.abilities = ABILITIES

    assert run_case(case, accepts).outcome is Outcome.FAILED


@pytest.mark.parametrize("case", [case for case in CASES if case.valid], ids=lambda case: case.id)
def test_a_parser_that_rejects_everything_accepts_nothing(case):
    rejects = SaysOf("rejected", Finding(2, "BPR02", 3))

    assert run_case(case, rejects).outcome is Outcome.FAILED


def test_a_finding_at_another_level_or_another_place_does_not_count():
    case = next(case for case in CASES if case.id == "rfi-358-transaction-one-cent-off")

    outcomes = [
        run_case(case, SaysOf("rejected", Finding(*finding))).outcome
        for finding in (
            (2, "BPR02", 3),
            (2, "BPR02", 0),
            (2, "BPR", 3),
            (2, "BPR02", 2),
            (3, "BPR02", 3),
            (2, "TRN02", 3),
        )
    ]

    assert outcomes == [Outcome.PASSED] * 3 + [Outcome.FAILED] * 3


def test_a_parser_that_raises_has_failed_that_case():
    class Raises(SaysOf):
        def check(self, data):  # noqa: ARG002  the same
            raise ValueError("I cannot read this")

    result = run_case(CASES[0], Raises("accepted"))

    assert (result.outcome, result.seen) == (Outcome.FAILED, "ValueError: I cannot read this")


def test_what_a_parser_cannot_do_it_is_not_asked():
    outcomes = {run_case(case, SaysOf("accepted")).outcome for case in CASES if not case.needs <= CHECKS}

    assert outcomes == {Outcome.NOT_ASKED}


def test_an_adapter_that_names_no_fact_has_none():
    assert Facts() == Facts(payments=(), envelope_sound=None)


def test_the_command_prints_a_total_and_fails_when_a_case_does(capsys):
    assert main(["--adapter", "own", "--case", "core-370"]) == 0
    assert main(["--adapter", "pyx12", "--case", "rfi-758-negative"]) == 1

    assert "0 passed, 1 failed, 0 not asked; 1 cases of 1 rules" in capsys.readouterr().out
