"""PostgreSQL: the pool, which failures pass by themselves, and rows written many at a time."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlencode

import asyncpg
import orjson
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

Connection: TypeAlias = Any
"""An asyncpg connection, pooled or not (asyncpg types the two apart; both have the same methods)."""

Row: TypeAlias = dict[str, Any]

GRACE_SECONDS = 5.0
"""How much longer than its server a client waits: a server that hangs cannot end its statement."""

TRANSIENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a connection that breaks in the middle of an answer says
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.DiskFullError,
    asyncpg.QueryCanceledError,  # it took longer than its kind may
    asyncpg.IdleInTransactionSessionTimeoutError,
    ConnectionError,
    TimeoutError,
    OSError,
)
"""Failures that pass by themselves: the same work is tried again, and nothing is dead-lettered for them."""


def tls_options(ca: Path, certificate: Path | None = None, key: Path | None = None) -> str:
    """What stands behind an address's `?`, so that its server has to show a certificate for its name that ``ca`` signed; ours, with its key, is shown to it."""
    files = {"sslrootcert": ca, "sslcert": certificate, "sslkey": key}
    return urlencode(
        {"sslmode": "verify-full", **{name: str(file) for name, file in files.items() if file is not None}}
    )


async def prepare_connection(connection: Connection) -> None:
    """JSON columns read and write Python values."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: orjson.dumps(value).decode(),
        decoder=orjson.loads,
    )


async def _as_it_is(_connection: Connection) -> None:
    """No unit leaves anything behind on its connection but its transaction, which the pool has ended: there is nothing to ask the server for."""


class Database:
    """A service's own database: a pool of connections."""

    def __init__(self, url: str, *, size: int = 8, seconds: float = 60.0) -> None:
        """``url`` is a PostgreSQL DSN; ``size`` the most connections the pool opens; ``seconds``: what a statement may take."""
        self.url = url
        self._size = size
        self._seconds = seconds
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Open the pool."""
        limit = f"{round(self._seconds * 1000)}"
        self._pool = await asyncpg.create_pool(
            self.url,
            min_size=1,
            max_size=self._size,
            init=prepare_connection,
            reset=_as_it_is,
            command_timeout=self._seconds + GRACE_SECONDS,
            server_settings={"statement_timeout": limit, "idle_in_transaction_session_timeout": limit},
        )

    async def close(self) -> None:
        """Close the pool."""
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool, outside any transaction."""
        if self._pool is None:
            msg = "the database is not open"
            raise asyncpg.InterfaceError(msg)
        async with self._pool.acquire() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self, seconds: float | None = None) -> AsyncIterator[Connection]:
        """A connection in a transaction: committed at the end, rolled back on an exception.

        ``seconds``: what a statement may take, where it is more or less than the pool's.
        """
        async with self.connection() as connection, connection.transaction():
            if seconds is not None:
                await connection.execute(f"SET LOCAL statement_timeout = {round(seconds * 1000)}")
            yield connection

    async def fetch(self, query: str, *arguments: object) -> list[Row]:
        """The rows of a query that only reads."""
        async with self.connection() as connection:
            return [dict(row) for row in await connection.fetch(query, *arguments)]

    async def fetch_one(self, query: str, *arguments: object) -> Row | None:
        """The first row of a query that only reads."""
        async with self.connection() as connection:
            row = await connection.fetchrow(query, *arguments)
            return dict(row) if row is not None else None

    async def value(self, query: str, *arguments: object) -> Any:
        """The first column of the first row."""
        async with self.connection() as connection:
            return await connection.fetchval(query, *arguments)

    async def connect_alone(self) -> Connection:
        """A connection of its own, outside the pool: for an advisory lock that lives as long as it does."""
        connection = await asyncpg.connect(self.url)
        await prepare_connection(connection)
        return connection


def _array_type(column: Column[Any]) -> str:
    names: tuple[tuple[type, str], ...] = (
        (Uuid, "uuid"),
        (JSONB, "text"),
        (Text, "text"),
        (Integer, "bigint"),
        (Boolean, "boolean"),
        (DateTime, "timestamptz"),
        (Date, "date"),
        (LargeBinary, "bytea"),
    )
    for kind, name in names:
        if isinstance(column.type, kind):
            return f"{name}[]"
    msg = f"{column.table.name}.{column.name}: {column.type} cannot be written in bulk"
    raise TypeError(msg)


@cache
def _insert_sql(table: Table, names: tuple[str, ...], conflict: str) -> str:
    arrays = ", ".join(f"${place}::{_array_type(table.c[name])}" for place, name in enumerate(names, start=1))
    columns = ", ".join(names)
    chosen = ", ".join(f"{name}::jsonb" if isinstance(table.c[name].type, JSONB) else name for name in names)
    sql = f"INSERT INTO {table.name} ({columns}) SELECT {chosen} FROM unnest({arrays}) AS rows({columns})"  # noqa: S608  names of our own tables
    if conflict == "update":
        keys = [column.name for column in table.primary_key]
        sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in names if name not in keys)
        sql += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sets}" if sets else " ON CONFLICT DO NOTHING"
    elif conflict == "ignore":
        sql += " ON CONFLICT DO NOTHING"
    return sql


async def insert(connection: Connection, table: Table, rows: Sequence[Row], *, conflict: str = "fail") -> None:
    """Write rows in one statement. ``conflict``: fail, ignore, or update (by primary key).

    All rows have the same columns.
    """
    if not rows:
        return
    names = tuple(rows[0])
    await connection.execute(_insert_sql(table, names, conflict), *_columns(table, names, rows))


def _columns(table: Table, names: tuple[str, ...], rows: Sequence[Row]) -> list[list[Any]]:
    """Rows as one array a column; JSON travels as text, for a list in it would be taken for a further dimension."""
    return [
        [None if row[name] is None else orjson.dumps(row[name]).decode() for row in rows]
        if isinstance(table.c[name].type, JSONB)
        else [row[name] for row in rows]
        for name in names
    ]


@cache
def _select_sql(table: Table, *, lock: bool) -> str:
    keys = list(table.primary_key)
    arrays = ", ".join(f"${place}::{_array_type(key)}" for place, key in enumerate(keys, start=1))
    names = ", ".join(key.name for key in keys)
    ordered = ", ".join(f"t.{key.name}" for key in keys)
    return (
        f"SELECT t.* FROM {table.name} t JOIN (SELECT DISTINCT * FROM unnest({arrays}) AS wanted({names})) w"  # noqa: S608
        f" USING ({names}) ORDER BY {ordered}{' FOR UPDATE OF t' if lock else ''}"
    )


async def select_by_key(
    connection: Connection, table: Table, keys: Iterable[tuple[Any, ...]], *, lock: bool = True
) -> list[Row]:
    """The rows with these primary keys, locked in key order, in one statement."""
    wanted = list(keys)
    if not wanted:
        return []
    columns = [list(column) for column in zip(*wanted, strict=True)]
    return [dict(row) for row in await connection.fetch(_select_sql(table, lock=lock), *columns)]
