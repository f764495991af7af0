"""A batch becomes one unit.

A handler's exception takes that event out and the rest runs again; a failure at the flush bisects; a transient error tries the
whole batch again; only poison is dead-lettered, and later events of its aggregate are parked behind it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import structlog

from ..bus.port import Record
from ..database import TRANSIENT, Connection, Database
from ..errors import WaitsFor
from ..failpoints import failpoint
from ..telemetry import BATCH_SECONDS, EVENTS, places_of
from ..unit import Unit
from .dead_letters import Aggregate, blocked_by_the_dead, bury
from .inbox import Inbox
from .messages import Message, Source, decode, failure_of
from .subscription import Subscription, Subscriptions
from .waiting import keep_waiting

log = structlog.get_logger()

MOST_LETTERS_TOLD = 20

MID_BATCH = failpoint(
    "consumer.mid-batch", "a batch's first events are worked on, the rest and the commit are still to come"
)

MakeUnit = Callable[[Connection], Unit]


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
                failed.message.failure = failure_of(failed.error)
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
        if len(messages) > 1:
            log.warning("batch failed at the flush", error=type(error).__name__, size=len(messages))
            middle = len(messages) // 2
            await self.complete(messages[:middle], source)
            return messages[middle:]
        one = messages[0]
        log.warning(
            "event failed at the flush",
            topic=one.record.topic,
            event_id=str(one.event_id),
            error=type(error).__name__,
            places=places_of(error),
        )
        if one.failure is not None:
            raise error
        one.failure = failure_of(error)
        return messages

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[Unit]:
        async with self._database.transaction() as connection:
            yield self._make_unit(connection)

    async def _unit(self, messages: Sequence[Message], source: Source) -> None:
        done: list[tuple[Message, str]] = []
        async with self._open() as unit:
            fresh = await source.admit(unit.connection, messages)
            blocked = await blocked_by_the_dead(unit.connection, self.consumer, fresh)
            await self._load(unit, fresh)
            for message in fresh:
                done.append((message, await self._one(unit, message, blocked)))
                MID_BATCH.reached()
            waiting = [message for message, outcome in done if outcome == "waiting"]
            await keep_waiting(unit.connection, self.consumer, waiting)
            await unit.flush()  # makes due what waits for a fact that this very batch brought
            await source.settle(
                unit.connection, [message for message, outcome in done if outcome != "waiting"], waiting
            )
        self.worked_on += len(messages)
        for message, outcome in done:
            EVENTS.labels(self.consumer, message.record.topic, outcome).inc()
        self._tell_dead([message for message, outcome in done if outcome in ("dead", "parked")])
        if len(fresh) < len(messages):
            EVENTS.labels(self.consumer, messages[0].record.topic, "duplicate").inc(len(messages) - len(fresh))
        for hook in self.after_commit:
            hook(unit)

    def _tell_dead(self, messages: Sequence[Message]) -> None:
        """A line for each letter that was buried, or found dead again, up to a number; its key and its reason may be a patient's."""
        for message in messages[:MOST_LETTERS_TOLD]:
            log.error(
                "dead letter" if message.failure is not None else "parked behind a dead letter",
                topic=message.record.topic,
                partition=message.record.partition,
                offset=message.record.offset,
                event_id=str(message.event_id),
                practice=message.practice,
                error=message.failure.error_class if message.failure is not None else None,
                handler=message.subscription.handler_name if message.subscription is not None else None,
            )
        if messages:
            dead = sum(message.failure is not None for message in messages)
            log.error("events are dead or parked", dead=dead, parked=len(messages) - dead)

    async def _one(self, unit: Unit, message: Message, blocked: set[Aggregate]) -> str:
        aggregate = self.subscriptions.aggregate_of(message.record.topic)
        if message.failure is not None:
            await bury(unit, self.consumer, message, aggregate, "dead")
            blocked.add((aggregate, message.record.key))
            return "dead"
        if (aggregate, message.record.key) in blocked and message.stored_id is None:
            await bury(unit, self.consumer, message, aggregate, "parked")
            return "parked"
        if message.subscription is None or message.event is None or message.envelope is None:
            msg = "a message without failure has an event"
            raise TypeError(msg)
        unit.caused_by(message.envelope, message.record.value or b"")
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
