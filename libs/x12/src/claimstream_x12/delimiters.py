"""The four characters that an interchange chooses for itself in its ISA segment."""

from __future__ import annotations

from dataclasses import dataclass

ISA_LENGTH = 106
_ISA_ELEMENTS = 16
_ISA_SEARCH = 400  # an ISA whose fields lost or gained blanks still ends within this many bytes


@dataclass(frozen=True, slots=True)
class Delimiters:
    """Segment terminator, element separator, component separator, repetition separator ("" before 5010)."""

    segment: str = "~"
    element: str = "*"
    component: str = ":"
    repetition: str = "^"

    @property
    def all(self) -> str:
        """The characters that data may not contain."""
        return self.segment + self.element + self.component + self.repetition


STANDARD = Delimiters()


def of_isa(head: bytes) -> Delimiters | None:
    """The delimiters of the ISA segment that `head` begins with, or None where it cannot be told."""
    if len(head) < ISA_LENGTH // 2 or not _can_delimit(head[3]):
        return None
    separator = head[3:4]
    fields = head[:_ISA_SEARCH].split(separator, _ISA_ELEMENTS)
    last = fields[-1][:2]
    if len(fields) <= _ISA_ELEMENTS or len(last) != len(":~"):
        return None
    component, terminator = last
    if not (_can_delimit(component) and _can_delimit(terminator, line_end=True)):
        return None
    repetition = fields[11][:1]
    separates = repetition and _can_delimit(repetition[0]) and repetition[0] not in (component, terminator)
    return Delimiters(
        segment=chr(terminator),
        element=separator.decode("ascii"),
        component=chr(component),
        repetition=repetition.decode("ascii") if separates else "",
    )


def _can_delimit(byte: int, *, line_end: bool = False) -> bool:
    if byte in b"\r\n":
        return line_end
    return byte < 128 and not chr(byte).isalnum() and byte != 0x20  # noqa: PLR2004
