"""999 (005010X231A1): whether the sets of a functional group follow their guide. Syntax only: it says nothing of money."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.elements import ElementReader
from claimstream_x12.extras import Extra, Keeper
from claimstream_x12.names_reading import split_loops
from claimstream_x12.set_writer import SetWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.segments import Segment

GUIDE = "005010X231A1"
_LAST = 2  # what stands behind the segment that closes a set or the group
_ACCEPTED = frozenset({"A", "E"})
_MOST_DIGITS = 4  # IK401


@dataclass(frozen=True, slots=True)
class Context:
    """CTX: where a situation arose, its elements as they stand, composites by component."""

    elements: tuple[tuple[str, ...], ...]  # CTX01 and on


@dataclass(frozen=True, slots=True)
class ElementError:
    """IK4: an element in error."""

    element: int | None  # IK401-1
    code: str  # IK403
    component: int | None = None  # IK401-2
    repetition: int | None = None  # IK401-3
    reference: str = ""  # IK402
    copy: str = ""  # IK404, the bad data
    contexts: tuple[Context, ...] = ()
    extra: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentError:
    """IK3: a segment in error."""

    segment_id: str  # IK301
    position: int | None  # IK302, ST = 1
    loop: str = ""  # IK303
    code: str = ""  # IK304
    contexts: tuple[Context, ...] = ()
    elements: tuple[ElementError, ...] = ()
    extra: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAcknowledgment:
    """AK2 to IK5: one transaction set."""

    set_code: str  # AK201
    control_number: str  # AK202, its ST02
    status: str  # IK501: A, E accepted; R, M, W, X rejected
    guide: str = ""  # AK203
    codes: tuple[str, ...] = ()  # IK502 to IK506
    errors: tuple[SegmentError, ...] = ()
    extra: tuple[Extra, ...] = ()  # behind AK2 (after 1) and behind IK5 (after 2)
    segments: tuple[str, ...] = field(default=(), compare=False)  # AK2 to IK5, verbatim

    @property
    def accepted(self) -> bool:
        """Whether it goes on: E keeps its findings, and is accepted."""
        return self.status in _ACCEPTED


@dataclass(frozen=True, slots=True)
class GroupAcknowledgment:
    """A whole 999: AK1, its sets, AK9."""

    functional_code: str  # AK101
    control_number: str  # AK102, the GS06 that it answers
    status: str  # AK901: A, E, P (decide by each set), R, M, W, X
    sets: Sequence[SetAcknowledgment]
    included: int  # AK902
    received: int  # AK903
    accepted_sets: int  # AK904
    guide: str = ""  # AK103
    codes: tuple[str, ...] = ()  # AK905 to AK909
    extra: tuple[Extra, ...] = ()  # before AK1 (after 0), behind it (after 1) and behind AK9 (after 2)
    unread: tuple[str, ...] = field(default=(), compare=False)

    def accepts(self, set_control_number: str) -> bool:
        """Whether the set with this ST02 was accepted: by its own IK5, else by the group's AK9."""
        for one in self.sets:
            if one.control_number.strip().lstrip("0") == set_control_number.strip().lstrip("0"):
                return one.accepted
        return self.status in _ACCEPTED


def read_999(one_set: TransactionSet) -> tuple[GroupAcknowledgment, tuple[Finding, ...]]:
    """The set as a record, with what was wrong in it."""
    elements = ElementReader(set_control=one_set.control_number)
    ak1: Segment | None = None
    ak9: Segment | None = None
    sets: list[SetAcknowledgment] = []
    unread: list[str] = []
    keeper = Keeper()
    for loop in split_loops(one_set, frozenset({"AK1", "AK2", "AK9"})):
        strays = loop[1:]
        match loop[0].elements[0]:
            case "AK1" if ak1 is None:
                ak1, keeper.held = loop[0], 1
            case "AK2":
                sets.append(_read_set(loop, elements, unread))
                strays = []
            case "AK9" if ak9 is None:
                ak9, keeper.held = loop[0], 2
            case _:
                strays = loop
        _keep(strays, keeper, unread)
    if ak1 is not None and ak9 is None:
        elements.note("missing-segment", "AK9 is missing: the acknowledgment is not whole", ak1)
    group = GroupAcknowledgment(
        functional_code=ak1[1] if ak1 else "",
        control_number=ak1[2] if ak1 else "",
        guide=ak1[3] if ak1 else "",
        status=ak9[1] if ak9 else "",
        sets=tuple(sets),
        included=(elements.integer(ak9, 2) or 0) if ak9 else 0,
        received=(elements.integer(ak9, 3) or 0) if ak9 else 0,
        accepted_sets=(elements.integer(ak9, 4) or 0) if ak9 else 0,
        codes=tuple(code for code in ak9.elements[5:10] if code) if ak9 else (),
        extra=tuple(keeper.extras),
        unread=tuple(unread),
    )
    return group, (*one_set.findings, *elements.findings)


def _read_set(loop: list[Segment], elements: ElementReader, unread: list[str]) -> SetAcknowledgment:
    ak2 = loop[0]
    ik5: Segment | None = None
    errors: list[SegmentError] = []
    keeper = Keeper(1)
    for run in split_loops(loop[1:], frozenset({"IK3", "IK5"})):
        match run[0].elements[0]:
            case "IK3":
                errors.append(_read_segment_error(run, elements, unread))
            case "IK5" if ik5 is None:
                ik5, keeper.held = run[0], 2
                _keep(run[1:], keeper, unread)
            case _:
                _keep(run, keeper, unread)
    return SetAcknowledgment(
        set_code=ak2[1],
        control_number=ak2[2],
        status=ik5[1] if ik5 else "",
        guide=ak2[3],
        codes=tuple(code for code in ik5.elements[2:7] if code) if ik5 else (),
        errors=tuple(errors),
        extra=tuple(keeper.extras),
        segments=tuple(segment.text for segment in loop),
    )


def _keep(strays: list[Segment], keeper: Keeper, unread: list[str]) -> None:
    for segment in strays:
        keeper.keep(segment)
        unread.append(segment.text)


def _read_segment_error(run: list[Segment], elements: ElementReader, unread: list[str]) -> SegmentError:
    ik3 = run[0]
    contexts: tuple[Context, ...] = ()
    found: list[ElementError] = []
    extras: tuple[Extra, ...] = ()
    for part in split_loops(run[1:], frozenset({"IK4"})):
        of_element, kept = _read_contexts(part, unread)
        if part[0].elements[0] == "IK4":
            found.append(replace(_read_element_error(part[0], elements), contexts=of_element, extra=kept))
        else:
            contexts, extras = of_element, kept
    number = elements.integer(ik3, 2)
    return SegmentError(ik3[1], number, ik3[3], ik3[4], contexts, tuple(found), extras)


def _read_contexts(part: list[Segment], unread: list[str]) -> tuple[tuple[Context, ...], tuple[Extra, ...]]:
    """The CTX segments behind an IK3 or IK4, and what else stands there."""
    contexts: list[Context] = []
    keeper = Keeper(1)
    for segment in part:
        if segment.elements[0] == "CTX":
            contexts.append(_context(segment))
            keeper.held += 1
        elif segment.elements[0] != "IK4":
            keeper.keep(segment)
            unread.append(segment.text)
    return tuple(contexts), tuple(keeper.extras)


def _read_element_error(ik4: Segment, elements: ElementReader) -> ElementError:
    position = [*(_whole(text) for text in ik4.components(1)), None, None]
    if position[0] is None:
        elements.note("not-a-number", "IK401 names no element", ik4, 1)
    return ElementError(position[0], ik4[3], position[1], position[2], ik4[2], ik4[4])


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _context(ctx: Segment) -> Context:
    return Context(tuple(tuple(ctx.components(number)) for number in range(1, len(ctx.elements))))


def write_999(
    group: GroupAcknowledgment, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """The set from ST to SE; raises NotWritable with every reason, `checked` by the guide too."""
    writer = SetWriter("999", control_number, GUIDE, delimiters)
    writer.enter("header", [one for one in group.extra if one.after < _LAST])
    writer.add("AK1", group.functional_code, group.control_number, group.guide)
    for one in group.sets:
        writer.enter("AK2", [extra for extra in one.extra if extra.after < _LAST])
        writer.add("AK2", one.set_code, one.control_number, one.guide)
        for error in one.errors:
            _write_segment_error(writer, error)
        writer.enter("AK2", [extra for extra in one.extra if extra.after >= _LAST], own=1)
        writer.add("IK5", one.status, *one.codes)
    writer.enter("header", [one for one in group.extra if one.after >= _LAST], own=1)
    writer.add("AK9", group.status, group.included, group.received, group.accepted_sets, *group.codes)
    return writer.finish(checked=checked)


def _write_segment_error(writer: SetWriter, error: SegmentError) -> None:
    writer.enter("IK3", error.extra)
    writer.add("IK3", error.segment_id, error.position, error.loop, error.code)
    _write_contexts(writer, error.contexts)
    for one in error.elements:
        place = tuple("" if part is None else str(part) for part in (one.element, one.component, one.repetition))
        writer.enter("IK4", one.extra)
        writer.add("IK4", place, one.reference, one.code, one.copy)
        _write_contexts(writer, one.contexts)


def _write_contexts(writer: SetWriter, contexts: tuple[Context, ...]) -> None:
    for context in contexts:
        writer.add("CTX", *context.elements)
