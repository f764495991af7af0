"""Patients and clinicians of a bundle."""

from collections.abc import Iterable

from claimstream_schemas.values.people import Patient, PersonName, Sex

from ...domain.visit import Clinician
from . import elements as fhir
from .addresses import address_of
from .bundle import Bundle, Entry
from .moments import day_of, is_day

SEX: dict[str | None, Sex] = {"female": "F", "male": "M"}
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
        sex=SEX.get(patient.gender, "U"),
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
