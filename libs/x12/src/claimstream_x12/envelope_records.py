"""What ISA and GS say, and what is known of an interchange once it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.elements import parse_date, parse_time

if TYPE_CHECKING:
    from claimstream_x12.errors import Finding
    from claimstream_x12.segments import Segment

_CENTURY_PIVOT = 70  # ISA09 has two digits for the year


@dataclass(frozen=True, slots=True)
class InterchangeHeader:
    """The ISA segment: between whom, when, under which control number."""

    sender_qualifier: str  # ISA05
    sender: str  # ISA06, blanks stripped
    receiver_qualifier: str  # ISA07
    receiver: str  # ISA08, blanks stripped
    created: datetime | None  # ISA09, ISA10
    control_number: str  # ISA13
    acknowledgment_requested: bool = False  # ISA14
    usage: str = "P"  # ISA15: P production, T test
    version: str = "00501"  # ISA12
    delimiters: Delimiters = field(default=STANDARD)  # ISA11, ISA16 and the separators themselves


@dataclass(frozen=True, slots=True)
class GroupHeader:
    """The GS segment: sets of one kind."""

    functional_code: str  # GS01: HC, HP, FA, HN
    sender: str  # GS02
    receiver: str  # GS03
    created: datetime | None  # GS04, GS05
    control_number: str  # GS06
    guide: str  # GS08


@dataclass(slots=True)
class GroupRecord:
    """One functional group as it was met; its findings stand in its interchange's too."""

    header: GroupHeader
    segment: Segment
    sets: int = 0
    declared: int | None = None  # GE01
    closed: bool = False
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class InterchangeRecord:
    """One interchange as it was met: `closed` once its IEA came and tied, `findings` on its envelope."""

    header: InterchangeHeader
    groups: int = 0
    closed: bool = False
    findings: list[Finding] = field(default_factory=list)
    segment: Segment | None = None  # the ISA itself
    group_records: list[GroupRecord] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether it came whole: closed, and its counts and control numbers tie."""
        return self.closed and not any(finding.is_error for finding in self.findings)


def read_isa(isa: Segment) -> InterchangeHeader:
    """The ISA segment as a record."""
    return InterchangeHeader(
        sender_qualifier=isa[5].strip(),
        sender=isa[6].strip(),
        receiver_qualifier=isa[7].strip(),
        receiver=isa[8].strip(),
        created=_moment(_with_century(isa[9]), isa[10]),
        control_number=isa[13].strip(),
        acknowledgment_requested=isa[14].strip() == "1",
        usage=isa[15].strip(),
        version=isa[12].strip(),
        delimiters=isa.delimiters,
    )


def read_gs(gs: Segment) -> GroupHeader:
    """The GS segment as a record."""
    return GroupHeader(
        functional_code=gs[1],
        sender=gs[2].strip(),
        receiver=gs[3].strip(),
        created=_moment(gs[4], gs[5]),
        control_number=gs[6].strip(),
        guide=gs[8].strip(),
    )


def _with_century(yymmdd: str) -> str:
    year = yymmdd[:2]
    return ("19" if year.isascii() and year.isdigit() and int(year) >= _CENTURY_PIVOT else "20") + yymmdd


def _moment(day: str, clock: str) -> datetime | None:
    on, at = parse_date(day), parse_time(clock)
    return datetime.combine(on, at) if on and at else None
