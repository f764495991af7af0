"""What the services' databases say, read from outside."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg
from claimstream_cli.state import Plan

BOOKKEEPING = frozenset(
    {
        *("inbox", "inbox_foreign", "outbox_queue", "relay_state", "alembic_version"),
        *("audit_entries", "audit_queue", "audit_chain", "audit_heads"),
    }
)
"""Tables that say how the work went, not what came of it."""

PAYLOADS = "outbox_payloads"
"""In partitions, of which new ones come by the clock; the outbox has the digests of what is in them."""

CONTENT = {"outbox": "(SELECT practice, at, actors, ids, digests FROM outbox WHERE practice <> 'claimstream')"}
"""The sealer publishes by the clock, whatever happens."""


def unsent(plan: Plan, service: str) -> int:
    """How many events of a service are not on Kafka yet."""

    async def ask(connection: Any) -> int:
        return int(await connection.fetchval("SELECT coalesce(sum(events), 0) FROM outbox_queue"))

    return _with(plan.databases[service], ask)


def contents(plan: Plan, service: str) -> dict[str, str]:
    """A digest of every table that says what came of the work."""

    async def ask(connection: Any) -> dict[str, str]:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {
            name: await _digest(connection, name)
            for (name,) in names
            if name not in BOOKKEEPING and not name.startswith(PAYLOADS)
        }

    return _with(plan.databases[service], ask)


async def _digest(connection: Any, table: str) -> str:
    rows = CONTENT.get(table, f'"{table}"')
    row = await connection.fetchrow(
        f"SELECT count(*) AS rows, sum(hashtextextended(t::text, 0)::numeric) AS digest FROM {rows} t"  # noqa: S608
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
