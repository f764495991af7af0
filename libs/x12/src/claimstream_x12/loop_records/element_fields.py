"""Fields that stand in elements and components of one segment, or in the components of one composite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from claimstream_x12.elements import ZERO, format_date
from claimstream_x12.errors import Severity
from claimstream_x12.loop_records.kinds import as_component
from claimstream_x12.set_writer import Repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from claimstream_x12.elements import ElementReader
    from claimstream_x12.loop_records.kinds import CompositeKind, Kind, Noted
    from claimstream_x12.loop_records.places import Target
    from claimstream_x12.segments import Segment
    from claimstream_x12.set_writer import Value

    Refuse = Callable[[str, str, str, int], None]
    """Takes a refusal's code, message, segment and element."""


@dataclass(frozen=True, slots=True)
class ElementField:
    """A field in one element or component, or in several places when it is a tuple."""

    name: str
    targets: tuple[Target, ...]
    constants: tuple[tuple[int, str], ...]
    kind: Kind
    composite: CompositeKind | None
    many: bool
    needed: bool  # must stand, though the standard leaves it open

    def read(self, segment: Segment, noted: Callable[[Target], Noted]) -> Any:
        """The field's value."""
        if not self.many:
            target = self.targets[0]
            text = _text(segment, target)
            if text:
                return self._one(text, segment.delimiters.component, noted(target))
            return self._nothing(noted(target))
        values = (
            self._one(text, segment.delimiters.component, noted(target))
            for target in self.targets
            for text in _texts(segment, target, repeats=len(self.targets) == 1)
            if text
        )
        return tuple(value for value in values if value is not None)

    def _one(self, text: str, separator: str, note: Noted) -> Any:
        return (
            self.kind.read(text, note) if self.composite is None else self.composite.read(text.split(separator), note)
        )

    def _nothing(self, note: Noted) -> Any:
        if self.composite is not None:
            return None
        if self.kind.empty is ZERO:
            note("missing-element", "is no amount, and one must stand here")
        return self.kind.empty

    def write(self, value: Any, into: dict[int, Value], refuse: Refuse) -> None:
        """Put the field's value in its elements."""
        first = self.targets[0]
        if not self.many:
            if value is not None and value != "":
                _put(into, first, self._written(value))
                into.update(self.constants)
            elif self.needed:
                refuse("missing-element", "must not be empty", first.segment, first.element)
            return
        written = [self._written(one) for one in value]
        if first.all_components:
            into[first.element] = tuple(as_component(one) for one in written)
        elif len(self.targets) == 1:
            if written:
                into[first.element] = Repeated(tuple(as_component(one) for one in written))
        else:
            if len(written) > len(self.targets):
                refuse(
                    "too-many", f"{len(written)} values, {len(self.targets)} are allowed", first.segment, first.element
                )
            for target, one in zip(self.targets, written, strict=False):
                _put(into, target, one)

    def _written(self, value: Any) -> Any:
        return self.kind.write(value) if self.composite is None else self.composite.write(value)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date element and a time element as one moment."""

    name: str
    day: int
    clock: int


@dataclass(frozen=True, slots=True)
class Fields:
    """All fields of a record that stand in one segment."""

    fields: tuple[ElementField | Moment, ...]
    held: frozenset[int]  # the elements that some field holds

    def read(self, segment: Segment, reader: ElementReader, loop: str) -> dict[str, Any]:
        """Their values."""

        def noted(target: Target) -> Noted:
            return lambda code, message: reader.note(
                code, f'"{_text(segment, target)[:24]}" {message}', segment, target.element, loop=loop
            )

        found: dict[str, Any] = {}
        for one in self.fields:
            if isinstance(one, Moment):
                found[one.name] = reader.moment(segment, one.day, one.clock)
            else:
                found[one.name] = one.read(segment, noted)
        if len(segment.elements) > len(self.held) + 1 or not self.held.issuperset(range(1, len(segment.elements))):
            self._note_what_is_not_held(segment, reader, loop)
        return found

    def write(self, record: Any, refuse: Refuse) -> list[Value]:
        """The segment's elements; nothing at all when every field is empty."""
        into: dict[int, Value] = {}
        for one in self.fields:
            value = getattr(record, one.name)
            if isinstance(one, ElementField):
                one.write(value, into, refuse)
            elif isinstance(value, datetime):
                into[one.day], into[one.clock] = format_date(value.date()), _clock(value)
        return [_joined(into.get(number)) for number in range(1, max(into, default=0) + 1)]

    def _note_what_is_not_held(self, segment: Segment, reader: ElementReader, loop: str) -> None:
        for number, text in enumerate(segment.elements):
            if number and text and number not in self.held:
                message = "this element has no use here, and no record holds it"
                reader.note("element-not-held", message, segment, number, loop=loop, severity=Severity.WARNING)


def elements_of(fields: Iterable[ElementField | Moment]) -> frozenset[int]:
    """The elements where these fields stand."""
    held: set[int] = set()
    for one in fields:
        if isinstance(one, Moment):
            held |= {one.day, one.clock}
        else:
            held |= {target.element for target in one.targets} | {number for number, _ in one.constants}
    return frozenset(held)


class CompositeRecord:
    """A composite as a record of its own, whose fields name components."""

    def __init__(self, record: type[Any], fields: Fields) -> None:
        self._record = record
        self._fields = tuple(one for one in fields.fields if isinstance(one, ElementField))

    def read(self, parts: list[str], note: Noted) -> Any:
        """The record."""
        values = {}
        for one in self._fields:
            number = one.targets[0].component
            text = parts[number - 1] if number <= len(parts) else ""
            values[one.name] = one.kind.read(text, note) if text else one.kind.empty
        return self._record(**values)

    def write(self, value: Any) -> tuple[str, ...]:
        """The components."""
        parts = {
            one.targets[0].component: as_component(one.kind.write(getattr(value, one.name))) for one in self._fields
        }
        return tuple(parts.get(number, "") for number in range(1, max(parts) + 1))


def _text(segment: Segment, target: Target) -> str:
    if target.component < 1:
        return segment[target.element]
    parts = segment.components(target.element)
    return parts[target.component - 1] if target.component <= len(parts) else ""


def _texts(segment: Segment, target: Target, *, repeats: bool) -> Iterable[str]:
    if target.all_components:
        return segment.components(target.element)
    if repeats and not target.component:
        return segment.repetitions(target.element)
    return (_text(segment, target),)


def _put(into: dict[int, Any], target: Target, value: Any) -> None:
    """Set an element, or one component of it; components are gathered by their number."""
    if target.component < 1:
        into[target.element] = value
    else:
        into.setdefault(target.element, {})[target.component] = as_component(value)


def _joined(value: Any) -> Value:
    if not isinstance(value, dict):
        return value if value is not None else ""
    return tuple(value.get(number, "") for number in range(1, max(value) + 1))


def _clock(moment: datetime) -> str:
    return f"{moment:%H%M%S}" if moment.second else f"{moment:%H%M}"
