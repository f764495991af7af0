"""The segments of one claim payment to its record: loops 2100 and 2110. Mirrors the claim half of writing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.extras import keep
from claimstream_x12.names_reading import (
    read_adjustments,
    read_amount,
    read_contact,
    read_name,
    read_procedure,
    read_quantity,
    read_reference,
)
from claimstream_x12.record import maker
from claimstream_x12.remittance_835.records import (
    Adjudication,
    ClaimPayment,
    DateMark,
    KeptSegment,
    Remark,
    ServicePayment,
)
from claimstream_x12.remittance_835.writing import write_line, write_own_claim
from claimstream_x12.set_writer import settle

if TYPE_CHECKING:
    from claimstream_x12.elements import ElementReader
    from claimstream_x12.extras import Extra
    from claimstream_x12.names import Adjustment, Amount, Contact, Party, Quantity, Reference
    from claimstream_x12.segments import Segment

_NOTHING = [""] * 15  # for elements that are not there

make_claim_payment = maker(ClaimPayment)
make_service_payment = maker(ServicePayment)
make_date_mark = maker(DateMark)


class _Seldom:
    """What is seldom stated below a claim or a line."""

    __slots__ = ("contacts", "extras", "inpatient", "outpatient", "quantities", "remarks", "unread")

    def __init__(self) -> None:
        self.contacts: list[Contact] = []
        self.extras: list[Extra] = []
        self.inpatient: Adjudication | None = None
        self.outpatient: Adjudication | None = None
        self.quantities: list[Quantity] = []
        self.remarks: list[Remark] = []
        self.unread: list[KeptSegment] = []

    def take(self, segment: Segment, reader: ElementReader, loop: str) -> bool:
        """Read what comes once or seldom; false where no record holds it."""
        match segment.elements[0], loop:
            case "LQ", "2110":
                self.remarks.append(Remark(segment[1], segment[2]))
            case "QTY", _:
                self.quantities.append(read_quantity(segment, reader, loop))
            case "MIA", "2100" if self.inpatient is None:
                self.inpatient = Adjudication(tuple(segment.elements[1:]))
            case "MOA", "2100" if self.outpatient is None:
                self.outpatient = Adjudication(tuple(segment.elements[1:]))
            case "PER", "2100":
                self.contacts.append(read_contact(segment))
            case _:
                return False
        return True


_NEVER = _Seldom()


class _Statements:
    """What stands below a claim or below a line, by kind."""

    __slots__ = ("adjustments", "amounts", "dates", "parties", "references", "seldom")

    def __init__(self, segments: list[Segment], reader: ElementReader, loop: str) -> None:
        """Read every segment behind the first, or keep it as it is."""
        adjustments: list[Adjustment] = []
        amounts: list[Amount] = []
        dates: list[DateMark] = []
        parties: list[Party] = []
        references: list[Reference] = []
        seldom = _NEVER
        for number in range(1, len(segments)):
            segment = segments[number]
            kind = segment.elements[0]
            if kind == "CAS":
                adjustments += read_adjustments(segment, reader, loop)
            elif kind == "AMT":
                amounts.append(read_amount(segment, reader, loop))
            elif kind == "DTM" and (day := reader.date(segment, 2, loop)) is not None:
                dates.append(make_date_mark(segment.elements[1], day))
            elif kind == "NM1" and loop == "2100":
                parties.append(read_name(segment))
            elif kind == "REF":
                references.append(read_reference(segment))
            else:
                if seldom is _NEVER:
                    seldom = _Seldom()
                if kind == "DTM" or not seldom.take(segment, reader, loop):
                    seldom.extras.append(keep(segment, number - len(seldom.extras)))
                    if kind != "DTM":  # a finding tells of a date that cannot be read
                        seldom.unread.append(KeptSegment(segment.position, loop, segment.text))
        self.adjustments = tuple(adjustments)
        self.amounts = tuple(amounts)
        self.dates = tuple(dates)
        self.parties = tuple(parties)
        self.references = tuple(references)
        self.seldom = seldom


class ClaimPaymentReader:
    """Reads the run of segments from one CLP to before the next."""

    def __init__(self, elements: ElementReader) -> None:
        self._elements = elements

    def read(self, run: list[Segment], group_number: int) -> ClaimPayment:
        """The claim payment with its lines."""
        starts = [number for number, segment in enumerate(run) if segment.elements[0] == "SVC"]
        if not starts:
            return self._claim(run, (), group_number)
        ends = [*starts[1:], len(run)]
        lines = tuple([self._line(run[start:end]) for start, end in zip(starts, ends, strict=True)])
        return self._claim(run[: starts[0]], lines, group_number)

    def _claim(self, own: list[Segment], lines: tuple[ServicePayment, ...], group_number: int) -> ClaimPayment:
        reader, clp = self._elements, own[0]
        said = _Statements(own, reader, "2100")
        seldom = said.seldom
        _, number, status, _, _, _, filing, payers, facility, frequency, _, drg, *_ = clp.elements + _NOTHING
        claim = make_claim_payment(
            number,
            status,
            reader.required_amount(clp, 3, "2100"),
            reader.required_amount(clp, 4, "2100"),
            reader.amount(clp, 5, "2100"),
            filing_indicator=filing,
            payer_control_number=payers,
            facility_code=facility,
            frequency=frequency,
            drg=drg,
            drg_weight=reader.amount(clp, 12, "2100"),
            discharge_fraction=reader.amount(clp, 13, "2100"),
            adjustments=said.adjustments,
            parties=said.parties,
            inpatient=seldom.inpatient,
            outpatient=seldom.outpatient,
            references=said.references,
            dates=said.dates,
            contacts=tuple(seldom.contacts),
            amounts=said.amounts,
            quantities=tuple(seldom.quantities),
            lines=lines,
            provider_group=group_number,
            position=clp.position,
            extra=tuple(seldom.extras),
            segments=tuple([segment.text for segment in own]),
            unread=tuple(seldom.unread),
        )
        return claim if not claim.extra else settle(claim, write_own_claim)

    def _line(self, loop: list[Segment]) -> ServicePayment:
        reader, svc = self._elements, loop[0]
        said = _Statements(loop, reader, "2110")
        seldom = said.seldom
        size = len(svc.elements)
        line = make_service_payment(
            read_procedure(svc, 1),
            reader.required_amount(svc, 2, "2110"),
            reader.required_amount(svc, 3, "2110"),
            svc.elements[4] if size > 4 else "",  # noqa: PLR2004 — SVC04
            reader.amount(svc, 5, "2110"),
            read_procedure(svc, 6) if size > 6 else None,  # noqa: PLR2004 — SVC06
            reader.amount(svc, 7, "2110"),
            dates=said.dates,
            adjustments=said.adjustments,
            references=said.references,
            amounts=said.amounts,
            quantities=tuple(seldom.quantities),
            remarks=tuple(seldom.remarks),
            position=svc.position,
            extra=tuple(seldom.extras),
            segments=tuple([segment.text for segment in loop]),
            unread=tuple(seldom.unread),
        )
        return line if not line.extra else settle(line, write_line)
