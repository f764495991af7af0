"""TA1: whether an interchange's envelope was accepted. It stands between ISA and the first GS, in no set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.elements import parse_date, parse_time

if TYPE_CHECKING:
    from claimstream_x12.segments import Segment


@dataclass(frozen=True, slots=True)
class InterchangeAcknowledgment:
    """One TA1 segment."""

    control_number: str  # TA101, the ISA13 that it answers
    sent: datetime | None  # TA102, TA103: date and time of that ISA
    status: str  # TA104: A accepted, E accepted with errors, R rejected
    note: str = "000"  # TA105

    @property
    def accepted(self) -> bool:
        """Whether the interchange was taken in: E keeps its note, and is accepted."""
        return self.status in {"A", "E"}


def read_ta1(segment: Segment) -> InterchangeAcknowledgment:
    """The segment as a record; a date that is none becomes None."""
    day, clock = parse_date("20" + segment[2]), parse_time(segment[3])
    sent = datetime.combine(day, clock) if day and clock else None
    return InterchangeAcknowledgment(segment[1].strip(), sent, segment[4].strip(), segment[5].strip())


def write_ta1(acknowledgment: InterchangeAcknowledgment, delimiters: Delimiters = STANDARD) -> bytes:
    """The segment with its terminator, for `write_interchange(..., acknowledgments=[…])`."""
    sent = acknowledgment.sent
    elements = (
        "TA1",
        acknowledgment.control_number.zfill(9),
        f"{sent:%y%m%d}" if sent else "",
        f"{sent:%H%M}" if sent else "",
        acknowledgment.status,
        acknowledgment.note,
    )
    return (delimiters.element.join(elements) + delimiters.segment).encode("ascii")
