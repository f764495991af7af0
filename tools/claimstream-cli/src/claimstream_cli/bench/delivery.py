"""``bench delivery``: what the kit itself costs an event, with few claims in the tables and with many.

One process says, numbers, sends (into memory), hears and chains events in batches, by the kit's own code on a real PostgreSQL of its own: what is left of a
service when its business and Kafka are taken away. Beside it, in the same run, a row an event, as bare as can be: a known id, a row, a mark when it is sent.
"""

import asyncio
import gc
import os
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from claimstream_kit import kit_v1
from claimstream_kit.audit import Sealer
from claimstream_kit.bus.in_memory import InMemoryBus
from claimstream_kit.bus.port import Record
from claimstream_kit.clock import OffsetClock
from claimstream_kit.command_line import COLLECT_AFTER
from claimstream_kit.consuming.batch import BatchWorker
from claimstream_kit.consuming.subscription import Subscription
from claimstream_kit.database import Connection, Database
from claimstream_kit.relay import Relay
from claimstream_kit.unit import Unit
from claimstream_local_servers import LocalPostgres
from claimstream_local_servers.places import closed_folder
from claimstream_local_servers.processes import Progress
from claimstream_schemas import AuditSealed, ClaimHeld
from claimstream_schemas.values.claim import RuleFinding
from rich.table import Table

from claimstream_cli.places import Home

from .journey import start_guard
from .machine import commit, machine
from .processes import usage_of

SERVICE = "bench"
EVENTS_A_CLAIM = 11
BATCH = 500
WINDOW_CLAIMS = 3_000
BARE_EVENTS = 33_000
REMEDY = "None: it is a benchmark. " * 8
"""With the numbers in the message an event is as long, and can be compressed as far, as what is said of a claim on an average."""
BARE = """
CREATE TABLE bare (event_id uuid PRIMARY KEY, payload bytea NOT NULL, sent_at timestamptz);
CREATE TABLE bare_inbox (event_id uuid PRIMARY KEY);
"""


@dataclass(frozen=True)
class Window:
    """What an event cost while the tables grew to so many claims, in microseconds of a core."""

    claims: int
    python: float
    postgres: float
    wal_bytes: float

    @property
    def core(self) -> float:
        """Both together."""
        return self.python + self.postgres


class _Texts:
    """What a migration would run."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def execute(self, text: str) -> None:
        self.texts.append(text)


class Delivery:
    """One service without business."""

    def __init__(self, url: str, folder: Path) -> None:
        """Everything that it keeps lies in that database and folder."""
        self.database = Database(url, size=4)
        self._bus = InMemoryBus()
        self._clock = OffsetClock(0)
        self._relay = Relay(self.database, self._bus, service=SERVICE)
        heard = Subscription(ClaimHeld, _nothing)
        self._worker = BatchWorker(self.database, [heard], self._unit, consumer=SERVICE)
        self._sealer = Sealer(self.database, service=SERVICE, folder=folder, clock=self._clock, keep=_no_head)

    def _unit(self, connection: Connection) -> Unit:
        return Unit(connection, service=SERVICE, clock=self._clock)

    async def prepare(self) -> Connection:
        """Make the kit's tables; the connection that numbers."""
        await self.database.open()
        tables = _Texts()
        kit_v1.upgrade(tables)
        async with self.database.transaction() as connection:
            for text in tables.texts:
                await connection.execute(text)
            await connection.execute(BARE)
            await connection.execute("INSERT INTO relay_state (one, epoch) VALUES (true, 1)")
        return await self.database.connect_alone()

    async def deliver(self, numbering: Connection, events: Sequence[ClaimHeld]) -> None:
        """Say, number, send, hear and chain these events."""
        async with self.database.transaction() as connection:
            unit = self._unit(connection)
            unit.holds_all()
            for event in events:
                unit.publish(event)
            await unit.flush()
        while await self._relay.number_some(numbering, 1):
            continue
        while await self._relay.send_some(1):
            continue
        records: list[Record] = self._bus.topics.pop(ClaimHeld.topic)
        await self._worker.work(records)
        await self._sealer.chain()

    async def deliver_barely(self, _numbering: Connection, events: Sequence[ClaimHeld]) -> None:
        """A row for each event, and nothing but that."""
        ids = [uuid4() for _ in events]
        values = [event.to_bytes() for event in events]
        async with self.database.transaction() as connection:
            await connection.execute(
                "INSERT INTO bare (event_id, payload) SELECT * FROM unnest($1::uuid[], $2::bytea[])", ids, values
            )
        async with self.database.transaction() as connection:
            await connection.fetch("SELECT event_id, payload FROM bare WHERE sent_at IS NULL LIMIT $1", len(events))
            await connection.execute("UPDATE bare SET sent_at = now() WHERE event_id = ANY($1)", ids)
        async with self.database.transaction() as connection:
            await connection.execute("INSERT INTO bare_inbox SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING", ids)


async def _nothing(_event: ClaimHeld, _unit: Unit) -> None:
    """Heard, and that is all."""


async def _no_head(_sealed: AuditSealed) -> None:
    """Nothing is sealed here."""


def _events(count: int) -> list[ClaimHeld]:
    return [_event() for _ in range(count)]


def _event() -> ClaimHeld:
    message = " ".join(str(uuid4()) for _ in range(4))
    finding = RuleFinding(rule="bench", message=message, remedy=REMEDY, severity="hold", place="lines/0/charge")
    return ClaimHeld(practice_id=SERVICE, claim_id=uuid4(), encounter_id=uuid4(), findings=(finding,), actor=SERVICE)


def run_delivery(claims: Sequence[int], progress: Progress) -> Table:
    """Deliver until the tables hold the most of ``claims``; what an event cost before each of these."""
    home = Home(Home.default().root / "bench-delivery")
    postgres = LocalPostgres(home.postgres, progress=progress)
    postgres.remove()
    shutil.rmtree(home.root, ignore_errors=True)
    closed_folder(home.root)
    guard, collecting = start_guard(home), gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)  # as in a service
    try:
        server = postgres.start()
        process = postgres.process()
        if process is None:
            raise RuntimeError("PostgreSQL has just been started")
        server.create_database(SERVICE, SERVICE, secrets.token_urlsafe(24))
        url = server.owner_url(SERVICE, SERVICE)
        windows, bare = asyncio.run(_measure(Delivery(url, home.root), process.pid, sorted(claims), progress))
    finally:
        postgres.remove()
        guard.end()
        gc.unfreeze()
        gc.set_threshold(*collecting)
        shutil.rmtree(home.root, ignore_errors=True)
    return _table(windows, bare)


async def _measure(
    work: Delivery, postgres: int, claims: Sequence[int], progress: Progress
) -> tuple[list[Window], Window]:
    numbering = await work.prepare()
    windows, done = [], 0
    for target in claims:
        while (before := (target - WINDOW_CLAIMS) * EVENTS_A_CLAIM - done) > 0:
            await work.deliver(numbering, _events(min(BATCH, before)))
            done += min(BATCH, before)
            progress("Delivering events", done, claims[-1] * EVENTS_A_CLAIM)
        left = target * EVENTS_A_CLAIM - done
        windows.append(await _window(work.deliver, numbering, postgres, left, target))
        done += left
    bare = await _window(work.deliver_barely, numbering, postgres, BARE_EVENTS, 0)
    await numbering.close()
    await work.database.close()
    return windows, bare


async def _window(
    deliver: Callable[[Connection, Sequence[ClaimHeld]], Awaitable[None]],
    connection: Connection,
    postgres: int,
    count: int,
    claims: int,
) -> Window:
    position = await connection.fetchval("SELECT pg_current_wal_lsn()")
    python, server, done = 0.0, usage_of(postgres).cpu_seconds, 0
    while done < count:
        events = _events(min(BATCH, count - done))
        began = time.process_time()
        await deliver(connection, events)
        python += time.process_time() - began
        done += len(events)
    server = usage_of(postgres).cpu_seconds - server
    wal = await connection.fetchval("SELECT pg_current_wal_lsn() - $1::pg_lsn", position)
    return Window(claims, python * 1e6 / count, server * 1e6 / count, float(wal) / count)


def _table(windows: Sequence[Window], bare: Window) -> Table:
    table = Table("claims in the tables", "Python", "PostgreSQL", "both, core-µs an event", "WAL, bytes an event")
    table.title = f"bench delivery: {EVENTS_A_CLAIM} events a claim, said once and heard once each"
    for each in windows:
        row = (each.python, each.postgres, each.core, each.wal_bytes)
        table.add_row(f"{each.claims:,}", *(f"{value:,.1f}" for value in row))
    first, last = windows[0], windows[-1]
    table.add_row(
        "growth", "", "", f"{last.core / first.core - 1:+.1%}", f"{last.wal_bytes / first.wal_bytes - 1:+.1%}"
    )
    table.add_section()
    row = (bare.python, bare.postgres, bare.core, bare.wal_bytes)
    table.add_row("a bare row an event", *(f"{value:,.1f}" for value in row))
    table.add_row("to the bare row", "", "", f"{first.core / bare.core:.2f}", f"{first.wal_bytes / bare.wal_bytes:.2f}")
    table.caption = f"{machine()}; load {os.getloadavg()[0]:.1f}; commit {commit()}"
    return table
