"""A practice is loaded: who bills, its payers, contracts, charge master and places."""

from claimstream_schemas import PracticeChangedV1
from claimstream_schemas.values.practice import PracticeDocument

from ..store import CodingUnit, PracticeVersion

_ANSWERED_BY_A_PRACTICE = ({"question": "payer"}, {"question": "place_of_service"})


async def load_practice(practice: PracticeDocument, unit: CodingUnit) -> PracticeVersion:
    """Keep the document as the next version and tell everybody; the same document again changes nothing."""
    await unit.alone("practice", practice.id)
    known = await unit.practices.get(practice.id)
    loaded = PracticeVersion(practice, known.version + 1 if known else 1, unit.clock.now())
    if known is not None and known.digest == loaded.digest:
        return known
    unit.practices.put(loaded)
    unit.publish(PracticeChangedV1(practice_id=practice.id, practice_version=loaded.version, practice=practice))
    await unit.enqueue_asked(practice.id, *_ANSWERED_BY_A_PRACTICE)
    return loaded
