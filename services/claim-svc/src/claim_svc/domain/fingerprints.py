"""The same service: same patient, provider, day, code, modifiers and units."""

import hashlib
from uuid import UUID

from claimstream_schemas.values.encounter import ChargeLine, Providers
from claimstream_schemas.values.people import Patient

REPEATS = {"76", "77", "91"}
"""Modifiers that say a service was done again."""


def fingerprint(patient: Patient, providers: Providers, line: ChargeLine) -> str | None:
    """A digest of the service; None where a modifier says that it was repeated, or there is no procedure."""
    if line.procedure is None or REPEATS & set(line.modifiers):
        return None
    provider = line.rendering or providers.rendering or providers.attending
    name = patient.name
    said = (
        name.last.casefold(),
        (name.first or "").casefold(),
        patient.birth_date.isoformat(),
        provider.npi if provider else "",
        line.service_from.isoformat(),
        line.procedure,
        *sorted(line.modifiers),
        str(line.units),
    )
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


def claimed_by_another(owner: UUID | None, claim: UUID) -> bool:
    """Whether the service is on another claim."""
    return owner is not None and owner != claim
