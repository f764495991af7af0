"""The envelope, written: sets into groups into an interchange, with counts and control numbers that tie."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.elements import ALLOWED
from claimstream_x12.errors import Finding, NotWritable, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HIGHEST_CONTROL = 999_999_999


@dataclass(frozen=True, slots=True)
class Group:
    """Sets of one kind between two applications: GS…GE."""

    functional_code: str  # GS01: HC claims, HP remittances, FA 999, HN 277CA
    sender: str  # GS02
    receiver: str  # GS03
    created: datetime  # GS04, GS05
    control_number: int  # GS06
    guide: str  # GS08
    sets: Iterable[bytes] = field(default=())  # each from ST to SE, as the writing functions make them


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the ISA segment says."""

    sender_qualifier: str  # ISA05
    sender: str  # ISA06
    receiver_qualifier: str  # ISA07
    receiver: str  # ISA08
    created: datetime  # ISA09, ISA10
    control_number: int  # ISA13
    usage: str = "P"  # ISA15
    acknowledgment_requested: bool = False  # ISA14
    delimiters: Delimiters = STANDARD


def write_interchange(envelope: Envelope, groups: Iterable[Group] = (), acknowledgments: Iterable[bytes] = ()) -> bytes:
    """The interchange as bytes: TA1 segments first, then the groups."""
    return b"".join(iter_interchange(envelope, groups, acknowledgments))


def iter_interchange(
    envelope: Envelope, groups: Iterable[Group] = (), acknowledgments: Iterable[bytes] = ()
) -> Iterator[bytes]:
    """The same piece by piece, so that a large file needs no large memory."""
    _refuse_bad_envelope(envelope)
    d = envelope.delimiters
    yield _line(d, *_isa_fields(envelope))
    yield from acknowledgments
    count = 0
    for group in groups:
        count += 1
        yield from _group(group, d)
    yield _line(d, "IEA", str(count), f"{envelope.control_number:09d}")


def _isa_fields(envelope: Envelope) -> tuple[str, ...]:
    created, d = envelope.created, envelope.delimiters
    return (
        "ISA", "00", " " * 10, "00", " " * 10,
        f"{envelope.sender_qualifier:<2}", f"{envelope.sender:<15}",
        f"{envelope.receiver_qualifier:<2}", f"{envelope.receiver:<15}",
        f"{created:%y%m%d}", f"{created:%H%M}", d.repetition, "00501", f"{envelope.control_number:09d}",
        "1" if envelope.acknowledgment_requested else "0", envelope.usage, d.component,
    )  # fmt: skip


def _group(group: Group, d: Delimiters) -> Iterator[bytes]:
    control, created = str(group.control_number), group.created
    yield _line(
        d, "GS", group.functional_code, group.sender, group.receiver,
        f"{created.year:04d}{created:%m%d}", f"{created:%H%M}", control, "X", group.guide,
    )  # fmt: skip
    count = 0
    for one_set in group.sets:
        count += 1
        yield one_set
    yield _line(d, "GE", str(count), control)


def _line(d: Delimiters, *elements: str) -> bytes:
    return (d.element.join(elements) + d.segment).encode("ascii")


def _refuse_bad_envelope(envelope: Envelope) -> None:
    findings = []
    for element, text in ((6, envelope.sender), (8, envelope.receiver)):
        if not 2 <= len(text) <= 15 or not (ALLOWED - set(envelope.delimiters.all)).issuperset(text):  # noqa: PLR2004
            message = f'"{text}" is not an identifier of 2 to 15 characters'
            findings.append(Finding("length", message, Place(1, "ISA", element)))
    if not 0 < envelope.control_number <= _HIGHEST_CONTROL:
        message = f"{envelope.control_number} is not a control number of nine digits"
        findings.append(Finding("control-number", message, Place(1, "ISA", 13)))
    if findings:
        raise NotWritable(tuple(findings))
