"""Work that remit-svc does by itself: complete remittances are posted, one transaction each."""

import asyncio
from uuid import UUID

import structlog
from claimstream_kit import Running

from .domain.guardrails import Guardrails
from .handlers.post_remittance import FactMissing, post_remittance
from .store import Remittance, RemitUnit

log = structlog.get_logger()

PAUSE_SECONDS = 0.1


class Posting:
    """Posts what is complete."""

    def __init__(self, guardrails: Guardrails) -> None:
        """``guardrails`` say what is no denial."""
        self._guardrails = guardrails

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
        log.info("remittance settled", remittance_id=str(remittance_id), state=settled.state)
        return 1
