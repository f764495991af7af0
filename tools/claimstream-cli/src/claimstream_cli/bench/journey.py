"""``bench journey``: so many encounters from HTTP to posted money, on the stack that runs or on one of its own."""

import asyncio
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
from claimstream_load import Poster, Tally, batches, source_system
from claimstream_local_servers import LocalKafka, LocalPostgres, OwnedProcess, PostgresServer
from claimstream_local_servers.processes import Progress, silent, spawn

from claimstream_cli import exits, stack, topics
from claimstream_cli.client import token
from claimstream_cli.members import CODING, SERVICES
from claimstream_cli.places import Home, checkout
from claimstream_cli.practice import load
from claimstream_cli.quiet import NotQuiet, figures, is_busy
from claimstream_cli.servers import Given, start_postgres
from claimstream_cli.sites import Site
from claimstream_cli.state import Plan

from .floor import Floor, measure_floor
from .processes import Meter, members
from .stages import Journeys, journeys

DAY = date(2026, 9, 16)
PREFIX = "bench_"
BATCH = 200
CONNECTIONS = 2
POLL_SECONDS = 2.0
STILL_LOOKS = 2
"""So many looks without a change are rest: the simulated payers answer within two seconds."""
SLOWEST_A_SECOND = 5.0
LEAST_FLOOR = 20_000


@dataclass(frozen=True)
class Run:
    """What one run was asked to do, and on what."""

    home: Home
    plan: Plan
    practice: str
    encounters: int
    seed: int


@dataclass(frozen=True)
class Measured:
    """What one run showed."""

    run: Run
    tally: Tally
    journeys: Journeys
    meter: Meter
    began: float
    """Seconds since the epoch, wall clock, of the first POST."""
    ended: float
    """The same of the last posted payment."""
    floor: Floor | None
    dead_letters: int
    wal_bytes: int
    """What PostgreSQL wrote ahead meanwhile, for all services."""
    load_before: float
    """The machine's load average over a minute before the run: what others were doing."""


@contextmanager
def a_stack(progress: Progress) -> Iterator[tuple[Home, Plan, bool]]:
    """The running stack; else a fresh one under ``var/bench``, ended afterwards. True where it is our own."""
    home = Home.default()
    plan = stack.current(home)
    if plan is not None:
        yield home, plan, False
        return
    own = Home(home.root / "bench")
    guard = start_guard(own)
    previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(exits.INTERRUPTED))
    try:
        _remove(own)
        yield own, _fresh(own, progress), True
    finally:
        stack.down(own)
        guard.end()
        signal.signal(signal.SIGTERM, previous)


def start_guard(home: Home) -> OwnedProcess:
    """Whoever kills this process finds nothing left a moment later."""
    me = OwnedProcess.of(os.getpid())
    command = [sys.executable, "-m", "claimstream_cli.guard", str(home.root), str(me.pid), str(me.started)]
    return spawn(command, home.root.parent / "bench-guard.log", environment=dict(os.environ))


def _fresh(home: Home, progress: Progress) -> Plan:
    prefix = PREFIX if Given.by_environment().anything else ""
    plan = stack.up(home, stack.Options(clock=DAY, fixed_ports=False, prefix=prefix), progress)
    loaded = load(Site.local(home, plan), checkout() / "demo" / "practice.json")
    if not loaded.taken:
        exits.fail(exits.REFUSED, "\n".join(loaded.lines()))
    return plan


def _remove(home: Home) -> None:
    """Remove what an earlier bench left."""
    stack.down(home)
    LocalKafka(home.kafka).remove()
    LocalPostgres(home.postgres).remove()
    shutil.rmtree(home.root, ignore_errors=True)
    given = Given.by_environment()
    if given.postgres is not None:
        for service in SERVICES:
            given.postgres.drop_database(PREFIX + service.module)
    if given.kafka is not None:
        topics.delete(given.kafka.as_user(), PREFIX.replace("_", "."))


def measure(run: Run, *, progress: Progress, with_floor: bool = True) -> Measured:
    """Send the encounters, wait until all is at rest, and read what it took.

    Raises:
        NotQuiet: the stack did not come to rest in time.
    """
    load_before = Path("/proc/loadavg").read_text().split()[0]
    bearer = token(run.home, practice=run.practice, subject="claimstream-bench", roles=["biller"])
    poster = Poster(run.plan.url(CODING.name), bearer, practice=run.practice, connections=CONNECTIONS)
    written = _wal_position(run.plan)
    with Meter(members(run.home, run.plan)) as meter:
        tally = asyncio.run(_post(poster, run, progress))
        last = _until_quiet(run, progress)
    written = _wal_position(run.plan) - written
    known = journeys(run.plan, run.practice, source_system(run.seed))
    began = tally.first_sent or time.time()
    posted = known.last_posted
    return Measured(
        run=run,
        tally=tally,
        journeys=known,
        meter=meter,
        began=began,
        ended=posted - run.plan.clock_offset_seconds if posted is not None else time.time(),
        floor=_floor(run, progress) if with_floor else None,
        dead_letters=sum(last[service.name]["dead_letters"] + last[service.name]["parked"] for service in SERVICES),
        wal_bytes=written,
        load_before=float(load_before),
    )


async def _post(poster: Poster, run: Run, progress: Progress) -> Tally:
    posting = asyncio.create_task(poster.post(batches(run.seed, count=run.encounters, size=BATCH)))
    while not posting.done():
        await asyncio.wait([posting], timeout=0.5)
        progress("Posting encounters", poster.tally.accepted, run.encounters)
    return await posting


def _until_quiet(run: Run, progress: Progress) -> dict[str, Any]:
    """Look seldom: each look counts rows, and what is measured shares the cores."""
    bearer = token(run.home, practice=run.practice, subject="claimstream-quiet", roles=["operator"])
    deadline = time.monotonic() + 120 + run.encounters / SLOWEST_A_SECOND
    last: dict[str, Any] = {}
    still = 0
    while time.monotonic() < deadline:
        now = figures(run.home, run.plan, bearer)
        still = still + 1 if now == last and not is_busy(now) else 0
        if still >= STILL_LOOKS:
            return now
        last = now
        progress("Files exchanged", now["inbound"], now["inbound"] + 1)
        time.sleep(POLL_SECONDS)
    message = f"the stack did not come to rest: {last}"
    raise NotQuiet(message)


def _wal_position(plan: Plan) -> int:
    """Up to where the write-ahead log goes, in bytes: one for all databases of the server."""

    async def ask() -> int:
        connection = await asyncpg.connect(plan.databases[CODING.name])
        try:
            return int(await connection.fetchval("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"))
        finally:
            await connection.close()

    return asyncio.run(ask())


def _floor(run: Run, progress: Progress) -> Floor:
    """As many bare events as encounters, and enough of them to say something."""
    progress("Measuring the floor", 0, 1)
    return measure_floor(_server(run), run.plan.kafka_access(), max(run.encounters, LEAST_FLOOR))


def _server(run: Run) -> PostgresServer:
    return start_postgres(run.home, Given.by_environment(), silent)
