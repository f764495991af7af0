"""The biller: corrects, voids, lets findings pass, sends and drops corrections, as claim-svc's routes do it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Literal, get_args
from uuid import UUID

from claim_svc.domain.correcting import Change
from claim_svc.handlers.correct_claim import correct_claim
from claim_svc.handlers.decide_correction import drop_correction, send_correction
from claim_svc.handlers.override_finding import override_finding
from claim_svc.handlers.void_claim import void_claim
from claimstream_kit.errors import Refusal

from .faults import Fault
from .members import CLAIM

if TYPE_CHECKING:
    from .schedule import Schedule

Act = Literal["correct", "spoil", "void", "let pass", "send", "drop"]
ACTS: tuple[Act, ...] = get_args(Act)
REASON = "simulated by a seed"
NO_CODE = "ZZZZ"

CLAIMS = """
    SELECT id, coalesce(document->'findings'->0->>'rule', 'none') AS rule FROM claims WHERE practice = $1 ORDER BY id
"""
CORRECTIONS = """
    SELECT id, 'none' AS rule FROM corrections WHERE practice = $1 AND state IN ('waiting', 'sending') ORDER BY id
"""

Work = Callable[[Any], Awaitable[object]]


class Biller:
    """One practice's."""

    def __init__(self, schedule: "Schedule") -> None:
        """Nothing is done yet."""
        self._schedule = schedule
        self._claims = schedule.members[CLAIM]
        self.done = 0
        self.refused = 0

    def act(self, what: Act, which: int, fault: Fault | None = None) -> None:
        """Do something with one of the claims, or of the corrections that are open; where there is none, nothing."""
        query = CORRECTIONS if what in ("send", "drop") else CLAIMS
        rows = self._schedule.world.run(self._claims.database.fetch(query, self._schedule.practice))
        if rows:
            row = rows[which % len(rows)]
            work = self._work(what, row["id"], row["rule"])
            self._claims.has_more = True
            self._schedule.step(f"the biller: {what}", self._claims, lambda: self._doing(work), fault)

    def overtakes(self, what: Act, which: int, fault: Fault | None = None) -> None:
        """Do something while claim-svc works on a batch, and before this has locked what it is about."""
        rows = self._schedule.world.run(self._claims.database.fetch(CLAIMS, self._schedule.practice))
        if rows:
            row = rows[which % len(rows)]
            work = self._work(what, row["id"], row["rule"])
            said = f"deliver to {CLAIM} while the biller does first: {what}"
            self._schedule.deliver_beside(CLAIM, lambda: self._doing(work), said, fault)

    def _work(self, what: Act, chosen: UUID, rule: str) -> Work:
        price = 400 + self._schedule.units
        practice, book = self._schedule.practice, self._claims.running.service.state["book"]
        match what:
            case "correct":
                changes = (Change(place="lines/1/charge", value=f"{price}.00"),)
                return lambda unit: correct_claim(practice, chosen, changes, unit, book)
            case "spoil":
                changes = (Change(place="diagnoses/1/code", value=NO_CODE),)
                return lambda unit: correct_claim(practice, chosen, changes, unit, book)
            case "void":
                return lambda unit: void_claim(practice, chosen, REASON, unit, book)
            case "let pass":
                return lambda unit: override_finding(practice, chosen, rule, REASON, unit, book)
            case "send":
                return lambda unit: send_correction(practice, chosen, unit, book)
            case "drop":
                return lambda unit: drop_correction(practice, chosen, REASON, unit)

    async def _doing(self, work: Work) -> None:
        """In a unit of its own; what the rules refuse leaves nothing behind."""
        try:
            async with self._claims.running.unit("biller") as unit:
                await work(unit)
        except Refusal:
            self.refused += 1
        else:
            self.done += 1
