"""The segments of one claim to its record: loops 2300 to 2430. Mirrors claim_writing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimstream_x12.claim_837.claim_writing import write_own_claim, write_own_coverage
from claimstream_x12.claim_837.code_reading import ClaimCodes
from claimstream_x12.claim_837.cutting import Loops, by_role
from claimstream_x12.claim_837.line_reading import read_attachment, read_line
from claimstream_x12.claim_837.records import (
    Claim,
    DentalInformation,
    Guide,
    InstitutionalInformation,
    Note,
    OtherCoverage,
    ToothStatus,
)
from claimstream_x12.elements import ZERO
from claimstream_x12.extras import keep
from claimstream_x12.names import Adjustment, Party
from claimstream_x12.names_reading import (
    read_adjustments,
    read_amount,
    read_dated,
    read_party,
    read_reference,
)
from claimstream_x12.record import maker
from claimstream_x12.set_writer import settle

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from claimstream_x12.claim_837.records import ServiceLine
    from claimstream_x12.elements import ElementReader
    from claimstream_x12.extras import Extra
    from claimstream_x12.segments import Segment

_BEGIN_THEIR_OWN = frozenset({"SBR", "LX"})
_COVERAGE_ROLES = frozenset({"IL", "PR"})
_NO_PARTY = Party("", "")
_NO_CAUSES = [""] * 5

make_claim = maker(Claim)
make_other_coverage = maker(OtherCoverage)
make_institutional_information = maker(InstitutionalInformation)


def read_claim(loops: Loops, reader: ElementReader, unread: list[Segment], guide: Guide) -> Claim:
    """CLM and everything below it; what no record holds goes to `unread`."""
    providers: list[Party] = []
    coverages: list[OtherCoverage] = []
    lines: list[ServiceLine] = []
    for below in _coverages_and_lines(loops):
        match below[0][0].elements[0]:
            case "SBR":
                coverages.append(_read_coverage(below, reader, unread))
            case "LX":
                lines.append(read_line(below, reader, unread))
            case _:
                providers += [read_party(loop, unread.append) for loop in below]
    claim = _read_2300(
        loops[0],
        reader,
        unread,
        guide,
        providers=tuple(providers),
        other_coverages=tuple(coverages),
        lines=tuple(lines),
    )
    return claim if not claim.extra else settle(claim, lambda writer, bare: write_own_claim(writer, bare, guide))


def _coverages_and_lines(loops: Loops) -> list[Loops]:
    """The loops below a claim by what they belong to: each coverage, each line; the claim's providers stand before these."""
    found: list[Loops] = []
    for loop in loops[1:]:
        if not found or loop[0].elements[0] in _BEGIN_THEIR_OWN:
            found.append([loop])
        else:
            found[-1].append(loop)
    return found


def _read_2300(
    own: list[Segment],
    reader: ElementReader,
    unread: list[Segment],
    guide: Guide,
    **loops: Any,
) -> Claim:
    clm = own[0]
    dates, attachments, amounts, references, notes = [], [], [], [], []
    codes = ClaimCodes()
    of_guide = _OfGuide(guide)
    extras: list[Extra] = []
    for number, segment in enumerate(own[1:], 1):
        match segment.elements[0]:
            case "DTP" if (dated := read_dated(segment, reader, "2300")) is not None:
                dates.append(dated)
            case "REF":
                references.append(read_reference(segment))
            case "HI":
                strange = codes.read(segment, reader)
                if strange:
                    extras.append(keep(segment, number - len(extras), strange))
            case "AMT":
                amounts.append(read_amount(segment, reader, "2300"))
            case "NTE":
                notes.append(Note(segment[1], segment[2]))
            case "PWK":
                attachments.append(read_attachment(segment))
            case _ if not of_guide.take(segment):
                extras.append(keep(segment, number - len(extras)))
    unread += _untold(own, extras)
    place, _, frequency = _three(clm.components(5))
    causes = [*clm.components(11), *_NO_CAUSES] if clm[11] else _NO_CAUSES
    return make_claim(
        control_number=clm[1],
        charge=reader.required_amount(clm, 2, "2300"),
        facility_code=place,
        frequency=frequency,
        provider_signature=clm[6] if guide is not Guide.INSTITUTIONAL else "Y",
        assignment=clm[7],
        benefits_assigned=clm[8],
        release=clm[9],
        patient_signature=clm[10],
        related_causes=tuple([cause for cause in causes[:3] if cause]),
        accident_state=causes[3],
        accident_country=causes[4],
        special_program=clm[12],
        submission_reason=clm[19],
        delay_reason=clm[20],
        dates=tuple(dates),
        attachments=tuple(attachments),
        amounts=tuple(amounts),
        references=tuple(references),
        notes=tuple(notes),
        diagnoses=tuple(codes.principal + codes.others),
        condition_codes=tuple(codes.conditions),
        institutional=_institutional(of_guide.cl1, codes) if guide is Guide.INSTITUTIONAL else None,
        dental=of_guide.dental(reader),
        extra=tuple(extras),
        **loops,
    )


class _OfGuide:
    """Segments of loop 2300 that only one of the guides has: CL1, or DN1 and DN2."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self.cl1: Segment | None = None
        self._dn1: Segment | None = None
        self._dn2: list[Segment] = []

    def take(self, segment: Segment) -> bool:
        """Whether the segment is one of these."""
        match segment.elements[0], self._guide:
            case "CL1", Guide.INSTITUTIONAL if self.cl1 is None:
                self.cl1 = segment
            case "DN1", Guide.DENTAL if self._dn1 is None:
                self._dn1 = segment
            case "DN2", Guide.DENTAL:
                self._dn2.append(segment)
            case _:
                return False
        return True

    def dental(self, reader: ElementReader) -> DentalInformation | None:
        """DN1 and DN2; None when neither is there."""
        dn1 = self._dn1
        if dn1 is None and not self._dn2:
            return None
        return DentalInformation(
            treatment_months=reader.amount(dn1, 1, "2300") if dn1 else None,
            months_remaining=reader.amount(dn1, 2, "2300") if dn1 else None,
            orthodontic=dn1[4] if dn1 else "",
            teeth=tuple(ToothStatus(segment[1], segment[2]) for segment in self._dn2),
        )


def _untold(own: list[Segment], extras: list[Extra]) -> list[Segment]:
    """The segments that are kept, but for dates that cannot be read: a finding tells of those."""
    kept = {one.position for one in extras if one.id != "DTP"}
    return [segment for segment in own if segment.position in kept] if kept else []


def _institutional(cl1: Segment | None, codes: ClaimCodes) -> InstitutionalInformation:
    return make_institutional_information(
        admission_type=cl1[1] if cl1 else "",
        admission_source=cl1[2] if cl1 else "",
        patient_status=cl1[3] if cl1 else "",
        admitting_diagnosis=codes.admitting,
        visit_reasons=tuple(codes.visit_reasons),
        external_causes=tuple(codes.external_causes),
        drg=codes.drg,
        principal_procedure=codes.principal_procedure,
        other_procedures=tuple(codes.other_procedures),
        occurrence_spans=tuple(codes.occurrence_spans),
        occurrences=tuple(codes.occurrences),
        values=tuple(codes.values),
    )


def _read_coverage(below: Loops, reader: ElementReader, unread: list[Segment]) -> OtherCoverage:
    """Loop 2320 with 2330A and 2330B; the providers of 2330C and on are kept as extras of the name before them."""
    own, loops = by_role(below, _COVERAGE_ROLES)
    parties: dict[str, Party] = {}
    decided_on = None
    for role, (loop, strays) in loops.items():
        decision = next((one for one in loop if one.elements[0] == "DTP"), None) if role == "PR" else None
        dated = read_dated(decision, reader, "2330B") if decision is not None else None
        decided_on = dated.start if dated else decided_on
        parties[role] = read_party(loop, unread.append, besides=decision if dated else None, strays=strays)
    coverage = _read_2320(own, reader, unread, parties, decided_on)
    return coverage if not coverage.extra else settle(coverage, write_own_coverage)


def _read_2320(
    own: list[Segment],
    reader: ElementReader,
    unread: list[Segment],
    parties: dict[str, Party],
    decided_on: date | None,
) -> OtherCoverage:
    adjustments: list[Adjustment] = []
    amounts: dict[str, Decimal] = {}
    extras: list[Extra] = []
    sbr, oi = own[0], None
    for number, segment in enumerate(own[1:], 1):
        match segment.elements[0]:
            case "CAS":
                adjustments += read_adjustments(segment, reader, "2320")
            case "AMT" if segment[1] in {"D", "EAF", "A8"} and segment[1] not in amounts:
                amounts[segment[1]] = reader.amount(segment, 2, "2320") or ZERO
            case "OI" if oi is None:
                oi = segment
            case _:
                extras.append(keep(segment, number - len(extras)))
                unread.append(segment)
    return make_other_coverage(
        responsibility=sbr[1],
        relationship=sbr[2],
        subscriber=parties.get("IL", _NO_PARTY),
        payer=parties.get("PR", _NO_PARTY),
        group_number=sbr[3],
        group_name=sbr[4],
        insurance_type=sbr[5],
        filing_indicator=sbr[9],
        adjustments=tuple(adjustments),
        paid=amounts.get("D"),
        remaining_liability=amounts.get("EAF"),
        non_covered=amounts.get("A8"),
        benefits_assigned=oi[3] if oi else "",
        patient_signature=oi[4] if oi else "",
        release=oi[6] if oi else "",
        decided_on=decided_on,
        extra=tuple(extras),
    )


def _three(parts: list[str]) -> tuple[str, str, str]:
    first, second, third = [*parts, "", "", ""][:3]
    return first, second, third
