"""Interchanges, transaction sets and segments, as small as it can be: delimiters from the ISA, nothing checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ISA_LENGTH = 106


@dataclass(frozen=True)
class Segment:
    """One segment: elements by their number in the standard, 0 being its id; a missing one is empty."""

    elements: tuple[str, ...]
    component: str

    def __getitem__(self, number: int) -> str:
        return self.elements[number] if number < len(self.elements) else ""

    @property
    def id(self) -> str:
        """Its name."""
        return self.elements[0]

    def part(self, number: int, place: int) -> str:
        """A component of an element, from 1."""
        parts = self[number].split(self.component)
        return parts[place - 1] if place <= len(parts) else ""


@dataclass
class TransactionSet:
    """ST to SE, with what its envelope says."""

    file: Path
    sender: str
    receiver: str
    interchange: int
    group: int
    guide: str
    segments: list[Segment] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """ST01."""
        return self.segments[0][1]

    @property
    def number(self) -> str:
        """ST02."""
        return self.segments[0][2]

    @property
    def body(self) -> tuple[tuple[str, ...], ...]:
        """Its content without control values: two sets of equal body say the same thing."""
        return tuple(segment.elements for segment in self.segments[1:-1])


@dataclass
class File:
    """One exchanged file."""

    path: Path
    sets: list[TransactionSet] = field(default_factory=list)
    interchange_answers: list[tuple[str, int, str]] = field(default_factory=list)
    """TA1: its sender, the control number it answers, A, E or R."""


def read_folder(folder: Path, names: str = "*") -> list[File]:
    """Every file of a folder, or those whose names are like that, in the order of names."""
    return [_read(path) for path in sorted(folder.glob(names))]


def _read(path: Path) -> File:
    found = File(path)
    sender = receiver = guide = ""
    interchange = group = 0
    for segment in _segments(path.read_bytes().decode("utf-8")):
        match segment.id:
            case "ISA":
                sender, receiver, interchange = segment[6].strip(), segment[8].strip(), int(segment[13])
            case "TA1":
                found.interchange_answers.append((sender, int(segment[1]), segment[4]))
            case "GS":
                group, guide = int(segment[6]), segment[8]
            case "ST":
                found.sets.append(TransactionSet(path, sender, receiver, interchange, group, guide, [segment]))
            case "GE" | "IEA":
                pass
            case _:
                found.sets[-1].segments.append(segment)
    return found


def _segments(text: str) -> Iterator[Segment]:
    element, component, terminator = text[3], text[ISA_LENGTH - 2], text[ISA_LENGTH - 1]
    for raw in text.split(terminator):
        if cleaned := raw.strip("\r\n"):
            yield Segment(tuple(cleaned.split(element)), component)
