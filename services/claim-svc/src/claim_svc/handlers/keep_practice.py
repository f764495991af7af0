"""A practice was loaded or changed: claims from now on follow it."""

from claimstream_schemas import PracticeChanged

from ..store import ClaimUnit, KnownPractice


async def keep_practice(event: PracticeChanged, unit: ClaimUnit) -> None:
    """Keep the newest version of the practice."""
    known = await unit.practices.get(event.practice_id)
    if known is None or known.version < event.practice_version:
        unit.practices.put(KnownPractice(event.practice, event.practice_version))
        unit.arrived(f"practice/{event.practice_id}")
