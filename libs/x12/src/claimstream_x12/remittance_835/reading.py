"""A transaction set to a remittance, one claim payment at a time. Mirrors writing.py.

reader = RemittanceReader(one_set)
reader.header
for payment in reader.payments(): ...
reader.provider_adjustments, reader.groups, reader.findings     whole after the last payment
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.elements import ZERO, ElementReader
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.names import Address, Contact, Reference
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
        self._held: Segment | None = None
        self.header = self._read_header()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with elements and order; whole after the last payment."""
        return (*self._set.findings, *self._elements.findings)

    def payments(self) -> Iterator[ClaimPayment]:
        """Each claim payment in the order of the file."""
        run: list[Segment] = []
        while (segment := self._next()) is not None:
            kind = segment.elements[0]
            if kind in _AFTER_HEADER and run:
                yield self._claims.read(run, self._group_number())
                run = []
            match kind:
                case "LX":
                    self.groups.append(ProviderGroup(self._elements.integer(segment, 1, "2000") or 0))
                case "TS3" | "TS2" if not run and self.groups:
                    self._summary(segment)
                case "PLB":
                    self.provider_adjustments += self._read_plb(segment)
                case "CLP":
                    run = [segment]
                case _ if run:
                    run.append(segment)
                case _:
                    self.unread.append(KeptSegment(segment.position, "2000", segment.text))
        if run:
            yield self._claims.read(run, self._group_number())

    def _group_number(self) -> int:
        return self.groups[-1].number if self.groups else 0

    def _summary(self, segment: Segment) -> None:
        last, elements = self.groups[-1], tuple(segment.elements[1:])
        summary, supplement = last.summary, last.supplement
        if segment.elements[0] == "TS3":
            summary = elements
        else:
            supplement = elements
        self.groups[-1] = ProviderGroup(last.number, summary, supplement)

    def _next(self) -> Segment | None:
        if self._held is not None:
            held, self._held = self._held, None
            return held
        return next(self._segments, None)

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
    remittance = Remittance(reader.header, tuple(reader.groups), claims, tuple(reader.provider_adjustments))
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

    def read(self, loop: list[Segment]) -> None:
        """Take in the set's own segments, or one N1 loop."""
        first = loop[0]
        if first.elements[0] == "N1" and first[1] in {"PR", "PE"} and first[1] not in self._loops:
            self._loops[first[1]] = loop
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

    def finish(self) -> RemittanceHeader:
        """The header's record."""
        return RemittanceHeader(
            payment=self._payment(),
            trace=self._trace(),
            payer=self._payer(self._loops.get("PR", [])),
            payee=self._payee(self._loops.get("PE", [])),
            references=tuple(self._references),
            produced_on=self._elements.date(self._produced, 2, "header") if self._produced else None,
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
        n1, address, references, contacts, _ = self._n1_loop(loop, "1000A")
        if n1 is None:
            return Payer("")
        return Payer(n1[2], n1[3], n1[4], address, references, contacts)

    def _payee(self, loop: list[Segment]) -> Payee:
        n1, address, references, _, rdm = self._n1_loop(loop, "1000B")
        if n1 is None:
            return Payee("", "", "")
        return Payee(n1[2], n1[3], n1[4], address, references, tuple(rdm.elements[1:]) if rdm else ())

    def _n1_loop(
        self, loop: list[Segment], name: str
    ) -> tuple[Segment | None, Address | None, tuple[Reference, ...], tuple[Contact, ...], Segment | None]:
        found: dict[str, Segment] = {}
        references, contacts = [], []
        for segment in loop:
            match segment.elements[0]:
                case "REF":
                    references.append(read_reference(segment))
                case "PER":
                    contacts.append(read_contact(segment))
                case "N1" | "N3" | "N4" | "RDM" as kind if kind not in found:
                    found[kind] = segment
                case "DTM" if segment[1] == "405" and self._produced is None:
                    self._produced = segment
                case _:
                    self._unread.append(KeptSegment(segment.position, name, segment.text))
        address = read_address(found.get("N3"), found.get("N4"))
        return found.get("N1"), address, tuple(references), tuple(contacts), found.get("RDM")
