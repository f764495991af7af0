"""The services' databases behind the port: one connection each, in one read-only snapshot each."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeAlias

import asyncpg

from .evidence import Row

Connection: TypeAlias = Any
"""An asyncpg connection."""

_PREFETCH = 200
"""A row of the outbox comes with up to a megabyte of what was said."""


class PostgresDatabases:
    """Connections by service. Large results come by and by where there is a snapshot to hold a cursor in."""

    def __init__(self, connections: Mapping[str, Connection], *, streaming: bool = False) -> None:
        """A caller that audits often keeps its connections and hands them in."""
        self._connections = connections
        self._streaming = streaming

    async def rows(self, service: str, sql: str, *arguments: Any) -> AsyncIterator[Row]:
        """The rows of a query."""
        connection = self._connections[service]
        if self._streaming:
            async for row in connection.cursor(sql, *arguments, prefetch=_PREFETCH):
                yield row
            return
        for row in await connection.fetch(sql, *arguments):
            yield row


@asynccontextmanager
async def connected(addresses: Mapping[str, str]) -> AsyncIterator[PostgresDatabases]:
    """Connections of their own, without a snapshot: for one small audit after another."""
    async with AsyncExitStack() as stack:
        yield PostgresDatabases({name: await _connect(url, stack) for name, url in addresses.items()})


@asynccontextmanager
async def snapshots(addresses: Mapping[str, str]) -> AsyncIterator[PostgresDatabases]:
    """One moment of each database, for one large audit."""
    async with AsyncExitStack() as stack:
        connections = {name: await _connect(url, stack) for name, url in addresses.items()}
        for connection in connections.values():
            await stack.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
            await connection.execute("SET LOCAL work_mem = '64MB'")
            await connection.fetchval("SELECT count(*) FROM outbox WHERE false")
        yield PostgresDatabases(connections, streaming=True)


async def _connect(address: str, stack: AsyncExitStack) -> Connection:
    connection: Connection = await asyncpg.connect(address)
    stack.push_async_callback(connection.close)
    return connection
