"""Who bills a claim: the practice, or the place itself for the kinds of claim that it bills under its own name.

A hospital does not bill as the clinic: its institutional claims name its own NPI, taxonomy, address and tax id (837I loop 2010AA).
"""

from claimstream_schemas.values.claim import BillingProvider
from claimstream_schemas.values.people import Address, Facility
from claimstream_schemas.values.practice import Practice, ServiceLocation

from .claim import ClaimContent

_OF_A_KIND = {"hospital": "282N00000X", "nursing_home": "314000000X"}
"""NUCC: general acute care hospital, skilled nursing facility: where a location that bills names no taxonomy of its own."""


def billing_provider(content: ClaimContent, practice: Practice) -> BillingProvider:
    """Who bills this claim."""
    place = _itself(content, practice)
    return BillingProvider(
        name=place.name if place else practice.name,
        npi=place.npi if place else practice.npi,
        tin=(place.tax_id if place else None) or practice.tin,
        taxonomy=_taxonomy(place, practice),
        address=Address.model_validate((place or practice).address.model_dump()),
        contact_name=practice.contact.name,
        contact_phone=practice.contact.phone,
        submitter_id=practice.submitter_id,
    )


def service_facility(content: ClaimContent, practice: Practice) -> Facility | None:
    """Where it was done, when that is not who bills."""
    place = _itself(content, practice)
    is_same = place is not None and content.facility is not None and content.facility.npi == place.npi
    return None if is_same else content.facility


def _itself(content: ClaimContent, practice: Practice) -> ServiceLocation | None:
    place = practice.location_known_as(content.location_id) if content.location_id else None
    return place if place is not None and place.bills_itself(content.kind) else None


def _taxonomy(place: ServiceLocation | None, practice: Practice) -> str:
    if place is None:
        return practice.taxonomy
    return place.taxonomy or _OF_A_KIND.get(place.kind) or practice.taxonomy
