"""The four characters that an interchange chooses for itself in its ISA segment."""

from __future__ import annotations

from dataclasses import dataclass

ISA_LENGTH = 106
_ISA_ELEMENTS = 16
_LINE_ENDS = b"\r\n"
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
    """The delimiters of the ISA segment that `head` begins with, or None where it cannot be told.

    A file that is wrapped has line ends anywhere in it, and some senders put blanks before the terminator.
    """
    if len(head) < ISA_LENGTH // 2 or not _can_delimit(head[3]):
        return None
    separator = head[3:4]
    fields = head[:_ISA_SEARCH].split(separator, _ISA_ELEMENTS)
    last = fields[-1].lstrip(_LINE_ENDS)
    component, terminator = last[:1], _terminator(last[1:])
    if len(fields) <= _ISA_ELEMENTS or not component or not terminator:
        return None
    return _delimiters(separator, component[0], terminator[0], fields[11].lstrip(_LINE_ENDS)[:1])


def _terminator(after: bytes) -> bytes:
    """What ends an ISA, of what follows its last element: a line end unless a sign stands behind it."""
    after = after.lstrip(b" ")
    behind = after.lstrip(_LINE_ENDS)
    ends_line = after[:1] in {b"\r", b"\n"} and not (behind and _can_delimit(behind[0]))
    return after[:1] if ends_line else behind[:1]


def _delimiters(separator: bytes, component: int, terminator: int, repetition: bytes) -> Delimiters | None:
    if not (_can_delimit(component) and _can_delimit(terminator, line_end=True)):
        return None
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
