"""The relay: what units said gets its numbers, and goes to Kafka in their order, at least once.

One relay per database leads, by an advisory lock on a connection of its own. It numbers committed units in the transaction that fences it, so
that a relay which was paused past its lock numbers nothing; a unit that is sent again keeps its number. Never ``seq > last_seen``: ids are
taken before commit.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog

from .bus.port import Publisher
from .database import TRANSIENT, Connection, Database
from .failpoints import failpoint
from .outbox import read_units
from .telemetry import OUTBOX_AGE, OUTBOX_UNSENT, RELAYED
from .working_alone import pause

log = structlog.get_logger()

AFTER_NUMBERING = failpoint("relay.after-numbering", "units have their numbers for good, nothing of them is sent")
AFTER_SELECT = failpoint("relay.after-select", "the relay holds unsent events, none is sent")
AFTER_ACK = failpoint("relay.after-ack", "Kafka has acknowledged what units said, they still stand in the queue")

LOCK = 0x636C61696D  # "claim"; one relay per database, and the lock is the database's own
POLL_SECONDS, LOOK_SECONDS, FOLLOW_SECONDS = 1.0, 1.0, 0.5
COMMITTED = "outbox"
"""The channel on which a replica that does not lead tells the one that does that it has committed a unit."""

GATHER_SECONDS = 0.05
"""Units that are committed within this time are numbered and sent together: a pass costs as much for one as for twenty."""
UNITS_AT_ONCE, EVENTS_AT_ONCE, BYTES_AT_ONCE = 1000, 2000, 4_000_000

_LEAD = """
INSERT INTO relay_state (one, epoch) VALUES (true, 1)
ON CONFLICT (one) DO UPDATE SET epoch = relay_state.epoch + 1 RETURNING epoch
"""
_NUMBER = """
WITH mine AS (
    SELECT era, last FROM relay_state WHERE epoch = $1 FOR UPDATE
), fresh AS (
    SELECT id, row_number() OVER (ORDER BY id) AS n
    FROM (SELECT id FROM outbox_queue WHERE number IS NULL ORDER BY id LIMIT $2) AS unnumbered
), numbered AS (
    UPDATE outbox_queue AS q SET era = mine.era, number = mine.last + fresh.n FROM mine, fresh WHERE q.id = fresh.id
), kept AS (
    UPDATE outbox AS o SET era = mine.era, number = mine.last + fresh.n FROM mine, fresh WHERE o.id = fresh.id
)
UPDATE relay_state AS s SET last = s.last + (SELECT count(*) FROM fresh) FROM mine WHERE (SELECT count(*) FROM fresh) > 0
RETURNING (SELECT count(*) FROM fresh)
"""
"""The row of ``relay_state`` is locked before anything is numbered. Who led meanwhile has raised its epoch: then nothing here is ours."""

_WAITING = "SELECT coalesce(sum(events), 0) AS events, min(since) AS oldest FROM outbox_queue"
_UNSENT = "SELECT id, events, size FROM outbox_queue WHERE number IS NOT NULL ORDER BY era, number LIMIT $1"
_SENT = "DELETE FROM outbox_queue WHERE id = ANY($1) AND (SELECT epoch FROM relay_state) = $2"


class Relay:
    """Sends a service's outbox."""

    def __init__(self, database: Database, publisher: Publisher, *, service: str) -> None:
        """``publisher`` connects when it first sends."""
        self._database = database
        self._publisher = publisher
        self._service = service
        self._woken = asyncio.Event()
        self._numbered = asyncio.Event()
        self._oldest: datetime | None = None

    @property
    def oldest_unsent_seconds(self) -> float:
        """How long the oldest unsent event has been waiting, whatever the relay does: it may hang in its send."""
        return (datetime.now(UTC) - self._oldest).total_seconds() if self._oldest is not None else 0.0

    def wake(self) -> None:
        """A unit of this process has committed."""
        self._woken.set()

    async def watch(self, stopping: asyncio.Event) -> None:
        """Look once a second how much is unsent, whoever sends it, until told to stop: each replica does."""
        while not stopping.is_set():
            try:
                await self.look()
            except TRANSIENT as error:
                log.warning("nobody knows what is unsent", error=type(error).__name__)
            await pause(LOOK_SECONDS, stopping)

    async def look(self) -> None:
        """See how much is unsent."""
        row = await self._database.fetch_one(_WAITING)
        self._oldest = row["oldest"] if row is not None else None
        OUTBOX_UNSENT.labels(self._service).set(int(row["events"]) if row is not None else 0)
        OUTBOX_AGE.labels(self._service).set(self.oldest_unsent_seconds)

    async def run(self, stopping: asyncio.Event) -> None:
        """Number and send until told to stop; another replica's relay is waited for."""
        while not stopping.is_set():
            connection: Connection | None = None
            try:
                connection = await self._database.connect_alone()
                await self._lead(connection, stopping)
            except TRANSIENT as error:
                log.warning("relay lost its database", error=type(error).__name__)
                await asyncio.sleep(0.3)
            finally:
                if connection is not None:
                    await _close(connection)

    async def _lead(self, connection: Connection, stopping: asyncio.Event) -> None:
        while (epoch := await self.lead(connection)) is None:
            self._woken.clear()
            await pause(FOLLOW_SECONDS, self._woken, stopping)
            if stopping.is_set():
                return
            if self._woken.is_set():
                await connection.execute("SELECT pg_notify($1, '')", COMMITTED)
                await pause(GATHER_SECONDS, stopping)
        await connection.add_listener(COMMITTED, lambda *_: self.wake())
        all_numbered = asyncio.Event()
        sending = asyncio.create_task(self._send_all(epoch, all_numbered))
        try:
            while not stopping.is_set():
                self._woken.clear()
                if await self.number_some(connection, epoch) < UNITS_AT_ONCE:
                    await pause(POLL_SECONDS, self._woken)
                    await pause(GATHER_SECONDS, stopping)
            while await self.number_some(connection, epoch):
                continue
            all_numbered.set()
            self._numbered.set()
            await sending
        finally:
            sending.cancel()

    async def lead(self, connection: Connection) -> int | None:
        """The epoch that begins, or None while another relay has the lock; it is held for as long as the connection lives."""
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
            return None
        return int(await connection.fetchval(_LEAD))

    async def _send_all(self, epoch: int, all_numbered: asyncio.Event) -> None:
        """Send what is numbered; Kafka may be away for as long as it likes, numbering goes on meanwhile."""
        while True:
            was_last = all_numbered.is_set()
            self._numbered.clear()
            try:
                sent = await self.send_some(epoch)
            except TRANSIENT as error:
                log.warning("relay lost its database or broker", error=type(error).__name__)
                await asyncio.sleep(0.3)
                continue
            if sent < UNITS_AT_ONCE:  # no unit is empty: there were fewer of them as well, and all are sent
                if was_last:
                    return
                await pause(POLL_SECONDS, self._numbered)

    async def number_some(self, connection: Connection, epoch: int) -> int:
        """Give the oldest units without a number the next ones, for good; how many there were."""
        count = int(await connection.fetchval(_NUMBER, epoch, UNITS_AT_ONCE) or 0)
        if count:
            AFTER_NUMBERING.reached()
            self._numbered.set()
        return count

    async def send_some(self, epoch: int) -> int:
        """Send the unsent units with the lowest numbers, and take them off the queue; how many events there were."""
        rows = await self._database.fetch(_UNSENT, UNITS_AT_ONCE)
        sent = 0
        for some in _together(rows):
            sent += await self._send([row["id"] for row in some], epoch)
        return sent

    async def _send(self, units: Sequence[int], epoch: int) -> int:
        async with self._database.connection() as connection:
            events = await read_units(connection, units)
        AFTER_SELECT.reached()
        await self._publisher.send([event.to_send() for event in events])
        AFTER_ACK.reached()
        async with self._database.connection() as connection:
            await connection.execute(_SENT, units, epoch)
        for topic, count in Counter(event.topic for event in events).items():
            RELAYED.labels(self._service, topic).inc(count)
        return len(events)


def _together(rows: Sequence[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    events = size = 0
    for row in rows:
        if some and (events + row["events"] > EVENTS_AT_ONCE or size + row["size"] > BYTES_AT_ONCE):
            yield some
            some, events, size = [], 0, 0
        some.append(row)
        events += row["events"]
        size += row["size"]
    if some:
        yield some


async def _close(connection: Connection) -> None:
    try:
        await connection.close(timeout=2)
    except TRANSIENT:
        connection.terminate()
