"""The relay: outbox rows go to Kafka in ``seq`` order, at least once.

One relay per database holds an advisory lock on a connection of its own; it marks what it sent in a short transaction that checks
its epoch, so that a relay that was paused past its lock marks nothing. Never ``seq > last_seen``: numbers are taken before commit.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import structlog

from .bus.port import Message, Publisher
from .database import TRANSIENT, Connection, Database, Row
from .failpoints import failpoint
from .telemetry import OUTBOX_AGE, OUTBOX_UNSENT, RELAYED

log = structlog.get_logger()

AFTER_SELECT = failpoint("relay.after-select", "the relay holds unsent rows, none is sent")
AFTER_ACK = failpoint("relay.after-ack", "Kafka has acknowledged the rows, they are not marked as sent")

LOCK = 0x636C61696D  # "claim"; one relay per database, and the lock is the database's own
POLL_SECONDS = 0.1
AT_ONCE = 1000


class Relay:
    """Sends a service's outbox."""

    def __init__(self, database: Database, publisher: Publisher, *, service: str) -> None:
        """``publisher`` is started by the service."""
        self._database = database
        self._publisher = publisher
        self._service = service
        self._woken = asyncio.Event()
        self.oldest_unsent_seconds = 0.0

    def wake(self) -> None:
        """A unit of this process has committed."""
        self._woken.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Send what is unsent until told to stop; another replica's relay is waited for."""
        while not stopping.is_set():
            connection: Connection | None = None
            try:
                connection = await self._database.connect_alone()
                await self._lead(connection, stopping)
            except TRANSIENT as error:
                log.warning("relay lost its database or broker", error=type(error).__name__)
                await asyncio.sleep(0.3)
            finally:
                if connection is not None:
                    await _close(connection)

    async def _lead(self, connection: Connection, stopping: asyncio.Event) -> None:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            if await _set_within(stopping, POLL_SECONDS):
                return
        epoch = await connection.fetchval(
            "INSERT INTO relay_state (one, epoch) VALUES (true, 1)"
            " ON CONFLICT (one) DO UPDATE SET epoch = relay_state.epoch + 1 RETURNING epoch"
        )
        # A bitmap scan would visit every event sent since the last vacuum, and never mark its place in the index as dead.
        await connection.execute("SET enable_bitmapscan = off")
        while not stopping.is_set():
            self._woken.clear()
            if await self.send_some(connection, epoch) == 0:
                await _set_within(self._woken, POLL_SECONDS)
        while await self.send_some(connection, epoch):
            continue

    async def send_some(self, connection: Connection, epoch: int) -> int:
        """Send the oldest unsent rows; how many there were."""
        rows = await connection.fetch(
            "SELECT seq, topic, key, headers, payload, created_at FROM outbox WHERE sent_at IS NULL ORDER BY seq LIMIT $1",
            AT_ONCE,
        )
        OUTBOX_UNSENT.labels(self._service).set(len(rows))
        age = (datetime.now(UTC) - rows[0]["created_at"]).total_seconds() if rows else 0.0
        self.oldest_unsent_seconds = age
        OUTBOX_AGE.labels(self._service).set(age)
        if not rows:
            return 0
        AFTER_SELECT.reached()
        await self._publisher.send([_message(dict(row)) for row in rows])
        AFTER_ACK.reached()
        await connection.execute(
            "UPDATE outbox SET sent_at = now() WHERE seq = ANY($1) AND (SELECT epoch FROM relay_state) = $2",
            [row["seq"] for row in rows],
            epoch,
        )
        for topic, count in Counter(row["topic"] for row in rows).items():
            RELAYED.labels(self._service, topic).inc(count)
        return len(rows)


def _message(row: Row) -> Message:
    headers = [(name, value.encode()) for name, value in row["headers"]]
    return Message(row["topic"], row["key"], row["payload"], headers)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def _close(connection: Connection) -> None:
    try:
        await connection.close(timeout=2)
    except TRANSIENT:
        connection.terminate()
