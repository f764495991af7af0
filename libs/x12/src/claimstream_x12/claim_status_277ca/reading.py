"""A transaction set to a 277CA. Mirrors writing.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimstream_x12.claim_status_277ca.records import (
    ClaimAcknowledgment,
    ClaimStatusSet,
    LevelStatus,
    LineStatus,
    PatientAcknowledgment,
    ProviderAcknowledgment,
    ReceiverAcknowledgment,
    SourceAcknowledgment,
    Status,
    StatusCode,
)
from claimstream_x12.elements import ZERO, ElementReader
from claimstream_x12.names import Party, Quantity
from claimstream_x12.names_reading import (
    read_amount,
    read_dated,
    read_name,
    read_procedure,
    read_reference,
    split_loops,
)

if TYPE_CHECKING:
    from datetime import date

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.names import Amount, Dated, Reference
    from claimstream_x12.segments import Segment

_NO_PARTY = Party("", "")
_LEVELS = {"20": 0, "21": 1, "19": 2, "PT": 3}


@dataclass(slots=True)
class _Node:
    """An HL with its segments and what stands below it."""

    level: int
    segments: list[Segment]
    children: list[_Node] = field(default_factory=list)


def read_277ca(one_set: TransactionSet) -> tuple[ClaimStatusSet, tuple[Finding, ...]]:
    """The set as a record, with what was wrong in it."""
    reader = _Reader(one_set)
    status_set = reader.read()
    return status_set, (*one_set.findings, *reader.elements.findings)


class _Reader:
    def __init__(self, one_set: TransactionSet) -> None:
        self.elements = ElementReader(set_control=one_set.control_number)
        self._set = one_set
        self._unread: list[str] = []

    def read(self) -> ClaimStatusSet:
        bht: Segment | None = None
        root = _Node(-1, [])
        path = [root]
        for run in split_loops(self._set, frozenset({"HL"})):
            first = run[0]
            if first.elements[0] != "HL":
                bht = next((segment for segment in run if segment.elements[0] == "BHT"), None)
                self._unread += [segment.text for segment in run if segment is not bht]
                continue
            level = _LEVELS.get(first[3])
            if level is None:
                self.elements.note("hierarchy", f'level "{first[3]}" is not 20, 21, 19 or PT', first, 3)
                self._unread += [segment.text for segment in run]
                continue
            self._attach(path, _Node(level, run[1:]), first)
        return ClaimStatusSet(
            reference=bht[3] if bht else "",
            created=self.elements.moment(bht, 4, 5) if bht else None,
            sources=tuple(self._source(node) for node in root.children),
            unread=tuple(self._unread),
        )

    def _attach(self, path: list[_Node], node: _Node, hl: Segment) -> None:
        """Hang a level below the one it belongs to; a level whose parent is missing hangs below empty ones."""
        del path[node.level + 1 :]
        while len(path) <= node.level:
            self.elements.note("hierarchy", "a level above this one is missing", hl, 2)
            missing = _Node(len(path) - 1, [])
            path[-1].children.append(missing)
            path.append(missing)
        path[-1].children.append(node)
        path.append(node)

    def _source(self, node: _Node) -> SourceAcknowledgment:
        party, traces = self._named(node)
        trace, received, processed = "", None, None
        for segment in (segment for loop in traces for segment in loop):
            match segment.elements[0]:
                case "TRN":
                    trace = trace or segment[2]
                case "DTP" if segment[1] == "050":
                    received = self._day(segment)
                case "DTP" if segment[1] == "009":
                    processed = self._day(segment)
                case _:
                    self._unread.append(segment.text)
        receivers = tuple(self._receiver(child) for child in node.children)
        return SourceAcknowledgment(party, trace, received, processed, receivers)

    def _receiver(self, node: _Node) -> ReceiverAcknowledgment:
        party, traces = self._named(node)
        return ReceiverAcknowledgment(
            party, self._level_status(traces), tuple(self._provider(child) for child in node.children)
        )

    def _provider(self, node: _Node) -> ProviderAcknowledgment:
        party, traces = self._named(node)
        return ProviderAcknowledgment(
            party, self._level_status(traces), tuple(self._patient(child) for child in node.children)
        )

    def _patient(self, node: _Node) -> PatientAcknowledgment:
        party, traces = self._named(node)
        return PatientAcknowledgment(party, tuple(self._claim(loop) for loop in traces))

    def _named(self, node: _Node) -> tuple[Party, list[list[Segment]]]:
        """The level's NM1, and its loops from TRN to TRN."""
        party = _NO_PARTY
        traces: list[list[Segment]] = []
        for loop in split_loops(node.segments, frozenset({"TRN"})):
            if loop[0].elements[0] == "TRN":
                traces.append(loop)
                continue
            for segment in loop:
                if segment.elements[0] == "NM1" and party is _NO_PARTY:
                    party = read_name(segment)
                else:
                    self._unread.append(segment.text)
        return party, traces

    def _level_status(self, traces: list[list[Segment]]) -> LevelStatus | None:
        if not traces:
            return None
        statuses: list[Status] = []
        references: list[Reference] = []
        quantities: list[Quantity] = []
        amounts: list[Amount] = []
        for segment in traces[0][1:] + [segment for loop in traces[1:] for segment in loop]:
            match segment.elements[0]:
                case "STC":
                    statuses.append(self._status(segment))
                case "REF":
                    references.append(read_reference(segment))
                case "QTY":
                    quantities.append(Quantity(segment[1], self.elements.amount(segment, 2) or ZERO))
                case "AMT":
                    amounts.append(read_amount(segment, self.elements))
                case _:
                    self._unread.append(segment.text)
        return LevelStatus(
            trace=traces[0][0][2],
            statuses=tuple(statuses),
            references=tuple(references),
            quantities=tuple(quantities),
            amounts=tuple(amounts),
            segments=tuple(segment.text for loop in traces for segment in loop),
        )

    def _claim(self, loop: list[Segment]) -> ClaimAcknowledgment:
        parts = list(split_loops(loop, frozenset({"SVC"})))
        lines = tuple(self._line(part) for part in parts if part[0].elements[0] == "SVC")
        statuses, references, dates = self._statements(parts[0][1:])
        return ClaimAcknowledgment(
            control_number=loop[0][2],
            statuses=statuses,
            references=references,
            dates=dates,
            lines=lines,
            position=loop[0].position,
            segments=tuple(segment.text for segment in loop),
        )

    def _line(self, part: list[Segment]) -> LineStatus:
        svc = part[0]
        statuses, references, dates = self._statements(part[1:])
        return LineStatus(
            procedure=read_procedure(svc, 1),
            charge=self.elements.required_amount(svc, 2),
            revenue_code=svc[4],
            quantity=self.elements.amount(svc, 7),
            statuses=statuses,
            references=references,
            dates=dates,
        )

    def _statements(
        self, segments: list[Segment]
    ) -> tuple[tuple[Status, ...], tuple[Reference, ...], tuple[Dated, ...]]:
        statuses: list[Status] = []
        references: list[Reference] = []
        dates: list[Dated] = []
        for segment in segments:
            match segment.elements[0]:
                case "STC":
                    statuses.append(self._status(segment))
                case "REF":
                    references.append(read_reference(segment))
                case "DTP":
                    dated = read_dated(segment, self.elements)
                    dates += [dated] if dated else []
                case _:
                    self._unread.append(segment.text)
        return tuple(statuses), tuple(references), tuple(dates)

    def _status(self, stc: Segment) -> Status:
        codes = []
        for number in (1, 10, 11):
            if stc[number]:
                category, status, entity = [*stc.components(number), "", "", ""][:3]
                codes.append(StatusCode(category, status, entity))
        return Status(
            codes=tuple(codes),
            effective=self.elements.date(stc, 2),
            action=stc[3],
            amount=self.elements.amount(stc, 4),
            message=stc[12],
        )

    def _day(self, dtp: Segment) -> date | None:
        dated = read_dated(dtp, self.elements)
        return dated.start if dated else None
