"""Work that remit-svc does by itself: complete remittances are posted, each whole in one transaction.

A remittance on which our database fails stays staged, is tried again by and by, and stops no other. One that cannot be posted for what is in
it is quarantined with the reason: it would fail again and again.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

import asyncpg
import structlog
from claimstream_kit import Row, Running
from claimstream_kit.database import TRANSIENT
from claimstream_kit.failpoints import failpoint
from claimstream_kit.telemetry import places_of
from claimstream_kit.working_alone import pause, together_or_alone

from .domain.guardrails import Guardrails
from .domain.remittance import Remittance
from .handlers.post_remittance import FactMissing, post_remittance
from .handlers.quarantine_remittance import quarantine_remittance
from .store import RemitUnit

log = structlog.get_logger()

AFTER_COMMIT = failpoint("remit.after-commit", "a remittance is posted, this process has not noted it")

Key = tuple[str, UUID]

OURS = (asyncpg.PostgresError, MemoryError)
"""What says nothing of the remittance, beside what passes by itself: the database refuses, and the next attempt may succeed."""

PAUSE_SECONDS, LOOK_SECONDS = 0.1, 1.0
"""Between two passes at least, and at most: what this replica's commits bring wakes it, other replicas' is found by looking."""
MOST_AT_ONCE = 50
MOST_PAYMENTS = 500
"""Remittances and payments that share one transaction: what is read, locked and written comes to a few statements for all of them."""


LATE_AFTER = timedelta(minutes=10)
"""How long an earlier remittance that names one of its claims is waited for; a task says so afterwards."""

_DUE = """
    SELECT r.practice, r.id, r.payments, coalesce(r.received_number, 0) AS number FROM remittances r
    WHERE r.state = 'staged' AND r.chunks_here = r.chunks AND (r.practice, coalesce(r.received_number, 0), r.id) > ($1, $2, $3)
      AND (r.follows = '[]' OR r.staged_at <= $5 OR NOT EXISTS (
            SELECT FROM jsonb_array_elements_text(r.follows) AS earlier
            WHERE NOT EXISTS (SELECT FROM remittances e WHERE e.practice = r.practice AND e.id = earlier::uuid AND e.state <> 'staged')
              AND NOT EXISTS (SELECT FROM dead_letters d WHERE d.topic = 'era.received' AND d.key = r.practice || '/' || earlier
                              AND d.state <> 'redriven')))
    ORDER BY 1, 4, 2 LIMIT $4
"""
"""A quarantined or dead one blocks nothing: it may never be posted."""


class Posting:
    """Posts what is complete."""

    def __init__(
        self, guardrails: Guardrails, *, again_seconds: float = 30.0, late_after: timedelta = LATE_AFTER
    ) -> None:
        """``guardrails`` say what is no denial; after ``again_seconds`` a remittance that failed is tried again.

        One that waits for an earlier one that is ``late_after`` late goes past it.
        """
        self._late_after = late_after
        self._guardrails = guardrails
        self._again_seconds = again_seconds
        self._rests_until: dict[tuple[str, UUID], float] = {}

    async def run(self, running: Running[RemitUnit], stopping: asyncio.Event) -> None:
        """Post until told to stop."""
        woken = asyncio.Event()
        running.worker.after_commit.append(lambda _unit: woken.set())
        while not stopping.is_set():
            woken.clear()
            await self.post_all(running)
            await pause(LOOK_SECONDS, woken, stopping)
            await pause(PAUSE_SECONDS, stopping)

    async def post_all(self, running: Running[RemitUnit]) -> int:
        """Post every complete remittance whose facts are here, in the order in which they were received; how many were settled."""
        settled = 0
        while some := await self._post_pass(running):
            settled += some
        return settled

    async def _post_pass(self, running: Running[RemitUnit]) -> int:
        """Once through all that wait for none before them; what waited for these comes with the next pass."""
        settled = 0
        last: tuple[object, ...] = ("", 0, UUID(int=0))
        while True:
            rows = await running.database.fetch(_DUE, *last, MOST_AT_ONCE, running.clock.now() - self._late_after)
            if not rows:
                return settled
            last = (rows[-1]["practice"], rows[-1]["number"], rows[-1]["id"])
            for some in _together(self._due(rows)):
                settled += await self._post_together(running, some)
            if len(rows) < MOST_AT_ONCE:
                return settled

    def _due(self, rows: Sequence[Row]) -> list[Row]:
        now = time.monotonic()
        return [row for row in rows if self._rests_until.get((row["practice"], row["id"]), 0.0) <= now]

    async def _post_together(self, running: Running[RemitUnit], some: Sequence[Row]) -> int:
        """Small remittances share a transaction, each whole or not at all; where one breaks it, each goes alone."""
        keys = [(row["practice"], row["id"]) for row in some]
        in_one, alone = partial(self._post_some, running), partial(self._post_one, running)
        tried = await together_or_alone(keys, in_one, alone, what="remittances")
        return sum(each is not None for each in tried)

    async def _post_some(self, running: Running[RemitUnit], keys: Sequence[Key]) -> list[Remittance | None]:
        async with running.unit("remit-svc", seconds=running.settings.posting_seconds) as unit:
            await unit.remittances.load(keys)
            await unit.load_accounts_paid_by(keys)
            tried = [await self._post(unit, *key) for key in keys]
        self._note(tried)
        return tried

    async def _post(self, unit: RemitUnit, practice: str, remittance_id: UUID) -> Remittance | None:
        """Post one in this unit; None where it is settled already, or a fact is missing (nothing was changed then)."""
        unit.on_behalf_of("remit-svc", cause=remittance_id)
        remittance: Remittance | None = await unit.remittances.get(practice, remittance_id)
        if remittance is None or remittance.state != "staged":
            return None
        try:
            return await post_remittance(remittance, unit, self._guardrails)
        except FactMissing:
            return None

    def _note(self, tried: Sequence[Remittance | None]) -> None:
        AFTER_COMMIT.reached()
        for remittance in filter(None, tried):
            self._rests_until.pop((remittance.practice, remittance.id), None)
            log.info("remittance settled", remittance_id=str(remittance.id), state=remittance.state)

    async def _post_one(self, running: Running[RemitUnit], key: Key) -> Remittance | None:
        try:
            async with running.unit("remit-svc", cause=key[1], seconds=running.settings.posting_seconds) as unit:
                settled = await self._post(unit, *key)
        except TRANSIENT:
            raise
        except OURS as error:
            self._rests_until[key] = time.monotonic() + self._again_seconds
            _tell("remittance failed", key, error)
            return None
        except Exception as error:  # noqa: BLE001  a remittance that breaks us must stop no other
            _tell("remittance cannot be posted", key, error)
            settled = await self._quarantine(running, key, error)
        self._note([settled])
        return settled

    async def _quarantine(self, running: Running[RemitUnit], key: Key, error: Exception) -> Remittance | None:
        """Nothing of it was posted; a person sees why, and has it posted again when that is mended."""
        async with running.unit("remit-svc", cause=key[1], seconds=running.settings.posting_seconds) as unit:
            return await quarantine_remittance(*key, error, unit)


def _tell(what: str, key: Key, error: Exception) -> None:
    log.error(what, remittance_id=str(key[1]), error=type(error).__name__, places=places_of(error))


def _together(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Remittances that share a transaction: so many payments, or a single larger one."""
    some: list[Row] = []
    for row in rows:
        if some and sum(one["payments"] for one in some) + row["payments"] > MOST_PAYMENTS:
            yield some
            some = []
        some.append(row)
    if some:
        yield some
