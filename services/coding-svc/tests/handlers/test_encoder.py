"""The encoder works when there is work, and only then; intake and encoder do not wait for each other."""

import asyncio

import pytest
from claimstream_codesets import open_code_sets
from claimstream_schemas import EncounterCoded
from coding_svc import encoder
from coding_svc.handlers.load_practice import load_practice

from ..builders import an_encounter, post


@pytest.fixture
async def looks(coding_svc, monkeypatch):
    """How often the encoder, at work beside the test, has looked for something to do."""
    counted = []
    code = encoder.code_encounters

    async def counting(*words, **named):
        counted.append(1)
        return await code(*words, **named)

    monkeypatch.setattr(encoder, "code_encounters", counting)
    stopping = asyncio.Event()
    task = asyncio.create_task(encoder.encoder(open_code_sets(), batch=40)(coding_svc.running, stopping))
    yield counted
    stopping.set()
    await task


async def until(holds):
    async with asyncio.timeout(5):
        while not await holds():  # noqa: ASYNC110  the encoder tells nobody
            await asyncio.sleep(0.02)


async def test_an_encoder_without_work_rests(coding_svc, looks):
    await asyncio.sleep(0.4)

    assert 1 <= len(looks) <= 2


async def test_an_encoder_is_woken_by_what_waits_for_it(coding_svc, looks):
    await asyncio.sleep(0.05)
    await post(coding_svc, an_encounter(diagnoses=[{"text": "Asthma"}]))

    async def is_coded():
        return len(await coding_svc.told(EncounterCoded)) == 1

    await until(is_coded)
    await asyncio.sleep(0.3)
    assert len(looks) <= 4


async def test_intake_goes_on_beside_a_unit_that_codes_for_the_same_practice(coding_svc):
    async with coding_svc.running.unit("coding-svc") as unit:
        await unit.hold_practices(["bay-state"])
        async with asyncio.timeout(5):
            answer = await post(coding_svc, an_encounter())

    assert answer.status_code == 202


async def test_a_practice_is_not_loaded_anew_while_somebody_codes_by_it(coding_svc):
    async def load() -> None:
        async with coding_svc.running.unit("admin") as unit:
            known = await unit.practices.get("bay-state")
            await load_practice(known.practice, unit)

    async with coding_svc.running.unit("coding-svc") as unit:
        await unit.hold_practices(["bay-state"])
        loading = asyncio.create_task(load())
        await asyncio.sleep(0.2)
        assert not loading.done()
    await asyncio.wait_for(loading, 5)
