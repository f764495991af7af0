"""Records to a set: each loop's own segments in the order of its fields, extras at their places, then the loops below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.loop_records.layout import ChildSlot, layout_of
from claimstream_x12.loop_records.places import Level, Loop
from claimstream_x12.set_writer import SetWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimstream_x12.loop_records.element_fields import Refuse
    from claimstream_x12.set_writer import Value


def write_whole(  # noqa: PLR0913 — a set is written from this much
    record: Any,
    code: str,
    guide: str,
    control_number: str,
    delimiters: Delimiters = STANDARD,
    *,
    checked: bool = True,
) -> bytes:
    """The set from ST to SE; raises NotWritable with every reason, `checked` by the guide too."""
    writer = _Writer(SetWriter(code, control_number, guide, delimiters))
    writer.loop(record, "header")
    return writer.set.finish(checked=checked)


def own_segments(record: Any, refuse: Refuse) -> Iterator[tuple[str, Sequence[Value]]]:
    """The segments of a loop itself, without those of the loops below."""
    for slot in layout_of(type(record)).own:
        for elements in slot.write(record, refuse):
            yield slot.segment, elements


class _Writer:
    """Counts the levels while it writes."""

    def __init__(self, to: SetWriter) -> None:
        self.set = to
        self._levels = 0

    def loop(self, record: Any, loop: str, *, level: tuple[Level, str] | None = None) -> None:
        """A loop with everything below it; a level also with its HL, below the parent that is named."""
        self.set.enter(loop, record.extra)
        number = "" if level is None else self._level(record, *level)
        for segment_id, elements in own_segments(record, self.set.refuse):
            self._add(segment_id, elements)
        for child in layout_of(type(record)).children:
            self._children(record, child, number)

    def _children(self, record: Any, child: ChildSlot, parent: str) -> None:
        held = _below(record, child)
        bounded = child.place.bounded if isinstance(child.place, Loop) and held else ""
        if bounded:
            self.set.enter(child.place.id)
            self.set.add("LS", bounded)
        for one in held:
            self.loop(one, child.place.id, level=(child.place, parent) if isinstance(child.place, Level) else None)
        if bounded:
            self.set.enter(child.place.id)
            self.set.add("LE", bounded)

    def _level(self, record: Any, place: Level, parent: str) -> str:
        self._levels += 1
        number = str(self._levels)
        has_children = any(
            _below(record, child) for child in layout_of(type(record)).children if isinstance(child.place, Level)
        )
        says = ("1" if has_children else "0") if place.says_children else ""
        self.set.add("HL", number, parent, place.code, says)
        return number

    def _add(self, segment_id: str, elements: Sequence[Value]) -> None:
        if all(one in {None, "", ()} for one in elements):
            self.set.refuse("empty-segment", f"{segment_id} has no elements", segment_id, 0)
        self.set.add(segment_id, *elements)


def _below(record: Any, child: ChildSlot) -> tuple[Any, ...]:
    value = getattr(record, child.field)
    if child.many:
        return tuple(value)
    return () if value is None else (value,)
