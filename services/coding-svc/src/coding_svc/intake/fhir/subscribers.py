"""Who holds a coverage: the patient, or somebody whom the bundle names; where the two contradict each other it is asked."""

from datetime import date
from typing import Literal

from claimstream_schemas.values.base import Value
from claimstream_schemas.values.people import Address, Patient, PersonName, Sex

from . import elements as fhir
from .addresses import address_of
from .bundle import Bundle, Entry
from .moments import day_of, is_day
from .people import SEX, name_of

Relationship = Literal["18", "01", "19", "G8", "53"]
OWN: Relationship = "18"
_RELATIONSHIPS: dict[str, Relationship] = {
    "self": OWN,
    "oneself": OWN,
    "spouse": "01",
    "child": "19",
    "common": "53",
    "other": "G8",
}
_WHO = "who holds it, and how is the patient related to the subscriber?"


class Holder(Value):
    """The person who holds a coverage."""

    name: PersonName
    birth_date: date | None = None
    sex: Sex = "U"
    address: Address | None = None


def relationship_of(coverage: fhir.Coverage) -> Relationship | None:
    """The patient's relationship to the subscriber; None where it is not told, G8 where no code of ours says it."""
    words = coverage.relationship.words if coverage.relationship else ()
    if not words:
        return None
    return next((_RELATIONSHIPS[word] for word in words if word in _RELATIONSHIPS), "G8")


def holder_of(  # noqa: PLR0913  the coverage where it stands, whose it is, and when
    bundle: Bundle, entry: Entry, coverage: fhir.Coverage, person: Entry, patient: Patient, on: date | None
) -> tuple[Holder | None, str | None]:
    """The subscriber, or what must be asked."""
    relationship = relationship_of(coverage)
    found = bundle.find(coverage.subscriber, entry)
    other = _person(bundle, found, on) if found and found.place != person.place else None
    if other is not None and _is_same(other, patient):
        found, other = person, None
    if relationship in (OWN, None):
        if other is None and not _names_somebody_else(coverage, found):
            return Holder(**{name: getattr(patient, name) for name in Holder.model_fields}), None
        told = "self" if relationship else "not told"
        return None, f"the relationship is {told}, and the subscriber is another person: {_WHO}"
    if other is not None:
        return other, None
    is_patient = found is not None and found.place == person.place
    problem = "the subscriber is the patient" if is_patient else "no subscriber with family and given name is told"
    return None, f"the relationship is not self, and {problem}: {_WHO}"


def _names_somebody_else(coverage: fhir.Coverage, found: Entry | None) -> bool:
    """A relative who is not in the bundle, or has no name there, is still not the patient."""
    reference = (coverage.subscriber.reference if coverage.subscriber else None) or ""
    return found.type == "RelatedPerson" if found else "RelatedPerson/" in reference


def _person(bundle: Bundle, found: Entry, on: date | None) -> Holder | None:
    if found.type not in ("RelatedPerson", "Patient"):
        return None
    person = (
        bundle.read(found, fhir.RelatedPerson) if found.type == "RelatedPerson" else bundle.read(found, fhir.Patient)
    )
    name = name_of(person.name, on)
    if name is None:
        return None
    born = day_of(person.birth_date) if person.birth_date and is_day(person.birth_date) else None
    return Holder(name=name, birth_date=born, sex=SEX.get(person.gender, "U"), address=address_of(person.address, on))


def _is_same(other: Holder, patient: Patient) -> bool:
    """Whether a subscriber is the patient under another record."""
    return other.birth_date == patient.birth_date and _called(other.name) == _called(patient.name)


def _called(name: PersonName) -> tuple[str, str]:
    return name.last.casefold(), (name.first or "").casefold()
