"""Retention: what is kept how long, in days.

Topics 14 < inbox 21: an event that a topic still holds is one that the inbox still knows. Inbox 21 < outbox payloads 30: what a lost
topic held can be sent again from the outbox. A unit's digests outlive its payload (7 years, longer than this software has
run, so nothing purges them yet); each purge is an entry in the audit chain.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from .database import TRANSIENT, Database
from .outbox import OUTBOX_PAYLOAD_DAYS
from .working_alone import pause

log = structlog.get_logger()

INBOX_DAYS = 21
SETTLED_LETTER_DAYS = 30
IDEMPOTENCY_KEY_DAYS = 30
EVERY_SECONDS = 3600.0

_PURGES = (
    ("inbox rows", "DELETE FROM inbox WHERE received_at < now() - $1::interval", INBOX_DAYS),
    ("inbox rows of others", "DELETE FROM inbox_foreign WHERE received_at < now() - $1::interval", INBOX_DAYS),
    (
        "settled dead letters",
        "DELETE FROM dead_letters WHERE state IN ('redriven', 'discarded') AND settled_at < now() - $1::interval",
        SETTLED_LETTER_DAYS,
    ),
    ("idempotency keys", "DELETE FROM idempotency_keys WHERE created_at < now() - $1::interval", IDEMPOTENCY_KEY_DAYS),
)

KeepEntry = Callable[[str], Awaitable[None]]
"""Writes an audit entry of kind purge."""


class Retention:
    """Purges once an hour."""

    def __init__(self, database: Database, keep: KeepEntry, *, seconds: float = 600.0) -> None:
        """``keep`` writes the audit entry of a purge; ``seconds``: what a statement of it may take."""
        self._database = database
        self._seconds = seconds
        self._keep = keep

    async def run(self, stopping: asyncio.Event) -> None:
        """Purge now and then, until told to stop."""
        while not stopping.is_set():
            try:
                await self.purge()
            except TRANSIENT as error:
                log.warning("retention lost its database", error=type(error).__name__)
            await pause(EVERY_SECONDS, stopping)

    async def purge(self) -> dict[str, int]:
        """Purge what is past its time; how many rows of each."""
        purged = {}
        if units := await self.keep_days():
            purged["outbox payloads"] = units
        for name, statement, days in _PURGES:
            async with self._database.transaction(self._seconds) as connection:
                status = await connection.execute(statement, timedelta(days=days), timeout=self._seconds)
            if count := int(status.rsplit(" ", 1)[1]):
                purged[name] = count
        for name, count in purged.items():
            await self._keep(f"{count} {name}")
        return purged

    async def keep_days(self) -> int:
        """Make room for the payloads of the days that come, and drop those whose time is over; of how many units."""
        async with self._database.transaction(self._seconds) as connection:
            return int(
                await connection.fetchval("SELECT keep_outbox_days($1)", OUTBOX_PAYLOAD_DAYS, timeout=self._seconds)
            )
