"""The inbox: an event that this consumer has seen before has no effect a second time.

A dead letter is remembered as such, whatever became of it: after the inbox was lost, a replay neither buries it again nor does
what was discarded.
"""

from collections.abc import Sequence

from ..database import Connection
from .messages import Message


class Inbox:
    """``(consumer, event_id)`` is unique, in the same transaction as the effect."""

    def __init__(self, consumer: str) -> None:
        """One consumer's inbox."""
        self._consumer = consumer

    async def admit(self, connection: Connection, messages: Sequence[Message]) -> list[Message]:
        """The messages that were not seen before, in their order."""
        rows = await connection.fetch(
            "WITH new AS (INSERT INTO inbox (consumer, event_id, topic)"
            " SELECT $1, * FROM unnest($2::uuid[], $3::text[]) ON CONFLICT DO NOTHING RETURNING event_id)"
            " SELECT event_id FROM new WHERE NOT EXISTS"
            " (SELECT FROM dead_letters d WHERE d.consumer = $1 AND d.event_id = new.event_id)",
            self._consumer,
            [message.event_id for message in messages],
            [message.record.topic for message in messages],
        )
        new = {row["event_id"] for row in rows}
        fresh = []
        for message in messages:
            if message.event_id in new:
                new.discard(message.event_id)
                fresh.append(message)
        return fresh

    async def settle(self, connection: Connection, done: Sequence[Message], waiting: Sequence[Message]) -> None:
        """Inbox rows stay until their retention ends."""
