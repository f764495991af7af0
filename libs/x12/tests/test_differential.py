"""Our verdict beside that of pyx12 4.0.0 on files that we change; `test_verdicts.py` has the samples."""

from datetime import date

import pytest
from claimstream_x12.checking import Checker
from claimstream_x12.testing import pyx12_errors

from .checking.test_each_kind_of_finding import SYNTAX
from .whole_files import INSTITUTIONAL, KNOWN_TO_PYX12, PROFESSIONAL, REMITTANCE, WHOLE_FILES, WholeFile


def ours(data: bytes) -> list[str]:
    """What our checker refuses a file for."""
    report = Checker(today=date(2026, 9, 16)).check(data)
    found = [*report.envelope_findings, *(finding for one in report.sets for finding in one.findings)]
    assert report.rejected is any(finding.is_error for finding in found)
    return [finding.code for finding in found if finding.is_error]


P, R, I = PROFESSIONAL, REMITTANCE, INSTITUTIONAL  # noqa: E741 — the guide's own letter
PASSED_BY_PYX12 = {
    "a payment of a claim that no longer balances": (R.edit("CLP*OWN0001", "*80.5*", "*81.5*"), "claim-balance"),
    "a payment of the whole that no longer balances": (R.edit("BPR*", "131.5", "132.5"), "transaction-balance"),
    "a line that no longer balances": (R.edit("SVC*HC:99213", "*80.5*", "*81.5*"), "service-balance"),
    "a negative payment": (R.edit("BPR*", "131.5", "-1").edit("PLB*", "WO:PAYER66*9", "WO:PAYER66*141.5"), "payment-negative"),
    "a charge that is not the sum of its lines": (P.edit("CLM*OWN0001", "*200*", "*201*"), "claim-charge"),
    "a stay whose charge is not the sum of its lines": (I.edit("CLM*", "*5400*", "*5401*"), "claim-charge"),
    "an NPI with a wrong check digit": (P.edit("NM1*82", "1234567893", "1234567890"), "npi"),
    "a diagnosis ZZZZZ": (P.edit("HI*ABK:E119", "E119", "ZZZZZ"), "code-diagnosis"),
    "a procedure XXXXX": (P.edit("SV1*HC:99213", "99213", "XXXXX"), "code-procedure"),
    "a service in the year 2099": (P.edit("DTP*472", "20260901", "20991231"), "service-date-future"),
    "a pointer to no diagnosis": (P.edit("SV1*HC:99213:25", "***1:2", "***1:9"), "diagnosis-pointer"),
    "a replacement of nothing": (P.edit("CLM*OWN0001", "11:B:1", "11:B:7"), "original-reference"),
    "an inpatient stay without an admission": (I.drop("DTP*435"), "admission-date"),
}  # fmt: skip


@pytest.mark.parametrize("name", PASSED_BY_PYX12)
def test_what_pyx12_calls_valid_is_found_by_us(name):
    file, code = PASSED_BY_PYX12[name]

    assert pyx12_errors(file.data()) == []
    assert code in ours(file.data())


def test_an_unknown_reason_code_that_pyx12_calls_valid_is_warned_of():
    file = R.edit("CAS*CO*45*29.5", "45", "9999")

    report = Checker().check(file.data())

    assert pyx12_errors(file.data()) == []
    assert [finding.code for finding in report.sets[0].findings] == ["code-unknown"]
    assert not report.rejected


PYX12_IS_SILENT = {
    "hierarchy at HL*34 in 2000B": "pyx12 does not hold HL04 against the levels that follow",
    "element-date at HI*BBR1 in 2300": "pyx12 does not look at a day inside a composite",
    "element-code at PER*IC3 in 1000A": "pyx12's list has ED, the guide's has not",
}
RAISES_IN_PYX12 = {"too-many-components at CLM*5 in 2300": "pyx12 raises IndexError for a component too many"}
KNOWN = ("X222A1", "X223A2", "X221A1", "X214", "X231A1")
FAULTS = [
    one
    for one in SYNTAX
    if not one.warns
    and one.file.data().isascii()
    and any(guide in one.file.text() for guide in KNOWN)
    and str(one) not in RAISES_IN_PYX12
]


@pytest.mark.parametrize("wrong", FAULTS, ids=str)
def test_a_fault_of_syntax_is_refused_by_pyx12_too_but_for_a_reason(wrong):
    assert bool(pyx12_errors(wrong.file.data())) is not (str(wrong) in PYX12_IS_SILENT)


TEXTS = ("X", "A" * 61, "20260230", "QQ", "1.5", "12A", "0", "ZZZZZZZZZZZZZ", "20260901", "1", "Y")
KEPT_BY_US = {
    "AK1": "AK101 has no list: groups of any kind are acknowledged",
    "AK2": "AK201 has no list: sets of any kind are acknowledged",
}


def other_texts(file: WholeFile):
    """The file with another text in one element, for each element and text."""
    for at, segment in enumerate(file.segments[3:-3], 3):
        elements = segment.split("*")
        for number in range(1, len(elements)):
            for text in TEXTS:
                changed = "*".join([*elements[:number], text, *elements[number + 1 :]])
                if elements[0] not in KEPT_BY_US:
                    yield changed, WholeFile((*file.segments[:at], changed, *file.segments[at + 1 :]))


@pytest.mark.parametrize("name", KNOWN_TO_PYX12)
def test_a_text_that_pyx12_refuses_is_refused_by_us(name):
    some = list(other_texts(WHOLE_FILES[name]))[::29]

    unnoticed = [changed for changed, file in some if not ours(file.data()) and pyx12_errors(file.data())]

    assert unnoticed == []


@pytest.mark.parametrize("name", ["837P", "835", "999"])
def test_a_segment_that_pyx12_misses_is_missed_by_us(name):
    file = WHOLE_FILES[name]
    shortened = [WholeFile((*file.segments[:at], *file.segments[at + 1 :])) for at in range(3, len(file.segments) - 3)]

    unnoticed = [one.segments for one in shortened if not ours(one.data()) and pyx12_errors(one.data())]

    assert unnoticed == []
