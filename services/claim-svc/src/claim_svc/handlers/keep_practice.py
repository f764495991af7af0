"""A practice was loaded or changed: claims from now on follow it."""

from claimstream_schemas import PracticeChanged, PracticeChangedV1

from ..practice_store import KnownPractice, contracts_within
from ..store import ClaimUnit


async def keep_practice(event: PracticeChanged, unit: ClaimUnit) -> None:
    """Keep the newest version of the practice, with the revisions of the contracts that it names."""
    contracts = {each.id: each.revision for each in event.contracts}
    await _keep(KnownPractice(event.practice, event.practice_version, contracts), unit)


async def keep_whole_practice(event: PracticeChangedV1, unit: ClaimUnit) -> None:
    """The same for the version before contracts came by themselves: its fee schedules become contracts in the practice's own version."""
    revisions = contracts_within(event.practice, event.practice_version)
    contracts = {each.id: each.revision for each in revisions}
    if not await _keep(KnownPractice(event.practice.without_prices, event.practice_version, contracts), unit):
        return
    for each in revisions:
        if await unit.contract_revisions.get(each.practice, each.id, each.revision) is None:
            unit.contract_revisions.put(each)


async def _keep(practice: KnownPractice, unit: ClaimUnit) -> bool:
    known = await unit.practices.get(practice.practice.id)
    if known is not None and known.version >= practice.version:
        return False
    unit.practices.put(practice)
    unit.arrived(f"practice/{practice.practice.id}")
    return True
