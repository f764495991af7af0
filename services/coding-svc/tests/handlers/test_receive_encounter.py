"""Two requests at once, and work that is taken once."""

import asyncio

import pytest
from claimstream_codesets import open_code_sets
from claimstream_schemas import EncounterCoded
from coding_svc.handlers.code_encounter import code_encounters

from ..builders import an_encounter, post


async def test_two_requests_that_bring_one_new_encounter_make_two_versions_of_it(coding_svc):
    answers = await asyncio.gather(
        post(coding_svc, an_encounter()), post(coding_svc, an_encounter(diagnoses=[{"code": "I10"}]))
    )

    versions = sorted(answer.json()["encounters"][0]["version"] for answer in answers)
    assert versions == [1, 2]
    assert await coding_svc.database.value("SELECT count(*) FROM encounter_versions") == 2


async def test_two_requests_with_the_same_content_tell_it_once(coding_svc):
    answers = await asyncio.gather(*(post(coding_svc, an_encounter()) for _ in range(4)))

    assert {answer.json()["encounters"][0]["version"] for answer in answers} == {1}
    assert len(await coding_svc.told(EncounterCoded)) == 1


async def test_two_encoders_never_take_the_same_encounter(coding_svc):
    for number in range(6):
        await post(coding_svc, an_encounter(encounter_id=f"V-{number}", diagnoses=[{"text": "Asthma"}]))

    async def encode() -> int:
        async with coding_svc.running.unit("coding-svc") as unit:
            done = await code_encounters(unit, open_code_sets(), most=3)
            await asyncio.sleep(0.1)
            return done

    assert await asyncio.gather(encode(), encode()) == [3, 3]
    assert len(await coding_svc.told(EncounterCoded)) == 6


async def test_an_encoder_that_dies_leaves_its_work(coding_svc):
    await post(coding_svc, an_encounter(diagnoses=[{"text": "Asthma"}]))

    async def die() -> None:
        async with coding_svc.running.unit("coding-svc") as unit:
            await code_encounters(unit, open_code_sets(), most=3)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await die()

    assert await coding_svc.database.value("SELECT count(*) FROM coding_work") == 1
    assert await coding_svc.told(EncounterCoded) == []
