"""X12 read a second time, as small as it can be: delimiters from each ISA, envelopes that tie or do not, sets as lists of elements.

It shares nothing with the reader that the services have, so that a fault of theirs is not repeated here.
"""

import hashlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

ISA_ELEMENTS = 16
_BLANKS = " \t\r\n"

Segment = list[str]
"""Elements by their number in the standard, 0 being the segment's id."""


def element(segment: Segment, number: int) -> str:
    """An element; empty where it is not there."""
    return segment[number] if number < len(segment) else ""


@dataclass
class TransactionSet:
    """ST to SE."""

    kind: str
    control_number: str
    guide: str
    group_control_number: str
    component: str
    separator: str
    segments: list[Segment] = field(default_factory=list)
    """Without ST and SE."""
    is_whole: bool = False
    """Its SE came, and ties."""
    interchange: "Interchange | None" = None

    @property
    def is_sound(self) -> bool:
        """Whether it came whole in an interchange that came whole."""
        return self.is_whole and self.interchange is not None and self.interchange.is_sound

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, whatever its control numbers and delimiters: equal for a copy in another envelope."""
        said = [f"{self.kind}\x1d{self.guide}", *("\x1d".join(segment) for segment in self.segments)]
        text = "\x1e".join(said) + "\x1e"
        return hashlib.sha256(text.replace(self.component, "\x1f").encode("utf-8", "surrogateescape")).hexdigest()


@dataclass
class Interchange:
    """ISA to IEA."""

    sender: str
    receiver: str
    control_number: str
    sets: list[TransactionSet] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    """GS06 of each group."""
    answers: list[Segment] = field(default_factory=list)
    """TA1."""
    is_closed: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether it was closed and everything ties."""
        return self.is_closed and not self.faults


@dataclass
class X12File:
    """A file's interchanges, in order."""

    interchanges: list[Interchange] = field(default_factory=list)
    is_cut: bool = False
    """It ends in the middle of a segment."""

    @property
    def sets(self) -> list[TransactionSet]:
        """All sets, in order."""
        return [one for interchange in self.interchanges for one in interchange.sets]


def read_file(data: bytes) -> X12File:
    """Read a file; nothing in it raises."""
    return _Reader(_text_of(data)).read()


def _text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._file = X12File()
        self._interchange: Interchange | None = None
        self._group: str | None = None
        self._guide = ""
        self._sets_in_group = 0
        self._set: TransactionSet | None = None
        self._count = 0
        self._separator = self._component = ""

    def read(self) -> X12File:
        for segment in self._segments():
            if self._set is not None and segment[0] not in {"ISA", "GS", "ST", "GE", "IEA", "TA1"}:
                self._in_set(self._set, segment)
            else:
                self._set = None
                self._envelope(segment)
        self._leave()
        return self._file

    def _segments(self) -> Iterator[Segment]:
        """Each segment, interchange after interchange; what lies between them is passed over."""
        at = 0
        while (at := self._text.find("ISA", at)) >= 0:
            delimiters = _delimiters(self._text[at : at + 400])
            if delimiters is None:
                at += 3
                continue
            self._separator, self._component, terminator = delimiters
            at = yield from self._interchange_from(at, terminator)

    def _interchange_from(self, at: int, terminator: str) -> Generator[Segment, None, int]:
        """The segments up to and with IEA; where the rest of the text begins."""
        first = True
        while True:
            end = self._text.find(terminator, at)
            raw = self._text[at : end if end >= 0 else len(self._text)].strip(_BLANKS + "\x00\x1a\ufeff")
            if raw.startswith("ISA" + self._separator) and not first:
                return at
            if end < 0 and raw and not raw.startswith("IEA" + self._separator):
                self._file.is_cut = True
                return len(self._text)
            if raw:
                yield raw.split(self._separator)
            first = False
            if end < 0 or raw.startswith("IEA" + self._separator):
                return end + 1 if end >= 0 else len(self._text)
            at = end + 1

    def _in_set(self, one: TransactionSet, segment: Segment) -> None:
        self._count += 1
        if segment[0] != "SE":
            one.segments.append(segment)
            return
        one.is_whole = element(segment, 1).lstrip("0") == str(self._count) and (
            element(segment, 2).strip() == one.control_number.strip()
        )
        self._set = None

    def _envelope(self, segment: Segment) -> None:
        if segment[0] == "ISA":
            self._leave()
            self._interchange = Interchange(
                element(segment, 6).strip(), element(segment, 8).strip(), element(segment, 13).strip()
            )
            self._group = None
            self._file.interchanges.append(self._interchange)
        elif self._interchange is not None:
            self._in_interchange(self._interchange, segment)

    def _in_interchange(self, interchange: Interchange, segment: Segment) -> None:
        match segment[0]:
            case "GS":
                self._group, self._guide, self._sets_in_group = element(segment, 6), element(segment, 8).strip(), 0
                interchange.groups.append(self._group)
            case "ST":
                self._begin_set(interchange, segment)
            case "GE":
                self._end_group(interchange, segment)
            case "TA1":
                interchange.answers.append(segment)
            case "IEA":
                self._end_interchange(interchange, segment)
            case _:
                interchange.faults.append(f"{segment[0][:3]} outside any set")

    def _begin_set(self, interchange: Interchange, segment: Segment) -> None:
        self._sets_in_group += 1
        self._count = 1
        self._set = TransactionSet(
            kind=element(segment, 1),
            control_number=element(segment, 2),
            guide=element(segment, 3) or self._guide,
            group_control_number=self._group or "",
            component=self._component,
            separator=self._separator,
            interchange=interchange,
        )
        interchange.sets.append(self._set)

    def _end_group(self, interchange: Interchange, segment: Segment) -> None:
        if self._group is None:
            interchange.faults.append("GE without GS")
            return
        if element(segment, 1).lstrip("0") != str(self._sets_in_group):
            interchange.faults.append("GE01 is not the number of sets")
        if _number(element(segment, 2)) != _number(self._group):
            interchange.faults.append("GE02 is not GS06")
        self._group = None

    def _end_interchange(self, interchange: Interchange, segment: Segment) -> None:
        interchange.is_closed = True
        if self._group is not None:
            interchange.faults.append("a group without GE")
        if interchange.groups and element(segment, 1).lstrip("0") != str(len(interchange.groups)):
            interchange.faults.append("IEA01 is not the number of groups")
        if _number(element(segment, 2)) != _number(interchange.control_number):
            interchange.faults.append("IEA02 is not ISA13")
        self._interchange = None

    def _leave(self) -> None:
        """What was not closed stays open."""
        self._interchange = self._set = None


def _delimiters(head: str) -> tuple[str, str, str] | None:
    """Element separator, component separator and terminator of an ISA; None when it is none."""
    separator = head[3:4]
    if not separator or separator.isalnum() or separator in _BLANKS:
        return None
    fields = head.split(separator, ISA_ELEMENTS)
    if len(fields) <= ISA_ELEMENTS or len(fields[-1]) < len(":~"):
        return None
    component, terminator = fields[-1][0], fields[-1][1]
    if component.isalnum() or terminator.isalnum() or terminator == " ":
        return None
    return separator, component, terminator


def _number(control: str) -> str:
    return control.strip().lstrip("0")
