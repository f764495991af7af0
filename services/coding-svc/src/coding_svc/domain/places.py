"""Who took part and where it was, by the practice's own roster and locations first."""

from claimstream_schemas.values.encounter import Providers
from claimstream_schemas.values.people import Address, Facility, Provider
from claimstream_schemas.values.practice import Practice, ServiceLocation

from .visit import Clinician, Clinicians, Visit

OFFICE = "11"


def provider_of(clinician: Clinician | None, practice: Practice) -> Provider | None:
    """The provider; None where neither the EHR nor the roster gives a number and a name: a claim rule asks for them."""
    if clinician is None:
        return None
    known = practice.clinician_known_as(clinician.id, clinician.npi)
    npi = known.npi if known else clinician.npi
    last_name = known.last_name if known else clinician.last_name
    if not npi or not last_name:
        return None
    return Provider(
        npi=npi,
        last_name=last_name[:60],
        first_name=((known.first_name if known else clinician.first_name) or None),
        taxonomy=(known.taxonomy if known else None) or clinician.taxonomy,
    )


def providers_of(clinicians: Clinicians, practice: Practice) -> Providers:
    """All who took part."""
    roles = ("rendering", "referring", "ordering", "supervising", "attending", "operating")
    return Providers.model_validate({role: provider_of(getattr(clinicians, role), practice) for role in roles})


def facility_of(visit: Visit, practice: Practice) -> tuple[Facility | None, str | None]:
    """Where it was, and the place of service: the EHR's word for it, else the location's own."""
    location = _location_of(visit, practice)
    place = visit.place_of_service or (location.place_of_service if location else OFFICE)
    if location is None:
        return visit.location, place
    address = Address.model_validate(location.address.model_dump())
    if address.line1 == practice.address.line1 and address.postal_code == practice.address.postal_code:
        return None, place
    return Facility(name=location.name, npi=location.npi, address=address), place


def _location_of(visit: Visit, practice: Practice) -> ServiceLocation | None:
    return next((place for place in practice.locations if place.id in visit.location_ids), None)
