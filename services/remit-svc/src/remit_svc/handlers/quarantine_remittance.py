"""A remittance cannot be posted for what is in it: it waits for a person, with the reason."""

from dataclasses import replace
from uuid import UUID

from claimstream_kit.outbox import EventTooLarge
from claimstream_kit.telemetry import places_of
from pydantic import ValidationError

from ..domain.ledger import Unbalanced
from ..domain.remittance import Remittance
from ..store import RemitUnit

MOST_FAULTS = 3


async def quarantine_remittance(
    practice: str, remittance_id: UUID, error: Exception, unit: RemitUnit
) -> Remittance | None:
    """Quarantine it, unless it was settled meanwhile. Nothing of it was posted."""
    remittance: Remittance | None = await unit.remittances.get(practice, remittance_id)
    if remittance is None or remittance.state != "staged":
        return None
    quarantined = replace(remittance, state="quarantined", cause="not_posted", reason=_why(error))
    unit.remittances.put(quarantined)
    return quarantined


def _why(error: Exception) -> str:
    """Why, without patient data: messages of our own, else what was raised, and where."""
    if isinstance(error, Unbalanced | EventTooLarge):
        return str(error)
    place = next(reversed(places_of(error)), "nowhere")
    if isinstance(error, ValidationError):
        faults = [
            f"{'/'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_context=False)[:MOST_FAULTS]
        ]
        return f"{error.title}: {'; '.join(faults)}"
    return f"{type(error).__name__} in {place}"
