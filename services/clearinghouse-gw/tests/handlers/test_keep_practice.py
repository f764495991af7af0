"""What files know a practice by, as its newest document says."""

import pytest
from claimstream_schemas import PracticeChanged, PracticeChangedV1
from claimstream_schemas.values.practice import PracticeDocument

from ..builders import PRACTICE, a_practice_changed


def told_as(kind, version: int, npi: str) -> PracticeChanged | PracticeChangedV1:
    event = a_practice_changed(npi=npi).model_copy(update={"practice_version": version})
    if kind is PracticeChanged:
        return event
    whole = PracticeDocument(**event.practice.model_dump())
    return PracticeChangedV1(practice_id=PRACTICE, practice_version=version, practice=whole)


@pytest.mark.parametrize("kind", [PracticeChangedV1, PracticeChanged])
async def test_either_version_of_a_practice_is_kept_and_an_older_document_is_not(gateway, kind):
    await gateway.hears(told_as(kind, 3, "1234567893"), told_as(PracticeChangedV1, 2, "1999999984"))

    rows = await gateway.service.database.fetch("SELECT version, npi FROM practices")
    assert rows == [{"version": 3, "npi": "1234567893"}]
    assert await gateway.service.database.value("SELECT count(*) FROM dead_letters") == 0
