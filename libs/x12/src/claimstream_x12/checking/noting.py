"""Findings of one set, gathered with their places; a file that is wrong throughout does not fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import kind_of
from claimstream_x12.errors import Finding, Place, Severity
from claimstream_x12.record import maker

if TYPE_CHECKING:
    from claimstream_x12.checking.explaining import Fault
    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.guides import SegmentUse
    from claimstream_x12.segments import Segment

make_finding, make_place = maker(Finding), maker(Place)

_MOST_FINDINGS = 2_000
_NEAR_BEGINNING = 4  # segments in which TRN stands: a level of a million is not searched for it
NONE_PASSED_OVER = 9
_WARNINGS = frozenset({"character-set", "element-trailing", "guide-older", "guide-newer"})


class Notebook:
    """What was found in one set, in the order of its segments.

    Beyond the limit findings are counted and not kept; where each claim is to be answered, the first error of each is
    kept all the same, so that none is called accepted that is not.
    """

    def __init__(self, set_control: str = "", *, of_each_claim: bool = False) -> None:
        self.set_control = set_control
        self._of_each_claim = of_each_claim
        self.units: frozenset[str] = frozenset()  # the loops that stand for themselves: levels, claims, payments
        self.findings: list[Finding] = []
        self.passed_over = 0  # findings beyond the limit
        self.lowest_passed_over = NONE_PASSED_OVER  # the lowest SNIP level of the errors among them
        self._refused: set[int] = set()  # units that have an error among the findings, once the limit is reached

    def add(self, finding: Finding) -> None:
        """Keep a finding, or count it when there are too many."""
        if len(self.findings) < _MOST_FINDINGS or (
            self._of_each_claim and finding.is_error and self._is_first(finding.unit)
        ):
            self.findings.append(finding)
            return
        self.passed_over += 1
        if finding.is_error:
            self.lowest_passed_over = min(self.lowest_passed_over, kind_of(finding.code).snip)

    def fault(self, segment: Segment, fault: Fault, loop: Loop) -> None:
        """A fault of an element, as the guide's table shows it."""
        severity = Severity.WARNING if fault.code in _WARNINGS else Severity.ERROR
        place = self._place(segment.position, segment.elements[0], fault.element, fault.component, loop.use.id)
        self.add(make_finding(fault.code, fault.message, place, severity, fault.value, *self._unit(loop)))

    def segment(self, code: str, message: str, segment: Segment, loop: Loop) -> None:
        """A fault of a whole segment."""
        place = self._place(segment.position, segment.elements[0], 0, 0, loop.use.id)
        self.add(make_finding(code, message, place, Severity.ERROR, "", *self._unit(loop)))

    def element(  # noqa: PLR0913 — a finding is made of this much
        self,
        code: str,
        message: str,
        segment: Segment,
        element: int,
        loop: Loop,
        *,
        component: int = 0,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """A rule's finding at an element; element 0 is the segment as a whole."""
        place = self._place(segment.position, segment.elements[0], element, component, loop.use.id)
        value = segment[element] if element else ""
        self.add(make_finding(code, message, place, severity, value, *self._unit(loop)))

    def absent(self, code: str, message: str, position: int, use: SegmentUse, loop: Loop) -> None:
        """Something that should have stood in a loop before `position`."""
        place = self._place(position, use.id, 0, 0, use.loop.id)
        self.add(make_finding(code, message, place, Severity.ERROR, "", *self._unit(loop)))

    def _is_first(self, unit: int) -> bool:
        if not self._refused:
            self._refused = {finding.unit for finding in self.findings if finding.is_error}
        if unit in self._refused:
            return False
        self._refused.add(unit)
        return True

    def _place(self, position: int, segment_id: str, element: int, component: int, loop: str) -> Place:
        return make_place(position, segment_id[:3], element, component, loop, self.set_control)

    def _unit(self, loop: Loop) -> tuple[int, str]:
        """The level or claim that a loop belongs to: the position of its first segment, and the number that names it."""
        while loop.parent is not None and loop.use.id not in self.units:
            loop = loop.parent
        if loop.parent is None:
            return 1, ""
        first = loop.segments[0]
        if first.elements[0] in _NUMBERED:
            return first.position, first[1]
        return first.position, _trace_number(loop)


_NUMBERED = frozenset({"CLM", "CLP"})


def _trace_number(loop: Loop) -> str:
    """TRN02 of the level or of one around it; the trace of a whole 835 names no unit of it."""
    around: Loop | None = loop
    while around is not None and around.parent is not None:
        for segment in around.segments[:_NEAR_BEGINNING]:
            if segment.elements[0] == "TRN":
                return segment[2]
        around = around.parent
    return ""
