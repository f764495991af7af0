"""A set's segments to records: each to the innermost open loop that has a place for it.

A loop's record is made when it closes. Levels above the one that is asked for give their record as soon as the first
level below them begins, and let go of what is below: so memory does not grow with the file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from claimstream_x12.elements import ElementReader
from claimstream_x12.extras import Extra, keep, settled
from claimstream_x12.loop_records.layout import ChildSlot, Layout, layout_of
from claimstream_x12.loop_records.places import Level
from claimstream_x12.loop_records.segment_fields import NamedSlot
from claimstream_x12.loop_records.writing import own_segments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.segments import Segment

Record = TypeVar("Record")


class _Open:
    """A loop that is being read."""

    __slots__ = ("extras", "found", "layout", "loop", "next", "own", "position", "record", "slot", "units")

    def __init__(self, layout: Layout, loop: str, slot: ChildSlot | None, position: int) -> None:
        self.layout, self.loop, self.slot, self.position = layout, loop, slot, position
        self.found: dict[str, Any] = {}
        self.extras: list[Extra] = []
        self.own = 0  # how many segments its record holds
        self.next = 0  # the own slot from which on segments are in order
        self.units = 0  # how many of what is asked for stood below it
        self.record: Any = None

    def take(self, segment: Segment, reader: ElementReader) -> bool:
        """Read a segment of its own, if there is a place for it: in order, else in any."""
        places = self.layout.places.get(segment.elements[0])
        if places is None:
            return False
        for number in sorted(places, key=lambda number: number < self.next):
            if self.layout.own[number].take(segment, self.found, reader, self.loop):
                self.next = max(self.next, number)
                self.own += 1
                return True
        return False

    def opener(self, elements: list[str]) -> ChildSlot | None:
        """The loops below that this segment begins one of."""
        for child in self.layout.openers.get(elements[0], ()):
            if child.begins(elements):
                return child
        return None

    def close(self) -> Any:
        """Its record."""
        if self.record is None:
            self.record = self.so_far()
        return self.record

    def so_far(self) -> Any:
        """The record of what has been read."""
        values = dict(self.layout.empty)
        for name, value in self.found.items():
            values[name] = tuple(value) if isinstance(value, list) else value
        for slot in self.layout.own:
            if isinstance(slot, NamedSlot) and slot.segment == slot.siblings[0] and slot.field in self.found:
                values[slot.field] = slot.put_together(self.found[slot.field])
        record = self.layout.record(**values, position=self.position)
        if not self.extras:
            return record
        values["extra"] = self._settled(record)
        return self.layout.record(**values, position=self.position)

    def _settled(self, record: Any) -> tuple[Extra, ...]:
        """The extras behind no more segments than are written, and behind the one that was read in their stead."""
        level = self.slot is not None and isinstance(self.slot.place, Level)
        written = [*(["HL"] if level else []), *(segment for segment, _ in own_segments(record, lambda *_: None))]
        behind = {one: n for n, one in enumerate(written, 1) if self.layout.holds_one(one)}
        moved = (replace(one, after=max(one.after, behind.get(one.id, 0))) for one in self.extras)
        return settled(moved, len(written))


class SetReader(Generic[Record]):
    """Reads one set to records of the class `whole`, or to `unit`s inside it, one at a time with what is above each."""

    def __init__(self, one_set: TransactionSet, whole: type[Record], unit: type[Any] | None = None) -> None:
        self._set = one_set
        self._unit = unit or whole
        self._streams = unit is not None
        self._reader = ElementReader(set_control=one_set.control_number)
        self._open = [_Open(layout_of(whole), "header", None, 1)]
        self._lost = False
        self.unread: list[Segment] = []  # what no record holds in its fields; the records keep it as extras

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with elements and hierarchy; whole after the last unit."""
        return (*self._set.findings, *self._reader.findings)

    @property
    def header(self) -> Record:
        """The set's own record, without what is streamed of it; known with the first unit."""
        record: Record = self._open[0].so_far()
        return record

    def paths(self) -> Iterator[tuple[Any, ...]]:
        """Each unit as the last of its path from the set's record; and each path that ends before a unit."""
        for segment in self._set:
            yield from self._step(segment)
        yield from self._leave(0)
        if not self._streams or not self._open[0].units:
            yield (self._open[0].close(),)

    def _step(self, segment: Segment) -> Iterator[tuple[Any, ...]]:
        elements = segment.elements
        kind = elements[0]
        deepest = self._open[-1]
        if kind != "HL" and self._lost:
            self._keep(segment)
            return
        if kind != "HL" and deepest.take(segment, self._reader):
            return
        for depth in range(len(self._open) - 1, -1, -1):
            child = self._open[depth].opener(elements)
            if child is not None:
                yield from self._leave(depth)
                self._enter(child, segment)
                return
            if kind in self._open[depth].layout.bounds:
                return  # LS and LE are written again where there is something between them
        if kind == "HL":
            yield from self._stray_level(segment)
        else:
            self._keep(segment)

    def _keep(self, segment: Segment) -> None:
        deepest = self._open[-1]
        deepest.extras.append(keep(segment, deepest.own))
        self.unread.append(segment)

    def _enter(self, child: ChildSlot, segment: Segment | None, position: int = 0) -> None:
        layout = layout_of(child.record)
        opened = _Open(layout, child.place.id, child, segment.position if segment else position)
        self._open.append(opened)
        self._lost = False
        if isinstance(child.place, Level):
            opened.own = 1
        elif segment is not None:
            opened.take(segment, self._reader)

    def _stray_level(self, hl: Segment) -> Iterator[tuple[Any, ...]]:
        """A level whose place is further down hangs below empty ones; one that has no place is kept as it is."""
        for depth in range(len(self._open)):
            path = _way_down(self._open[depth].layout, hl.elements)
            if path:
                self._reader.note("hierarchy", "a level above this one is missing", hl, 2)
                yield from self._leave(depth)
                for missing in path[:-1]:
                    self._enter(missing, None, hl.position)
                self._enter(path[-1], hl)
                return
        self._reader.note("hierarchy", f'level "{hl[3][:12]}" has no place here', hl, 3)
        self._keep(hl)
        self._lost = True

    def _leave(self, depth: int) -> Iterator[tuple[Any, ...]]:
        """Close what is open below this depth."""
        while len(self._open) - 1 > depth:
            closed = self._open.pop()
            parent, slot = self._open[-1], closed.slot
            if slot is None:
                return
            record = closed.close()
            above_unit = self._streams and isinstance(slot.place, Level) and not self._inside_unit()
            if not above_unit:
                _hang(parent, slot, record)
            elif slot.record is self._unit or not closed.units:
                parent.units += 1
                yield (*(one.close() for one in self._open), record)
            else:
                parent.units += closed.units

    def _inside_unit(self) -> bool:
        return any(one.layout.record is self._unit for one in self._open)


def _hang(parent: _Open, slot: ChildSlot, record: Any) -> None:
    if slot.many:
        parent.found.setdefault(slot.field, []).append(record)
    elif slot.field not in parent.found:
        parent.found[slot.field] = record


def _way_down(layout: Layout, elements: list[str]) -> list[ChildSlot]:
    """The levels to open, from here, so that this HL has its place."""
    for child in layout.openers.get("HL", ()):
        if child.begins(elements):
            return [child]
        below = _way_down(layout_of(child.record), elements)
        if below:
            return [child, *below]
    return []


def read_whole(one_set: TransactionSet, whole: type[Record]) -> tuple[Record, tuple[Finding, ...]]:
    """A whole set at once, for sets that fit in memory."""
    reader = SetReader(one_set, whole)
    ((record,),) = reader.paths()
    return record, reader.findings


def found_in(path: tuple[Any, ...], kind: type[Record]) -> Record | None:
    """The record of this class on a path, if it goes that far."""
    return next((one for one in path if isinstance(one, kind)), None)
