"""What rules of balance, situations and code sets have in common: they are asked about each loop as it closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from claimstream_x12.elements import ZERO, parse_date, parse_decimal
from claimstream_x12.errors import Severity

if TYPE_CHECKING:
    from claimstream_x12.checking.code_sets import CodeSets
    from claimstream_x12.checking.noting import Notebook
    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment


@dataclass(frozen=True, slots=True)
class Situation:
    """What rules are given: where to write, where codes are looked up, and the day that counts as today."""

    notebook: Notebook
    codes: CodeSets
    today: date | None = None
    remember_claims: bool = False  # for a 277CA
    test: bool = False  # ISA15 T: made-up identifiers are told of and taken


class SetRules:
    """The rules of one set; the sets that have none of their own use it as it is."""

    let_go: frozenset[str] = frozenset()
    """Loops that are not kept below the one around them: memory stays flat however often they come."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.notebook = situation.notebook

    def closed(self, loop: Loop) -> None:
        """A loop came to its end; everything below it that is kept can be asked."""

    def service_date(self, loop: Loop) -> date | None:  # noqa: ARG002 — sets without dates of service have none
        """The day by which codes of a loop are judged."""
        return None

    def note(  # noqa: PLR0913 — a finding is made of this much
        self,
        code: str,
        message: str,
        segment: Segment,
        element: int,
        loop: Loop,
        *,
        component: int = 0,
        warns: bool = False,
    ) -> None:
        """Note a finding of a rule."""
        severity = Severity.WARNING if warns else Severity.ERROR
        self.notebook.element(code, message, segment, element, loop, component=component, severity=severity)


def amount(segment: Segment | None, number: int) -> Decimal:
    """An amount, zero where none stands or none can be read (the guide's check tells of that)."""
    if segment is None:
        return ZERO
    text = segment[number]
    return parse_decimal(text) or ZERO if text else ZERO


def adjusted(loop: Loop) -> Decimal:
    """What the CAS segments of a loop take from its charge."""
    total = ZERO
    for segment in loop.segments:
        elements = segment.elements
        if elements[0] == "CAS":
            for number in range(3, len(elements), 3):
                total += amount(segment, number)
    return total


def first_day(segment: Segment | None) -> date | None:
    """The day, or the first day of the range, of a DTP; None where there is none."""
    return parse_date(segment[3][:8]) if segment is not None else None


def days(segment: Segment) -> tuple[date | None, date | None]:
    """The first and last day of a DTP."""
    text = segment[3]
    first = parse_date(text[:8])
    return (first, parse_date(text[9:17])) if segment[2] == "RD8" else (first, first)
