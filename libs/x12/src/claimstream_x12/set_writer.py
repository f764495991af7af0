"""One transaction set, written: values to segments, each checked against the bounds of its elements.

What is not valid is collected with its place, and `finish` refuses the whole set with all of it at once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.elements import ALLOWED, format_amount, format_date, format_quantity
from claimstream_x12.errors import Finding, NotWritable, Place
from claimstream_x12.segment_limits import LIMITS

Composite = tuple[str, ...]
Value = str | Decimal | date | int | Composite | None
_NO_LIMITS: tuple[tuple[bool, int, int], ...] = ()


class SetWriter:
    """Collects the segments of one ST…SE."""

    def __init__(self, code: str, control_number: str, guide: str = "", delimiters: Delimiters = STANDARD) -> None:
        self.loop = ""
        self._delimiters = delimiters
        self._code, self._control_number = code, control_number
        self._text_allowed = (ALLOWED | set("*:^~")) - set(delimiters.all)
        self._line_allowed = self._text_allowed | {delimiters.element, delimiters.component}
        self._segments: list[str] = []
        self.findings: list[Finding] = []
        self.add("ST", code, control_number, guide)

    def __len__(self) -> int:
        """How many segments have been written, ST counted."""
        return len(self._segments)

    def add(self, segment_id: str, *values: Value) -> None:
        """Write a segment; empty elements at its end are left out."""
        elements = [
            value if type(value) is str else self._text(segment_id, n, value) for n, value in enumerate(values, 1)
        ]
        while elements and not elements[-1]:
            elements.pop()
        line = self._delimiters.element.join((segment_id, *elements))
        self._check_lengths(segment_id, elements, values)
        self._check_characters(segment_id, elements, values, line)
        self._segments.append(line)

    def refuse(self, code: str, message: str, segment_id: str = "", element: int = 0) -> None:
        """Note what stands against this set, at the segment that comes next."""
        self.findings.append(Finding(code, message, self._place(segment_id, element)))

    def finish(self) -> bytes:
        """The whole set with its SE; raises NotWritable when anything stands against it."""
        if self.findings:
            raise NotWritable(tuple(self.findings))
        d = self._delimiters
        self._segments.append(d.element.join(("SE", str(len(self._segments) + 1), self._control_number)))
        return (d.segment.join(self._segments) + d.segment).encode("ascii")

    def _text(self, segment_id: str, number: int, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, tuple):
            return self._composite(segment_id, number, value)
        if isinstance(value, Decimal):
            text = format_amount(value)
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

    def _check_lengths(self, segment_id: str, elements: list[str], values: tuple[Value, ...]) -> None:
        limits = LIMITS.get(segment_id, _NO_LIMITS)
        for number, (text, (mandatory, least, most)) in enumerate(zip(elements, limits, strict=False), 1):
            length = len(text)
            if length == 0:
                if mandatory:
                    self.refuse("missing-element", "must not be empty", segment_id, number)
            elif not least <= length <= most and not (isinstance(values[number - 1], Decimal) and length <= most + 2):
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
            allowed = self._text_allowed | ({d.component} if isinstance(value, tuple) else set())
            strange = sorted(set(text) - allowed)
            if strange:
                message = f"characters {' '.join(strange)} may not be sent: transliterate the text first"
                self.refuse("character", message, segment_id, number)

    def _place(self, segment_id: str, element: int) -> Place:
        return Place(len(self._segments) + 1, segment_id, element, 0, self.loop, self._control_number)


def quantity(value: Decimal | None) -> str:
    """A quantity as text for a segment; raises NotWritable when it has more than three decimals."""
    if value is None:
        return ""
    text = format_quantity(value)
    if text is None:
        raise NotWritable((Finding("quantity", f"{value} has more than three decimals"),))
    return text
