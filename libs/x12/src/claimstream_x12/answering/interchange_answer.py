"""The TA1 to an interchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import kind_of
from claimstream_x12.interchange_ta1 import InterchangeAcknowledgment

if TYPE_CHECKING:
    from datetime import datetime

    from claimstream_x12.checking import CheckedInterchange
    from claimstream_x12.errors import Finding

_NO_ERROR = "000"
_UNSPECIFIED = "024"
_QUALIFIERS = {1: "010", 3: "012", 5: "005", 7: "007"}  # of authorization, security, sender and receiver


def interchange_answer(checked: CheckedInterchange, *, now: datetime) -> InterchangeAcknowledgment:
    """R with the code of the first error, E with that of the first warning, else A."""
    header = checked.record.header
    findings = sorted(checked.own_findings, key=lambda finding: not finding.is_error)
    codes = [_note(finding) for finding in findings]
    note = next((code for code in codes if code), _UNSPECIFIED if findings else _NO_ERROR)
    status = "R" if checked.refused else "E" if findings else "A"
    digits = "".join(c for c in header.control_number if c.isascii() and c.isdigit())[-9:]
    return InterchangeAcknowledgment(digits, header.created or now, status, note)  # TA102 and TA103 must stand


def _note(finding: Finding) -> str:
    if finding.code == "isa-qualifier":
        return _QUALIFIERS[finding.place.element]
    return kind_of(finding.code).interchange
