"""Some sets of a file, in an envelope of their own: to each whose they are, and masked to those who only see to it that they arrive."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from claimstream_x12 import TransactionSet, X12Reader
from claimstream_x12.segments import Segment

from .masking import Masking

Shown = Callable[[Segment], str]


def excerpt(open_file: Callable[[], BinaryIO], numbers: Collection[int], *, is_masked: bool = False) -> Iterator[bytes]:
    """The sets with these numbers (from 1, then the TA1s) as they stand, in UTF-8, with counts that tie; segment by segment.

    What stands outside sets is left out: nobody can say whose it is.
    """
    with open_file() as source:
        last_set = sum(1 for _ in X12Reader(source).sets())
    with open_file() as source:
        reader = X12Reader(source)
        writing = _Writing(is_masked=is_masked)
        for number, one in enumerate(reader.sets(), start=1):
            if number in numbers:
                yield from writing.set(one)
        yield from writing.end()
        for number, (header, segment) in enumerate(reader.acknowledgments, start=last_set + 1):
            isa = next(one.segment for one in reader.interchanges if one.header is header)
            if number in numbers and isa is not None:
                yield from writing.acknowledgment(isa, segment)


@dataclass
class _Writing:
    """The envelope that is open: it begins before its first set, and ends with counts of what was given."""

    is_masked: bool
    _isa: Segment | None = None
    _gs: Segment | None = None
    _groups: int = 0
    _sets: int = 0
    _masking: Masking = field(default_factory=Masking)

    def set(self, one: TransactionSet) -> Iterator[bytes]:
        """A set, with what of its envelope is not open yet."""
        record = one.envelope
        if record.segment is not None and record.segment is not self._isa:
            yield from self.end()
            self._isa = record.segment
            yield self._line(record.segment)
        group = record.group_records[-1].segment if record.group_records else None
        if group is not None and group is not self._gs:
            yield from self._end_group()
            self._gs, self._groups = group, self._groups + 1
            yield self._line(group)
        self._sets += 1
        self._masking.begin(one.code)
        yield self._line(one.st)
        for segment in one:
            yield self._line(segment)
        yield _told(one.st, "SE", str(one.segment_count), one.control_number)

    def end(self) -> Iterator[bytes]:
        """Close what is open."""
        yield from self._end_group()
        if self._isa is not None:
            yield _told(self._isa, "IEA", str(self._groups), self._isa[13])
        self._isa, self._groups = None, 0

    def acknowledgment(self, isa: Segment, ta1: Segment) -> Iterator[bytes]:
        """A TA1 in an interchange of its own."""
        self._masking.begin("TA1")
        yield self._line(isa)
        yield self._line(ta1)
        yield _told(isa, "IEA", "0", isa[13])

    def _end_group(self) -> Iterator[bytes]:
        if self._gs is not None:
            yield _told(self._gs, "GE", str(self._sets), self._gs[6])
        self._gs, self._sets = None, 0

    def _line(self, segment: Segment) -> bytes:
        text = self._masking.masked(segment) if self.is_masked else segment.text
        return _bytes(text + segment.delimiters.segment)


def _told(beside: Segment, *elements: str) -> bytes:
    return _bytes(beside.delimiters.element.join(elements) + beside.delimiters.segment)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
