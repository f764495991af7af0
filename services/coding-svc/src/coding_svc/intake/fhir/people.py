"""Patients, subscribers and clinicians of a bundle."""

from collections.abc import Iterable
from typing import Literal

from claimstream_schemas.values.people import Patient, PersonName, Sex, Subscriber

from ...domain.visit import Clinician, StatedCoverage
from . import elements as fhir
from .addresses import address_of
from .bundle import Bundle, Entry, MalformedBundle
from .moments import day_of, earliest, is_day, latest

_MEMBER_ID = range(2, 81)
"""Characters of NM109."""

_SEX: dict[str | None, Sex] = {"female": "F", "male": "M"}
_RELATIONSHIP: dict[str | None, Literal["18", "01", "19", "G8", "53"]] = {
    "self": "18",
    "spouse": "01",
    "child": "19",
    "common": "53",
    "other": "G8",
}
_NPI = "http://hl7.org/fhir/sid/us-npi"
_TAXONOMY = "http://nucc.org/provider-taxonomy"
_TITLES = ("Dr.", "Dr", "Mr.", "Mrs.", "Ms.", "Prof.")


def patient_of(patient: fhir.Patient) -> Patient | None:
    """The patient; None without a name or a whole birth date, which every claim needs to say who it is about."""
    name = name_of(patient.name)
    if name is None or patient.birth_date is None or not is_day(patient.birth_date):
        return None
    died = patient.deceased_date_time
    return Patient(
        name=name,
        birth_date=day_of(patient.birth_date),
        sex=_SEX.get(patient.gender, "U"),
        address=address_of(patient.address),
        death_date=day_of(died) if died and is_day(died) else None,
        medical_record_number=_record_number(patient),
    )


def name_of(names: Iterable[fhir.HumanName]) -> PersonName | None:
    """The official name, else the first one with a family name."""
    ordered = sorted((name for name in names if name.family), key=lambda name: name.use != "official")
    if not ordered:
        return None
    name = ordered[0]
    given = [*name.given, "", ""]
    return PersonName(
        last=(name.family or "")[:60],
        first=given[0][:35] or None,
        middle=given[1][:25] or None,
        suffix=(name.suffix[0][:10] if name.suffix else None),
    )


def clinician_of(bundle: Bundle, reference: fhir.Reference | None, within: Entry) -> Clinician | None:
    """Who a reference names: the practitioner in the bundle, else the NPI and the name on the reference itself."""
    if reference is None:
        return None
    practitioner = bundle.find_as(fhir.Practitioner, reference, within)
    if practitioner is None:
        return _from_reference(reference)
    name = name_of(practitioner.name)
    return Clinician(
        id=practitioner.id,
        npi=_identifier(practitioner, _NPI),
        last_name=name.last if name else None,
        first_name=name.first if name else None,
        taxonomy=_taxonomy_of(bundle, practitioner),
    )


def coverage_of(bundle: Bundle, entry: Entry, coverage: fhir.Coverage, patient: Patient) -> StatedCoverage | None:
    """A coverage; None without a member id, without which nobody can be billed.

    Raises:
        MalformedBundle: the member id is not one that a claim can carry (NM109).
    """
    if not coverage.subscriber_id or coverage.status in ("cancelled", "entered-in-error", "draft"):
        return None
    if len(coverage.subscriber_id) not in _MEMBER_ID:
        problem = f"a member id has {_MEMBER_ID[0]} to {_MEMBER_ID[-1]} characters"
        raise MalformedBundle([{"place": f"{entry.place}/subscriberId", "problem": problem}])
    code = next((coding.code for coding in (coverage.relationship or fhir.Concept()).coding), "self")
    relationship = _RELATIONSHIP.get(code, "G8")
    holder = _subscriber(bundle, entry, coverage) if relationship != "18" else None
    group = _class_of(coverage, "group")
    group_facts = {
        "group_number": group.value[:50] if group and group.value else None,
        "group_name": group.name[:60] if group and group.name else None,
    }
    period = coverage.period or fhir.Period()
    return StatedCoverage(
        payers=tuple(_payer_names(bundle, entry, coverage)),
        subscriber=holder.model_copy(update={"relationship": relationship, **group_facts})
        if holder
        else Subscriber(
            member_id=coverage.subscriber_id,
            relationship=relationship,
            name=patient.name,
            birth_date=patient.birth_date,
            sex=patient.sex,
            address=patient.address,
            **group_facts,
        ),
        period_start=earliest(period.start),
        period_end=latest(period.end),
        order=coverage.order,
    )


def _class_of(coverage: fhir.Coverage, kind: str) -> fhir.CoverageClass | None:
    """The coverage's group or plan, http://terminology.hl7.org/CodeSystem/coverage-class."""
    for each in coverage.class_:
        if each.type and any(coding.code == kind for coding in each.type.coding):
            return each
    return None


def _subscriber(bundle: Bundle, entry: Entry, coverage: fhir.Coverage) -> Subscriber | None:
    person = bundle.find_as(fhir.RelatedPerson, coverage.subscriber, entry) or bundle.find_as(
        fhir.Patient, coverage.subscriber, entry
    )
    name = name_of(person.name) if person else None
    if person is None or name is None:
        return None
    return Subscriber(
        member_id=coverage.subscriber_id or "",
        name=name,
        birth_date=day_of(person.birth_date) if person.birth_date and is_day(person.birth_date) else None,
        sex=_SEX.get(person.gender, "U"),
        address=address_of(person.address),
    )


def _payer_names(bundle: Bundle, entry: Entry, coverage: fhir.Coverage) -> Iterable[str]:
    for payor in coverage.payor:
        organization = bundle.find_as(fhir.Organization, payor, entry)
        if organization:
            yield from (identifier.value for identifier in organization.identifier if identifier.value)
            yield from (name for name in (organization.name, *organization.alias) if name)
        if payor.identifier and payor.identifier.value:
            yield payor.identifier.value
        if payor.display:
            yield payor.display


def _from_reference(reference: fhir.Reference) -> Clinician | None:
    text = reference.reference or ""
    npi = text.partition(f"{_NPI}|")[2] or None
    if npi is None and reference.identifier and reference.identifier.system == _NPI:
        npi = reference.identifier.value
    words = [word for word in (reference.display or "").split() if word not in _TITLES]
    if npi is None and not words:
        return None
    return Clinician(npi=npi, last_name=words[-1] if words else None, first_name=words[0] if len(words) > 1 else None)


def _taxonomy_of(bundle: Bundle, practitioner: fhir.Practitioner) -> str | None:
    for entry, role in bundle.of_type(fhir.PractitionerRole):
        if bundle.find_as(fhir.Practitioner, role.practitioner, entry) is practitioner:
            for concept in (*role.code, *role.specialty):
                for coding in concept.coding:
                    if coding.system == _TAXONOMY and coding.code:
                        return coding.code
    return None


def _identifier(resource: fhir.Resource, system: str) -> str | None:
    return next((identifier.value for identifier in resource.identifier if identifier.system == system), None)


def _record_number(patient: fhir.Patient) -> str | None:
    for identifier in patient.identifier:
        codes = [coding.code for coding in identifier.type.coding] if identifier.type else []
        if "MR" in codes and identifier.value:
            return identifier.value[:50]
    return None
