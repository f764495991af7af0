"""One claim as segments: loops 2300 to 2430. Mirrors claim_reading.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.claim_837.records import Diagnosis, Guide
from claimstream_x12.elements import format_date
from claimstream_x12.names_writing import (
    procedure,
    write_address,
    write_adjustments,
    write_contacts,
    write_dates,
    write_name,
    write_provider,
    write_references,
    write_taxonomy,
)
from claimstream_x12.set_writer import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimstream_x12.claim_837.records import (
        Attachment,
        Claim,
        DentalInformation,
        InstitutionalCode,
        InstitutionalInformation,
        NationalDrug,
        Note,
        OtherCoverage,
        PriorPayment,
        ServiceLine,
    )
    from claimstream_x12.names import Amount
    from claimstream_x12.set_writer import Composite, SetWriter

CODES_A_SEGMENT = 12
_PROVIDER_LOOPS = {
    Guide.PROFESSIONAL: {"DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DQ": "2310D", "PW": "2310E", "45": "2310F"},
    Guide.INSTITUTIONAL: {"71": "2310A", "72": "2310B", "ZZ": "2310C", "82": "2310D", "77": "2310E", "DN": "2310F"},
    Guide.DENTAL: {"DN": "2310A", "P3": "2310A", "82": "2310B", "77": "2310C", "DD": "2310D", "DQ": "2310E"},
}  # fmt: skip
_LINE_PROVIDER_LOOPS = {
    Guide.PROFESSIONAL: {
        "82": "2420A", "QB": "2420B", "77": "2420C", "DQ": "2420D", "DK": "2420E", "DN": "2420F", "P3": "2420F",
        "PW": "2420G", "45": "2420H",
    },
    Guide.INSTITUTIONAL: {"72": "2420A", "ZZ": "2420B", "82": "2420C", "DN": "2420D"},
    Guide.DENTAL: {"82": "2420A", "DD": "2420B", "DQ": "2420C", "77": "2420D"},
}  # fmt: skip


def write_claim(writer: SetWriter, claim: Claim, guide: Guide) -> None:
    """CLM with everything below it."""
    write_own_claim(writer, claim, guide)
    for party in claim.providers:
        write_provider(writer, party, _PROVIDER_LOOPS[guide].get(party.role, "2310"))
    for coverage in claim.other_coverages:
        _write_other_coverage(writer, coverage)
    for number, line in enumerate(claim.lines, 1):
        _write_line(writer, line, number, guide)


def write_own_claim(writer: SetWriter, claim: Claim, guide: Guide) -> None:
    """The segments of loop 2300 itself."""
    writer.enter("2300", claim.extra)
    _write_clm(writer, claim, guide)
    write_dates(writer, claim.dates)
    if claim.institutional is not None:
        info = claim.institutional
        writer.add("CL1", info.admission_type, info.admission_source, info.patient_status)
    if claim.dental is not None:
        _write_dental(writer, claim.dental)
    _write_attachments(writer, claim.attachments)
    _write_amounts(writer, claim.amounts)
    write_references(writer, claim.references)
    _write_notes(writer, claim.notes)
    _write_codes(writer, claim)


def _write_clm(writer: SetWriter, claim: Claim, guide: Guide) -> None:
    institutional = guide is Guide.INSTITUTIONAL
    causes: Composite = ()
    if claim.related_causes:
        first, second, third = (*claim.related_causes, "", "")[:3]
        causes = (first, second, third, claim.accident_state, claim.accident_country)
    writer.add(
        "CLM", claim.control_number, claim.charge, "", "",
        (claim.facility_code, "A" if institutional else "B", claim.frequency),
        "" if institutional else claim.provider_signature, claim.assignment, claim.benefits_assigned, claim.release,
        claim.patient_signature, causes, claim.special_program, "", "", "", "", "", "", claim.submission_reason,
        claim.delay_reason,
    )  # fmt: skip


def _write_dental(writer: SetWriter, dental: DentalInformation) -> None:
    treatment = (quantity(dental.treatment_months), quantity(dental.months_remaining), "", dental.orthodontic)
    if any(treatment):
        writer.add("DN1", *treatment)
    for one in dental.teeth:
        writer.add("DN2", one.tooth, one.status, "", "", "", "JP")


def _write_codes(writer: SetWriter, claim: Claim) -> None:
    """The HI segments in the guide's order."""
    if claim.institutional is None:
        _write_hi(writer, _diagnoses(claim.diagnoses, "BK", "BF"))
    else:
        _write_hi(writer, _diagnoses(claim.diagnoses[:1], "BK", "BF"))
        _write_institutional_codes(writer, claim.institutional, claim.diagnoses[1:])
    _write_hi(writer, [("BG", code) for code in claim.condition_codes])


def _write_institutional_codes(
    writer: SetWriter, info: InstitutionalInformation, other_diagnoses: Sequence[Diagnosis]
) -> None:
    admitting = () if info.admitting_diagnosis is None else (info.admitting_diagnosis,)
    _write_hi(writer, _diagnoses(admitting, "BJ", "BJ"))
    _write_hi(writer, _diagnoses(info.visit_reasons, "PR", "PR"))
    _write_hi(writer, _diagnoses(info.external_causes, "BN", "BN"))
    _write_hi(writer, [("DR", info.drg)] if info.drg else [])
    _write_hi(writer, _diagnoses(other_diagnoses, "BF", "BF"))
    principal = () if info.principal_procedure is None else (info.principal_procedure,)
    _write_hi(writer, [_dated_code("BBR", code) for code in principal])
    _write_hi(writer, [_dated_code("BBQ", code) for code in info.other_procedures])
    _write_hi(writer, [_dated_code("BI", code) for code in info.occurrence_spans])
    _write_hi(writer, [_dated_code("BH", code) for code in info.occurrences])
    _write_hi(writer, [_value_code(writer, code) for code in info.values])


def _diagnoses(diagnoses: Iterable[Diagnosis], first: str, others: str) -> list[Composite]:
    composites: list[Composite] = []
    for one in diagnoses:
        qualifier = ("A" if one.edition == "10" else "") + (others if composites else first)
        qualifier = "TQ" if one.edition == "TQ" else qualifier
        poa = ("", "", "", "", "", "", one.present_on_admission) if one.present_on_admission else ()
        composites.append((qualifier, one.code, *poa))
    return composites


def _dated_code(qualifier: str, one: InstitutionalCode) -> Composite:
    if one.start is None:
        return (qualifier, one.code)
    if one.end is None:
        return (qualifier, one.code, "D8", format_date(one.start))
    return (qualifier, one.code, "RD8", f"{format_date(one.start)}-{format_date(one.end)}")


def _value_code(writer: SetWriter, one: InstitutionalCode) -> Composite:
    if one.amount is None:
        writer.refuse("missing-element", f"value code {one.code} needs an amount", "HI", 1)
    return ("BE", one.code, "", "", quantity(one.amount))


def _write_hi(writer: SetWriter, composites: Sequence[Composite]) -> None:
    for first in range(0, len(composites), CODES_A_SEGMENT):
        writer.add("HI", *composites[first : first + CODES_A_SEGMENT])


def _write_attachments(writer: SetWriter, attachments: Iterable[Attachment]) -> None:
    for one in attachments:
        number = one.control_number
        writer.add("PWK", one.report, one.transmission, "", "", "AC" if number else "", number)


def _write_amounts(writer: SetWriter, amounts: Iterable[Amount]) -> None:
    for one in amounts:
        writer.add("AMT", one.qualifier, one.amount)


def _write_notes(writer: SetWriter, notes: Iterable[Note]) -> None:
    for note in notes:
        writer.add("NTE", note.code, note.text)


def write_own_coverage(writer: SetWriter, coverage: OtherCoverage) -> None:
    """The segments of loop 2320 itself."""
    writer.enter("2320", coverage.extra)
    writer.add(
        "SBR", coverage.responsibility, coverage.relationship, coverage.group_number, coverage.group_name,
        coverage.insurance_type, "", "", "", coverage.filing_indicator,
    )  # fmt: skip
    write_adjustments(writer, coverage.adjustments)
    named = (("D", coverage.paid), ("EAF", coverage.remaining_liability), ("A8", coverage.non_covered))
    for qualifier, amount in named:
        if amount is not None:
            writer.add("AMT", qualifier, amount)
    writer.add("OI", "", "", coverage.benefits_assigned, coverage.patient_signature, "", coverage.release)


def _write_other_coverage(writer: SetWriter, coverage: OtherCoverage) -> None:
    write_own_coverage(writer, coverage)
    write_provider(writer, coverage.subscriber, "2330A")
    writer.enter("2330B", coverage.payer.extra)
    write_name(writer, coverage.payer)
    write_taxonomy(writer, coverage.payer)
    write_address(writer, coverage.payer.address)
    if coverage.decided_on is not None:
        writer.add("DTP", "573", "D8", coverage.decided_on)
    write_references(writer, coverage.payer.references)
    write_contacts(writer, coverage.payer.contacts)


def _write_line(writer: SetWriter, line: ServiceLine, number: int, guide: Guide) -> None:
    writer.enter(f"2400[{number}]", line.extra)
    writer.add("LX", str(number))
    if guide is Guide.PROFESSIONAL:
        _write_sv1(writer, line)
    elif guide is Guide.DENTAL:
        _write_sv3(writer, line)
    else:
        writer.add(
            "SV2", line.revenue_code, procedure(line.procedure), line.charge, line.unit, quantity(line.quantity), "",
            line.non_covered,
        )  # fmt: skip
    _write_attachments(writer, line.attachments)
    write_dates(writer, line.dates)
    write_references(writer, line.references)
    _write_amounts(writer, line.amounts)
    _write_notes(writer, line.notes)
    if line.drug is not None:
        _write_drug(writer, line.drug)
    for party in line.providers:
        write_provider(writer, party, _LINE_PROVIDER_LOOPS[guide].get(party.role, "2420"))
    for prior in line.prior_payments:
        write_prior_payment(writer, prior)


def _write_sv1(writer: SetWriter, line: ServiceLine) -> None:
    writer.add(
        "SV1", procedure(line.procedure), line.charge, line.unit, quantity(line.quantity), line.place_of_service, "",
        tuple(str(pointer) for pointer in line.diagnosis_pointers), "", _yes(flag=line.emergency), "",
        _yes(flag=line.epsdt), _yes(flag=line.family_planning), "", "", "0" if line.copay_exempt else "",
    )  # fmt: skip


def _write_sv3(writer: SetWriter, line: ServiceLine) -> None:
    writer.add(
        "SV3", procedure(line.procedure), line.charge, line.place_of_service, line.oral_cavity, line.prosthesis,
        quantity(line.quantity) if line.quantity else "", "", "", "", "",
        tuple(str(pointer) for pointer in line.diagnosis_pointers),
    )  # fmt: skip
    for tooth in line.teeth:
        writer.add("TOO", "JP", tooth.number, tooth.surfaces)


def _yes(*, flag: bool) -> str:
    return "Y" if flag else ""


def _write_drug(writer: SetWriter, drug: NationalDrug) -> None:
    writer.enter("2410", drug.extra)
    writer.add("LIN", "", drug.qualifier, drug.code)
    writer.add("CTP", "", "", "", quantity(drug.quantity), (drug.unit,))
    if drug.prescription is not None:
        write_references(writer, (drug.prescription,))


def write_prior_payment(writer: SetWriter, prior: PriorPayment) -> None:
    """Loop 2430."""
    writer.enter("2430", prior.extra)
    writer.add(
        "SVD", prior.payer_id, prior.paid, procedure(prior.procedure), prior.revenue_code, quantity(prior.quantity),
        prior.bundled_line,
    )  # fmt: skip
    write_adjustments(writer, prior.adjustments)
    if prior.decided_on is not None:
        writer.add("DTP", "573", "D8", prior.decided_on)
    if prior.remaining_liability is not None:
        writer.add("AMT", "EAF", prior.remaining_liability)
