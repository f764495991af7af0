"""A submission as the records of an 837: the claim. `party_records.py` has who is named in it, `line_records.py` its lines.

Names and texts are transliterated; anything else that X12 does not take is refused by the writer, with its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import OtherCoverage
from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import APART, ClaimKind, Stay
from claimstream_schemas.values.encounter import Diagnosis as VisitDiagnosis
from claimstream_schemas.values.people import Subscriber
from claimstream_x12 import Amount, Contact, Dated, Party, Reference, transliterate
from claimstream_x12.claim_837 import (
    BilledClaim,
    Claim,
    ClaimHeader,
    Diagnosis,
    Guide,
    InstitutionalCode,
    InstitutionalInformation,
    Note,
)
from claimstream_x12.claim_837 import OtherCoverage as CoverageRecord

from .line_records import adjustment_records, line_record
from .party_records import (
    billing_provider_record,
    group_name,
    insurance_type,
    member_record,
    patient_record,
    payer_record,
    provider_records,
    subscriber_record,
)

SELF = "18"
_UNKNOWN_ADMISSION_TYPE = "9"
_PATIENT_PAID = "FC"


@dataclass(frozen=True)
class Ordered:
    """The diagnoses in the order of the wire, and where each pointer of the event's order goes."""

    diagnoses: tuple[Diagnosis, ...]
    pointers: dict[int, int]


def claim_header(event: ClaimSubmitted, *, reference: str, created: datetime) -> ClaimHeader:
    """The header of the set that this submission travels in."""
    provider = event.billing_provider
    contact = Contact((("TE", provider.contact_phone),), name=transliterate(provider.contact_name))
    return ClaimHeader(
        guide=Guide(kind_of(event.kind).guide),
        reference=reference,
        created=created.replace(tzinfo=None),
        submitter=Party(
            "41",
            "2",
            transliterate(provider.name),
            id_qualifier="46",
            id=transliterate(provider.submitter_id),
            contacts=(contact,),
        ),
        receiver=Party(
            "40",
            "2",
            transliterate(event.payer.receiver_id),
            id_qualifier="46",
            id=transliterate(event.payer.receiver_id),
        ),
    )


def billed_claim(event: ClaimSubmitted) -> BilledClaim:
    """The submission with its provider, subscriber and patient."""
    is_patient = event.person.subscriber.relationship == SELF
    return BilledClaim(
        billing=billing_provider_record(event),
        subscriber=subscriber_record(event, is_patient=is_patient),
        claim=_claim(event),
        patient=None if is_patient else patient_record(event),
    )


def _claim(event: ClaimSubmitted) -> Claim:
    facts, professional = event.facts, event.kind == "professional"
    ordered = order_diagnoses(event.diagnoses, professional=professional)
    stay = event.stay
    place = event.place_of_service if professional or stay is None else stay.facility_and_care
    return Claim(
        control_number=event.control_number,
        charge=event.total_charge,
        facility_code=place or "",
        frequency=event.frequency_code,
        lines=tuple(line_record(line, event, ordered.pointers) for line in event.lines),
        diagnoses=ordered.diagnoses,
        provider_signature="Y" if facts.signature_on_file else "N",
        assignment=facts.accepts_assignment,
        benefits_assigned=facts.benefits_assigned,
        release=facts.release_of_information,
        related_causes=(facts.related_cause,) if facts.related_cause and professional else (),
        accident_state=facts.accident_state or "",
        delay_reason=facts.delay_reason or "",
        dates=_professional_dates(event) if professional else _institutional_dates(event),
        amounts=_patient_paid(event) if professional else (),
        references=_references(event, professional=professional),
        notes=(Note("ADD", transliterate(facts.note)),) if facts.note else (),
        condition_codes=stay.condition_codes if stay is not None and not professional else (),
        institutional=None if professional else _institutional(event, stay),
        providers=tuple(provider_records(event, professional=professional)),
        other_coverages=tuple(
            _other_coverage(coverage, subscriber, event.kind)
            for coverage, subscriber in zip(event.other_coverages, event.person.other_subscribers, strict=True)
        ),
    )


def _patient_paid(event: ClaimSubmitted) -> tuple[Amount, ...]:
    """AMT*F5, where the payer's policy is to be told: Medicare may then pay the patient."""
    paid = event.facts.patient_paid
    return (Amount("F5", paid),) if paid and event.payer.reports_patient_paid else ()


def _values(event: ClaimSubmitted, stay: Stay | None) -> tuple[InstitutionalCode, ...]:
    """The stay's value codes; FC says on an institutional claim what AMT*F5 says on a professional one."""
    given = [InstitutionalCode(one.code, amount=one.amount) for one in (stay.values if stay else ())]
    if not any(one.code == _PATIENT_PAID for one in given):
        given += [InstitutionalCode(_PATIENT_PAID, amount=one.amount) for one in _patient_paid(event)]
    return tuple(given)


def order_diagnoses(given: Iterable[VisitDiagnosis], *, professional: bool) -> Ordered:
    """The principal first. An institutional claim has admitting, visit and external-cause codes in places of their own."""
    numbered = list(enumerate(given, start=1))
    apart = frozenset() if professional else APART
    listed = sorted(
        (each for each in numbered if each[1].kind not in apart), key=lambda each: each[1].kind != "principal"
    )
    places: dict[str, int] = {}
    records: list[Diagnosis] = []
    pointers: dict[int, int] = {}
    for number, diagnosis in listed:
        if diagnosis.code not in places:
            records.append(_diagnosis(diagnosis, professional=professional))
            places[diagnosis.code] = len(records)
        pointers[number] = places[diagnosis.code]
    return Ordered(tuple(records), pointers)


def _diagnosis(diagnosis: VisitDiagnosis, *, professional: bool) -> Diagnosis:
    return Diagnosis(diagnosis.code, "" if professional else diagnosis.present_on_admission or "")


def _references(event: ClaimSubmitted, *, professional: bool) -> tuple[Reference, ...]:
    facts, patient = event.facts, event.person.patient
    original = event.original_payer_claim_number
    named = (
        ("9F", facts.referral_number),
        ("G1", facts.prior_authorization),
        ("F8", original),
        ("X4", facts.clia_number if professional else None),
        ("EA", patient.medical_record_number),
    )
    return tuple(Reference(qualifier, transliterate(value)) for qualifier, value in named if value)


def _professional_dates(event: ClaimSubmitted) -> tuple[Dated, ...]:
    facts, stay = event.facts, event.stay
    named = (
        ("431", facts.onset_on),
        ("439", facts.accident_on if facts.related_cause else None),
        ("435", stay.admitted_on if stay else None),
    )
    return tuple(Dated(qualifier, day) for qualifier, day in named if day)


def _institutional_dates(event: ClaimSubmitted) -> tuple[Dated, ...]:
    stay = event.stay
    dates = []
    if stay is not None and stay.discharged_hour is not None:
        dates.append(Dated("096", at=time(stay.discharged_hour)))
    dates.append(Dated("434", event.statement_from, event.statement_to))
    if stay is not None and stay.admitted_on is not None:
        dates.append(Dated("435", stay.admitted_on, at=time(stay.admitted_hour or 0)))
    return tuple(dates)


def _institutional(event: ClaimSubmitted, stay: Stay | None) -> InstitutionalInformation:
    of_kind: dict[str, list[Diagnosis]] = {}
    for diagnosis in event.diagnoses:
        of_kind.setdefault(diagnosis.kind, []).append(_diagnosis(diagnosis, professional=False))
    procedures = [InstitutionalCode(one.code, one.performed_on) for one in (stay.procedures if stay else ())]
    admitting = of_kind.get("admitting", [])
    return InstitutionalInformation(
        admission_type=(stay.admission_type if stay else None) or _UNKNOWN_ADMISSION_TYPE,
        admission_source=(stay.admission_source if stay else None) or "",
        patient_status=stay.patient_status if stay else "",
        admitting_diagnosis=Diagnosis(admitting[0].code) if admitting else None,
        visit_reasons=tuple(Diagnosis(one.code) for one in of_kind.get("reason_for_visit", ())),
        external_causes=tuple(of_kind.get("external_cause", ())),
        drg=(stay.drg if stay else None) or "",
        principal_procedure=procedures[0] if procedures else None,
        other_procedures=tuple(procedures[1:]),
        occurrences=tuple(InstitutionalCode(one.code, one.on) for one in (stay.occurrences if stay else ())),
        values=_values(event, stay),
    )


def _other_coverage(coverage: OtherCoverage, subscriber: Subscriber, kind: ClaimKind) -> CoverageRecord:
    decision = coverage.decision
    by_line = decision is not None and bool(decision.lines)
    number = decision.payer_claim_number if decision else None
    return CoverageRecord(
        responsibility=coverage.payer_sequence,
        relationship=subscriber.relationship,
        subscriber=member_record(subscriber, subscriber.address),
        payer=payer_record(coverage.payer, *((Reference("F8", transliterate(number)),) if number else ())),
        group_number=transliterate(subscriber.group_number or ""),
        group_name=group_name(subscriber),
        insurance_type=insurance_type(coverage.payer, coverage.payer_sequence, kind),
        filing_indicator=coverage.payer.claim_filing_indicator,
        adjustments=adjustment_records(decision.adjustments) if decision else (),
        paid=decision.paid if decision else None,
        remaining_liability=decision.patient_liability if decision else None,
        decided_on=None if decision is None or by_line else decision.decided_on,
    )
