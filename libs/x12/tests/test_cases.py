"""Files with one thing wrong, each with the verdict that is right for it."""

import csv
from datetime import date
from pathlib import Path

import pytest
from claimstream_x12.checking import Checker, Report, SetStatus

CASES = Path(__file__).parent / "cases"
EXPECTED = list(csv.DictReader((CASES / "expected.tsv").open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
VERDICTS = {"rejected": {"rejected"}, "told": {"told"}, "either": {"rejected", "told"}}


def verdict(report: Report) -> str:
    """Refused, merely told of something, or clean."""
    if report.rejected or not report.sets:
        return "rejected"
    told = report.envelope_findings or any(one.status is SetStatus.WITH_ERRORS for one in report.sets)
    return "told" if told else "clean"


@pytest.mark.parametrize("row", EXPECTED, ids=[row["file"] for row in EXPECTED])
def test_a_case_gets_its_verdict(row):
    report = Checker(today=date(2026, 10, 1)).check((CASES / row["file"]).read_bytes())

    assert verdict(report) in VERDICTS[row["verdict"]], [str(one) for one in report.envelope_findings]


def test_every_file_has_its_verdict():
    assert sorted(row["file"] for row in EXPECTED) == sorted(file.name for file in CASES.glob("*.edi"))
