"""A service's database with connections that stay open from schedule to schedule, and that can be lost at any statement and at COMMIT."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from claimstream_kit.database import Database, prepare_connection

from .faults import Faults, Kind

BeforeCommit = Callable[[], Awaitable[None]]

IDS = 6
"""The parameter of the kit's statement that has the ids of what a unit says, one value for each of its rows."""


class Statements:
    """A connection whose every statement can be its last."""

    __slots__ = ("_database", "_faults", "_said", "real")

    def __init__(self, real: Any, database: "SimulatedDatabase", faults: Faults) -> None:
        """``real`` is asyncpg's."""
        self.real = real
        self._database = database
        self._faults = faults
        self._said: list[bytes] = []

    def take_said(self) -> list[bytes]:
        """The ids of what the transaction that ends has said."""
        said, self._said = self._said, []
        return said

    async def execute(self, *words: Any) -> Any:
        """As asyncpg's."""
        self._faults.statement()
        if "INSERT INTO outbox (" in words[0]:
            self._said += [each[at : at + 16] for each in words[IDS] for at in range(0, len(each), 16)]
        return await self.real.execute(*words)

    async def executemany(self, *words: Any) -> Any:
        """As asyncpg's: what is put aside to wait comes this way."""
        self._faults.statement()
        self._database.has_waiting |= "INSERT INTO waiting" in words[0]
        return await self.real.executemany(*words)

    async def fetch(self, *words: Any) -> Any:
        """As asyncpg's."""
        self._faults.statement()
        found = await self.real.fetch(*words)
        if "INSERT INTO inbox " in words[0]:
            await self._database.let_overtake()
        return found

    async def fetchrow(self, *words: Any) -> Any:
        """As asyncpg's."""
        self._faults.statement()
        return await self.real.fetchrow(*words)

    async def fetchval(self, *words: Any) -> Any:
        """As asyncpg's."""
        self._faults.statement()
        return await self.real.fetchval(*words)


class SimulatedDatabase(Database):
    """One per service and process; all its replicas share the connections."""

    def __init__(self, url: str, faults: Faults, *, socket: str | None = None) -> None:
        """Nothing is open yet. ``socket`` is the folder of the server's own socket, where it has one: it is quicker than TCP."""
        super().__init__(url)
        self._host: dict[str, Any] = {"host": socket, "port": urlsplit(url).port} if socket else {}
        self._faults = faults
        self.has_waiting = False
        """Whether an event was put aside since `has_waiting` was last set back: else nobody has to look for one."""
        self._free: list[Statements] = []
        self.busy: list[Statements] = []
        self.commits = 0
        self.before_commit: BeforeCommit | None = None
        """Called once, before the next COMMIT: what happens while a unit's rows are written and not yet seen."""
        self.after_inbox: BeforeCommit | None = None
        """Called once, when a unit has noted what it heard, and has locked nothing yet."""
        self.said: list[UUID] = []
        """The ids of all that was said in this schedule, in the order of the commits: that of the locks, for these are held until then."""

    async def new_connection(self) -> Statements:
        """A connection to this database."""
        connection = await asyncpg.connect(self.url, statement_cache_size=500, **self._host)
        await prepare_connection(connection)
        return Statements(connection, self, self._faults)

    async def open(self) -> None:
        """Connections are made when they are first needed."""

    async def close(self) -> None:
        """Close all."""
        for each in (*self._free, *self.busy):
            await each.real.close()
        self._free, self.busy = [], []

    async def connect_alone(self) -> Any:
        """A connection outside the pool."""
        return await self.new_connection()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A connection that nobody uses."""
        connection = self._free.pop() if self._free else await self.new_connection()
        self.busy.append(connection)
        try:
            yield connection
        finally:
            self.busy.remove(connection)
            self._free.append(connection)

    @asynccontextmanager
    async def transaction(self, seconds: float | None = None) -> AsyncIterator[Any]:
        """A transaction, which the connection may be lost at the end of: before COMMIT was done, or after. Nothing in it takes long."""
        del seconds
        async with self.connection() as connection:
            transaction = connection.real.transaction()
            await transaction.start()
            try:
                yield connection
                await self._wait_for_others()
                self._lose("lost-before-commit")
            except BaseException:
                connection.take_said()
                await transaction.rollback()
                raise
            await transaction.commit()
            self.said += [UUID(bytes=each) for each in connection.take_said()]
            self.commits += 1
            self._lose("lost-after-commit")

    def _lose(self, when: Kind) -> None:
        if self._faults.takes(when) is not None:
            raise ConnectionError(f"the simulated connection is {when}")

    async def let_overtake(self) -> None:
        """Let another go first, where one is to."""
        if self.after_inbox is not None:
            others, self.after_inbox = self.after_inbox, None
            await others()

    async def _wait_for_others(self) -> None:
        if self.before_commit is not None:
            others, self.before_commit = self.before_commit, None
            await others()

    async def until_blocked(self, task: "asyncio.Task[None]", ours: Statements, monitor: Any) -> None:
        """Wait until a task is done, or waits for a lock that ``ours`` holds: so that what comes next is the same each time."""
        while not task.done():
            await asyncio.sleep(0.0005)
            others = [each.real.get_server_pid() for each in self.busy if each is not ours]
            if others and await monitor.fetchval(
                "SELECT bool_or($2 = ANY(pg_blocking_pids(pid))) FROM unnest($1::int[]) AS pid",
                others,
                ours.real.get_server_pid(),
            ):
                return
