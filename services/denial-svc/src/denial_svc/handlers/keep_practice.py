"""A practice was loaded or changed: deadlines from now on follow it."""

from claimstream_schemas import PracticeChanged, PracticeChangedV1

from ..store import AppealDays, DenialUnit


async def keep_practice(event: PracticeChanged | PracticeChangedV1, unit: DenialUnit) -> None:
    """Keep each payer's days to answer."""
    known = await unit.payers.get(event.practice_id)
    if known is None or known.version < event.practice_version:
        days = {payer.id: payer.appeal_days for payer in event.practice.payers}
        unit.payers.put(AppealDays(event.practice_id, event.practice_version, days))
        unit.arrived(f"practice/{event.practice_id}")
