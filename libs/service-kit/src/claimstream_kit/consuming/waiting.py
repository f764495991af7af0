"""Events that wait for a fact of another topic: there is no order between topics."""

import asyncio
from collections.abc import Sequence

from ..bus.port import Record
from ..database import TRANSIENT, Connection, Database, Row
from ..unit import Unit
from .batch import BatchWorker
from .messages import Message, decode


def record_of(row: Row) -> Record:
    """The record that a stored row was made of."""
    return Record(
        row["topic"],
        row["partition"],
        row["record_offset"],
        row["key"],
        row["payload"],
        [(name, value.encode()) for name, value in row["headers"]],
    )


class WaitingEvents:
    """Completes waiting events when their fact has come; those whose fact was missed are tried again by and by."""

    def __init__(self, database: Database, worker: BatchWorker) -> None:
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
                try:
                    await asyncio.wait_for(self._woken.wait(), timeout=0.5)
                except TimeoutError:
                    continue

    async def complete_due(self) -> int:
        """Work on the events that are due; how many there were."""
        rows = await self._database.fetch(
            "SELECT * FROM waiting WHERE consumer = $1 AND due <= now() ORDER BY id LIMIT 200", self._worker.consumer
        )
        messages = []
        for row in rows:
            message = decode(record_of(row), self._worker.subscriptions)
            message.stored_id = row["id"]
            messages.append(message)
        if messages:
            await self._worker.complete(messages, self)
        return len(messages)

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
