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
from claimstream_x12.elements import ElementReader
from claimstream_x12.extras import Extra, Keeper
from claimstream_x12.names import Party
from claimstream_x12.names_reading import (
    read_amount,
    read_dated,
    read_name,
    read_procedure,
    read_quantity,
    read_reference,
    split_loops,
)

if TYPE_CHECKING:
    from datetime import date

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.names import Amount, Dated, Quantity, Reference
    from claimstream_x12.segments import Segment

_NO_PARTY = Party("", "")
_LEVELS = {"20": 0, "21": 1, "19": 2, "PT": 3}


@dataclass(slots=True)
class _Node:
    """An HL with its segments and what stands below it."""

    level: int
    segments: list[Segment]
    children: list[_Node] = field(default_factory=list)
    strays: list[Segment] = field(default_factory=list)  # levels of no kind that came behind it


@dataclass(slots=True)
class _Said:
    """What stands behind a TRN or an SVC."""

    statuses: list[Status] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    dates: list[Dated] = field(default_factory=list)
    keeper: Keeper = field(default_factory=lambda: Keeper(1))


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
        keeper = Keeper()
        root = _Node(-1, [])
        path = [root]
        for run in split_loops(self._set, frozenset({"HL"})):
            first = run[0]
            level = _LEVELS.get(first[3])
            if first.elements[0] == "HL" and level is not None:
                self._attach(path, _Node(level, run[1:]), first)
                continue
            if first.elements[0] == "HL":
                self.elements.note("hierarchy", f'level "{first[3]}" is not 20, 21, 19 or PT', first, 3)
            for segment in run:
                if segment.elements[0] == "BHT" and bht is None and first.elements[0] != "HL":
                    bht, keeper.held = segment, 1
                elif path[-1] is root:
                    self._keep(segment, keeper)
                else:
                    path[-1].strays.append(segment)
        return ClaimStatusSet(
            reference=bht[3] if bht else "",
            created=self.elements.moment(bht, 4, 5) if bht else None,
            sources=tuple(self._source(node) for node in root.children),
            extra=tuple(keeper.extras),
            unread=tuple(self._unread),
        )

    def _keep(self, segment: Segment, keeper: Keeper) -> None:
        keeper.keep(segment)
        self._unread.append(segment.text)

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
        party, traces, keeper = self._named(node)
        trace: Segment | None = None
        days: dict[str, date | None] = {}
        for segment in (segment for loop in traces for segment in loop):
            match segment.elements[0]:
                case "TRN" if trace is None:
                    trace = segment
                case "DTP" if segment[1] in {"050", "009"} and segment[1] not in days:
                    days[segment[1]] = self._day(segment)
                case _:
                    self._keep(segment, keeper)
                    continue
            keeper.held += 1
        receivers = tuple(self._receiver(child) for child in node.children)
        received, processed = days.get("050"), days.get("009")
        extra = self._with_strays(node, keeper)
        return SourceAcknowledgment(party, trace[2] if trace else "", received, processed, receivers, extra)

    def _receiver(self, node: _Node) -> ReceiverAcknowledgment:
        party, traces, keeper = self._named(node)
        status = self._level_status(traces)
        providers = tuple(self._provider(child) for child in node.children)
        return ReceiverAcknowledgment(party, status, providers, self._with_strays(node, keeper))

    def _provider(self, node: _Node) -> ProviderAcknowledgment:
        party, traces, keeper = self._named(node)
        status = self._level_status(traces)
        patients = tuple(self._patient(child) for child in node.children)
        return ProviderAcknowledgment(party, status, patients, self._with_strays(node, keeper))

    def _patient(self, node: _Node) -> PatientAcknowledgment:
        party, traces, keeper = self._named(node)
        claims = tuple(self._claim(loop) for loop in traces)
        return PatientAcknowledgment(party, claims, self._with_strays(node, keeper))

    def _with_strays(self, node: _Node, keeper: Keeper) -> tuple[Extra, ...]:
        for segment in node.strays:
            self._keep(segment, keeper)
        return tuple(keeper.extras)

    def _named(self, node: _Node) -> tuple[Party, list[list[Segment]], Keeper]:
        """The level's NM1, its loops from TRN to TRN, and what else stands before those."""
        party = _NO_PARTY
        keeper = Keeper(1)  # the HL
        traces: list[list[Segment]] = []
        for loop in split_loops(node.segments, frozenset({"TRN"})):
            if loop[0].elements[0] == "TRN":
                traces.append(loop)
                continue
            for segment in loop:
                if segment.elements[0] == "NM1" and party is _NO_PARTY:
                    party = read_name(segment)
                    keeper.held += 1
                else:
                    self._keep(segment, keeper)
        return party, traces, keeper

    def _level_status(self, traces: list[list[Segment]]) -> LevelStatus | None:
        if not traces:
            return None
        said = _Said()
        for segment in traces[0][1:] + [segment for loop in traces[1:] for segment in loop]:
            self._take(segment, said, frozenset({"STC", "REF", "QTY", "AMT"}))
        return LevelStatus(
            trace=traces[0][0][2],
            statuses=tuple(said.statuses),
            references=tuple(said.references),
            quantities=tuple(said.quantities),
            amounts=tuple(said.amounts),
            extra=tuple(said.keeper.extras),
            segments=tuple(segment.text for loop in traces for segment in loop),
        )

    def _claim(self, loop: list[Segment]) -> ClaimAcknowledgment:
        parts = list(split_loops(loop, frozenset({"SVC"})))
        said = self._statements(parts[0][1:])
        return ClaimAcknowledgment(
            control_number=loop[0][2],
            statuses=tuple(said.statuses),
            references=tuple(said.references),
            dates=tuple(said.dates),
            lines=tuple(self._line(part) for part in parts if part[0].elements[0] == "SVC"),
            extra=tuple(said.keeper.extras),
            position=loop[0].position,
            segments=tuple(segment.text for segment in loop),
        )

    def _line(self, part: list[Segment]) -> LineStatus:
        svc = part[0]
        said = self._statements(part[1:])
        return LineStatus(
            procedure=read_procedure(svc, 1),
            charge=self.elements.required_amount(svc, 2),
            revenue_code=svc[4],
            quantity=self.elements.amount(svc, 7),
            statuses=tuple(said.statuses),
            references=tuple(said.references),
            dates=tuple(said.dates),
            extra=tuple(said.keeper.extras),
        )

    def _statements(self, segments: list[Segment]) -> _Said:
        said = _Said()
        for segment in segments:
            self._take(segment, said, frozenset({"STC", "REF", "DTP"}))
        return said

    def _take(self, segment: Segment, said: _Said, allowed: frozenset[str]) -> None:
        kind = segment.elements[0]
        match kind if kind in allowed else "":
            case "STC":
                said.statuses.append(self._status(segment))
            case "REF":
                said.references.append(read_reference(segment))
            case "QTY":
                said.quantities.append(read_quantity(segment, self.elements))
            case "AMT":
                said.amounts.append(read_amount(segment, self.elements))
            case "DTP" if (dated := read_dated(segment, self.elements)) is not None:
                said.dates.append(dated)
            case "DTP":
                said.keeper.keep(segment)  # a finding tells of it
                return
            case _:
                self._keep(segment, said.keeper)
                return
        said.keeper.held += 1

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
