"""What an encounter says, as the content of a claim: its payers, members and facts as the practice knows them."""

from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.claim import ClaimPayer
from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import ChargeLine, ClaimKind, Coverage, VisitFacts
from claimstream_schemas.values.people import Subscriber
from claimstream_schemas.values.practice import MEDICARE, Payer, Practice

from .domain.claim import ClaimContent
from .domain.diagnoses import fitted
from .domain.laboratory import has_laboratory_test

_SHORTEST = 2  # NM109; what is shorter is found as no Medicare number


def payer_on_claim(payer: Payer, coverage: Coverage, kind: ClaimKind) -> ClaimPayer:
    """A payer as a claim of this kind names it for one coverage: the plan's own filing code goes first; Medicare has one for each kind."""
    named = ClaimPayer(
        payer_id=payer.id,
        name=payer.name,
        x12_id=payer.x12_id,
        receiver_id=payer.receiver_id,
        claim_filing_indicator=coverage.filing_code
        or kind_of(kind).filing_codes.get(payer.claim_filing_indicator, payer.claim_filing_indicator),
        insurance_type=coverage.insurance_type,
    )
    reports = not named.is_medicare if payer.reports_patient_paid is None else payer.reports_patient_paid
    return named if reports else named.model_copy(update={"reports_patient_paid": False})


def content_of(
    event: EncounterCoded, lines: tuple[ChargeLine, ...], practice: Practice, *, part: int = 1
) -> ClaimContent:
    """The content of a claim for some of an encounter's lines. A coverage whose payer the practice does not know has no payer.

    What the patient paid at the desk was paid once: the first part of a visit has it.
    """
    known = [(practice.payer(coverage.payer_id), coverage) for coverage in event.coverages]
    content = ClaimContent(
        kind=event.kind,
        encounter_version=event.encounter_version,
        source_system=event.source_system,
        started_on=event.started_on,
        ended_on=event.ended_on,
        place_of_service=event.place_of_service,
        place_of_service_source=event.place_of_service_source,
        location_id=event.location_id,
        facility=event.facility,
        providers=event.providers,
        coverages=event.coverages,
        payers=tuple(payer_on_claim(payer, coverage, event.kind) for payer, coverage in known if payer is not None),
        diagnoses=event.diagnoses,
        lines=lines,
        stay=event.stay,
        facts=_facts(event, lines, practice),
        patient=event.person.patient,
        subscribers=_members(event, practice),
    )
    return fitted(content if part == 1 else content.with_patient_paid(None))


def _facts(event: EncounterCoded, lines: tuple[ChargeLine, ...], practice: Practice) -> VisitFacts:
    """The visit's own; with the number of the practice's laboratory where it did a test and the encounter names none."""
    number, own = practice.clia_number, event.facts.clia_number
    has_place = kind_of(event.kind).has_clia_number
    if number is None or own is not None or not has_place or not has_laboratory_test(lines):
        return event.facts
    return event.facts.model_copy(update={"clia_number": number})


def _members(event: EncounterCoded, practice: Practice) -> tuple[Subscriber, ...]:
    """Who holds each coverage; a Medicare number without the blanks and dashes of the card, which its format has not."""
    return tuple(
        _without_blanks(subscriber) if _is_original_medicare(coverage, practice) else subscriber
        for coverage, subscriber in zip(event.coverages, event.person.subscribers, strict=False)
    )


def _is_original_medicare(coverage: Coverage, practice: Practice) -> bool:
    payer = practice.payer(coverage.payer_id)
    return payer is not None and (coverage.filing_code or payer.claim_filing_indicator) in MEDICARE


def _without_blanks(subscriber: Subscriber) -> Subscriber:
    number = "".join(subscriber.member_id.replace("-", "").split()).upper()
    return (
        subscriber
        if number == subscriber.member_id or len(number) < _SHORTEST
        else subscriber.model_copy(update={"member_id": number})
    )
