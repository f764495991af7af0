"""Who took part and where it was, by the practice's own roster and locations first.

A place of service is known or asked, in this order: the EHR gives it; the patient's status says it; the location is of a kind that says
it, or has been asked about before. A hospital or a nursing home has no single place of service (CMS, MCPM 26 §10.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from claimstream_schemas.values.encounter import PlaceSource, Providers
from claimstream_schemas.values.people import Address, Facility, Provider
from claimstream_schemas.values.practice import LocationKind, Practice, PracticeAddress, ServiceLocation

from .answers import Answers
from .asking import Asked
from .visit import Clinician, Clinicians, Visit

_INPATIENT, _ON_CAMPUS, _OFF_CAMPUS, _EMERGENCY = "21", "22", "19", "23"
_HOME, _TELEHEALTH, _TELEHEALTH_AT_HOME = "12", "02", "10"
_AT_HOME = frozenset({_HOME, _TELEHEALTH_AT_HOME})
_HOME_HEALTH = ("32", "33", "34")
"""Types of bill of home health, which have no place of service (NUBC, form locator 4)."""
_SKILLED_NURSING, _NURSING = "31", "32"
_ZIP = 5
_NO_LOCATION = "no location from "


@dataclass(frozen=True)
class Remembered:
    """What a person said of a location that the practice's list does not know."""

    kind: LocationKind | None = None
    place_of_service: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a visit was."""

    code: str | None
    source: PlaceSource | None
    facility: Facility | None
    asked: tuple[Asked, ...] = ()


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


def asks_of_location(visit: Visit, practice: Practice) -> str | None:
    """The location of which a person may have told what it is; None where nothing is to be asked of it.

    Of visits without a location it is their EHR: where it never names one, a person may say what that means.
    """
    if not visit.kind.has_place_of_service or visit.place_of_service or practice.location_known_as(*visit.location_ids):
        return None
    return visit.location_ids[0] if visit.location_ids else f"{_NO_LOCATION}{visit.source_system}"


def names_a_location(asked: str) -> bool:
    """Whether what is asked about is a location, and not an EHR that names none."""
    return not asked.startswith(_NO_LOCATION)


def place_of(visit: Visit, practice: Practice, answers: Answers, remembered: Mapping[str, Remembered]) -> Place:
    """Where it was, and the place of service of a professional visit."""
    location = practice.location_known_as(*visit.location_ids)
    if not visit.kind.has_place_of_service:
        return Place(None, None, _facility(visit, location, practice, at_home=_is_home_health(visit)))
    told = remembered.get(asks_of_location(visit, practice) or "", Remembered())
    kind = location.kind if location else visit.location_kind or told.kind
    is_off_campus = location is not None and location.off_campus
    candidates: tuple[tuple[str | None, PlaceSource], ...] = (
        (answers.place_of_service, "coder"),
        (visit.place_of_service or _of_lines(visit), "given"),
        (_by_status(visit, kind, off_campus=is_off_campus), "patient_status"),
        (_by_location(visit, location, kind), "location"),
        (told.place_of_service if visit.patient_status != "telehealth" else None, "remembered"),
    )
    for code, source in candidates:
        if code:
            return Place(code, source, _facility(visit, location, practice, at_home=code in _AT_HOME))
    facility = _facility(visit, location, practice, at_home=False)
    return Place(None, None, facility, (_asked(visit, practice, location, kind),))


def _of_lines(visit: Visit) -> str | None:
    """The first line's, where each line has one."""
    places = [service.place_of_service for service in visit.services]
    return places[0] if all(places) and places else None


def _by_status(visit: Visit, kind: LocationKind | None, *, off_campus: bool) -> str | None:
    status = visit.patient_status
    outpatient = _OFF_CAMPUS if off_campus else _ON_CAMPUS
    if status == "inpatient":
        return None if kind == "nursing_home" or visit.is_skilled_nursing else _INPATIENT
    if status == "outpatient":
        return outpatient if kind == "hospital" else None
    if status == "telehealth":
        return None if visit.is_at_home is None else _TELEHEALTH_AT_HOME if visit.is_at_home else _TELEHEALTH
    return {"emergency": _EMERGENCY, "observation": outpatient, "home": _HOME}.get(status or "")


def _by_location(visit: Visit, location: ServiceLocation | None, kind: LocationKind | None) -> str | None:
    if visit.patient_status == "telehealth":
        return None
    if kind == "nursing_home" or visit.is_skilled_nursing:
        return _SKILLED_NURSING if visit.is_skilled_nursing else _NURSING
    if kind == "clinic" and location is not None:
        return location.place_of_service or None
    return None


def _asked(visit: Visit, practice: Practice, location: ServiceLocation | None, kind: LocationKind | None) -> Asked:
    about = location.id if location else asks_of_location(visit, practice)
    if visit.patient_status == "telehealth":
        return Asked(question="place_of_service", detail="telehealth: was the patient at home (10) or elsewhere (02)?")
    if kind == "hospital":
        detail = "a visit in a hospital: was the patient an inpatient (21), in the emergency room (23), an outpatient (22, 19)?"
    elif not visit.location_ids:
        detail = "the EHR names no location, and no place of service"
    else:
        detail = "what kind of place is this location, or which place of service has it?"
    return Asked(question="place_of_service", detail=detail, about=about)


def _is_home_health(visit: Visit) -> bool:
    return visit.stay is not None and (visit.stay.type_of_bill or "").startswith(_HOME_HEALTH)


def _facility(visit: Visit, location: ServiceLocation | None, practice: Practice, *, at_home: bool) -> Facility | None:
    """Where it was, if that has an address to tell: the patient's home has none, and is not the clinic from which somebody went there."""
    if location is None:
        return None if at_home and _is_own(visit.location, practice) else visit.location
    if at_home:
        return None
    address = Address.model_validate(location.address.model_dump())
    if address.line1 == practice.address.line1 and address.postal_code == practice.address.postal_code:
        return None
    return Facility(name=location.name, npi=location.npi or None, address=address)


def _is_own(described: Facility | None, practice: Practice) -> bool:
    """Whether the EHR describes the practice itself, or one of its locations."""
    if described is None:
        return False
    own = (practice.address, *(location.address for location in practice.locations))
    return _street(described.address) in {_street(address) for address in own}


def _street(address: Address | PracticeAddress) -> tuple[str, str]:
    return address.line1.casefold(), address.postal_code[:_ZIP]
