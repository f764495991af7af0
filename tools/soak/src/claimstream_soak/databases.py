"""What the services' databases say, read from outside."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg
from claimstream_cli.state import Plan

BOOKKEEPING = frozenset({"inbox", "relay_state", "audit_entries", "audit_heads", "alembic_version"})
"""Tables that say how the work went, not what came of it."""

BY_THE_CLOCK = {"outbox": "topic <> 'audit.sealed'", "sequences": "topic <> 'audit.sealed'"}
"""The sealer publishes by the clock, whatever happens."""


def unsent(plan: Plan, service: str) -> int:
    """How many events of a service are not on Kafka yet."""

    async def ask(connection: Any) -> int:
        return int(await connection.fetchval("SELECT count(*) FROM outbox WHERE sent_at IS NULL"))

    return _with(plan.databases[service], ask)


def contents(plan: Plan, service: str) -> dict[str, str]:
    """A digest of every table that says what came of the work."""

    async def ask(connection: Any) -> dict[str, str]:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {name: await _digest(connection, name) for (name,) in names if name not in BOOKKEEPING}

    return _with(plan.databases[service], ask)


async def _digest(connection: Any, table: str) -> str:
    condition = BY_THE_CLOCK.get(table, "true")
    row = await connection.fetchrow(
        f'SELECT count(*) AS rows, sum(hashtextextended(t::text, 0)::numeric) AS digest FROM "{table}" t WHERE {condition}'  # noqa: S608
    )
    return hashlib.sha256(f"{row['rows']} {row['digest']}".encode()).hexdigest()


T = TypeVar("T")


def _with(url: str, ask: Callable[[Any], Awaitable[T]]) -> T:
    async def run() -> T:
        connection = await asyncpg.connect(url)
        try:
            return await ask(connection)
        finally:
            await connection.close()

    return asyncio.run(run())
