"""A transaction set to a remittance, one claim payment at a time. Mirrors writing.py.

reader = RemittanceReader(one_set)
reader.header
for payment in reader.payments(): ...
reader.provider_adjustments, reader.groups, reader.findings     whole after the last payment
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from claimstream_x12.elements import ZERO, ElementReader
from claimstream_x12.extras import Keeper, keep
from claimstream_x12.names_reading import read_address, read_contact, read_reference, split_loops
from claimstream_x12.remittance_835.claim_reading import ClaimPaymentReader
from claimstream_x12.remittance_835.records import (
    Account,
    KeptSegment,
    Payee,
    Payer,
    Payment,
    ProviderAdjustment,
    ProviderGroup,
    Remittance,
    RemittanceHeader,
    Trace,
)
from claimstream_x12.remittance_835.writing import write_footer
from claimstream_x12.set_writer import settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.extras import Extra
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.names import Address, Reference
    from claimstream_x12.remittance_835.records import ClaimPayment
    from claimstream_x12.segments import Segment

_AFTER_HEADER = frozenset({"LX", "CLP", "PLB"})


class RemittanceReader:
    """Reads one 835 set."""

    def __init__(self, one_set: TransactionSet) -> None:
        self._set = one_set
        self._segments = iter(one_set)
        self._elements = ElementReader(set_control=one_set.control_number)
        self._claims = ClaimPaymentReader(self._elements)
        self.groups: list[ProviderGroup] = []
        self.provider_adjustments: list[ProviderAdjustment] = []
        self.unread: list[KeptSegment] = []  # between the claims and after them
        self._footer = Keeper()
        self._held: Segment | None = None
        self.header = self._read_header()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with elements and order; whole after the last payment."""
        return (*self._set.findings, *self._elements.findings)

    def payments(self) -> Iterator[ClaimPayment]:
        """Each claim payment in the order of the file."""
        run: list[Segment] = []
        first = () if self._held is None else (self._held,)
        for segment in chain(first, self._segments):
            kind = segment.elements[0]
            if run:
                if kind not in _AFTER_HEADER:
                    run.append(segment)
                    continue
                yield self._claims.read(run, self._group_number())
                run = []
            match kind:
                case "CLP":
                    run = [segment]
                case "LX":
                    self.groups.append(ProviderGroup(self._elements.integer(segment, 1, "2000") or 0))
                case "TS3" | "TS2" if self._takes_summary(kind):
                    self._summary(segment)
                case "PLB":
                    self.provider_adjustments += self._read_plb(segment)
                    self._footer.held += 1
                case _:
                    self._keep(segment)
        if run:
            yield self._claims.read(run, self._group_number())

    @property
    def extra(self) -> tuple[Extra, ...]:
        """What stands behind the claims and in no record; whole after the last payment."""
        return tuple(self._footer.extras)

    def _keep(self, segment: Segment) -> None:
        self.unread.append(KeptSegment(segment.position, "2000", segment.text))
        if self._footer.held or not self.groups:
            self._footer.keep(segment)
            return
        last = self.groups[-1]
        own = 1 + bool(last.summary) + bool(last.supplement)
        self.groups[-1] = replace(last, extra=(*last.extra, keep(segment, own)))

    def _takes_summary(self, kind: str) -> bool:
        return bool(self.groups) and not (self.groups[-1].summary if kind == "TS3" else self.groups[-1].supplement)

    def _group_number(self) -> int:
        return self.groups[-1].number if self.groups else 0

    def _summary(self, segment: Segment) -> None:
        last, elements = self.groups[-1], tuple(segment.elements[1:])
        is_summary = segment.elements[0] == "TS3"
        self.groups[-1] = replace(last, summary=elements) if is_summary else replace(last, supplement=elements)

    def _read_header(self) -> RemittanceHeader:
        head: list[Segment] = []
        for segment in self._segments:
            if segment.elements[0] in _AFTER_HEADER:
                self._held = segment
                break
            head.append(segment)
        header = _Header(self._elements)
        for loop in split_loops(head, frozenset({"N1"})):
            header.read(loop)
        return header.finish()

    def _read_plb(self, plb: Segment) -> Iterator[ProviderAdjustment]:
        year_end = self._elements.date(plb, 2, "footer")
        for number in range(3, max(len(plb.elements), 4), 2):
            if not plb[number] and not plb[number + 1]:
                continue
            reason, reference = [*plb.components(number), ""][:2]
            amount = self._elements.required_amount(plb, number + 1, "footer")
            yield ProviderAdjustment(plb[1], year_end, reason, reference, amount)


def read_remittance(one_set: TransactionSet) -> tuple[Remittance, tuple[Finding, ...]]:
    """A whole set at once, for sets that fit in memory."""
    reader = RemittanceReader(one_set)
    claims = tuple(reader.payments())
    adjustments = tuple(reader.provider_adjustments)
    remittance = Remittance(reader.header, tuple(reader.groups), claims, adjustments, reader.extra)
    if remittance.extra:
        remittance = settle(remittance, write_footer)
    return remittance, reader.findings


class _Header:
    """Collects what stands before the first claim."""

    def __init__(self, elements: ElementReader) -> None:
        self._elements = elements
        self._bpr: Segment | None = None
        self._trn: Segment | None = None
        self._references: list[Reference] = []
        self._produced: Segment | None = None
        self._loops: dict[str, list[Segment]] = {}
        self._unread: list[KeptSegment] = []
        self._own = Keeper()
        self._strays: dict[str, list[Segment]] = {"PR": [], "PE": []}

    def read(self, loop: list[Segment]) -> None:
        """Take in the set's own segments, or one N1 loop."""
        first = loop[0]
        if first.elements[0] == "N1" and first[1] in {"PR", "PE"} and first[1] not in self._loops:
            self._loops[first[1]] = loop
            return
        if self._loops:
            self._strays[next(reversed(self._loops))] += loop
            return
        for segment in loop:
            match segment.elements[0]:
                case "BPR" if self._bpr is None:
                    self._bpr = segment
                case "TRN" if self._trn is None:
                    self._trn = segment
                case "REF":
                    self._references.append(read_reference(segment))
                case "DTM" if segment[1] == "405" and self._produced is None:
                    self._produced = segment
                case _:
                    self._unread.append(KeptSegment(segment.position, "header", segment.text))
                    self._own.keep(segment)
                    continue
            self._own.held += 1

    def finish(self) -> RemittanceHeader:
        """The header's record."""
        return RemittanceHeader(
            payment=self._payment(),
            trace=self._trace(),
            payer=self._payer(self._loops.get("PR", [])),
            payee=self._payee(self._loops.get("PE", [])),
            references=tuple(self._references),
            produced_on=self._elements.date(self._produced, 2, "header") if self._produced else None,
            extra=tuple(self._own.extras),
            unread=tuple(self._unread),
        )

    def _payment(self) -> Payment:
        bpr = self._bpr
        if bpr is None:
            return Payment(ZERO, "", None, handling="")
        return Payment(
            amount=self._elements.required_amount(bpr, 2, "header"),
            method=bpr[4],
            paid_on=self._elements.date(bpr, 16, "header"),
            handling=bpr[1],
            credit_or_debit=bpr[3],
            format=bpr[5],
            sender=Account(bpr[6], bpr[7], bpr[8], bpr[9]),
            originator=bpr[10],
            originator_supplement=bpr[11],
            receiver=Account(bpr[12], bpr[13], bpr[14], bpr[15]),
        )

    def _trace(self) -> Trace:
        trn = self._trn
        return Trace(trn[2], trn[3], trn[1], trn[4]) if trn else Trace("", "", "")

    def _payer(self, loop: list[Segment]) -> Payer:
        said = self._n1_loop(loop, "PR", "1000A")
        n1 = said.found.get("N1")
        if n1 is None:
            return Payer("")
        contacts = tuple(read_contact(segment) for segment in said.contacts)
        return Payer(n1[2], n1[3], n1[4], said.address, tuple(said.references), contacts, tuple(said.keeper.extras))

    def _payee(self, loop: list[Segment]) -> Payee:
        said = self._n1_loop(loop, "PE", "1000B")
        n1, rdm = said.found.get("N1"), said.found.get("RDM")
        if n1 is None:
            return Payee("", "", "")
        delivery = tuple(rdm.elements[1:]) if rdm else ()
        return Payee(n1[2], n1[3], n1[4], said.address, tuple(said.references), delivery, tuple(said.keeper.extras))

    def _n1_loop(self, loop: list[Segment], role: str, name: str) -> _N1Loop:
        said = _N1Loop()
        for segment in loop:
            match segment.elements[0]:
                case "REF":
                    said.references.append(read_reference(segment))
                case "DTM" if segment[1] == "405" and self._produced is None:
                    self._produced = segment
                    continue
                case "PER" if role == "PR":
                    said.contacts.append(segment)
                case "N1" | "N3" | "N4" | "RDM" as kind if kind not in said.found and (kind != "RDM" or role == "PE"):
                    said.found[kind] = segment
                case _:
                    self._keep(segment, name, said.keeper)
                    continue
            said.keeper.held += 1
        for segment in self._strays[role]:
            self._keep(segment, name, said.keeper)
        return said

    def _keep(self, segment: Segment, name: str, keeper: Keeper) -> None:
        self._unread.append(KeptSegment(segment.position, name, segment.text))
        keeper.keep(segment)


@dataclass(slots=True)
class _N1Loop:
    """What stood in one N1 loop."""

    found: dict[str, Segment] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    contacts: list[Segment] = field(default_factory=list)
    keeper: Keeper = field(default_factory=Keeper)

    @property
    def address(self) -> Address | None:
        """N3 and N4."""
        return read_address(self.found.get("N3"), self.found.get("N4"))
