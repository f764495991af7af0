"""Where an encounter was, as the bundle describes it: the ids it may be known by, its kind, its address."""

from collections.abc import Iterator

from claimstream_schemas.values.people import Facility
from claimstream_schemas.values.practice import LocationKind

from . import elements as fhir
from .addresses import address_of
from .bundle import Bundle, Entry

_KINDS: dict[str, LocationKind] = {
    "HOSP": "hospital",
    "GACH": "hospital",
    "CHR": "hospital",
    "MHSP": "hospital",
    "PSYCHF": "hospital",
    "RH": "hospital",
    "HU": "hospital",
    "ER": "hospital",
    "NCCF": "nursing_home",
    "SNF": "nursing_home",
}
"""HL7 ServiceDeliveryLocationRoleType: hospitals and their units, nursing and skilled nursing facilities."""

_HOUSE = "ho"


def location_ids(bundle: Bundle, entry: Entry, encounter: fhir.Encounter) -> tuple[str, ...]:
    """What the practice may know the place by: the organisation, then the location."""
    names: list[str] = []
    for reference in (encounter.service_provider, *(place.location for place in encounter.location)):
        found = bundle.find(reference, entry)
        if found:
            names += [str(found.resource.get("id") or "")]
            names += [str(i.get("value")) for i in found.resource.get("identifier") or () if isinstance(i, dict)]
        elif reference and reference.reference:
            names.append(reference.reference.rpartition("|")[2])
    return tuple(dict.fromkeys(name for name in names if name))


def location_kind(bundle: Bundle, entry: Entry, encounter: fhir.Encounter) -> LocationKind | None:
    """The kind of place, where a location or the organisation tells it by a code."""
    concepts = [concept for location in _locations(bundle, entry, encounter) for concept in location.type]
    organization = bundle.find_as(fhir.Organization, encounter.service_provider, entry)
    concepts += organization.type if organization else ()
    codes = (coding.code or "" for concept in concepts for coding in concept.coding)
    return next((_KINDS[code] for code in codes if code in _KINDS), None)


def was_at_home(bundle: Bundle, entry: Entry, encounter: fhir.Encounter) -> bool | None:
    """Whether the patient was at home; None where no location tells."""
    told = [
        coding.code == _HOUSE
        for location in _locations(bundle, entry, encounter)
        for coding in (location.physical_type.coding if location.physical_type else ())
    ]
    return any(told) if told else None


def described_location(bundle: Bundle, entry: Entry, encounter: fhir.Encounter) -> Facility | None:
    """The organisation with its address."""
    organization = bundle.find_as(fhir.Organization, encounter.service_provider, entry)
    address = address_of(organization.address) if organization else None
    if organization is None or address is None or not organization.name:
        return None
    return Facility(name=organization.name[:60], address=address)


def _locations(bundle: Bundle, entry: Entry, encounter: fhir.Encounter) -> Iterator[fhir.Location]:
    for place in encounter.location:
        location = bundle.find_as(fhir.Location, place.location, entry)
        if location:
            yield location
