"""The same service: same patient, provider, day, code, modifiers and units."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from claimstream_schemas.values.encounter import ChargeLine, Providers
from claimstream_schemas.values.people import Patient, Subscriber

from .visits import is_office_visit

REPEATS = frozenset({"76", "77", "91"})
"""Modifiers that say a service was done again."""

APART = frozenset({"24", "25", "27", "G0"})
"""Modifiers by which a visit stands apart from another one of its day (MCPM 12 §30.6.5 to §30.6.7)."""


def who_is_treated(patient: Patient, subscribers: Iterable[Subscriber]) -> tuple[str, ...]:
    """By what a patient is the same one: name and birth date, and what tells unnamed twins apart, the record number or else the member id."""
    name = patient.name
    member = next((each.member_id for each in subscribers), "")
    own = patient.medical_record_number or "".join(filter(str.isalnum, member)).upper()
    return name.last.casefold(), (name.first or "").casefold(), patient.birth_date.isoformat(), own


def fingerprint(who: tuple[str, ...], providers: Providers, line: ChargeLine) -> str | None:
    """A digest of the service; None where a modifier says that it was repeated, or there is no procedure."""
    if line.procedure is None or REPEATS.intersection(line.modifiers):
        return None
    provider = line.rendering or providers.rendering or providers.attending
    said = (
        *who,
        provider.npi if provider else "",
        line.service_from.isoformat(),
        line.procedure,
        *sorted(line.modifiers),
        str(line.units),
    )
    return _digest(said)


def visit_mark(who: tuple[str, ...], providers: Providers, line: ChargeLine) -> str | None:
    """A digest of the day's office visit by this provider; None for any other service, and where 25, 24, 27 or G0 says that it stands apart."""
    if not is_office_visit(line.procedure) or APART.intersection(line.modifiers):
        return None
    provider = line.rendering or providers.rendering
    return _digest((*who, provider.npi if provider else "", line.service_from.isoformat(), "office visit"))


def _digest(said: tuple[str, ...]) -> str:
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def claimed_by_another(owner: UUID | None, claim: UUID) -> bool:
    """Whether the service is on another claim."""
    return owner is not None and owner != claim
