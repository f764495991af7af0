"""What the checker finds in a whole file."""

from datetime import date

from claimstream_x12.checking import Checker

from .whole_files import WholeFile


def found_in(file: WholeFile) -> dict[str, bool]:
    """What is found on the day of the whole files, by its code: whether it refuses."""
    report = Checker(today=date(2026, 9, 17)).check(file.data())
    found = [*report.envelope_findings, *(finding for one in report.sets for finding in one.findings)]
    return {finding.code: finding.is_error for finding in found}
