"""`check`: what is wrong with a file, set by set."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from claimstream_x12.checking import Checker, Report, SetStatus, snip_of
from claimstream_x12.command_line.sources import OK, REJECTED, each

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimstream_x12.checking import CheckedSet
    from claimstream_x12.errors import Finding


def check(names: Iterable[str], checker: Checker, *, as_json: bool) -> int:
    """Check each file, print what was found; 1 when a set is rejected or none is there, 2 when a file cannot be read."""

    def one(name: str, stream: BinaryIO) -> int:
        report = checker.check(stream)
        print(json.dumps(as_object(name, report)) if as_json else as_text(name, report))
        return REJECTED if report.rejected or not report.read_something else OK

    return each(names, one)


def as_object(name: str, report: Report) -> dict[str, object]:
    """A file's report for programs; `findings` beside `sets` are those of the envelope."""
    return {
        "file": name,
        "sets": [_set(one) for one in report.sets],
        "findings": [_finding(finding) for finding in report.envelope_findings],
    }


def _set(one: CheckedSet) -> dict[str, object]:
    return {
        "set": one.code,
        "guide": one.guide,
        "control": one.control_number,
        "status": one.status.value,
        "findings": [_finding(finding, _unit_of(one)) for finding in one.findings],
        **({"more_findings": one.passed_over} if one.passed_over else {}),
    }


def _unit_of(one: CheckedSet) -> str:
    """What the units of a set are called by: claims have numbers, inquiries and their answers traces."""
    return "claim" if one.code in {"835", "837"} else "trace"


def _finding(finding: Finding, unit: str = "claim") -> dict[str, object]:
    place = finding.place
    return {
        "snip": snip_of(finding),
        "segment": place.segment,
        "loop": place.loop,
        "element": place.element_name,
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        **({unit: finding.unit_number} if finding.unit_number else {}),
    }


def as_text(name: str, report: Report) -> str:
    """A file's report for people."""
    lines = [f"{name}: {_headline(report)}"]
    lines += [f"  {_line(finding)}" for finding in report.envelope_findings]
    for one in report.sets:
        if one.findings or one.envelope_refused:
            because = ", its envelope is refused" if one.envelope_refused else ""
            lines.append(f"  set {one.control_number} ({one.code} {one.guide}): {_said(one.status)}{because}")
        lines += [f"    {_line(finding, _unit_of(one))}" for finding in one.findings]
        if one.passed_over:
            lines.append(f"    and {one.passed_over} more findings")
    return "\n".join(lines)


def _headline(report: Report) -> str:
    if not report.read_something:
        return "no X12 was found in it"
    counts = {status: sum(one.status is status for one in report.sets) for status in SetStatus}
    said = ", ".join(f"{count} {_said(status)}" for status, count in counts.items() if count)
    return f"{len(report.sets)} set{'' if len(report.sets) == 1 else 's'}: {said}" if report.sets else "no sets"


def _said(status: SetStatus) -> str:
    return status.value.replace("_", " ")


def _line(finding: Finding, unit: str = "claim") -> str:
    place = finding.place
    where = f"segment {place.segment} " if place.segment else ""
    loop = f" in {place.loop}" if place.loop else ""
    of_unit = f", {unit} {finding.unit_number}" if finding.unit_number else ""
    mark = "" if finding.is_error else "warning: "
    return (
        f"{where}{place.element_name}{loop}{of_unit}: {mark}{finding.message} [SNIP {snip_of(finding)}, {finding.code}]"
    )
