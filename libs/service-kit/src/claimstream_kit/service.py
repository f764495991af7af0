"""A service: its database, its units, its bus, its doors, started and drained in the right order.

``Service`` is what a service's ``main.py`` says of it; ``Running`` is the same at work.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar
from uuid import UUID

import structlog
from claimstream_schemas import AuditSealed
from fastapi import APIRouter
from sqlalchemy import MetaData

from .audit import Sealer
from .bus.kafka import AskKafka, KafkaPublisher, KafkaSubscriber
from .bus.port import Publisher, Subscriber
from .clock import Clock, OffsetClock
from .consuming.batch import BatchWorker
from .consuming.dead_letters import DeadLetters
from .consuming.subscription import Subscription
from .consuming.waiting import WaitingEvents
from .database import Connection, Database
from .failpoints import failpoint
from .health import AskDatabase, Health
from .relay import Relay
from .retention import Retention
from .settings import ServiceSettings
from .telemetry import places_of
from .unit import Unit
from .watching import Watch
from .witness import WitnessedTable
from .working_alone import pause

log = structlog.get_logger()

BEFORE_TRANSACTION = failpoint("unit.before-transaction", "a request or a task has come, its transaction is not open")
BEFORE_COMMIT = failpoint("unit.before-commit", "all of a request's or a task's rows are written, none is committed")
AFTER_COMMIT = failpoint("unit.after-commit", "a request's or a task's unit is committed, nobody has been answered")

AGAIN_SECONDS = 0.5
READINESS_SECONDS = 0.5

U = TypeVar("U", bound=Unit)


@dataclass(frozen=True)
class Service(Generic[U]):
    """What makes a service: its name, its tables, its unit, what it hears, its routes, what it does by itself."""

    name: str
    metadata: MetaData
    migrations: Path
    unit: Callable[..., U]
    """Makes a unit: its class, or with what the process remembers bound to it."""
    subscriptions: Sequence[Subscription] = ()
    routers: Sequence[APIRouter] = ()
    tasks: "Sequence[Callable[[Running[U], asyncio.Event], Awaitable[None]]]" = ()
    """Work that it does by itself: called with the running service and an event that is set when it is to stop."""
    witnessed: Sequence[WitnessedTable] = ()
    """The tables whose rows are not to change behind its back."""
    unfinished: str = "SELECT 0"
    """SQL that counts the work it still has to do by itself; 0 when it is at rest."""
    for_people: Mapping[str, str] = field(default_factory=dict)
    """What waits for a person, by kind, and the SQL that counts it: for metrics."""
    description: str = ""
    state: dict[str, Any] = field(default_factory=dict)
    """What its routes need beside the running service, under ``request.app.state``."""


class Running(Generic[U]):
    """A service at work."""

    def __init__(
        self,
        service: Service[U],
        settings: ServiceSettings,
        *,
        clock: Clock | None = None,
        publisher: Publisher | None = None,
        subscriber: Subscriber | None = None,
    ) -> None:
        """Nothing is opened yet. A test passes its own clock and bus."""
        self.service = service
        self.settings = settings
        self.clock = clock or OffsetClock(settings.clock_offset_seconds)
        self.database = Database(settings.database, size=settings.pool_size, seconds=settings.unit_seconds)
        self.publisher = publisher or KafkaPublisher(settings.kafka_access, prefix=settings.topic_prefix)
        self.worker = BatchWorker(self.database, service.subscriptions, self._make_unit, consumer=service.name)
        self.waiting = WaitingEvents(self.database, self.worker)
        self.dead_letters = DeadLetters(self.database, self.worker)
        self.relay = Relay(self.database, self.publisher, service=service.name)
        self.sealer = Sealer(
            self.database, service=service.name, folder=settings.audit_dir, clock=self.clock, keep=self._publish_head
        )
        self.retention = Retention(self.database, self._keep_purge, seconds=settings.retention_seconds)
        self.subscriber = subscriber
        if subscriber is None and service.subscriptions:
            self.subscriber = KafkaSubscriber(
                settings.kafka_access,
                service.name,
                list(self.worker.subscriptions.topics),
                replica=settings.replica,
                prefix=settings.topic_prefix,
                batch_size=settings.batch_size,
            )
        self.health = Health(
            service.name, {"database": AskDatabase(self.database), "broker": AskKafka(settings.kafka_access)}
        )
        self.watch = Watch(
            self.database,
            service=service.name,
            clock=self.clock,
            for_people=service.for_people,
            subscriber=self.subscriber,
        )
        self.worker.after_commit.append(lambda _unit: self.relay.wake())
        self._stopping = asyncio.Event()
        self._nothing_more_to_send = asyncio.Event()
        self._background: list[asyncio.Task[None]] = []
        self._relaying: asyncio.Task[None] | None = None
        self.is_draining = False

    def _make_unit(self, connection: Connection) -> U:
        return self.service.unit(connection, service=self.service.name, clock=self.clock)

    @asynccontextmanager
    async def unit(self, actor: str, *, cause: UUID | None = None, seconds: float | None = None) -> AsyncIterator[U]:
        """A unit for a request or a task: flushed and committed at the end, or nothing at all. ``seconds``: what a statement of it may take."""
        BEFORE_TRANSACTION.reached()
        async with self.database.transaction(seconds) as connection:
            unit = self._make_unit(connection)
            unit.on_behalf_of(actor, cause)
            yield unit
            await unit.flush()
            BEFORE_COMMIT.reached()
        AFTER_COMMIT.reached()
        self.relay.wake()
        if unit.facts:
            self.waiting.wake()
        for hook in self.worker.after_commit:
            hook(unit)

    async def _publish_head(self, sealed: AuditSealed) -> None:
        async with self.unit(self.service.name) as unit:
            await unit.alone("head", sealed.practice_id, sealed.service)
            unit.publish(sealed)

    async def _keep_purge(self, what: str) -> None:
        async with self.unit(self.service.name) as unit:
            unit.record("purge", "claimstream", what)

    async def start(self) -> None:
        """Open the database, connect the bus, begin to work."""
        self.settings.audit_dir.mkdir(parents=True, exist_ok=True)
        await self.database.open()
        self._relaying = self._keep("relay", self._relay, self._nothing_more_to_send)
        self._background = [
            self._keep("waiting", partial(self.waiting.run, self._stopping)),
            self._keep("outbox watch", partial(self.relay.watch, self._stopping)),
            self._keep("health", partial(self.health.run, self._stopping)),
            self._keep("readiness", self._tell_readiness),
            self._keep("watch", partial(self.watch.run, self._stopping)),
            self._keep("sealer", partial(self.sealer.run, self._stopping)),
            self._keep("retention", partial(self.retention.run, self._stopping)),
            *(
                self._keep(getattr(task, "__name__", "task"), partial(task, self, self._stopping))
                for task in self.service.tasks
            ),
        ]
        if self.subscriber is not None:
            self._background.append(self._keep("subscriber", partial(self.subscriber.run, self.worker.work)))

    def _keep(
        self, name: str, work: Callable[[], Awaitable[None]], stopping: asyncio.Event | None = None
    ) -> asyncio.Task[None]:
        """Work in the background for as long as the service lives."""
        return asyncio.create_task(_guarded(name, work, stopping or self._stopping), name=name)

    async def _tell_readiness(self) -> None:
        """Say when it is ready, and when it is not any more, with what stands in the way."""
        was = False
        while not self._stopping.is_set():
            now = self.is_ready
            if now and not was:
                log.info("ready")
            elif was and not now:
                log.warning("not ready", parts=self.health.states, seals=self.sealer.works, heard=self._is_heard)
            was = now
            await pause(READINESS_SECONDS, self._stopping)

    async def _relay(self) -> None:
        try:
            await self.relay.run(self._nothing_more_to_send)
        finally:
            await self.publisher.stop()

    async def stop(self) -> None:
        """Drain: stop fetching, finish the batch and commit its offsets, seal, flush the relay, leave the group, close the pool."""
        self.is_draining = True
        if self.subscriber is not None:
            await self.subscriber.stop()
        self._stopping.set()
        self.waiting.wake()
        if self._background:
            await asyncio.wait(self._background, timeout=10)
        self._nothing_more_to_send.set()
        self.relay.wake()
        if self._relaying is not None:
            await asyncio.wait([self._relaying], timeout=5)
        for task in (*self._background, self._relaying):
            if task is not None and not task.done():
                task.cancel()
        await self.database.close()

    @property
    def is_ready(self) -> bool:
        """Whether it takes work: its parts answer, the relay and all tasks live, the audit is sealed, and it is not draining.

        The broker may be away where nothing is heard: what is taken in waits in the outbox.
        """
        if self.health.states.get("database", "answers") != "answers" or not self.sealer.works:
            return False
        if self.subscriber is not None and self.health.states.get("broker", "answers") != "answers":
            return False
        alive = all(not task.done() for task in self._background)
        return (
            alive
            and self._is_heard
            and not self.is_draining
            and self._relaying is not None
            and not self._relaying.done()
        )

    @property
    def _is_heard(self) -> bool:
        """Whether its group has given it something to hear, where it hears."""
        return self.subscriber is None or self.subscriber.is_assigned

    async def quiet(self) -> dict[str, int]:
        """What is still to do here: all zero when the service is at rest (dead and parked letters stay until settled)."""
        row = await self.database.fetch_one(
            "SELECT (SELECT coalesce(sum(events), 0) FROM outbox_queue) AS outbox_unsent,"
            " (SELECT count(*) FROM waiting) AS waiting,"
            " (SELECT count(*) FROM dead_letters WHERE state = 'dead') AS dead_letters,"
            " (SELECT count(*) FROM dead_letters WHERE state = 'parked') AS parked,"
            " (SELECT coalesce(max(id), 0) FROM outbox) AS newest_event"
        )
        lag = await self.subscriber.lag() if self.subscriber is not None else 0
        unfinished = await self.database.value(self.service.unfinished)
        counted = {name: int(value) for name, value in (row or {}).items()}
        return {**counted, "lag": lag, "unfinished": int(unfinished), "worked_on": self.worker.worked_on}


async def _guarded(name: str, work: Callable[[], Awaitable[None]], stopping: asyncio.Event) -> None:
    """Work until it ends by itself or is told to stop: what it raises is logged, and it begins again."""
    while True:
        try:
            await work()
        except (Exception, asyncio.CancelledError) as error:  # a task lives as long as its service
            asked = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and asked is not None and asked.cancelling():
                raise  # nobody else's: a library's own would end the part in silence
            log.warning("task failed", task=name, error=type(error).__name__, places=places_of(error))
            if stopping.is_set():
                return
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return
