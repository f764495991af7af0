"""The five services at work, one step at a time: what their background tasks do by themselves, a schedule calls here.

A service that has crashed loses what it held in memory: it is made anew. Its database connections stay, rolled back.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import claim_svc.main
import claim_svc.settings
import clearinghouse_gw.main
import clearinghouse_gw.settings
import coding_svc.main
import coding_svc.settings
import denial_svc.main
import denial_svc.settings
import remit_svc.main
import remit_svc.settings
from claimstream_kit import Running, Subscription, Unit
from claimstream_kit.bus.port import Record
from claimstream_kit.consuming import Subscriptions
from claimstream_kit.service import Service
from claimstream_kit.testing import TOPICS, Idle
from claimstream_schemas import Event
from clearinghouse_gw.exchange import Exchange
from coding_svc.handlers.code_encounter import code_encounters

from .bus import Bus
from .clients import deliver
from .clock import SimulatedClock
from .database import SimulatedDatabase, Statements
from .disk import Disk, SimulatedOs
from .faults import Faults
from .violation import Violation

CODING, CLAIM, GATEWAY, REMIT, DENIAL = "coding-svc", "claim-svc", "clearinghouse-gw", "remit-svc", "denial-svc"
MODULES = {
    CODING: (coding_svc.main, coding_svc.settings),
    CLAIM: (claim_svc.main, claim_svc.settings),
    GATEWAY: (clearinghouse_gw.main, clearinghouse_gw.settings),
    REMIT: (remit_svc.main, remit_svc.settings),
    DENIAL: (denial_svc.main, denial_svc.settings),
}
NAMES = tuple(MODULES)
MOST_TO_CODE = 40


Work = Callable[[], Coroutine[Any, Any, Any]]


@dataclass
class Around:
    """What a schedule puts around the services: each has its own."""

    clock: SimulatedClock
    bus: Bus
    disk: Disk


class Member:
    """One service: its replicas come and go, its database stays."""

    def __init__(self, name: str, database: SimulatedDatabase, settings: Any, faults: Faults) -> None:
        """Not at work yet: `begin` gives it a schedule's surroundings."""
        self.name = name
        self.database = database
        self.faults = faults
        self._settings = settings
        self._build: Callable[[Any], Service[Any]] = MODULES[name][0].build
        self._service: Service[Any] | None = None
        self._around: Around | None = None
        self._relaying: Statements | None = None
        self._epoch: int | None = None
        self.monitor: Statements | None = None
        self.running: Any = None
        self.topics: list[str] = []
        self.sent_up_to = -1
        """Commits of the database when its outbox was last seen empty."""
        self.has_more = True
        """Whether its tasks may find something to do: something came, or the process began."""
        self.began: Callable[[Running[Any]], None] = lambda _running: None

    def begin(self, around: Around) -> None:
        """A schedule begins, with nothing in any folder."""
        self._around = around
        self._start()

    async def restart(self) -> None:
        """The process begins again: nothing is in memory but what it reads when it begins."""
        self._start()
        if self.name == GATEWAY:
            await self.exchange.receive(self.running, _set())

    def _start(self) -> None:
        SimulatedOs.process += 1
        self.running = self.replica()
        self.topics = list(self.running.worker.subscriptions.topics)
        self.sent_up_to = -1
        self.has_more = True
        self.began(self.running)

    def replica(self) -> Running[Any]:
        """One more process of this service."""
        running = Running(self._made(), self._settings, clock=self.around.clock, subscriber=Idle())
        worker = running.worker
        worker.subscriptions = Subscriptions(map(self._fallible, worker.subscriptions))
        return running

    def _fallible(self, subscription: Subscription) -> Subscription:
        """The same, with a handler that can be told to fail."""

        async def handler(event: Event, unit: Unit) -> None:
            if self.faults.takes("handler-fails") is not None:
                raise LookupError("simulated")
            await subscription.handler(event, unit)

        return replace(subscription, handler=handler)

    def _made(self) -> Service[Any]:
        """The service; those that hold nothing in memory are built once, for their rules take long to read."""
        if self.name in (GATEWAY, REMIT):
            return self._build(self._settings)
        if self._service is None:
            self._service = self._build(self._settings)
        return self._service

    @property
    def around(self) -> Around:
        """The schedule's surroundings."""
        if self._around is None:
            raise LookupError("no schedule has begun")
        return self._around

    @property
    def exchange(self) -> Exchange:
        """The gateway's tasks."""
        exchange: Exchange = self.running.service.state["exchange"]
        return exchange

    # What the background tasks do, once

    async def relay(self, *, new_leader: bool = False, as_epoch: int | None = None) -> None:
        """Number and send what is unsent; as a new leader, or as one that was paused past its lock and does not know it."""
        if self._relaying is None:
            self._relaying = await self.database.new_connection()
        commits = self.database.commits
        relay, connection = self.running.relay, self._relaying
        if as_epoch is not None:
            if await relay.number_some(connection, as_epoch):
                raise Violation("I9: a relay past its lock has numbered what units said")
            await relay.send_some(as_epoch)
            return
        epoch, self._epoch = self._epoch, None  # unless it comes to its end, another has to lead
        if new_leader or epoch is None:
            await connection.real.execute("SELECT pg_advisory_unlock_all()")
            epoch = await relay.lead(connection)
        while await relay.number_some(connection, epoch) or await relay.send_some(epoch):
            continue
        self._epoch, self.sent_up_to = epoch, commits

    @property
    def may_have_unsent(self) -> bool:
        """Whether something was committed since its outbox was last seen empty."""
        return self.sent_up_to != self.database.commits

    async def deliver(self, records: Sequence[Record]) -> None:
        """A batch from the bus."""
        self.has_more = True
        await deliver(self.around.bus, self.name, records, self.running.worker.work)

    async def deliver_to_two(
        self, first: Sequence[Record], second: Sequence[Record], *, overtakes: bool = False
    ) -> None:
        """Two replicas have a batch each at the same time."""
        bus, other = self.around.bus, self.replica()
        await self.two_at_once(
            lambda: deliver(bus, self.name, first, self.running.worker.work),
            lambda: deliver(bus, self.name, second, other.worker.work),
            overtakes=overtakes,
        )

    async def two_at_once(self, first: Work, second: Work, *, overtakes: bool = False) -> None:
        """The second works while the first has written and not committed; it ends by itself, or waits for the first and ends after it.

        What the second commits before the first is sent before the first commits. One that ``overtakes`` works when the first has only
        noted what it heard: what both say of one thing, the second says first, and it is sent when both are done.
        """
        if self.monitor is None:
            self.monitor = await self.database.new_connection()
        monitor = self.monitor
        tasks: list[asyncio.Task[Any]] = []
        self.has_more = True

        async def meanwhile() -> None:
            ours = self.database.busy[-1]
            task = asyncio.ensure_future(second())
            tasks.append(task)
            await self.database.until_blocked(task, ours, monitor.real)
            if task.done() and not overtakes:
                await self.relay()

        if overtakes:
            self.database.after_inbox = meanwhile
        else:
            self.database.before_commit = meanwhile
        try:
            await first()
        finally:
            self.database.before_commit = self.database.after_inbox = None
            for task in tasks:
                await task

    async def task_of_two(self, task: str) -> None:
        """Two replicas do what they do by themselves, at the same time."""
        other = Member(self.name, self.database, self._settings, self.faults)
        other._around, other._service = self._around, self._service
        other.running = self.replica()
        if self.name == GATEWAY:
            await other.exchange.receive(other.running, _set())
        await self.two_at_once(getattr(self, task), getattr(other, task))

    async def complete_waiting(self) -> int:
        """Complete waiting events whose fact has come."""
        count: int = await self.running.waiting.complete_due()
        return count

    async def encode(self) -> int:
        """Coding-svc codes what waits for its encoder."""
        async with self.running.unit(self.name) as unit:
            return await code_encounters(unit, self.running.service.state["code_sets"], most=MOST_TO_CODE)

    async def post(self) -> int:
        """Remit-svc posts what is complete."""
        count: int = await self.running.service.state["posting"].post_all(self.running)
        return count

    async def transmit(self) -> int:
        """The gateway makes and sends files."""
        return await self.exchange.transmit_once(self.running)

    async def receive(self) -> int:
        """The gateway looks at its inbound folder."""
        return await self.exchange.receive_once(self.running)

    async def seal(self) -> None:
        """Chain the audit entries, and sign the head."""
        while await self.running.sealer.chain():
            continue
        await self.running.sealer.seal()

    async def close(self) -> None:
        """Close every connection."""
        for each in (self._relaying, self.monitor):
            if each is not None:
                await each.real.close()
        await self.database.close()


def settings_of(name: str, url: str, folder: Path) -> Any:
    """What a service is told."""
    more = {"exchange_dir": folder, "look_again_seconds": 0.0} if name == GATEWAY else {}
    return MODULES[name][1].Settings(
        database_url=url,
        kafka="127.0.0.1:1",
        topics=TOPICS,
        token_keys=folder / "keys",
        audit_dir=folder / "audit",
        port=1,
        **more,
    )


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
