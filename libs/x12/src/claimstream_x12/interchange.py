"""The envelope, read: interchanges (ISA), groups (GS) and transaction sets (ST) of a file, one set at a time.

    reader = X12Reader(stream)
    for one_set in reader.sets():
        for segment in one_set: ...
        one_set.complete, one_set.digest, one_set.findings
    reader.findings, reader.acknowledgments (TA1), reader.interchanges

A set's segments stream; what is left unread of one is passed over when the next is asked for.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO

from claimstream_x12.envelope_records import (
    GroupHeader,
    GroupRecord,
    InterchangeHeader,
    InterchangeRecord,
    read_gs,
    read_isa,
)
from claimstream_x12.errors import Finding, Place, SetPassedOver, Severity
from claimstream_x12.segments import Segment, Tokenizer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.delimiters import Delimiters

ENVELOPE = frozenset({"ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"})
_HASHED_AT_ONCE = 512
_MOST_DIGITS = 6  # GE01
_SHOWN = 12  # characters of a count or control number, which may be of any length
_MOST_FINDINGS = 1_000  # of one envelope


class TransactionSet:
    """One ST…SE: iterate it for its segments (ST and SE left out); digest and findings are whole after that."""

    def __init__(self, reader: X12Reader, st: Segment, interchange: InterchangeRecord, group: GroupHeader) -> None:
        self.reader = reader
        self._interchange = interchange
        self.st = st
        self.group = group
        self.code = st[1]
        self.control_number = st[2]
        self.guide = st[3] or group.guide
        self.complete = False
        self.segment_count = 1
        self.findings: list[Finding] = []
        self._first = st.position
        st.position = 1
        self._hash = hashlib.sha256()
        self._pending: list[str] = [f"{self.code}{st.delimiters.element}{self.guide}"]
        self._delimiters = st.delimiters
        self._ended = False
        self._passed_over = False

    @property
    def delimiters(self) -> Delimiters:
        """The four characters of its interchange."""
        return self._delimiters

    @property
    def interchange(self) -> InterchangeHeader:
        """The header of the interchange that it came in."""
        return self._interchange.header

    @property
    def envelope(self) -> InterchangeRecord:
        """The interchange as a whole: whether it was closed, what was wrong with it (known once the file is read)."""
        return self._interchange

    @property
    def sound(self) -> bool:
        """Whether it was read to its end and its envelope ties."""
        return self.complete and not any(finding.is_error for finding in self.findings)

    @property
    def digest(self) -> str:
        """SHA-256 of its content without control numbers and whatever the delimiters: a re-enveloped copy has the same."""
        self._absorb()
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[Segment]:
        """The segments between ST and SE, their positions counted from ST = 1."""
        if self._passed_over:
            raise SetPassedOver("read each set before asking for the next: they stream")
        if self._ended:
            return
        pending = self._pending
        before = self._first - 1
        for segment in self.reader.stream:
            if segment.elements[0] in ENVELOPE:
                if segment.elements[0] != "SE":
                    self.reader.put_back(segment)
                    break
                segment.position = self.segment_count = segment.position - before
                self._close(segment)
                break
            segment.position = self.segment_count = segment.position - before
            pending.append(segment.text)
            if len(pending) >= _HASHED_AT_ONCE:
                self._absorb()
            yield segment
        if not self._ended:
            self._ended = True
            self._note("truncated-set", "the set ends without its SE segment: it is cut off; ask for it again")

    def pass_over(self) -> None:
        """Read what is left, for its counts and its digest alone; the reader does so before it gives the next set."""
        if self._passed_over:
            return
        left = not self._ended
        for _ in self:
            pass
        self._passed_over = left

    def _close(self, se: Segment) -> None:
        self.complete = self._ended = True
        if se[1].lstrip("0") != str(self.segment_count):
            self._note(
                "segment-count", f"SE01 counts {se[1][:_SHOWN] or 'no'} segments, {self.segment_count} are here", se, 1
            )
        if se[2].strip() != self.control_number.strip():
            self._note("set-control", f"SE02 {se[2][:_SHOWN]} is not ST02 {self.control_number[:_SHOWN]}", se, 2)

    def _absorb(self) -> None:
        if not self._pending:
            return
        text = "\x1e".join(self._pending) + "\x1e"
        d = self._delimiters
        text = text.replace(d.element, "\x1d").replace(d.component, "\x1f")
        self._hash.update(text.encode("utf-8", "surrogateescape"))
        self._pending.clear()

    def _note(self, code: str, message: str, segment: Segment | None = None, element: int = 0) -> None:
        place = Place(
            segment.position if segment else self.segment_count,
            segment.id if segment else "ST",
            element,
            set_control=self.control_number,
        )
        self.findings.append(Finding(code, message, place))


class X12Reader:
    """A file of any number of interchanges, read once from front to back."""

    def __init__(self, source: bytes | BinaryIO) -> None:
        self._tokenizer = Tokenizer(source)
        self.stream = iter(self._tokenizer)
        self._held: Segment | None = None
        self.interchanges: list[InterchangeRecord] = []
        self.acknowledgments: list[tuple[InterchangeHeader, Segment]] = []  # TA1 segments and the envelope they came in
        self._own: list[Finding] = []

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the file and its envelopes; a set's own findings are with the set."""
        envelopes = (finding for one in self.interchanges for finding in one.findings)
        return (*self.own_findings, *envelopes)

    @property
    def own_findings(self) -> tuple[Finding, ...]:
        """What is wrong with the file outside any interchange."""
        return (*self._tokenizer.findings, *self._own)

    def sets(self) -> Iterator[TransactionSet]:
        """The transaction sets in the order of the file."""
        interchange: InterchangeRecord | None = None
        group: GroupRecord | None = None
        while (segment := self._next()) is not None:
            kind = segment.elements[0]
            if kind == "ISA":
                _leave(
                    interchange, "the interchange ends without its IEA segment: it is cut off", "truncated-interchange"
                )
                interchange, group = InterchangeRecord(read_isa(segment), segment=segment), None
                self.interchanges.append(interchange)
            elif interchange is None:
                _keep(self._own, Finding("outside-envelope", "a segment outside any interchange", segment.place()))
            elif kind == "GS":
                _leave_group(group, interchange, segment)
                group = GroupRecord(read_gs(segment), segment)
                interchange.groups += 1
                interchange.group_records.append(group)
            elif kind == "ST":
                if group is not None:
                    group.sets += 1
                else:
                    _keep(interchange.findings, Finding("outside-envelope", "a set outside any group", segment.place()))
                one = TransactionSet(self, segment, interchange, group.header if group else _NO_GROUP)
                yield one
                one.pass_over()
            elif kind == "GE":
                _check_ge(segment, group, interchange)
                group = None
            elif kind == "IEA":
                _check_iea(segment, interchange, open_group=group)
                interchange = None
            elif kind == "TA1":
                self.acknowledgments.append((interchange.header, segment))
            else:
                _keep(
                    interchange.findings,
                    Finding("outside-set", "a segment outside any transaction set", segment.place()),
                )
        _leave(
            interchange,
            "the file ends without the IEA segment: it is cut off; ask for it again",
            "truncated-interchange",
        )

    def put_back(self, segment: Segment) -> None:
        """Hold a segment that belongs to the envelope, not to the set that was being read."""
        self._held = segment

    def _next(self) -> Segment | None:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        return next(self.stream, None)


_NO_GROUP = GroupHeader("", "", "", None, "", "")


def _keep(findings: list[Finding], finding: Finding) -> None:
    """Keep a finding unless there are very many: a file that is wrong throughout does not fill the memory."""
    if len(findings) < _MOST_FINDINGS:
        findings.append(finding)


def _leave(interchange: InterchangeRecord | None, message: str, code: str) -> None:
    if interchange is not None:
        place = Place(segment_id="ISA", element=13)
        interchange.findings.append(Finding(code, f"{message} (ISA13 {interchange.header.control_number})", place))


def _check_ge(ge: Segment, group: GroupRecord | None, interchange: InterchangeRecord) -> None:
    if group is None:
        _keep(interchange.findings, Finding("group-control", "GE without GS", ge.place()))
        return
    group.closed = True
    group.declared = int(ge[1]) if ge[1].isascii() and ge[1].isdigit() and len(ge[1]) <= _MOST_DIGITS else None
    if ge[1].lstrip("0") != str(group.sets):
        message = f"GE01 counts {ge[1][:_SHOWN] or 'no'} sets, {group.sets} are here"
        _note_group(group, interchange, Finding("set-count", message, ge.place(1)))
    if _number(ge[2]) != _number(group.header.control_number):
        message = f"GE02 {ge[2][:_SHOWN]} is not GS06 {group.header.control_number[:_SHOWN]}"
        _note_group(group, interchange, Finding("group-control", message, ge.place(2)))


def _leave_group(group: GroupRecord | None, interchange: InterchangeRecord, at: Segment) -> None:
    if group is not None:
        finding = Finding("truncated-group", "the group ends without its GE segment", at.place())
        _note_group(group, interchange, finding)


def _note_group(group: GroupRecord, interchange: InterchangeRecord, finding: Finding) -> None:
    group.findings.append(finding)
    interchange.findings.append(finding)


def _check_iea(iea: Segment, interchange: InterchangeRecord, *, open_group: GroupRecord | None) -> None:
    interchange.closed = True
    note = interchange.findings.append
    _leave_group(open_group, interchange, iea)
    if iea[1].lstrip("0") != str(interchange.groups or ""):
        severity = Severity.WARNING if not interchange.groups else Severity.ERROR
        message = f"IEA01 counts {iea[1][:_SHOWN] or 'no'} groups, {interchange.groups} are here"
        if interchange.groups or iea[1].strip("0"):
            note(Finding("group-count", message, iea.place(1), severity))
    if _number(iea[2]) != _number(interchange.header.control_number):
        message = f"IEA02 {iea[2][:_SHOWN]} is not ISA13 {interchange.header.control_number}"
        note(Finding("interchange-control", message, iea.place(2)))


def _number(control: str) -> str:
    return control.strip().lstrip("0")
