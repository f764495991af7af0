"""Work that remit-svc does by itself: complete remittances are posted, one transaction each.

A remittance on which we fail ourselves stays staged, is tried again by and by, and stops no other.
"""

import asyncio
import time
from uuid import UUID

import structlog
from claimstream_kit import Running
from claimstream_kit.database import TRANSIENT
from claimstream_kit.failpoints import failpoint
from claimstream_kit.telemetry import places_of

from .domain.guardrails import Guardrails
from .handlers.post_remittance import FactMissing, post_remittance
from .store import Remittance, RemitUnit

log = structlog.get_logger()

AFTER_COMMIT = failpoint("remit.after-commit", "a remittance is posted, this process has not noted it")

PAUSE_SECONDS = 0.1


class Posting:
    """Posts what is complete."""

    def __init__(self, guardrails: Guardrails, *, again_seconds: float = 30.0) -> None:
        """``guardrails`` say what is no denial; after ``again_seconds`` a remittance that failed is tried again."""
        self._guardrails = guardrails
        self._again_seconds = again_seconds
        self._rests_until: dict[tuple[str, UUID], float] = {}

    async def run(self, running: Running[RemitUnit], stopping: asyncio.Event) -> None:
        """Post until told to stop."""
        while not stopping.is_set():
            await self.post_all(running)
            try:
                await asyncio.wait_for(stopping.wait(), PAUSE_SECONDS)
            except TimeoutError:
                continue

    async def post_all(self, running: Running[RemitUnit]) -> int:
        """Post every complete remittance whose facts are here; how many were settled."""
        settled = 0
        last = ("", UUID(int=0))
        while True:
            row = await running.database.fetch_one(
                "SELECT practice, id FROM remittances WHERE state = 'staged' AND chunks_here = chunks"
                " AND (practice, id) > ($1, $2) ORDER BY practice, id LIMIT 1",
                *last,
            )
            if row is None:
                return settled
            last = (row["practice"], row["id"])
            if self._rests_until.get(last, 0.0) <= time.monotonic():
                settled += await self._post_one(running, *last)

    async def _post_one(self, running: Running[RemitUnit], practice: str, remittance_id: UUID) -> int:
        try:
            async with running.unit("remit-svc", cause=remittance_id) as unit:
                remittance: Remittance | None = await unit.remittances.get(practice, remittance_id)
                if remittance is None or remittance.state != "staged":
                    return 0
                settled = await post_remittance(remittance, unit, self._guardrails)
        except FactMissing:
            return 0
        except TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001  a remittance that breaks us must stop no other
            self._rests_until[practice, remittance_id] = time.monotonic() + self._again_seconds
            name, places = type(error).__name__, places_of(error)
            log.error(  # noqa: TRY400  a trace may hold patient data
                "remittance failed", remittance_id=str(remittance_id), error=name, places=places
            )
            return 0
        AFTER_COMMIT.reached()
        self._rests_until.pop((practice, remittance_id), None)
        log.info("remittance settled", remittance_id=str(remittance_id), state=settled.state)
        return 1
