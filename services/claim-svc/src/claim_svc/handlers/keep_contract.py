"""A contract came, or a chunk of it: claims that wait for its revision are priced once it is complete."""

from claimstream_schemas import ContractChanged

from ..domain.contracts import ContractRevision
from ..practice_store import contract_fact
from ..store import ClaimUnit


async def keep_contract(event: ContractChanged, unit: ClaimUnit) -> None:
    """Keep the chunk. A revision lower than one that is complete is old, and is left."""
    place = (event.practice_id, event.contract_id, event.revision)
    if await unit.contract_revisions.newest(event.practice_id, event.contract_id) > event.revision:
        return
    known = await unit.contract_revisions.get(*place)
    kept = (known or ContractRevision(*place, chunks=event.chunks)).with_chunk(event.chunk, event.terms)
    if kept is known:
        return
    unit.contract_revisions.put(kept)
    if kept.is_complete:
        unit.arrived(contract_fact(*place))
