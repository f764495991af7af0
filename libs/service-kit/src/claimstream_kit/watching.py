"""What operators are told of a service at work, every few seconds: how far behind it is, what waits, what is dead, what is not sealed."""

import asyncio
import time
from collections.abc import Mapping

import structlog

from .bus.port import Subscriber
from .clock import Clock
from .database import TRANSIENT, Database
from .telemetry import AUDIT_UNSEALED, FOR_PEOPLE, LAG, LAG_AGE, LETTERS, WAITING, WAITING_AGE
from .working_alone import pause

log = structlog.get_logger()

LOOK_SECONDS = 5.0

_STANDING = """
SELECT (SELECT count(*) FROM waiting) AS waiting,
    (SELECT coalesce(extract(epoch FROM now() - min(since)), 0) FROM waiting) AS waiting_age,
    (SELECT count(*) FROM dead_letters WHERE state = 'dead') AS dead,
    (SELECT count(*) FROM dead_letters WHERE state = 'parked') AS parked,
    (SELECT greatest(extract(epoch FROM $1 - min(o.at)), 0) FROM outbox AS o
        WHERE o.id > coalesce((SELECT max(c.unit) FROM audit_chain AS c
            WHERE c.seq <= (SELECT max(head_seq) FROM audit_heads)), 0)) AS unsealed_age
"""


class Watch:
    """Looks at one service and sets its gauges. Replicas of one database tell the same, but for their own lag."""

    def __init__(
        self,
        database: Database,
        *,
        service: str,
        clock: Clock,
        for_people: Mapping[str, str],
        subscriber: Subscriber | None,
    ) -> None:
        """``for_people``: what waits for a person, by kind, and the SQL that counts it."""
        self._database = database
        self._clock = clock
        self._service = service
        self._for_people = for_people
        self._subscriber = subscriber
        self._caught_up = time.monotonic()

    async def run(self, stopping: asyncio.Event) -> None:
        """Look again and again, until told to stop."""
        while not stopping.is_set():
            await self.look()
            await pause(LOOK_SECONDS, stopping)

    async def look(self) -> None:
        """Look once. What cannot be asked keeps its last value."""
        try:
            await self._look_at_rows()
        except TRANSIENT as error:
            log.warning("nobody knows what waits", error=type(error).__name__)
        if self._subscriber is not None:
            self._tell_lag(await self._subscriber.lag())

    async def _look_at_rows(self) -> None:
        row = await self._database.fetch_one(_STANDING, self._clock.now())
        if row is None:
            return
        WAITING.labels(self._service).set(row["waiting"])
        WAITING_AGE.labels(self._service).set(row["waiting_age"])
        for state in ("dead", "parked"):
            LETTERS.labels(self._service, state).set(row[state])
        AUDIT_UNSEALED.labels(self._service).set(row["unsealed_age"])
        for kind, count in self._for_people.items():
            FOR_PEOPLE.labels(self._service, kind).set(await self._database.value(count))

    def _tell_lag(self, lag: int) -> None:
        now = time.monotonic()
        if lag == 0:
            self._caught_up = now
        LAG.labels(self._service).set(lag)
        LAG_AGE.labels(self._service).set(now - self._caught_up)
