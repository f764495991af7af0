"""What ISA, GS and ST must say, apart from counts and control numbers that tie (the reader sees to those)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from claimstream_x12.elements import parse_date, parse_time
from claimstream_x12.errors import Finding, Place, Severity
from claimstream_x12.guides import GUIDES, known_guide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.envelope_records import GroupRecord, InterchangeRecord
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.segments import Segment

_ISA_LENGTHS = (2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
_ISA_CODES = {
    1: ("isa-qualifier", {"00", "03"}),
    3: ("isa-qualifier", {"00", "01"}),
    5: ("isa-qualifier", {"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"}),
    7: ("isa-qualifier", {"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"}),
    12: ("isa-version", {"00501"}),
    14: ("isa-acknowledgment", {"0", "1"}),
    15: ("isa-usage", {"P", "T"}),
}
_CONTROL = 13
Key = TypeVar("Key")
FUNCTIONAL_CODES = {guide.code: guide.functional_code for guide in GUIDES}


class Reused:
    """Control numbers that came before: interchanges by sender, groups and sets inside what they stand in."""

    def __init__(self) -> None:
        self._interchanges: set[tuple[str, str]] = set()
        self._groups: set[str] = set()
        self._sets: set[str] = set()

    def interchange(self, record: InterchangeRecord) -> bool:
        """Whether this sender has used the number before in this file."""
        self._groups, key = set(), (record.header.sender, record.header.control_number)
        return _again(key, self._interchanges)

    def group(self, control_number: str) -> bool:
        """Whether the interchange has had a group with this number."""
        self._sets = set()
        return _again(control_number, self._groups)

    def set(self, control_number: str) -> bool:
        """Whether the group has had a set with this number."""
        return _again(control_number, self._sets)


def _again(key: Key, seen: set[Key]) -> bool:
    if key in seen:
        return True
    seen.add(key)
    return False


def check_isa(record: InterchangeRecord, reused: Reused) -> Iterator[Finding]:
    """The findings of an interchange's header."""
    isa = record.segment
    if isa is None:
        return
    for number, length in enumerate(_ISA_LENGTHS, 1):
        text = isa[number]
        code, codes = _ISA_CODES.get(number, ("", set()))
        if codes and text.strip() not in codes:
            yield Finding(
                code, f'"{text.strip()[:6]}": one of {", ".join(sorted(codes))} belongs here', isa.place(number)
            )
        elif len(text) != length:
            message = f"length {len(text)} instead of {length}: ISA has a fixed form"
            yield Finding("isa-length", message, isa.place(number), Severity.WARNING)
    if parse_date("20" + isa[9].strip()) is None:
        yield Finding("isa-date", "is not a date YYMMDD", isa.place(9))
    if parse_time(isa[10].strip()) is None:
        yield Finding("isa-time", "is not a time HHMM", isa.place(10))
    control = isa[_CONTROL].strip()
    if not (control.isascii() and control.isdigit()):
        yield Finding("isa-control", "the control number has nine digits", isa.place(_CONTROL))
    if reused.interchange(record):
        yield Finding("interchange-reused", f"ISA13 {control[:9]} came before in this file", isa.place(_CONTROL))
    if isa[12].strip() == "00501" and not record.header.delimiters.repetition:
        yield Finding(
            "isa-separator", "ISA11 names no repetition separator of its own", isa.place(11), Severity.WARNING
        )


def check_gs(group: GroupRecord, reused: Reused) -> Iterator[Finding]:
    """The findings of a group's header."""
    gs = group.segment
    if gs[1] not in FUNCTIONAL_CODES.values():
        known = ", ".join(sorted(set(FUNCTIONAL_CODES.values())))
        yield Finding("group-code", f'"{gs[1][:2]}": groups of {known} are read here', gs.place(1))
    elif not any(
        gs[8].strip() in {guide.version, *guide.also_read} for guide in GUIDES if guide.functional_code == gs[1]
    ):
        yield Finding("group-version", f"{gs[8][:12] or 'no version'} is not a guide that is read here", gs.place(8))
    if parse_date(gs[4]) is None:
        yield Finding("gs-element", "is not a date CCYYMMDD", gs.place(4), Severity.WARNING)
    if parse_time(gs[5]) is None:
        yield Finding("gs-element", "is not a time HHMM", gs.place(5), Severity.WARNING)
    if reused.group(gs[6].strip()):
        yield Finding("group-reused", f"GS06 {gs[6][:9]} came before in this interchange", gs.place(6))


def check_st(one_set: TransactionSet, reused: Reused) -> Iterator[Finding]:
    """The findings of a set's header against its group's."""
    st = one_set.st
    if not st[2].strip():
        yield Finding("set-control-missing", "a set needs its control number", _of_set(st, 2, one_set))
    elif reused.set(st[2]):
        yield Finding("set-control-reused", f"ST02 {st[2][:9]} came before in this group", _of_set(st, 2, one_set))
    functional_code = FUNCTIONAL_CODES.get(one_set.code)
    if functional_code is None:
        yield Finding("set-unknown", f"sets {one_set.code[:3]} are not read here", _of_set(st, 1, one_set))
    elif one_set.group.functional_code and one_set.group.functional_code != functional_code:
        message = f"a {one_set.code} stands in a group {functional_code}, not {one_set.group.functional_code[:2]}"
        yield Finding("set-in-group", message, _of_set(st, 1, one_set))
    if st[3] and one_set.group.guide and st[3].strip() != one_set.group.guide:
        message = f"ST03 {st[3][:12]} is not GS08 {one_set.group.guide[:12]}"
        same = known_guide(one_set.code, st[3].strip()) is known_guide(one_set.code, one_set.group.guide)
        severity = Severity.WARNING if same and functional_code else Severity.ERROR
        yield Finding("guide-mismatch", message, _of_set(st, 3, one_set), severity)


def _of_set(st: Segment, element: int, one_set: TransactionSet) -> Place:
    return Place(st.position, "ST", element, set_control=one_set.control_number)
