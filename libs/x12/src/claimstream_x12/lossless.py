"""A file in pieces that give its very bytes back: segments with their terminators and line ends, and whatever stands between.

pieces = list(split(data))
b"".join(piece.raw for piece in pieces) == data      # for any bytes at all
pieces[12].elements, pieces[12].with_element(2, "120")
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimstream_x12.delimiters import Delimiters, of_isa
from claimstream_x12.errors import X12Error

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_ENDS = b"\r\n"
_BLANKS = b" \t\r\n"


class NoSegment(X12Error):
    """A piece between segments has no elements to change."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment as it stands in the file, or what stands between two (no elements, no delimiters)."""

    raw: bytes
    elements: tuple[str, ...] = ()  # the segment's id first
    delimiters: Delimiters | None = None

    def with_element(self, number: int, text: str) -> Piece:
        """The same piece with another element; everything around the elements stays. Raises NoSegment."""
        if self.delimiters is None:
            raise NoSegment(f"{len(self.raw)} bytes between segments have no element {number}")
        elements = [*self.elements, *[""] * (number + 1 - len(self.elements))]
        elements[number] = text
        separator = self.delimiters.element
        before, _, after = self.raw.partition(_encoded(separator.join(self.elements)))
        return Piece(before + _encoded(separator.join(elements)) + after, tuple(elements), self.delimiters)


def split(data: bytes) -> Iterator[Piece]:
    """The pieces of a file, in order; joined again they are the file."""
    at = 0
    while at < len(data):
        start, delimiters = _next_interchange(data, at)
        if start > at:
            yield Piece(data[at:start])
        if delimiters is None:
            return
        at = start
        for piece in _segments(data, start, delimiters):
            at += len(piece.raw)
            yield piece


def _next_interchange(data: bytes, at: int) -> tuple[int, Delimiters | None]:
    """Where the next ISA stands whose delimiters can be told; the file's end where there is none."""
    start = data.find(b"ISA", at)
    while start >= 0:
        delimiters = of_isa(data[start : start + 512])
        if delimiters is not None:
            return start, delimiters
        start = data.find(b"ISA", start + 1)
    return len(data), None


def _segments(data: bytes, at: int, delimiters: Delimiters) -> Iterator[Piece]:
    """The segments of one interchange, IEA the last; what no terminator ends is a piece without elements."""
    terminator = delimiters.segment.encode("ascii")
    while at < len(data):
        stop = data.find(terminator, at)
        if stop < 0:
            yield Piece(data[at:])
            return
        end = stop + 1
        while end < len(data) and data[end] in _LINE_ENDS:
            end += 1
        elements = data[at:stop].strip(_BLANKS).decode("latin-1").split(delimiters.element)
        yield Piece(data[at:end], tuple(elements), delimiters)
        if elements[0] == "IEA":
            return
        at = end


def _encoded(text: str) -> bytes:
    return text.encode("latin-1")
