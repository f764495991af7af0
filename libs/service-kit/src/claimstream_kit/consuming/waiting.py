"""Events that wait for a fact of another topic: there is no order between topics."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from ..database import TRANSIENT, Connection, Database
from ..unit import Unit
from ..working_alone import pause
from .messages import Message, Worker, kept, read_again

RETRY_WAITING_AFTER = timedelta(seconds=5)
"""An event whose fact was missed (two replicas at the same moment) is tried again after this."""

LOOK_SECONDS, AT_ONCE = 0.5, 200


async def keep_waiting(connection: Connection, consumer: str, messages: Sequence[Message]) -> None:
    """Keep the messages of a batch that lack a fact, in one statement."""
    if not messages:
        return
    await connection.executemany(
        "INSERT INTO waiting (consumer, event_id, topic, partition, record_offset, key, headers, payload, fact, due)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + $10)"
        " ON CONFLICT (consumer, event_id) DO UPDATE SET due = EXCLUDED.due, fact = EXCLUDED.fact",
        [(*kept(consumer, message), message.waits_for, RETRY_WAITING_AFTER) for message in messages],
    )


class WaitingEvents:
    """Completes waiting events when their fact has come; those whose fact was missed are tried again by and by."""

    def __init__(self, database: Database, worker: Worker) -> None:
        """Works with the same worker as the bus does."""
        self._database = database
        self._worker = worker
        self._woken = asyncio.Event()
        worker.after_commit.append(self._notice)

    def _notice(self, unit: Unit) -> None:
        if unit.facts:
            self._woken.set()

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Complete what is due, until told to stop."""
        while not stopping.is_set():
            try:
                worked = await self.complete_due()
            except TRANSIENT:
                worked = 0
            if worked == 0:
                self._woken.clear()
                await pause(LOOK_SECONDS, self._woken)

    async def complete_due(self) -> int:
        """Work on the events that are due; how many there were."""
        rows = await self._database.fetch(
            "SELECT * FROM waiting WHERE consumer = $1 AND due <= now() ORDER BY id LIMIT $2",
            self._worker.consumer,
            AT_ONCE,
        )
        if rows:
            await self._worker.complete([read_again(row, self._worker.subscriptions) for row in rows], self)
        return len(rows)

    async def admit(self, connection: Connection, messages: Sequence[Message]) -> list[Message]:
        """Lock the rows; those another replica has taken are left to it."""
        rows = await connection.fetch(
            "SELECT id FROM waiting WHERE id = ANY($1) ORDER BY id FOR UPDATE SKIP LOCKED",
            [message.stored_id for message in messages],
        )
        ours = {row["id"] for row in rows}
        return [message for message in messages if message.stored_id in ours]

    async def settle(self, connection: Connection, done: Sequence[Message], waiting: Sequence[Message]) -> None:
        """Remove what was completed; what waits on has its next time already."""
        del waiting
        await connection.execute("DELETE FROM waiting WHERE id = ANY($1)", [message.stored_id for message in done])
