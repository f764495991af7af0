"""Segments that no record holds, kept as they came, for writing at the same place in whatever delimiters."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from claimstream_x12.record import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimstream_x12.delimiters import Delimiters
    from claimstream_x12.segments import Segment

KeptElement = tuple[tuple[str, ...], ...]
"""An element as it came: its repetitions, each by its components."""


@record
class Extra:
    """A segment that no record holds, and how many of its loop's own segments stand before it."""

    id: str
    elements: tuple[KeptElement, ...]
    after: int = 1
    position: int = field(default=0, compare=False)  # in the set that it came in, ST = 1

    def texts(self, delimiters: Delimiters) -> list[str]:
        """Its elements as they stand in a file with these delimiters."""
        return [
            delimiters.repetition.join(delimiters.component.join(parts) for parts in element)
            for element in self.elements
        ]


def extra(segment_id: str, *elements: str, after: int = 1) -> Extra:
    """An extra whose elements are plain text."""
    return Extra(segment_id, tuple(((text,),) for text in elements), after)


def keep(segment: Segment, after: int, numbers: Iterable[int] | None = None) -> Extra:
    """A segment as an extra of the loop that it stands in, with all of its elements or those that are numbered."""
    texts = segment.elements[1:] if numbers is None else [segment[number] for number in numbers]
    elements = tuple(_split(text, segment.delimiters) for text in texts)
    return Extra(segment.elements[0], elements, after, segment.position)


class Keeper:
    """Counts the segments of a loop that its record holds, and keeps the others at their places."""

    __slots__ = ("extras", "held")

    def __init__(self, held: int = 0) -> None:
        self.held = held
        self.extras: list[Extra] = []

    def keep(self, segment: Segment) -> None:
        """Keep a segment behind those that are held so far."""
        self.extras.append(keep(segment, self.held))


def settled(extras: Iterable[Extra], own_segments: int) -> tuple[Extra, ...]:
    """The extras of a loop whose record writes so many segments of its own: none stands behind more than there are."""
    return tuple(
        one if one.after <= own_segments else Extra(one.id, one.elements, own_segments, one.position) for one in extras
    )


def _split(text: str, delimiters: Delimiters) -> KeptElement:
    return tuple(
        tuple(part.split(delimiters.component))
        for part in (text.split(delimiters.repetition) if delimiters.repetition else (text,))
    )
