"""The 999 to a functional group (005010X231A1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, overload

from claimstream_x12.acknowledgment_999 import (
    Context,
    ElementError,
    GroupAcknowledgment,
    SegmentError,
    SetAcknowledgment,
)
from claimstream_x12.answering.text import copy_of, fit
from claimstream_x12.checking.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimstream_x12.checking import CheckedGroup, CheckedSet
    from claimstream_x12.errors import Finding

_ACKNOWLEDGED_APART = "837"  # its claims get a 277CA
_GUIDE_LEVEL = 2
_PARTNER_LEVEL = 7
_MOST_CODES = 5
_LONGEST_COPY = 99
_LONGEST_LOOP = 4
_LONGEST_CONTEXT = 35
_NAME_OF_UNIT = {"837": "CLM01", **dict.fromkeys(("270", "271", "276", "277", "278"), "TRN02")}  # CTX01-1
_SHORTEST_CONTROL = 4
_UNKNOWN = "segment-unknown"
_BASE = "005010"  # AK103 must stand, also where GS08 is empty


def findings_told(checked: CheckedSet) -> list[Finding]:
    """The findings that belong into the 999: of an 837 those of syntax and guide, of other sets all."""
    most = _highest_level(checked)
    if checked.lowest_level > most:
        return []
    return [finding for finding in checked.findings if kind_of(finding.code).snip <= most]


def _highest_level(checked: CheckedSet) -> int:
    return _GUIDE_LEVEL if checked.code == _ACKNOWLEDGED_APART else _PARTNER_LEVEL


def refuses_set(checked: CheckedSet) -> bool:
    """Whether the 999 refuses a set."""
    return checked.lowest_passed_over <= _highest_level(checked) or any(
        finding.is_error for finding in findings_told(checked)
    )


def group_acknowledgment(group: CheckedGroup) -> GroupAcknowledgment:
    """The record of a 999 for a group and all its sets."""
    sets = _Acknowledgments(group)
    statuses = Counter(one.status for one in sets)
    codes = [kind_of(finding.code).group for finding in (*group.findings, *group.record.findings) if finding.is_error]
    accepted = statuses["A"] + statuses["E"]
    header = group.record.header
    return GroupAcknowledgment(
        functional_code=fit(header.functional_code, 2, "HC").ljust(2, "0"),
        control_number="".join(c for c in header.control_number if c.isascii() and c.isdigit())[-9:] or "0",
        status=_group_status(statuses, refused=group.refused),
        sets=sets,
        included=group.record.declared if group.record.declared is not None else len(sets),
        received=len(sets),
        accepted_sets=accepted,
        guide=fit(header.guide, 12, _BASE),
        codes=_codes(codes),
    )


class _Acknowledgments(Sequence[SetAcknowledgment]):
    """What is said of each set of a group, made when it is asked for: a group may have a hundred thousand."""

    def __init__(self, group: CheckedGroup) -> None:
        self._sets, self._refused = group.sets, group.refused

    def __len__(self) -> int:
        return len(self._sets)

    @overload
    def __getitem__(self, at: int) -> SetAcknowledgment: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[SetAcknowledgment]: ...
    def __getitem__(self, at: int | slice) -> SetAcknowledgment | Sequence[SetAcknowledgment]:
        if isinstance(at, slice):
            return [_set(one, refused=self._refused) for one in self._sets[at]]
        return _set(self._sets[at], refused=self._refused)


def _group_status(statuses: Counter[str], *, refused: bool) -> str:
    if refused or not (statuses["A"] or statuses["E"]):
        return "R"
    if statuses["R"]:
        return "P"
    return "E" if statuses["E"] else "A"


def _set(checked: CheckedSet, *, refused: bool) -> SetAcknowledgment:
    told = findings_told(checked)
    of_set = [kind_of(finding.code).set for finding in told if finding.is_error]
    errors = tuple(_segment_errors(told, checked.code))
    if (
        checked.lowest_passed_over <= _highest_level(checked)
        or any(error.elements or error.code for error in errors)
        or any(finding.code == _UNKNOWN for finding in told)
    ):
        of_set.append("5")
    rejected = refused or refuses_set(checked)
    status = "R" if rejected else "E" if errors else "A"
    control = fit(checked.control_number, 9).zfill(_SHORTEST_CONTROL)
    codes = _codes(of_set) if status != "A" else ()
    return SetAcknowledgment(
        fit(checked.code, 3, "000").ljust(3, "0"), control, status, fit(checked.guide, 35), codes, errors
    )


def _codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in codes if code))[:_MOST_CODES]


def _segment_errors(findings: list[Finding], code_of_set: str) -> Iterable[SegmentError]:
    """One IK3 for each segment and kind of fault, with an IK4 for each element in error.

    IK301 holds only ids that X12 has: what it does not have is told by IK5 alone (X12 RFI 1257).
    """
    told = [finding for finding in findings if kind_of(finding.code).segment and finding.code != _UNKNOWN]
    for (position, segment_id, loop, code), same in groupby(told, key=_segment_key):
        found = list(same)
        elements = tuple(
            _element(finding) for finding in found if finding.place.element and kind_of(finding.code).element
        )
        yield SegmentError(
            fit(segment_id, 3, "ST").ljust(2, "0"),
            max(position, 1),
            loop[:_LONGEST_LOOP],
            code,
            _contexts(found[0], code_of_set),
            elements,
        )


def _segment_key(finding: Finding) -> tuple[int, str, str, str]:
    place = finding.place
    return place.segment, place.segment_id, place.loop, kind_of(finding.code).segment


def _element(finding: Finding) -> ElementError:
    place = finding.place
    copied = copy_of(finding.value, _LONGEST_COPY) if not place.component else ""
    return ElementError(place.element, kind_of(finding.code).element, place.component or None, copy=copied)


def _contexts(finding: Finding, code_of_set: str) -> tuple[Context, ...]:
    """The business unit that the segment stands in: the claim, or the inquiry by its trace number (RFI 1312).

    A number with characters that cannot be sent is not known, a long one is cut (RFI 2293). The guide's list of names
    has none for a claim payment.
    """
    name = _NAME_OF_UNIT.get(code_of_set, "")
    number = copy_of(finding.unit_number[:_LONGEST_CONTEXT], _LONGEST_CONTEXT)
    return (Context(((name, number),)),) if name and number and finding.place.loop[:1] == "2" else ()
