"""HI segments to diagnoses, procedures, occurrences, values and conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimstream_x12.claim_837.records import Diagnosis, InstitutionalCode
from claimstream_x12.elements import parse_date, parse_decimal

if TYPE_CHECKING:
    from claimstream_x12.elements import ElementReader
    from claimstream_x12.segments import Segment

_DIAGNOSIS_KINDS = frozenset({"BK", "BF", "BJ", "PR", "BN", "TQ"})
_POA = 8  # component 9, counted from 0
_VALUE = 4
_DATE = 3


@dataclass(slots=True)
class ClaimCodes:
    """What the HI segments of one claim said, by kind."""

    principal: list[Diagnosis] = field(default_factory=list)
    others: list[Diagnosis] = field(default_factory=list)
    admitting: Diagnosis | None = None
    visit_reasons: list[Diagnosis] = field(default_factory=list)
    external_causes: list[Diagnosis] = field(default_factory=list)
    drg: str = ""
    principal_procedure: InstitutionalCode | None = None
    other_procedures: list[InstitutionalCode] = field(default_factory=list)
    occurrence_spans: list[InstitutionalCode] = field(default_factory=list)
    occurrences: list[InstitutionalCode] = field(default_factory=list)
    values: list[InstitutionalCode] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)

    def read(self, hi: Segment, reader: ElementReader) -> list[int]:
        """Take in one HI; which of its elements have a kind that no record holds."""
        strange: list[int] = []
        for number in range(1, len(hi.elements)):
            parts = hi.components(number)
            if len(parts) < 2:  # noqa: PLR2004 — qualifier and code
                continue
            kind = parts[0].removeprefix("A") if parts[0] in {"ABK", "ABF", "ABJ", "APR", "ABN"} else parts[0]
            if kind in _DIAGNOSIS_KINDS:
                self._diagnosis(kind, parts)
            elif not self._institutional(kind, parts, hi, number, reader):
                strange.append(number)
        return strange

    def _diagnosis(self, kind: str, parts: list[str]) -> None:
        poa = parts[_POA] if len(parts) > _POA else ""
        edition = "TQ" if kind == "TQ" else "10" if parts[0] != kind else "9"
        one = Diagnosis(parts[1], poa, edition)
        match kind:
            case "TQ":
                (self.others if self.principal else self.principal).append(one)
            case "BK":
                self.principal.append(one)
            case "BF":
                self.others.append(one)
            case "BJ":
                self.admitting = one
            case "PR":
                self.visit_reasons.append(one)
            case _:
                self.external_causes.append(one)

    def _institutional(self, kind: str, parts: list[str], hi: Segment, number: int, reader: ElementReader) -> bool:
        match kind:
            case "DR":
                self.drg = parts[1]
            case "BG":
                self.conditions.append(parts[1])
            case "BBR":
                self.principal_procedure = _dated(parts, hi, number, reader)
            case "BBQ":
                self.other_procedures.append(_dated(parts, hi, number, reader))
            case "BI":
                self.occurrence_spans.append(_dated(parts, hi, number, reader))
            case "BH":
                self.occurrences.append(_dated(parts, hi, number, reader))
            case "BE":
                amount = parse_decimal(parts[_VALUE]) if len(parts) > _VALUE else None
                if amount is None:
                    reader.note("not-a-number", f"value code {parts[1]} has no amount", hi, number, loop="2300")
                self.values.append(InstitutionalCode(parts[1], amount=amount))
            case _:
                return False
        return True


def _dated(parts: list[str], hi: Segment, number: int, reader: ElementReader) -> InstitutionalCode:
    if len(parts) <= _DATE:
        return InstitutionalCode(parts[1])
    text = parts[_DATE]
    start, end = parse_date(text[:8]), parse_date(text[9:]) if len(text) > 8 else None  # noqa: PLR2004
    if start is None or (len(text) > 8 and end is None):  # noqa: PLR2004
        reader.note("not-a-date", f'"{text[:24]}" is not a date', hi, number, loop="2300")
    return InstitutionalCode(parts[1], start, end)
