"""A submission as the records of an 837: the claim.

`party_records.py` has who is named in it, `line_records.py` its lines, `guides` what only one kind of claim has.
Names and texts are transliterated; anything else that X12 does not take is refused by the writer, with its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import OtherCoverage
from claimstream_schemas.values.claim_kinds import KindOfClaim, kind_of
from claimstream_schemas.values.encounter import ClaimKind
from claimstream_schemas.values.encounter import Diagnosis as VisitDiagnosis
from claimstream_schemas.values.people import Subscriber
from claimstream_x12 import Contact, Party, Reference, transliterate
from claimstream_x12.claim_837 import (
    BilledClaim,
    Claim,
    ClaimHeader,
    Diagnosis,
    Guide,
    Note,
)
from claimstream_x12.claim_837 import OtherCoverage as CoverageRecord

from .guides import GUIDES
from .line_records import adjustment_records, line_record
from .party_records import (
    billing_provider_record,
    group_name,
    insurance_type,
    member_record,
    patient_record,
    payer_record,
    subscriber_record,
)

SELF = "18"


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
    facts, kind = event.facts, kind_of(event.kind)
    ordered = order_diagnoses(event.diagnoses, kind)
    parts = GUIDES[event.kind].claim(event)
    return Claim(
        control_number=event.control_number,
        charge=event.total_charge,
        facility_code=parts.facility_code,
        frequency=event.frequency_code,
        lines=tuple(line_record(line, event, ordered.pointers) for line in event.lines),
        diagnoses=ordered.diagnoses,
        provider_signature="Y" if facts.signature_on_file else "N",
        assignment=facts.accepts_assignment,
        benefits_assigned=facts.benefits_assigned,
        release=facts.release_of_information,
        related_causes=parts.related_causes,
        accident_state=facts.accident_state or "",
        delay_reason=facts.delay_reason or "",
        dates=parts.dates,
        amounts=parts.amounts,
        references=_references(event, kind),
        notes=(Note("ADD", transliterate(facts.note)),) if facts.note else (),
        condition_codes=parts.condition_codes,
        institutional=parts.institutional,
        providers=parts.providers,
        other_coverages=tuple(
            _other_coverage(coverage, subscriber, event.kind)
            for coverage, subscriber in zip(event.other_coverages, event.person.other_subscribers, strict=True)
        ),
    )


def order_diagnoses(given: Iterable[VisitDiagnosis], kind: KindOfClaim) -> Ordered:
    """The principal first, those that have a place of their own left out."""
    numbered = list(enumerate(given, start=1))
    listed = sorted(
        (each for each in numbered if each[1].kind not in kind.apart), key=lambda each: each[1].kind != "principal"
    )
    places: dict[str, int] = {}
    records: list[Diagnosis] = []
    pointers: dict[int, int] = {}
    for number, diagnosis in listed:
        if diagnosis.code not in places:
            poa = diagnosis.present_on_admission if kind.has_stay else None
            records.append(Diagnosis(diagnosis.code, poa or ""))
            places[diagnosis.code] = len(records)
        pointers[number] = places[diagnosis.code]
    return Ordered(tuple(records), pointers)


def _references(event: ClaimSubmitted, kind: KindOfClaim) -> tuple[Reference, ...]:
    facts, patient = event.facts, event.person.patient
    named = (
        ("9F", facts.referral_number),
        ("G1", facts.prior_authorization),
        ("F8", event.original_payer_claim_number),
        ("X4", facts.clia_number if kind.has_clia_number else None),
        ("EA", patient.medical_record_number),
    )
    return tuple(Reference(qualifier, transliterate(value)) for qualifier, value in named if value)


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
