"""Bytes to segments: a streaming tokenizer that takes its delimiters from each ISA it meets.

It splits whole blocks at the terminator, so that the cost is `bytes.split`'s; a compiled core can stand behind the
same interface. Line ends, blank lines, indentation, a byte order mark and text between interchanges are tolerated. Line
ends that are no delimiters are no data wherever they stand, so that a file wrapped every 80 bytes reads as it was written.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from claimstream_x12.delimiters import ISA_LENGTH, Delimiters, of_isa
from claimstream_x12.errors import Finding, Place, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 1 << 16
_LONGEST_SEGMENT = 1 << 20
_PADDING = b" \t\r\n\x00\x1a"
_MARKS = (b"\xef\xbb\xbf",)
_STRIPPED = " \t\r\n"
_LINE_ENDS = b"\r\n"


class Segment:
    """One segment: its text without the terminator, its elements, and its position (ST = 1 inside a set)."""

    __slots__ = ("delimiters", "elements", "position", "text")

    def __init__(self, text: str, position: int, delimiters: Delimiters) -> None:
        self.text = text
        self.elements = text.split(delimiters.element)
        self.position = position
        self.delimiters = delimiters

    @property
    def id(self) -> str:
        """The segment's identifier, such as CLP."""
        return self.elements[0]

    def __getitem__(self, number: int) -> str:
        """Element `number` as the guide counts it (CLP04 is `segment[4]`); "" when it is not there."""
        elements = self.elements
        return elements[number] if number < len(elements) else ""

    def components(self, number: int) -> list[str]:
        """The components of a composite element."""
        return self[number].split(self.delimiters.component)

    def repetitions(self, number: int) -> list[str]:
        """The occurrences of a repeating element."""
        return self[number].split(self.delimiters.repetition) if self.delimiters.repetition else [self[number]]

    def place(self, element: int = 0, *, component: int = 0, loop: str = "") -> Place:
        """Where this segment, or one of its elements, stands."""
        return Place(self.position, self.id, element, component, loop)

    def __repr__(self) -> str:
        return f"Segment({self.position}, {self.id})"  # no data: segments carry patients


def _is_plain(block: str, terminator: str) -> bool:
    """Whether nothing but segments stands between the terminators."""
    if not block or block[0] in _STRIPPED + terminator or block[-1] in _STRIPPED + terminator:
        return False
    return not any(mark in block for mark in ("\n", "\r", "\t", terminator * 2, f"{terminator} ", f" {terminator}"))


@lru_cache(maxsize=64)
def _broken_name(delimiters: Delimiters) -> re.Pattern[bytes]:
    """IEA or ISA at the beginning of a segment, with line ends anywhere in it."""
    names = [
        rb"[\r\n]*".join(re.escape(bytes([byte])) for byte in name + delimiters.element.encode("ascii"))
        for name in (b"IEA", b"ISA")
    ]
    return re.compile(re.escape(delimiters.segment.encode("ascii")) + rb"[ \t\r\n\x00\x1a]*(" + b"|".join(names) + b")")


class Tokenizer:
    """The segments of a file, interchange after interchange, with what could not be read as findings."""

    def __init__(self, source: bytes | BinaryIO) -> None:
        self.findings: list[Finding] = []
        self._stream: BinaryIO | None = BytesIO(source) if isinstance(source, bytes) else source
        self._buffer = b""
        self._encoding = "utf-8"
        self._count = 0

    def __iter__(self) -> Iterator[Segment]:
        """Each segment in turn, its position counted through the file."""
        met_any = False
        while (delimiters := self._seek_interchange(met_any=met_any)) is not None:
            met_any = True
            yield from self._interchange(delimiters)
        if not met_any:
            self._note("not-x12", "no ISA segment found: this is not an X12 file, or its beginning is missing")

    def _interchange(self, delimiters: Delimiters) -> Iterator[Segment]:
        terminator = delimiters.segment.encode("ascii")
        searched_from = 1  # past the ISA that this interchange begins with
        new, separator = object.__new__, delimiters.element
        while True:
            cut = self._buffer.rfind(terminator)
            if cut < 0:
                if len(self._buffer) > _LONGEST_SEGMENT:
                    self._skip_segment(terminator)
                    continue
                if self._more():
                    continue
                yield from self._tail(delimiters)
                return
            stop, rest, closed = self._end_of_interchange(searched_from, cut, delimiters)
            texts = self._texts(self._decoded(self._buffer[:stop]), delimiters.segment)
            if texts is None:
                stop, rest, closed = self._end_of_wrapped(searched_from, cut, delimiters) or (stop, rest, closed)
                unbroken = self._decoded(self._buffer[:stop].translate(None, _LINE_ENDS))
                texts = self._texts(unbroken, delimiters.segment) or []
            self._buffer = self._buffer[rest:]
            searched_from = 0
            count = self._count
            for text in texts:
                count += 1
                segment = new(Segment)  # as Segment(…) does it, in half the time
                segment.text = text
                segment.elements = text.split(separator)
                segment.position = self._count = count
                segment.delimiters = delimiters
                yield segment
            if closed:
                return

    def _texts(self, block: str, terminator: str) -> list[str] | None:
        """The segments of a block, without blanks and line ends around them and without empty ones.

        None where line ends stand inside them, as in a file of lines of 80 bytes: then names may be broken as well.
        """
        texts = block.split(terminator)
        if _is_plain(block, terminator):
            return texts
        kept = [text for each in texts if (text := each.strip(_STRIPPED))]
        if terminator not in _STRIPPED:
            whole = terminator.join(kept)
            at = max(whole.find("\n"), whole.find("\r"))
            if at >= 0:
                message = "a line end stands inside a segment: such are no data and were left out"
                self._note_once("line-ends", message, whole.count(terminator, 0, at))
                return None
        blank = block.find(f" {terminator}")
        if blank >= 0 or block.endswith(" "):
            message = "a blank stands before the segment's terminator: such are no data and were left out"
            before = block.count(terminator, 0, blank if blank >= 0 else len(block))
            self._note_once("blank-before-terminator", message, before)
        return kept

    def _skip_segment(self, terminator: bytes) -> None:
        """Pass over a segment that no guide allows, so that it fills no memory, and go on after it."""
        self._count += 1
        message = f"a segment is longer than {_LONGEST_SEGMENT} bytes; it was passed over"
        self._note("segment-too-long", message)
        while (cut := self._buffer.find(terminator)) < 0:
            self._buffer = b""
            if not self._more():
                return
        self._buffer = self._buffer[cut + 1 :]

    def _end_of_interchange(self, start: int, cut: int, delimiters: Delimiters) -> tuple[int, int, bool]:
        """Where this block of segments stops, where the rest begins, and whether the interchange ends there."""
        separator, terminator = delimiters.element.encode("ascii"), delimiters.segment.encode("ascii")
        trailer = self._segment_start(b"IEA" + separator, start, cut, terminator)
        header = self._segment_start(b"ISA" + separator, start, cut, terminator)
        if header >= 0 and (trailer < 0 or header < trailer):
            return header, header, True  # the next interchange begins although this one was never closed
        if trailer < 0:
            return cut, cut + 1, False
        stop = self._buffer.find(terminator, trailer)
        return stop, stop + 1, True

    def _end_of_wrapped(self, start: int, cut: int, delimiters: Delimiters) -> tuple[int, int, bool] | None:
        """The same where line ends stand inside the name of the segment that is looked for; None where none does."""
        found = _broken_name(delimiters).search(self._buffer, start, cut)
        if found is None:
            return None
        at = found.start(1)
        if found.group(1).translate(None, _LINE_ENDS).startswith(b"ISA"):
            return at, at, True
        stop = self._buffer.find(delimiters.segment.encode("ascii"), at)
        return stop, stop + 1, True

    def _segment_start(self, marker: bytes, start: int, end: int, terminator: bytes) -> int:
        """Where a segment that begins with `marker` starts in the buffer, or -1."""
        at = self._buffer.find(marker, start, end)
        while at >= 0:
            before = at - 1
            while before >= 0 and self._buffer[before] in _PADDING and self._buffer[before] != terminator[0]:
                before -= 1
            if before < 0 or self._buffer[before] == terminator[0]:
                return at
            at = self._buffer.find(marker, at + 1, end)
        return -1

    def _tail(self, delimiters: Delimiters) -> Iterator[Segment]:
        """What stands after the last terminator: a last IEA may do without one, anything else was cut off."""
        tail = self._decoded(self._buffer.translate(None, _LINE_ENDS)).strip(_STRIPPED + "\x00\x1a")
        self._buffer = b""
        if tail.startswith("IEA" + delimiters.element):
            self._count += 1
            yield Segment(tail, self._count, delimiters)
        elif tail:
            self._count += 1
            self._note("truncated", "the file ends in the middle of a segment: it is cut off; ask for it again")

    def _seek_interchange(self, *, met_any: bool) -> Delimiters | None:
        """Move to the next ISA and read its delimiters; None when there is no other."""
        skipped = 0
        while True:
            skipped += self._skip_padding()
            while len(self._buffer) < ISA_LENGTH * 4 and self._more():
                pass
            if not self._buffer:
                break
            at = self._buffer.find(b"ISA")
            if at < 0:
                skipped += max(0, len(self._buffer) - 2)
                self._buffer = self._buffer[-2:]
                if not self._more():
                    skipped += len(self._buffer)
                    self._buffer = b""
                    break
                continue
            skipped += at
            self._buffer = self._buffer[at:]
            while len(self._buffer) < ISA_LENGTH * 4 and self._more():
                pass
            delimiters = of_isa(self._buffer)
            if delimiters is not None:
                if skipped:
                    self._note(
                        "text-outside-interchange", f"{skipped} bytes before an ISA were skipped", Severity.WARNING
                    )
                return delimiters
            skipped += 3
            self._buffer = self._buffer[3:]
        if skipped and met_any:
            self._note(
                "text-outside-interchange", f"{skipped} bytes after the last IEA were not read", Severity.WARNING
            )
        return None

    def _skip_padding(self) -> int:
        """Pass over blanks and byte order marks, which mean nothing; how many other bytes were passed (none)."""
        while True:
            stripped = self._buffer.lstrip(_PADDING)
            for mark in _MARKS:
                stripped = stripped.removeprefix(mark)
            if stripped == self._buffer:
                if self._buffer or not self._more():
                    return 0
                continue
            self._buffer = stripped

    def _decoded(self, block: bytes) -> str:
        """UTF-8 where it is, otherwise Latin-1 from there on: every byte means something, none is lost."""
        try:
            return block.decode(self._encoding)
        except UnicodeDecodeError:
            self._encoding = "latin-1"
            return block.decode(self._encoding)

    def _more(self) -> bool:
        if self._stream is None:
            return False
        block = self._stream.read(_BLOCK)
        if not block:
            self._stream = None
            return False
        self._buffer += block
        return True

    def _note_once(self, code: str, message: str, before: int) -> None:
        """Note where something first stands: so many segments after those that were given already."""
        if not any(finding.code == code for finding in self.findings):
            self.findings.append(Finding(code, message, Place(self._count + before + 1), Severity.WARNING))

    def _note(self, code: str, message: str, severity: Severity = Severity.ERROR) -> None:
        self.findings.append(Finding(code, message, Place(max(self._count, 1)), severity))
