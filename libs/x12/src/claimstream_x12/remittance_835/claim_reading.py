"""The segments of one claim payment to its record: loops 2100 and 2110. Mirrors the claim half of writing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.elements import ZERO
from claimstream_x12.extras import Keeper
from claimstream_x12.names import Quantity
from claimstream_x12.names_reading import (
    read_adjustments,
    read_amount,
    read_contact,
    read_name,
    read_procedure,
    read_reference,
)
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
    from claimstream_x12.names import Adjustment, Amount, Contact, Party, Reference
    from claimstream_x12.segments import Segment

_NOTHING = [""] * 15  # for elements that are not there


class _Statements:
    """What stands below a claim or below a line, by kind."""

    __slots__ = (
        "adjustments", "amounts", "contacts", "dates", "inpatient", "keeper", "outpatient", "parties", "quantities",
        "references", "remarks", "unread",
    )  # fmt: skip

    def __init__(self) -> None:
        self.adjustments: list[Adjustment] = []
        self.references: list[Reference] = []
        self.dates: list[DateMark] = []
        self.amounts: list[Amount] = []
        self.quantities: list[Quantity] = []
        self.remarks: list[Remark] = []
        self.parties: list[Party] = []
        self.contacts: list[Contact] = []
        self.inpatient: Adjudication | None = None
        self.outpatient: Adjudication | None = None
        self.unread: list[KeptSegment] = []
        self.keeper = Keeper(1)  # the segment that begins the loop

    def take(self, segments: list[Segment], reader: ElementReader, loop: str) -> None:
        """Read every segment behind the first, or keep it as it is."""
        for number in range(1, len(segments)):
            segment = segments[number]
            kind = segment.elements[0]
            if kind == "DTM":
                day = reader.date(segment, 2, loop)
                if day is None:
                    self.keeper.keep(segment)
                    continue
                self.dates.append(DateMark(segment.elements[1], day))
            elif kind == "CAS":
                self.adjustments += read_adjustments(segment, reader, loop)
            elif kind == "REF":
                self.references.append(read_reference(segment))
            elif kind == "AMT":
                self.amounts.append(read_amount(segment, reader, loop))
            elif not self._take_rare(kind, segment, reader, loop):
                self.unread.append(KeptSegment(segment.position, loop, segment.text))
                self.keeper.keep(segment)
                continue
            self.keeper.held += 1

    def _take_rare(self, kind: str, segment: Segment, reader: ElementReader, loop: str) -> bool:
        """Read what comes once or seldom; false where no record holds it."""
        match kind, loop:
            case "NM1", "2100":
                self.parties.append(read_name(segment))
            case "LQ", "2110":
                self.remarks.append(Remark(segment[1], segment[2]))
            case "QTY", _:
                self.quantities.append(Quantity(segment[1], reader.amount(segment, 2, loop) or ZERO))
            case "MIA", "2100" if self.inpatient is None:
                self.inpatient = Adjudication(tuple(segment.elements[1:]))
            case "MOA", "2100" if self.outpatient is None:
                self.outpatient = Adjudication(tuple(segment.elements[1:]))
            case "PER", "2100":
                self.contacts.append(read_contact(segment))
            case _:
                return False
        return True


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
        said = _Statements()
        said.take(own, reader, "2100")
        _, number, status, _, _, _, filing, payers, facility, frequency, _, drg, *_ = clp.elements + _NOTHING
        claim = ClaimPayment(
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
            adjustments=tuple(said.adjustments),
            parties=tuple(said.parties),
            inpatient=said.inpatient,
            outpatient=said.outpatient,
            references=tuple(said.references),
            dates=tuple(said.dates),
            contacts=tuple(said.contacts),
            amounts=tuple(said.amounts),
            quantities=tuple(said.quantities),
            lines=lines,
            provider_group=group_number,
            position=clp.position,
            extra=tuple(said.keeper.extras),
            segments=tuple([segment.text for segment in own]),
            unread=tuple(said.unread),
        )
        return claim if not claim.extra else settle(claim, write_own_claim)

    def _line(self, loop: list[Segment]) -> ServicePayment:
        reader, svc = self._elements, loop[0]
        said = _Statements()
        said.take(loop, reader, "2110")
        size = len(svc.elements)
        line = ServicePayment(
            read_procedure(svc, 1),
            reader.required_amount(svc, 2, "2110"),
            reader.required_amount(svc, 3, "2110"),
            svc.elements[4] if size > 4 else "",  # noqa: PLR2004 — SVC04
            reader.amount(svc, 5, "2110"),
            read_procedure(svc, 6) if size > 6 else None,  # noqa: PLR2004 — SVC06
            reader.amount(svc, 7, "2110"),
            dates=tuple(said.dates),
            adjustments=tuple(said.adjustments),
            references=tuple(said.references),
            amounts=tuple(said.amounts),
            quantities=tuple(said.quantities),
            remarks=tuple(said.remarks),
            position=svc.position,
            extra=tuple(said.keeper.extras),
            segments=tuple([segment.text for segment in loop]),
            unread=tuple(said.unread),
        )
        return line if not line.extra else settle(line, write_line)
