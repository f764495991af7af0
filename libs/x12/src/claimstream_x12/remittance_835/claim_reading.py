"""The segments of one claim payment to its record: loops 2100 and 2110. Mirrors the claim half of writing.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claimstream_x12.elements import ZERO
from claimstream_x12.names import Quantity
from claimstream_x12.names_reading import (
    read_adjustments,
    read_amount,
    read_contact,
    read_name,
    read_procedure,
    read_reference,
    split_loops,
)
from claimstream_x12.remittance_835.records import (
    Adjudication,
    ClaimPayment,
    DateMark,
    KeptSegment,
    Remark,
    ServicePayment,
)

if TYPE_CHECKING:
    from claimstream_x12.elements import ElementReader
    from claimstream_x12.names import Adjustment, Amount, Contact, Party, Reference
    from claimstream_x12.segments import Segment

_LINES = frozenset({"SVC"})


@dataclass(slots=True)
class _Statements:
    """What may stand below a claim and below a line alike."""

    elements: ElementReader
    loop: str
    adjustments: list[Adjustment] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[DateMark] = field(default_factory=list)
    amounts: list[Amount] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    unread: list[KeptSegment] = field(default_factory=list)

    def take(self, segment: Segment) -> None:
        """Read a segment, or keep it as it is."""
        elements, loop = self.elements, self.loop
        match segment.elements[0]:
            case "CAS":
                self.adjustments += read_adjustments(segment, elements, loop)
            case "REF":
                self.references.append(read_reference(segment))
            case "DTM":
                day = elements.date(segment, 2, loop)
                self.dates += [DateMark(segment[1], day)] if day else []
            case "AMT":
                self.amounts.append(read_amount(segment, elements, loop))
            case "QTY":
                self.quantities.append(Quantity(segment[1], elements.amount(segment, 2, loop) or ZERO))
            case _:
                self.unread.append(KeptSegment(segment.position, loop, segment.text))


class ClaimPaymentReader:
    """Reads the run of segments from one CLP to before the next."""

    def __init__(self, elements: ElementReader) -> None:
        self._elements = elements

    def read(self, run: list[Segment], group_number: int) -> ClaimPayment:
        """The claim payment with its lines."""
        loops = list(split_loops(run, _LINES))
        lines = tuple(self._line(loop) for loop in loops[1:])
        return self._claim(loops[0], lines, group_number)

    def _claim(self, own: list[Segment], lines: tuple[ServicePayment, ...], group_number: int) -> ClaimPayment:
        elements, clp = self._elements, own[0]
        said = _Statements(elements, "2100")
        parties: list[Party] = []
        contacts: list[Contact] = []
        inpatient = outpatient = None
        for segment in own[1:]:
            match segment.elements[0]:
                case "NM1":
                    parties.append(read_name(segment))
                case "MIA" if inpatient is None:
                    inpatient = Adjudication(tuple(segment.elements[1:]))
                case "MOA" if outpatient is None:
                    outpatient = Adjudication(tuple(segment.elements[1:]))
                case "PER":
                    contacts.append(read_contact(segment))
                case _:
                    said.take(segment)
        return ClaimPayment(
            control_number=clp[1],
            status=clp[2],
            charge=elements.required_amount(clp, 3, "2100"),
            paid=elements.required_amount(clp, 4, "2100"),
            patient_responsibility=elements.amount(clp, 5, "2100"),
            filing_indicator=clp[6],
            payer_control_number=clp[7],
            facility_code=clp[8],
            frequency=clp[9],
            drg=clp[11],
            drg_weight=elements.amount(clp, 12, "2100"),
            discharge_fraction=elements.amount(clp, 13, "2100"),
            adjustments=tuple(said.adjustments),
            parties=tuple(parties),
            inpatient=inpatient,
            outpatient=outpatient,
            references=tuple(said.references),
            dates=tuple(said.dates),
            contacts=tuple(contacts),
            amounts=tuple(said.amounts),
            quantities=tuple(said.quantities),
            lines=lines,
            provider_group=group_number,
            position=clp.position,
            segments=tuple(segment.text for segment in own),
            unread=tuple(said.unread),
        )

    def _line(self, loop: list[Segment]) -> ServicePayment:
        elements, svc = self._elements, loop[0]
        said = _Statements(elements, "2110")
        remarks: list[Remark] = []
        for segment in loop[1:]:
            if segment.elements[0] == "LQ":
                remarks.append(Remark(segment[1], segment[2]))
            else:
                said.take(segment)
        return ServicePayment(
            procedure=read_procedure(svc, 1),
            charge=elements.required_amount(svc, 2, "2110"),
            paid=elements.required_amount(svc, 3, "2110"),
            revenue_code=svc[4],
            quantity=elements.amount(svc, 5, "2110"),
            submitted_procedure=read_procedure(svc, 6),
            submitted_quantity=elements.amount(svc, 7, "2110"),
            dates=tuple(said.dates),
            adjustments=tuple(said.adjustments),
            references=tuple(said.references),
            amounts=tuple(said.amounts),
            quantities=tuple(said.quantities),
            remarks=tuple(remarks),
            position=svc.position,
            segments=tuple(segment.text for segment in loop),
            unread=tuple(said.unread),
        )
