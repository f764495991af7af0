"""The segments of one service line to its record: loops 2400 to 2430. Mirrors the line half of claim_writing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.claim_837.claim_writing import write_prior_payment
from claimstream_x12.claim_837.records import Attachment, NationalDrug, Note, PriorPayment, ServiceLine, Tooth
from claimstream_x12.elements import ZERO
from claimstream_x12.extras import Keeper, keep
from claimstream_x12.names_reading import (
    read_adjustments,
    read_amount,
    read_dated,
    read_party,
    read_procedure,
    read_reference,
)
from claimstream_x12.record import maker, record
from claimstream_x12.set_writer import settle

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from claimstream_x12.claim_837.cutting import Loops
    from claimstream_x12.elements import ElementReader
    from claimstream_x12.extras import Extra
    from claimstream_x12.names import Adjustment, Amount, Dated, Party, Procedure, Reference
    from claimstream_x12.segments import Segment

_SV202 = 2
_POINTER_DIGITS = 2

make_service_line = maker(ServiceLine)
make_prior_payment = maker(PriorPayment)
make_national_drug = maker(NationalDrug)


@record
class _Service:
    """SV1, SV2 or SV3 as far as it was understood."""

    charge: Decimal = ZERO
    quantity: Decimal = ZERO
    unit: str = ""
    procedure: Procedure | None = None
    revenue_code: str = ""
    place_of_service: str = ""
    pointers: tuple[int, ...] = ()
    emergency: bool = False
    epsdt: bool = False
    family_planning: bool = False
    copay_exempt: bool = False
    non_covered: Decimal | None = None
    oral_cavity: tuple[str, ...] = ()
    prosthesis: str = ""


_make_service = maker(_Service)


def read_attachment(pwk: Segment) -> Attachment:
    """PWK."""
    return Attachment(pwk[1], pwk[2], pwk[6])


def read_line(loops: Loops, reader: ElementReader, unread: list[Segment]) -> ServiceLine:
    """LX and everything below it; 2440 (LQ) and a second drug have no record and stray behind the loop before them."""
    line = _Line(reader, unread)
    pairs: list[tuple[list[Segment], list[Segment]]] = []
    has_drug = False
    for loop in loops:
        kind = loop[0].elements[0]
        if kind == "LQ" or (kind == "LIN" and has_drug):
            pairs[-1][1].extend(loop)
        else:
            pairs.append((loop, []))
            has_drug = has_drug or kind == "LIN"
    for loop, strays in pairs:
        line.read(loop, strays)
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
        self._teeth: list[Tooth] = []
        self._extras: list[Extra] = []
        self._has_service = False

    def read(self, loop: list[Segment], strays: list[Segment]) -> None:
        """Take in the line's own segments, or one loop below it."""
        match loop[0].elements[0]:
            case "NM1":
                self._providers.append(read_party(loop, self._unread.append, strays=strays))
            case "SVD":
                self._priors.append(_read_prior_payment(loop, strays, self._reader, self._unread))
            case "LIN":
                self._drug = _read_drug(loop, strays, self._reader, self._unread)
            case _:
                for number, segment in enumerate(loop[1:], 1):
                    if not self._read_own(segment):
                        self._keep(segment, number - len(self._extras))
                for segment in strays:
                    self._keep(segment, len(loop) - len(self._extras))

    def _keep(self, segment: Segment, after: int) -> None:
        self._extras.append(keep(segment, after))
        if segment.elements[0] != "DTP":  # a finding tells of a date that cannot be read
            self._unread.append(segment)

    def _read_own(self, segment: Segment) -> bool:
        match segment.elements[0]:
            case "SV1" if not self._has_service:
                self._service, self._has_service = _read_sv1(segment, self._reader), True
            case "SV2" if not self._has_service:
                self._service, self._has_service = _read_sv2(segment, self._reader), True
            case "SV3" if not self._has_service:
                self._service, self._has_service = _read_sv3(segment, self._reader), True
            case "TOO" if segment[1] == "JP":
                self._teeth.append(Tooth(segment[2], tuple(one for one in segment.components(3) if one)))
            case "DTP" if (dated := read_dated(segment, self._reader, "2400")) is not None:
                self._dates.append(dated)
            case "REF":
                self._references.append(read_reference(segment))
            case "AMT":
                self._amounts.append(read_amount(segment, self._reader, "2400"))
            case "NTE":
                self._notes.append(Note(segment[1], segment[2]))
            case "PWK":
                self._attachments.append(read_attachment(segment))
            case _:
                return False
        return True

    def finish(self) -> ServiceLine:
        """The line's record."""
        service = self._service
        return make_service_line(
            charge=service.charge,
            quantity=service.quantity,
            procedure=service.procedure,
            revenue_code=service.revenue_code,
            unit=service.unit,
            place_of_service=service.place_of_service,
            diagnosis_pointers=service.pointers,
            emergency=service.emergency,
            epsdt=service.epsdt,
            family_planning=service.family_planning,
            copay_exempt=service.copay_exempt,
            non_covered=service.non_covered,
            oral_cavity=service.oral_cavity,
            prosthesis=service.prosthesis,
            teeth=tuple(self._teeth),
            attachments=tuple(self._attachments),
            dates=tuple(self._dates),
            references=tuple(self._references),
            amounts=tuple(self._amounts),
            notes=tuple(self._notes),
            drug=self._drug,
            providers=tuple(self._providers),
            prior_payments=tuple(self._priors),
            extra=tuple(self._extras),
        )


def _read_pointers(segment: Segment, number: int, reader: ElementReader) -> tuple[int, ...]:
    pointers = []
    for text in segment.components(number):
        if text.isascii() and text.isdigit() and len(text) <= _POINTER_DIGITS:
            pointers.append(int(text))
        elif text:
            reader.note("not-a-number", "a diagnosis pointer is not a number", segment, number, loop="2400")
    return tuple(pointers)


def _read_sv1(sv1: Segment, reader: ElementReader) -> _Service:
    return _make_service(
        charge=reader.required_amount(sv1, 2, "2400"),
        quantity=reader.amount(sv1, 4, "2400") or ZERO,
        unit=sv1[3],
        procedure=read_procedure(sv1, 1),
        place_of_service=sv1[5],
        pointers=_read_pointers(sv1, 7, reader),
        emergency=sv1[9] == "Y",
        epsdt=sv1[11] == "Y",
        family_planning=sv1[12] == "Y",
        copay_exempt=sv1[15] == "0",
    )


def _read_sv2(sv2: Segment, reader: ElementReader) -> _Service:
    return _make_service(
        charge=reader.required_amount(sv2, 3, "2400"),
        quantity=reader.amount(sv2, 5, "2400") or ZERO,
        unit=sv2[4],
        procedure=read_procedure(sv2, _SV202),
        revenue_code=sv2[1],
        non_covered=reader.amount(sv2, 7, "2400"),
    )


def _read_sv3(sv3: Segment, reader: ElementReader) -> _Service:
    return _make_service(
        charge=reader.required_amount(sv3, 2, "2400"),
        quantity=reader.amount(sv3, 6, "2400") or ZERO,
        unit="UN",  # as a line has it that is made: SV3 has no place for one
        procedure=read_procedure(sv3, 1),
        place_of_service=sv3[3],
        pointers=_read_pointers(sv3, 11, reader),
        oral_cavity=tuple(one for one in sv3.components(4) if one),
        prosthesis=sv3[5],
    )


def _read_drug(
    loop: list[Segment], strays: list[Segment], reader: ElementReader, unread: list[Segment]
) -> NationalDrug:
    ctp: Segment | None = None
    prescription: Reference | None = None
    keeper = Keeper(1)
    for segment in loop[1:]:
        match segment.elements[0]:
            case "CTP" if ctp is None:
                ctp = segment
            case "REF" if prescription is None:
                prescription = read_reference(segment)
            case _:
                keeper.keep(segment)
                unread.append(segment)
                continue
        keeper.held += 1
    keep_all(keeper, strays, unread)
    quantity = (reader.amount(ctp, 4, "2410") if ctp else None) or ZERO
    unit = ctp.components(5)[0] if ctp else ""
    return make_national_drug(loop[0][3], quantity, unit, prescription, loop[0][2], tuple(keeper.extras))


def keep_all(keeper: Keeper, strays: list[Segment], unread: list[Segment]) -> None:
    """Keep what strays behind a loop."""
    for segment in strays:
        keeper.keep(segment)
        unread.append(segment)


def _read_prior_payment(
    loop: list[Segment], strays: list[Segment], reader: ElementReader, unread: list[Segment]
) -> PriorPayment:
    svd = loop[0]
    keeper = Keeper(1)
    adjustments: list[Adjustment] = []
    decided_on: date | None = None
    remaining: Decimal | None = None
    for segment in loop[1:]:
        match segment.elements[0]:
            case "CAS":
                adjustments += read_adjustments(segment, reader, "2430")
            case "DTP" if decided_on is None and (dated := read_dated(segment, reader, "2430")) is not None:
                decided_on = dated.start
            case "AMT" if segment[1] == "EAF" and remaining is None:
                remaining = reader.amount(segment, 2, "2430")
            case _:
                keeper.keep(segment)
                unread.append(segment)
                continue
        keeper.held += 1
    keep_all(keeper, strays, unread)
    prior = make_prior_payment(
        payer_id=svd[1],
        paid=reader.required_amount(svd, 2, "2430"),
        procedure=read_procedure(svd, 3),
        quantity=reader.amount(svd, 5, "2430") or ZERO,
        revenue_code=svd[4],
        bundled_line=reader.integer(svd, 6, "2430"),
        adjustments=tuple(adjustments),
        decided_on=decided_on,
        remaining_liability=remaining,
        extra=tuple(keeper.extras),
    )
    return prior if not prior.extra else settle(prior, write_prior_payment)
