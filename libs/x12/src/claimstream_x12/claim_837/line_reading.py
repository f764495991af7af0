"""The segments of one service line to its record: loops 2400 to 2430. Mirrors the line half of claim_writing.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimstream_x12.claim_837.records import Attachment, NationalDrug, Note, PriorPayment, ServiceLine
from claimstream_x12.elements import ZERO
from claimstream_x12.names_reading import (
    read_adjustments,
    read_amount,
    read_dated,
    read_party,
    read_procedure,
    read_reference,
    split_loops,
)

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from claimstream_x12.elements import ElementReader
    from claimstream_x12.names import Adjustment, Amount, Dated, Party, Procedure, Reference
    from claimstream_x12.segments import Segment

_LOOPS = frozenset({"LIN", "NM1", "SVD", "LQ"})
_SV202 = 2


@dataclass(slots=True)
class _Service:
    """SV1 or SV2 as far as it was understood."""

    charge: Decimal = ZERO
    quantity: Decimal = ZERO
    unit: str = ""
    procedure: Procedure | None = None
    revenue_code: str = ""
    place_of_service: str = ""
    pointers: tuple[int, ...] = ()
    flags: dict[str, bool] = field(default_factory=dict)
    non_covered: Decimal | None = None


def read_attachment(pwk: Segment) -> Attachment:
    """PWK."""
    return Attachment(pwk[1], pwk[2], pwk[6])


def read_line(run: list[Segment], reader: ElementReader, unread: list[Segment]) -> ServiceLine:
    """LX and everything below it."""
    line = _Line(reader, unread)
    for loop in split_loops(run, _LOOPS):
        line.read(loop)
    return line.finish()


class _Line:
    """Collects what stands in the loops of one line."""

    def __init__(self, reader: ElementReader, unread: list[Segment]) -> None:
        self._reader, self._unread = reader, unread
        self._service = _Service()
        self._dates: list[Dated] = []
        self._references: list[Reference] = []
        self._amounts: list[Amount] = []
        self._notes: list[Note] = []
        self._attachments: list[Attachment] = []
        self._providers: list[Party] = []
        self._priors: list[PriorPayment] = []
        self._drug: NationalDrug | None = None

    def read(self, loop: list[Segment]) -> None:
        """Take in the line's own segments, or one loop below it."""
        match loop[0].elements[0]:
            case "LX":
                for segment in loop[1:]:
                    self._read_own(segment)
            case "NM1":
                self._providers.append(read_party(loop, self._unread.append))
            case "SVD":
                self._priors.append(_read_prior_payment(loop, self._reader, self._unread))
            case "LIN" if self._drug is None:
                self._drug = _read_drug(loop, self._reader, self._unread)
            case _:
                self._unread += loop

    def _read_own(self, segment: Segment) -> None:
        match segment.elements[0]:
            case "SV1":
                self._service = _read_sv1(segment, self._reader)
            case "SV2":
                self._service = _read_sv2(segment, self._reader)
            case "DTP":
                dated = read_dated(segment, self._reader, "2400")
                self._dates += [dated] if dated else []
            case "REF":
                self._references.append(read_reference(segment))
            case "AMT":
                self._amounts.append(read_amount(segment, self._reader, "2400"))
            case "NTE":
                self._notes.append(Note(segment[1], segment[2]))
            case "PWK":
                self._attachments.append(read_attachment(segment))
            case _:
                self._unread.append(segment)

    def finish(self) -> ServiceLine:
        """The line's record."""
        service = self._service
        return ServiceLine(
            charge=service.charge,
            quantity=service.quantity,
            procedure=service.procedure,
            revenue_code=service.revenue_code,
            unit=service.unit,
            place_of_service=service.place_of_service,
            diagnosis_pointers=service.pointers,
            emergency=service.flags.get("emergency", False),
            epsdt=service.flags.get("epsdt", False),
            family_planning=service.flags.get("family_planning", False),
            copay_exempt=service.flags.get("copay_exempt", False),
            non_covered=service.non_covered,
            attachments=tuple(self._attachments),
            dates=tuple(self._dates),
            references=tuple(self._references),
            amounts=tuple(self._amounts),
            notes=tuple(self._notes),
            drug=self._drug,
            providers=tuple(self._providers),
            prior_payments=tuple(self._priors),
        )


def _read_sv1(sv1: Segment, reader: ElementReader) -> _Service:
    pointers = []
    for text in sv1.components(7):
        if text.isascii() and text.isdigit():
            pointers.append(int(text))
        elif text:
            reader.note("not-a-number", "a diagnosis pointer is not a number", sv1, 7, loop="2400")
    return _Service(
        charge=reader.required_amount(sv1, 2, "2400"),
        quantity=reader.amount(sv1, 4, "2400") or ZERO,
        unit=sv1[3],
        procedure=read_procedure(sv1, 1),
        place_of_service=sv1[5],
        pointers=tuple(pointers),
        flags={
            "emergency": sv1[9] == "Y",
            "epsdt": sv1[11] == "Y",
            "family_planning": sv1[12] == "Y",
            "copay_exempt": sv1[15] == "0",
        },
    )


def _read_sv2(sv2: Segment, reader: ElementReader) -> _Service:
    return _Service(
        charge=reader.required_amount(sv2, 3, "2400"),
        quantity=reader.amount(sv2, 5, "2400") or ZERO,
        unit=sv2[4],
        procedure=read_procedure(sv2, _SV202),
        revenue_code=sv2[1],
        non_covered=reader.amount(sv2, 7, "2400"),
    )


def _read_drug(loop: list[Segment], reader: ElementReader, unread: list[Segment]) -> NationalDrug:
    quantity, unit, prescription = ZERO, "", None
    for segment in loop[1:]:
        match segment.elements[0]:
            case "CTP":
                quantity, unit = reader.amount(segment, 4, "2410") or ZERO, segment.components(5)[0]
            case "REF" if prescription is None:
                prescription = read_reference(segment)
            case _:
                unread.append(segment)
    return NationalDrug(loop[0][3], quantity, unit, prescription, loop[0][2])


def _read_prior_payment(loop: list[Segment], reader: ElementReader, unread: list[Segment]) -> PriorPayment:
    svd = loop[0]
    adjustments: list[Adjustment] = []
    decided_on: date | None = None
    remaining: Decimal | None = None
    for segment in loop[1:]:
        match segment.elements[0]:
            case "CAS":
                adjustments += read_adjustments(segment, reader, "2430")
            case "DTP" if decided_on is None:
                dated = read_dated(segment, reader, "2430")
                decided_on = dated.start if dated else None
            case "AMT" if segment[1] == "EAF":
                remaining = reader.amount(segment, 2, "2430")
            case _:
                unread.append(segment)
    return PriorPayment(
        payer_id=svd[1],
        paid=reader.required_amount(svd, 2, "2430"),
        procedure=read_procedure(svd, 3),
        quantity=reader.amount(svd, 5, "2430") or ZERO,
        revenue_code=svd[4],
        bundled_line=reader.integer(svd, 6, "2430"),
        adjustments=tuple(adjustments),
        decided_on=decided_on,
        remaining_liability=remaining,
    )
