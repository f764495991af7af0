"""One transaction set, written: values to segments, each checked against the bounds of its elements.

What is not valid is collected with its place, and `finish` refuses the whole set with all of it at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.elements import ALLOWED, format_amount, format_date, format_number, format_quantity
from claimstream_x12.errors import Finding, NotWritable, Place
from claimstream_x12.extras import settled
from claimstream_x12.segment_limits import LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimstream_x12.extras import Extra

Composite = tuple[str, ...]


class Number(Decimal):
    """A number that is no amount of money: a quantity or a percentage, with as many decimals as there are digits."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A repeating element."""

    values: tuple[str, ...]


Value = str | Decimal | date | int | Composite | Repeated | None
_PIECE = 4_096
_NO_LIMITS: tuple[tuple[bool, int, int], ...] = ()


class SetWriter:
    """Collects the segments of one ST…SE."""

    def __init__(self, code: str, control_number: str, guide: str = "", delimiters: Delimiters = STANDARD) -> None:
        self.loop = ""
        self._due: list[Extra] = []
        self._own = 0
        self._delimiters = delimiters
        self._code, self._guide, self._control_number = code, guide, control_number
        self._text_allowed = (ALLOWED | set("*:^~")) - set(delimiters.all)
        self._line_allowed = self._text_allowed | {delimiters.element, delimiters.component}
        self._written: list[bytes] = []  # what is done, in few pieces
        self._segments: list[str] = []  # the last of them
        self._count = 0
        self._extras: list[int] = []  # positions of segments that no record holds
        self.findings: list[Finding] = []
        self.add("ST", code, control_number, guide)

    def __len__(self) -> int:
        """How many segments have been written, ST counted."""
        return self._count

    def enter(self, loop: str, extras: Sequence[Extra] = (), *, own: int = 0) -> None:
        """Begin a loop, `own` of whose segments are written already; its extras come at their places by themselves."""
        if self._due:
            self._write_due(None)
        self.loop = loop
        self._own = own
        if extras:
            self._due = sorted(extras, key=lambda one: one.after)[::-1]

    def _write_due(self, own: int | None) -> None:
        """The extras that stand behind at most so many own segments; None: all that are left."""
        while self._due and (own is None or self._due[-1].after <= own):
            self.add_extra(self._due.pop())

    def add(self, segment_id: str, *values: Value) -> None:
        """Write a segment; empty elements at its end are left out."""
        if self._due:
            if self._own or self.loop == "header":
                self._write_due(self._own)
            self._own += 1
        elements = [
            value if type(value) is str else self._text(segment_id, n, value) for n, value in enumerate(values, 1)
        ]
        while elements and not elements[-1]:
            elements.pop()
        line = self._delimiters.element.join((segment_id, *elements))
        if not _is_plain(segment_id, self._delimiters)(line):
            self._check_lengths(segment_id, elements, values)
            self._check_characters(segment_id, elements, values, line)
        self._append(line)

    def add_extra(self, extra: Extra) -> None:
        """Write a segment that no record holds, as it came; only its characters are looked at."""
        allowed = self._text_allowed
        for number, element in enumerate(extra.elements, 1):
            strange = sorted({char for parts in element for part in parts for char in part} - allowed)
            if strange or (len(element) > 1 and not self._delimiters.repetition):
                message = f"characters {' '.join(strange)} may not be sent: transliterate the text first"
                self.refuse("character", message, extra.id, number)
        self._append(self._delimiters.element.join((extra.id, *extra.texts(self._delimiters))))
        self._extras.append(self._count)

    def _append(self, line: str) -> None:
        self._segments.append(line)
        self._count += 1
        if len(self._segments) >= _PIECE:
            self._put_down()

    def _put_down(self) -> None:
        """Make one piece of the last segments: hundreds of thousands of short texts would take five times the room."""
        terminator = self._delimiters.segment
        self._written.append((terminator.join(self._segments) + terminator).encode("ascii", "replace"))
        self._segments.clear()

    def need(self, value: Value, segment_id: str, element: int) -> None:
        """Refuse an empty element of the segment that comes next, where a guide asks more than the standard."""
        if value is None or value == "":
            self.refuse("missing-element", "must not be empty", segment_id, element)

    def refuse(self, code: str, message: str, segment_id: str = "", element: int = 0) -> None:
        """Note what stands against this set, at the segment that comes next."""
        self.findings.append(Finding(code, message, self._place(segment_id, element)))

    def finish(self, *, checked: bool = False) -> bytes:
        """The whole set with its SE; raises NotWritable when anything stands against it, `checked` by its guide as well."""
        self._write_due(None)
        if self.findings:
            raise NotWritable(tuple(self.findings))
        d = self._delimiters
        self._append(d.element.join(("SE", str(self._count + 1), self._control_number)))
        if self._segments:
            self._put_down()
        if checked:
            self._check()
        return b"".join(self._written)

    def _check(self) -> None:
        from claimstream_x12.checking.written import errors_in  # noqa: PLC0415 — checking reads what this module writes

        of_set = self._count, self._code, self._guide, self._delimiters
        found = errors_in(self._written, *of_set, frozenset(self._extras))
        if found:
            raise NotWritable(found)

    def _text(self, segment_id: str, number: int, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, tuple):
            return self._composite(segment_id, number, value)
        if isinstance(value, Repeated):
            return self._repeated(segment_id, number, value)
        if isinstance(value, Decimal):
            text = format_number(value) if isinstance(value, Number) else format_amount(value)
            if text is None:
                self.refuse("not-cents", f"{value} is not an amount in whole cents", segment_id, number)
            return text or "0"
        if isinstance(value, date):
            return format_date(value)
        return str(value)

    def _composite(self, segment_id: str, number: int, components: Composite) -> str:
        last = len(components)
        while last and not components[last - 1]:
            last -= 1
        text = self._delimiters.component.join(components[:last])
        if text.count(self._delimiters.component) > max(0, last - 1):
            self.refuse("delimiter-in-data", f"a component holds the separator: {components}", segment_id, number)
        return text

    def _repeated(self, segment_id: str, number: int, value: Repeated) -> str:
        separator = self._delimiters.repetition
        if not separator and len(value.values) > 1:
            self.refuse("repetition", "these delimiters have none for repetitions", segment_id, number)
        if separator and any(separator in one for one in value.values):
            self.refuse("delimiter-in-data", "a repetition holds the separator", segment_id, number)
        return separator.join(value.values)

    def _check_lengths(self, segment_id: str, elements: list[str], values: tuple[Value, ...]) -> None:
        limits = LIMITS.get(segment_id, _NO_LIMITS)
        for number, (text, (mandatory, least, most)) in enumerate(zip(elements, limits, strict=False), 1):
            length = len(text)
            if length == 0:
                if mandatory:
                    self.refuse("missing-element", "must not be empty", segment_id, number)
            elif not least <= length <= most and not _fits(values[number - 1], least, length, most):
                message = f"{length} characters, {least} to {most} are allowed" if most else "is not used here"
                self.refuse("length", message, segment_id, number)
        for number in range(len(elements), len(limits)):
            if limits[number][0]:
                self.refuse("missing-element", "must not be empty", segment_id, number + 1)
        if len(elements) > len(limits):
            self.refuse("too-many-elements", f"has {len(elements)} elements, {len(limits)} are known", segment_id)

    def _check_characters(self, segment_id: str, elements: list[str], values: tuple[Value, ...], line: str) -> None:
        d = self._delimiters
        composed = sum(
            text.count(d.component) for text, value in zip(elements, values, strict=False) if isinstance(value, tuple)
        )
        if (
            self._line_allowed.issuperset(line)
            and line.count(d.element) == len(elements)
            and line.count(d.component) == composed
        ):
            return
        for number, (text, value) in enumerate(zip(elements, values, strict=False), 1):
            allowed = self._text_allowed | self._separators(value)
            strange = sorted(set(text) - allowed)
            if strange:
                message = f"characters {' '.join(strange)} may not be sent: transliterate the text first"
                self.refuse("character", message, segment_id, number)

    def _separators(self, value: Value) -> set[str]:
        if isinstance(value, tuple):
            return {self._delimiters.component}
        return set(self._delimiters.repetition) if isinstance(value, Repeated) else set()

    def _place(self, segment_id: str, element: int) -> Place:
        return Place(self._count + 1, segment_id, element, 0, self.loop, self._control_number)


@lru_cache(maxsize=1024)
def _is_plain(segment_id: str, delimiters: Delimiters) -> Callable[[str], object]:
    """Whether a segment without composites is right in lengths and characters, told by one pattern.

    What does not match is looked at again, element by element: it may be right all the same.
    """
    characters = "".join(re.escape(one) for one in sorted(ALLOWED - set(delimiters.all)))
    separator = re.escape(delimiters.element)
    tail, tail_stands = "", False
    for mandatory, least, most in reversed(LIMITS.get(segment_id, _NO_LIMITS)):
        element = f"[{characters}]{{{least},{most}}}" if most else ""
        part = f"{separator}{element if mandatory or not element else f'(?:{element})?'}{tail}"
        tail_stands = tail_stands or mandatory
        tail = part if tail_stands else f"(?:{part})?"
    return re.compile(f"{segment_id}{tail}").fullmatch


class _Extended(Protocol):
    @property
    def extra(self) -> tuple[Extra, ...]: ...


_Loop = TypeVar("_Loop", bound=_Extended)


def settle(record: _Loop, write_own: Callable[[SetWriter, _Loop], None]) -> _Loop:
    """The record with no extra behind more segments than it writes: reading may take two to what is written as one."""
    writer = SetWriter("", "")
    try:
        write_own(writer, replace(record, extra=()))  # type: ignore[type-var]
    except NotWritable:
        return record
    return replace(record, extra=settled(record.extra, len(writer) - 1))  # type: ignore[type-var]  # its ST


def _fits(value: Value, least: int, length: int, most: int) -> bool:
    """Whether what looks too long or too short is not: sign and point do not count, and a repetition is measured alone."""
    if isinstance(value, Repeated):
        return all(least <= len(one) <= most for one in value.values)
    return isinstance(value, Decimal) and length <= most + 2


def quantity(value: Decimal | None) -> str:
    """A quantity as text for a segment; raises NotWritable when it has more than three decimals."""
    if value is None:
        return ""
    text = format_quantity(value)
    if text is None:
        raise NotWritable((Finding("quantity", f"{value} has more than three decimals"),))
    return text
