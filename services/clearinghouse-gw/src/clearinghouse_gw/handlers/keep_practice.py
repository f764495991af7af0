"""A practice was loaded or changed: the gateway keeps what files know it by."""

from claimstream_schemas import PracticeChanged, PracticeChangedV1
from claimstream_schemas.values.claim_kinds import KINDS

from ..store import GatewayUnit, KnownPractice


async def keep_practice(event: PracticeChanged | PracticeChangedV1, unit: GatewayUnit) -> None:
    """Keep it, unless a newer version is known."""
    known = await unit.practices.get(event.practice_id)
    if known is not None and known.version >= event.practice_version:
        return
    practice = event.practice
    own = [place for place in practice.locations if any(place.bills_itself(kind.name) for kind in KINDS.values())]
    unit.practices.put(
        KnownPractice(
            event.practice_id,
            event.practice_version,
            practice.npi,
            practice.tin,
            practice.submitter_id,
            tuple(place.npi for place in own),
            tuple(place.tax_id for place in own if place.tax_id),
            practice.shares_identifiers_with,
        )
    )
