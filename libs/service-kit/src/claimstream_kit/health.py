"""Whether the database and the broker answer: asked again and again, each with a time limit, on connections of their own.

What hangs is known within ``SECONDS_UNTIL_SEEN``, also while every connection of the pool waits for it; whoever asks for the service's health is answered at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import structlog

from .database import TRANSIENT, Connection, Database
from .telemetry import PART_UP
from .working_alone import pause

log = structlog.get_logger()

LOOK_SECONDS, BAD_LOOK_SECONDS, LIMIT_SECONDS = 1.5, 0.3, 2.0
SECONDS_UNTIL_SEEN = LOOK_SECONDS + LIMIT_SECONDS

State = Literal["answers", "hangs", "away"]
Ask = Callable[[], Awaitable[None]]


class Health:
    """What the parts that a service needs said last."""

    def __init__(self, service: str, parts: Mapping[str, Ask]) -> None:
        """``parts``: how to ask each; it raises what is TRANSIENT where nobody is there."""
        self._service = service
        self._parts = parts
        self.states: dict[str, State] = {}
        """By part; none before it was asked for the first time."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Ask all again and again, until told to stop; one that hangs keeps none of the others waiting."""
        await asyncio.gather(*(self._watch(name, ask, stopping) for name, ask in self._parts.items()))

    async def look(self) -> None:
        """Ask each once."""
        await asyncio.gather(*(self._ask(name, ask) for name, ask in self._parts.items()))

    async def _watch(self, name: str, ask: Ask, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            await self._ask(name, ask)
            await pause(LOOK_SECONDS if self.states[name] == "answers" else BAD_LOOK_SECONDS, stopping)

    async def _ask(self, name: str, ask: Ask) -> None:
        before = self.states.get(name, "answers")
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                await ask()
        except TimeoutError:
            self.states[name] = "hangs"
        except TRANSIENT:
            self.states[name] = "away"
        else:
            self.states[name] = "answers"
        now = self.states[name]
        PART_UP.labels(self._service, name).set(now == "answers")
        if now != before:
            log.warning("a part has changed", part=name, state=now, before=before)


class AskDatabase:
    """Asks a database on a connection of its own, which is given up when it does not answer."""

    def __init__(self, database: Database) -> None:
        """Connects when it first asks."""
        self._database = database
        self._connection: Connection | None = None

    async def __call__(self) -> None:
        """Ask.

        Raises:
            TRANSIENT: it is not there.
        """
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await self._database.connect_alone()
            await self._connection.fetchval("SELECT 1")
        except BaseException:
            self.give_up()
            raise

    def give_up(self) -> None:
        """Leave the connection without waiting for anybody."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
