"""A person says that what stood in the way of a quarantined remittance is mended: it is posted again, or quarantined again."""

from dataclasses import replace
from uuid import UUID

from claimstream_kit import Conflict, NotFound

from ..domain.remittance import Remittance
from ..store import RemitUnit


class NotQuarantined(Conflict):
    """The remittance is posted, in conflict, or about to be posted."""

    slug = "remittance-not-quarantined"


async def repost_remittance(practice: str, remittance_id: UUID, unit: RemitUnit) -> Remittance:
    """Stage it again; all that is checked before a posting is checked again."""
    remittance: Remittance | None = await unit.remittances.get(practice, remittance_id)
    if remittance is None:
        raise NotFound(f"there is no remittance {remittance_id}")
    if remittance.state != "quarantined":
        raise NotQuarantined(f"the remittance is {remittance.state}", remedy="Only a quarantined one is posted again.")
    staged = replace(remittance, state="staged", cause=None, reason=None, missing_cents=None)
    unit.remittances.put(staged)
    return staged
