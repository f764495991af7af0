"""A batch becomes one unit.

A handler's exception takes that event out and the rest runs again; a failure at the flush bisects; a transient error tries the
whole batch again; only poison is dead-lettered, and later events of its aggregate are parked behind it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol
from uuid import uuid5

import asyncpg
import orjson
import structlog

from ..bus.port import Record
from ..database import TRANSIENT, Connection, Database, Row, insert
from ..errors import Refusal, WaitsFor
from ..failpoints import failpoint
from ..telemetry import BATCH_SECONDS, EVENTS, places_of
from ..unit import RETRY_WAITING_AFTER, Unit, readable
from .inbox import Inbox
from .messages import Failure, Message, decode, empty_envelope
from .subscription import Subscription, Subscriptions

log = structlog.get_logger()

MID_BATCH = failpoint(
    "consumer.mid-batch", "a batch's first events are worked on, the rest and the commit are still to come"
)

MakeUnit = Callable[[Connection], Unit]
Place = tuple[str, str]
"""An aggregate and its key: what is dead there blocks what comes later, on whichever topic."""


class Source(Protocol):
    """Where messages come from, and what is kept of them there: the inbox, the waiting events, the dead letters."""

    async def admit(self, connection: Connection, messages: Sequence[Message]) -> list[Message]:
        """The messages that are still to be worked on; the others were seen before."""

    async def settle(self, connection: Connection, done: Sequence[Message], waiting: Sequence[Message]) -> None:
        """Forget what was completed, and know what waits now."""


class HandlerFailed(Exception):
    """A handler raised."""

    def __init__(self, message: Message, error: Exception) -> None:
        """The message, and what its handler raised."""
        super().__init__()
        self.message = message
        self.error = error


class BatchWorker:
    """Works on batches for one consumer (a service)."""

    def __init__(
        self, database: Database, subscriptions: Iterable[Subscription], make_unit: MakeUnit, *, consumer: str
    ) -> None:
        """``make_unit`` opens the service's own unit on a connection."""
        self.consumer = consumer
        self.subscriptions = Subscriptions(subscriptions)
        self._database = database
        self._make_unit = make_unit
        self._inbox = Inbox(consumer)
        self.after_commit: list[Callable[[Unit], None]] = []
        self.worked_on = 0
        """Messages of this process's units that were committed: who waits for rest sees it move."""

    async def work(self, records: Sequence[Record]) -> None:
        """Work on records from the bus; returns when the database has all their effects."""
        began = time.perf_counter()
        await self.complete([decode(record, self.subscriptions) for record in records], self._inbox)
        BATCH_SECONDS.labels(self.consumer).observe(time.perf_counter() - began)

    async def complete(self, messages: list[Message], source: Source) -> None:
        """Work on messages, whatever their source, until each is done, waiting, or dead."""
        attempt = 0
        while messages:
            try:
                await self._unit(messages, source)
            except HandlerFailed as failed:
                failed.message.failure = _failure(failed.error)
                log.warning(
                    "handler failed",
                    topic=failed.message.record.topic,
                    event_id=str(failed.message.event_id),
                    error=type(failed.error).__name__,
                    places=places_of(failed.error),
                )
            except (*TRANSIENT, asyncpg.UniqueViolationError) as error:
                attempt += 1
                if isinstance(error, asyncpg.UniqueViolationError) and attempt > 1:
                    messages = await self._halve(messages, source, error)
                    continue
                log.warning("batch tried again", error=type(error).__name__, attempt=attempt)
                await asyncio.sleep(min(5.0, 0.05 * 2 ** min(attempt, 7)) * random.uniform(0.5, 1.0))  # noqa: S311  jitter
            except Exception as error:  # noqa: BLE001  whatever the database says of one row must not stop the others
                messages = await self._halve(messages, source, error)
            else:
                return

    async def _halve(self, messages: list[Message], source: Source, error: Exception) -> list[Message]:
        """Complete the first half, and leave the second to the caller; a single message is the poison."""
        log.warning("batch failed at the flush", error=type(error).__name__, size=len(messages))
        if len(messages) > 1:
            middle = len(messages) // 2
            await self.complete(messages[:middle], source)
            return messages[middle:]
        if messages[0].failure is not None:
            raise error
        messages[0].failure = _failure(error)
        return messages

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Unit]:
        async with self._database.transaction() as connection:
            yield self._make_unit(connection)

    async def _unit(self, messages: Sequence[Message], source: Source) -> None:
        done: list[tuple[Message, str]] = []
        async with self._open() as unit:
            fresh = await source.admit(unit.connection, messages)
            blocked = await self._blocked_keys(unit.connection, fresh)
            await self._load(unit, fresh)
            for message in fresh:
                done.append((message, await self._one(unit, message, blocked)))
                MID_BATCH.reached()
            waiting = [message for message, outcome in done if outcome == "waiting"]
            await self._keep_waiting(unit.connection, waiting)
            await unit.flush()  # makes due what waits for a fact that this very batch brought
            await source.settle(
                unit.connection, [message for message, outcome in done if outcome != "waiting"], waiting
            )
        self.worked_on += len(messages)
        for message, outcome in done:
            EVENTS.labels(self.consumer, message.record.topic, outcome).inc()
        if len(fresh) < len(messages):
            EVENTS.labels(self.consumer, messages[0].record.topic, "duplicate").inc(len(messages) - len(fresh))
        for hook in self.after_commit:
            hook(unit)

    async def _one(self, unit: Unit, message: Message, blocked: set[Place]) -> str:
        place = (self.subscriptions.aggregate_of(message.record.topic), message.record.key)
        if message.failure is not None:
            await self._bury(unit, message, "dead")
            blocked.add(place)
            return "dead"
        if place in blocked and message.stored_id is None:
            await self._bury(unit, message, "parked")
            return "parked"
        if message.subscription is None or message.event is None or message.envelope is None:
            msg = "a message without failure has an event"
            raise TypeError(msg)
        unit.caused_by(message.envelope)
        try:
            await message.subscription.handler(message.event, unit)
        except WaitsFor as waits:
            message.waits_for = waits.fact
            return "waiting"
        except TRANSIENT:
            raise
        except Exception as error:
            raise HandlerFailed(message, error) from error
        return "done"

    async def _load(self, unit: Unit, messages: Sequence[Message]) -> None:
        wanted: dict[str, list[tuple[Any, ...]]] = {}
        for message in messages:
            if message.failure is None and message.subscription is not None:
                for collection, key in message.subscription.reads(message.event):
                    wanted.setdefault(collection, []).append(key)
        for collection, keys in wanted.items():
            await getattr(unit, collection).load(keys)

    async def _blocked_keys(self, connection: Connection, messages: Sequence[Message]) -> set[Place]:
        rows = await connection.fetch(
            "SELECT DISTINCT aggregate, topic, key FROM dead_letters"
            " WHERE consumer = $1 AND state IN ('dead', 'parked') AND key = ANY($2)",
            self.consumer,
            sorted({message.record.key for message in messages}),
        )
        return {(self.aggregate_of(row), row["key"]) for row in rows}

    def aggregate_of(self, letter: Row) -> str:
        """The aggregate of a dead letter's key; one that was kept before letters named it has that of its topic."""
        return str(letter["aggregate"] or self.subscriptions.aggregate_of(letter["topic"]))

    async def _bury(self, unit: Unit, message: Message, state: str) -> None:
        failure = message.failure or Failure("Parked", "an earlier event of its aggregate is dead")
        row = {
            **_kept(self.consumer, message),
            "practice": message.practice,
            "aggregate": self.subscriptions.aggregate_of(message.record.topic),
            "payload": message.record.value,
            "state": state,
            "error_class": failure.error_class,
            "reason": failure.reason[:500],
            "handler": message.subscription.handler_name if message.subscription else None,
        }
        if message.stored_id is not None and await self._dies_again(unit.connection, message, failure):
            return
        await insert(unit.connection, unit.tables.dead_letters, [row], conflict="ignore")
        envelope = message.envelope or empty_envelope(message.record, message.event_id, message.practice)
        unit.caused_by(envelope)
        unit.publish_raw(
            f"{message.record.topic}.dead",
            message.record.key,
            [
                *message.record.headers,
                *_dead_headers(message, self.consumer, state, failure),
            ],
            message.record.value or b"",
            uuid5(message.event_id, f"dead\x1f{self.consumer}"),
        )

    async def _dies_again(self, connection: Connection, message: Message, failure: Failure) -> bool:
        """A letter that was redriven in vain stays where it is, with its newest reason."""
        status = await connection.execute(
            "UPDATE dead_letters SET state = 'dead', attempts = attempts + 1, error_class = $3, reason = $4"
            " WHERE consumer = $1 AND event_id = $2",
            self.consumer,
            message.event_id,
            failure.error_class,
            failure.reason[:500],
        )
        return bool(status != "UPDATE 0")

    async def _keep_waiting(self, connection: Connection, messages: Sequence[Message]) -> None:
        """All of a batch in one statement."""
        if not messages:
            return
        rows = [_kept(self.consumer, message) for message in messages]
        await connection.execute(
            "INSERT INTO waiting (consumer, event_id, topic, partition, record_offset, key, headers, payload, fact, due)"
            " SELECT $1, event_id, topic, partition, record_offset, key, headers::jsonb, payload, fact, now() + $10"
            " FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::bytea[], $9::text[])"
            " AS w(event_id, topic, partition, record_offset, key, headers, payload, fact)"
            " ON CONFLICT (consumer, event_id) DO UPDATE SET due = EXCLUDED.due, fact = EXCLUDED.fact",
            self.consumer,
            *([row[name] for row in rows] for name in ("event_id", "topic", "partition", "record_offset", "key")),
            [orjson.dumps(row["headers"]).decode() for row in rows],
            [message.record.value for message in messages],
            [message.waits_for for message in messages],
            RETRY_WAITING_AFTER,
        )


def _kept(consumer: str, message: Message) -> Row:
    record = message.record
    return {
        "consumer": consumer,
        "event_id": message.event_id,
        "topic": record.topic,
        "partition": record.partition,
        "record_offset": record.offset,
        "key": record.key,
        "headers": [[name, readable(value)] for name, value in record.headers],
    }


def _dead_headers(message: Message, consumer: str, state: str, failure: Failure) -> list[tuple[str, bytes]]:
    record = message.record
    said = {
        "dead_consumer": consumer,
        "dead_state": state,
        "dead_topic": record.topic,
        "dead_partition": record.partition,
        "dead_offset": record.offset,
        "dead_error_class": failure.error_class,
        "dead_reason": failure.reason[:500],
    }
    return [(name, str(value).encode()) for name, value in said.items()]


def _failure(error: Exception) -> Failure:
    reason = (
        error.detail
        if isinstance(error, Refusal)
        else f"{type(error).__name__} in the handler; see the log by event id"
    )
    return Failure(type(error).__name__, reason)
