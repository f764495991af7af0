"""The people and organisations of a submission as X12 records; their names are transliterated here."""

from dataclasses import replace

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import ClaimPayer, PayerSequence, SubmittedLine
from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import ClaimKind
from claimstream_schemas.values.people import Address as PostalAddress
from claimstream_schemas.values.people import Facility, Provider, Subscriber
from claimstream_x12 import Address, Party, Reference, transliterate
from claimstream_x12.claim_837 import BillingProvider, Demographics, Patient
from claimstream_x12.claim_837 import Subscriber as SubscriberRecord

_WITH_STATES_IN_N402 = frozenset({"CA"})
"""Beside the United States; the subdivisions of every other country stand in N407."""
_WHY_MEDICARE_IS_SECOND = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})


def billing_provider_record(event: ClaimSubmitted) -> BillingProvider:
    """Loop 2000A: who bills."""
    provider = event.billing_provider
    return BillingProvider(
        Party(
            "85",
            "2",
            transliterate(provider.name),
            id_qualifier="XX",
            id=provider.npi,
            address=_address(provider.address),
            taxonomy=provider.taxonomy,
            references=(Reference("EI", provider.tin),),
        )
    )


def subscriber_record(event: ClaimSubmitted, *, is_patient: bool) -> SubscriberRecord:
    """Loop 2000B: who holds the coverage, and the payer that this submission goes to."""
    who, patient = event.person.subscriber, event.person.patient
    address = who.address or (patient.address if is_patient else None)
    party = member_record(who, address)
    if is_patient:
        party = replace(party, references=_accident(event))
        person = Demographics(born=patient.birth_date, gender=patient.sex, died=patient.death_date)
    else:
        person = Demographics()  # DMG tells of the subscriber as the patient alone
    return SubscriberRecord(
        party=party,
        payer=payer_record(event.payer),
        responsibility=event.payer_sequence,
        is_patient=is_patient,
        group_number=transliterate(who.group_number or ""),
        group_name=group_name(who),
        insurance_type=insurance_type(event.payer, event.payer_sequence, event.kind),
        filing_indicator=event.payer.claim_filing_indicator,
        person=person,
    )


def group_name(who: Subscriber) -> str:
    """SBR04: it stands for a number that nobody knows."""
    return "" if who.group_number else transliterate(who.group_name or "")


def insurance_type(payer: ClaimPayer, sequence: PayerSequence, kind: ClaimKind) -> str:
    """SBR05: why Medicare is not the primary payer. Where a kind of claim has no place for it, value codes say it."""
    is_second = payer.is_medicare and sequence != "P"
    told = payer.insurance_type
    return told if kind_of(kind).has_insurance_type and is_second and told in _WHY_MEDICARE_IS_SECOND else ""


def patient_record(event: ClaimSubmitted) -> Patient:
    """Loop 2000C: a dependent, who has no member id of its own."""
    patient, subscriber = event.person.patient, event.person.subscriber
    party = Party(
        "QC",
        "1",
        transliterate(patient.last),
        transliterate(patient.first or ""),
        transliterate(patient.middle or ""),
        transliterate(patient.suffix or ""),
        address=_address(patient.address or subscriber.address),
        references=_accident(event),
    )
    person = Demographics(born=patient.birth_date, gender=patient.sex, died=patient.death_date)
    return Patient(party, subscriber.relationship, person)


def _accident(event: ClaimSubmitted) -> tuple[Reference, ...]:
    """REF*Y4 of the patient: by which number the insurer of an accident knows it (loops 2010BA, 2010CA)."""
    number = event.facts.property_casualty_claim_number
    return (Reference("Y4", transliterate(number)),) if number else ()


def member_record(who: Subscriber, address: PostalAddress | None) -> Party:
    """The holder of a coverage as its payer knows it."""
    return Party(
        "IL",
        "1",
        transliterate(who.name.last),
        transliterate(who.name.first or ""),
        transliterate(who.name.middle or ""),
        transliterate(who.name.suffix or ""),
        "MI",
        transliterate(who.member_id),
        address=_address(address),
    )


def payer_record(payer: ClaimPayer, *references: Reference) -> Party:
    """A payer with its references."""
    return Party(
        "PR",
        "2",
        transliterate(payer.name),
        id_qualifier="PI",
        id=transliterate(payer.x12_id),
        references=references,
    )


def rendering_of(event: ClaimSubmitted) -> Provider | None:
    """Who rendered the claim's services; one who is the billing provider is not said twice."""
    rendering = event.providers.rendering
    return None if rendering is None or rendering.npi == event.billing_provider.npi else rendering


def line_rendering(line: SubmittedLine, event: ClaimSubmitted) -> Provider | None:
    """Who rendered this line, when that is another than the claim says."""
    of_claim = event.providers.rendering.npi if event.providers.rendering else event.billing_provider.npi
    return None if line.rendering is None or line.rendering.npi == of_claim else line.rendering


def provider_record(role: str, provider: Provider, *, taxonomy: bool = False) -> Party:
    """A provider in a role; the taxonomy only where the guide has a place for it."""
    return Party(
        role,
        "1" if provider.first_name is not None else "2",
        transliterate(provider.last_name),
        transliterate(provider.first_name or ""),
        id_qualifier="XX",
        id=provider.npi,
        taxonomy=(provider.taxonomy or "") if taxonomy else "",
    )


def facility_record(facility: Facility) -> Party:
    """Where it was done."""
    return Party(
        "77",
        "2",
        transliterate(facility.name),
        id_qualifier="XX" if facility.npi else "",
        id=facility.npi or "",
        address=_address(facility.address),
    )


def _address(address: PostalAddress | None) -> Address | None:
    if address is None:
        return None
    state = transliterate(address.state)
    in_n402 = not address.is_foreign or address.country in _WITH_STATES_IN_N402
    return Address(
        transliterate(address.line1),
        transliterate(address.city),
        state if in_n402 else "",
        transliterate(address.postal_code),
        transliterate(address.line2 or ""),
        country=(address.country or "") if address.is_foreign else "",
        subdivision="" if in_n402 else state,
    )
