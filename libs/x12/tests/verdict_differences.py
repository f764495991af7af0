"""Where our verdict on a sample file differs from what its manifest says of others, and why.

python libs/x12/tests/verdict_differences.py libs/x12/samples        # prints the table of docs/x12-verdicts.md
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claimstream_x12.checking import Checker, Report

REASONS = (
    ("set-unknown", "a set that this library does not read (820, 824, 834, 997 …): only its envelope is checked"),
    (
        "guide-unknown",
        "a guide that this library does not read (4010, X291, X292, X298 …): only its envelope is checked",
    ),
    ("set-in-group", "GS01 names another kind of set than ST01"),
    ("segment-count", "SE01 does not count the segments that are there"),
    ("element-date", "a date or a range of dates is none"),
    ("element-code:SVC01", "the data use another component separator than ISA16 names"),
    ("element-long:CLM05", "the data use another component separator than ISA16 names"),
    ("element-not-used:CLM06", "CLM06 is not used in an 837I, and DTP*434 is a range there"),
    ("element-not-used:NM103", "the pay-to address (2010AB) has no name in 005010X222A1"),
    ("segment-missing:PER", "005010X221A1 requires PER*BL in 1000A, and BPR16"),
    ("loop-missing:NM1", "2320 without its payer (2330B): the file is cut there"),
    ("segment-unexpected:AMT", "AMT*F2 is of 4010"),
    ("npi", "made-up NPIs (and ZIP codes of five digits) in a file that says it is production (ISA15 P)"),
)
"""Why we refuse, by the first of our findings that is in this list (code, or code and element)."""

OTHERS_REFUSE = (
    ("does not look like", "text before the ISA, or an ISA whose elements are not padded: told of, and read"),
    ("Invalid x12_input", "text before the ISA: told of, and read"),
    ("UnboundLocalError", "the peer knows no such guide, or stumbles over a BOM or short ISA"),
    ("validation errors for HealthCareClaimPayment", "the peer's model refuses PER*BL, which 005010X221A1 requires"),
    ("not a valid code for", "PWK*CT*AD in 2400 is the form for durable equipment, a use of its own in the guide"),
    ("validation errors for HealthCareClaimProfessional", "the same: PWK*CT*AD"),
    ("Billing Provider Postal", "the ZIP code of five digits is a warning in a test file (ISA15 T)"),
    ("Billing Provider Status", "a 277CA may leave out the status of 2200C, as published samples do"),
    ("CTX", "the published 999 has both kinds of CTX below an IK3"),
    ("No current segment", "a BOM, or a file of a TA1 alone: told of, and read"),
)
"""Why others refuse what we take, by what they say."""


@dataclass(frozen=True)
class Difference:
    """One file on which we differ from somebody."""

    file: str
    ours: str
    others: str
    reason: str

    def __str__(self) -> str:
        return f"| {self.file} | {self.ours} | {self.others} | {self.reason} |"


def differences(samples: Path) -> Iterator[Difference]:
    """Every difference, in the manifest's order."""
    with (samples / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            report = Checker().check((samples / row["file"]).read_bytes())
            refused = report.rejected or not report.read_something
            others = dict(_others_that_differ(row, refused=refused))
            if others:
                said = " ".join(others.values())
                reason = _why_we_refuse(report) if refused else _why_they_refuse(said)
                ours = "rejected" if refused else "accepted with findings" if _finds(report) else "accepted"
                yield Difference(row["file"], ours, ", ".join(others), reason)


def _others_that_differ(row: dict[str, str], *, refused: bool) -> Iterator[tuple[str, str]]:
    source, pyx12, linuxforhealth = row["notable"], row["pyx12_4.0.0"], row["linuxforhealth_0.57.0"]
    if refused and "must parse" in source:
        yield "its source: passes", source
    if not refused and ("must be refused" in source or "invalid on purpose" in source):
        yield "its source: must be refused", source
    if refused and pyx12 == "valid":
        yield "pyx12: valid", pyx12
    if not refused and pyx12.startswith("invalid"):
        yield "pyx12: invalid", pyx12
    if refused and linuxforhealth == "parsed":
        yield "LinuxForHealth: parsed", linuxforhealth
    if not refused and linuxforhealth.startswith("exception"):
        yield "LinuxForHealth: exception", linuxforhealth


def _finds(report: Report) -> bool:
    return bool(report.envelope_findings) or any(one.findings for one in report.sets)


def _why_we_refuse(report: Report) -> str:
    findings = [finding for one in report.sets for finding in one.findings] + list(report.envelope_findings)
    found = {finding.code for finding in findings if finding.is_error}
    found |= {f"{finding.code}:{finding.place.element_name.split('-')[0]}" for finding in findings if finding.is_error}
    return next((reason for code, reason in REASONS if code in found), "")


def _why_they_refuse(said: str) -> str:
    return next((reason for words, reason in OTHERS_REFUSE if words in said), "")


if __name__ == "__main__":
    print("| file | here | others | why |\n| --- | --- | --- | --- |")
    print("\n".join(str(one) for one in differences(Path(sys.argv[1]))))
