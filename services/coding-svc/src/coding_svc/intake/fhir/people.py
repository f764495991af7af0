"""Patients and clinicians of a bundle."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from claimstream_schemas.values.people import Patient, PersonName, Sex

from ...domain.visit import Clinician
from . import elements as fhir
from .addresses import address_of
from .bundle import Bundle, Entry
from .moments import day_of, is_day

SEX: dict[str | None, Sex] = {"female": "F", "male": "M"}
_NAME_USES = {"official": 0, "usual": 1, None: 2}
"""What comes before every other use: nickname, maiden, old, temporary and anonymous names."""

_NPI = "http://hl7.org/fhir/sid/us-npi"
_NPIS = (_NPI, "urn:oid:2.16.840.1.113883.4.6")
_TAXONOMY = "http://nucc.org/provider-taxonomy"
_RELATIVE = re.compile(r"Practitioner/([A-Za-z0-9.-]{1,64})")
_TITLES = ("Dr.", "Dr", "Mr.", "Mrs.", "Ms.", "Prof.")


def patient_of(patient: fhir.Patient, on: date | None = None) -> Patient | None:
    """The patient as of a day; None without a name or a whole birth date, which every claim needs to say who it is about."""
    name = name_of(patient.name, on)
    if name is None or patient.birth_date is None or not is_day(patient.birth_date):
        return None
    died = patient.deceased_date_time
    return Patient(
        name=name,
        birth_date=day_of(patient.birth_date),
        sex=SEX.get(patient.gender, "U"),
        address=address_of(patient.address, on),
        death_date=day_of(died) if died and is_day(died) else None,
        medical_record_number=_record_number(patient),
    )


def name_of(names: Iterable[fhir.HumanName], on: date | None = None) -> PersonName | None:
    """The name that holds on a day: official, usual, of no use told, then any other; one in Latin letters before one without."""
    holding = [each for each in names if each.family and fhir.holds(each.period, on)]
    if not holding:
        return None
    name = min(holding, key=_preference)
    given = [*name.given, "", ""]
    return PersonName(
        last=(name.family or "")[:60],
        first=given[0][:35] or None,
        middle=given[1][:25] or None,
        suffix=(name.suffix[0][:10] if name.suffix else None),
    )


def _preference(name: fhir.HumanName) -> tuple[bool, bool, int]:
    rank = _NAME_USES.get(name.use, len(_NAME_USES))
    return rank == len(_NAME_USES), not _is_latin(name.family or ""), rank


def _is_latin(text: str) -> bool:
    """Whether a claim's letters can write it: X12 has no others."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha())


def clinician_of(bundle: Bundle, reference: fhir.Reference | None, within: Entry) -> Clinician | None:
    """Who a reference names: the practitioner in the bundle, else the NPI and the name on the reference itself."""
    if reference is None:
        return None
    role = bundle.find(reference, within)
    if role is not None and role.type == "PractitionerRole":
        return clinician_of(bundle, bundle.read(role, fhir.PractitionerRole).practitioner, role)
    practitioner = bundle.find_as(fhir.Practitioner, reference, within)
    if practitioner is None:
        return _from_reference(reference)
    name = name_of(practitioner.name)
    return Clinician(
        id=practitioner.id,
        npi=_npi_of(practitioner),
        last_name=name.last if name else None,
        first_name=name.first if name else None,
        taxonomy=_taxonomy_of(bundle, practitioner),
    )


def _from_reference(reference: fhir.Reference) -> Clinician | None:
    """Who is named by an NPI, by an id that the roster may know, or by a name alone."""
    text = reference.reference or ""
    npi = next((told for system in _NPIS if (told := text.partition(f"{system}|")[2])), None)
    if npi is None and reference.identifier and reference.identifier.system in _NPIS:
        npi = reference.identifier.value
    known_as = _RELATIVE.fullmatch(text)
    words = [word for word in (reference.display or "").split() if word not in _TITLES]
    if npi is None and known_as is None and not words:
        return None
    return Clinician(
        id=known_as[1] if known_as else None,
        npi=npi,
        last_name=words[-1] if words else None,
        first_name=words[0] if len(words) > 1 else None,
    )


def _taxonomy_of(bundle: Bundle, practitioner: fhir.Practitioner) -> str | None:
    for entry, role in bundle.of_type(fhir.PractitionerRole):
        if bundle.find_as(fhir.Practitioner, role.practitioner, entry) is practitioner:
            for concept in (*role.code, *role.specialty):
                for coding in concept.coding:
                    if coding.system == _TAXONOMY and coding.code:
                        return coding.code
    return None


def _npi_of(practitioner: fhir.Practitioner) -> str | None:
    return next((identifier.value for identifier in practitioner.identifier if identifier.system in _NPIS), None)


def _record_number(patient: fhir.Patient) -> str | None:
    for identifier in patient.identifier:
        codes = [coding.code for coding in identifier.type.coding] if identifier.type else []
        if "MR" in codes and identifier.value:
            return identifier.value[:50]
    return None
