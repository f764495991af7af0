"""The background work of this stage: the encoder takes what waits for it, as soon as something does."""

import asyncio
from collections.abc import Awaitable, Callable

from claimstream_codesets import CodeSets
from claimstream_kit.service import Running
from claimstream_kit.unit import Unit
from claimstream_kit.working_alone import pause

from .handlers.code_encounter import code_encounters
from .store import CodingUnit

_POLL_SECONDS = 0.5
"""Work of other replicas is found by looking; this replica's own commits wake the encoder at once."""

Task = Callable[[Running[CodingUnit], asyncio.Event], Awaitable[None]]


def encoder(sets: CodeSets, *, batch: int) -> Task:
    """The task that codes what waits, until it is told to stop."""

    async def encode(running: Running[CodingUnit], stopping: asyncio.Event) -> None:
        woken = asyncio.Event()

        def wake(unit: Unit) -> None:
            # Not by every commit: the encoder's own would wake it for ever.
            if isinstance(unit, CodingUnit) and unit.has_work:
                woken.set()

        running.worker.after_commit.append(wake)
        while not stopping.is_set():
            async with running.unit(running.service.name) as unit:
                done = await code_encounters(unit, sets, most=batch)
            if done < batch:
                await pause(_POLL_SECONDS, woken, stopping)
                woken.clear()

    return encode
