"""The segments of one claim to its record: loops 2300 to 2430. Mirrors claim_writing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claimstream_x12.claim_837.code_reading import ClaimCodes
from claimstream_x12.claim_837.line_reading import read_attachment, read_line
from claimstream_x12.claim_837.records import Claim, Guide, InstitutionalInformation, Note, OtherCoverage
from claimstream_x12.elements import ZERO
from claimstream_x12.names import Adjustment, Party
from claimstream_x12.names_reading import (
    read_adjustments,
    read_amount,
    read_dated,
    read_party,
    read_reference,
    split_loops,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from claimstream_x12.claim_837.records import ServiceLine
    from claimstream_x12.elements import ElementReader
    from claimstream_x12.segments import Segment

_LOOPS = frozenset({"NM1", "SBR", "LX"})
_NO_PARTY = Party("", "")


def read_claim(run: list[Segment], reader: ElementReader, unread: list[Segment], guide: Guide) -> Claim:
    """CLM and everything below it; what no record holds goes to `unread`."""
    providers: list[Party] = []
    coverages: list[OtherCoverage] = []
    lines: list[ServiceLine] = []
    own: list[Segment] = []
    for part in split_loops(run, frozenset({"SBR", "LX"})):
        match part[0].elements[0]:
            case "SBR":
                coverages.append(_read_coverage(part, reader, unread))
            case "LX":
                lines.append(read_line(part, reader, unread))
            case _:
                for loop in split_loops(part, _LOOPS):
                    if loop[0].elements[0] == "NM1":
                        providers.append(read_party(loop, unread.append))
                    else:
                        own += loop
    return _read_2300(
        own, reader, unread, guide, providers=tuple(providers), other_coverages=tuple(coverages), lines=tuple(lines)
    )


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
    cl1: Segment | None = None
    for segment in own[1:]:
        match segment.elements[0]:
            case "DTP":
                dated = read_dated(segment, reader, "2300")
                if dated is not None:
                    dates.append(dated)
            case "REF":
                references.append(read_reference(segment))
            case "HI":
                codes.read(segment, reader, unread)
            case "AMT":
                amounts.append(read_amount(segment, reader, "2300"))
            case "NTE":
                notes.append(Note(segment[1], segment[2]))
            case "PWK":
                attachments.append(read_attachment(segment))
            case "CL1" if cl1 is None:
                cl1 = segment
            case _:
                unread.append(segment)
    place, _, frequency = _three(clm.components(5))
    causes = [*clm.components(11), "", "", "", "", ""]
    return Claim(
        control_number=clm[1],
        charge=reader.required_amount(clm, 2, "2300"),
        facility_code=place,
        frequency=frequency,
        provider_signature=clm[6] if guide is Guide.PROFESSIONAL else "Y",
        assignment=clm[7],
        benefits_assigned=clm[8],
        release=clm[9],
        patient_signature=clm[10],
        related_causes=tuple(cause for cause in causes[:3] if cause),
        accident_state=causes[3],
        accident_country=causes[4],
        special_program=clm[12],
        delay_reason=clm[20],
        dates=tuple(dates),
        attachments=tuple(attachments),
        amounts=tuple(amounts),
        references=tuple(references),
        notes=tuple(notes),
        diagnoses=tuple(codes.principal + codes.others),
        condition_codes=tuple(codes.conditions),
        institutional=_institutional(cl1, codes) if guide is Guide.INSTITUTIONAL else None,
        **loops,
    )


def _institutional(cl1: Segment | None, codes: ClaimCodes) -> InstitutionalInformation:
    return InstitutionalInformation(
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


def _read_coverage(run: list[Segment], reader: ElementReader, unread: list[Segment]) -> OtherCoverage:
    """Loop 2320 with 2330A and 2330B; the providers of 2330C and on are kept unread."""
    parties: dict[str, Party] = {}
    adjustments: list[Adjustment] = []
    amounts: dict[str, Decimal] = {}
    decided_on = None
    sbr, oi = run[0], None
    for loop in split_loops(run, frozenset({"NM1"})):
        if loop[0].elements[0] == "NM1":
            if loop[0][1] not in {"IL", "PR"} or loop[0][1] in parties:
                unread += loop
                continue
            decision = next((segment for segment in loop if segment.elements[0] == "DTP"), None)
            if decision is not None:
                dated = read_dated(decision, reader, "2330B")
                decided_on = dated.start if dated else None
            parties[loop[0][1]] = read_party([one for one in loop if one is not decision], unread.append)
            continue
        for segment in loop[1:]:
            match segment.elements[0]:
                case "CAS":
                    adjustments += read_adjustments(segment, reader, "2320")
                case "AMT" if segment[1] in {"D", "EAF", "A8"}:
                    amounts[segment[1]] = reader.amount(segment, 2, "2320") or ZERO
                case "OI" if oi is None:
                    oi = segment
                case _:
                    unread.append(segment)
    return OtherCoverage(
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
    )


def _three(parts: list[str]) -> tuple[str, str, str]:
    first, second, third = [*parts, "", "", ""][:3]
    return first, second, third
