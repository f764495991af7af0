"""Rules of the 277CA and of the 999: an answer does not contradict itself.

Sources: X12 RFI 1942 and 2203 (a 277CA has categories A0 to A8; A3, A6, A7 and A8 refuse; WQ accepts, U refuses);
005010X231A1 section 1.4.1 for the 999's statuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.checking.rules import SetRules, Situation, amount
from claimstream_x12.claim_status_277ca.records import REFUSED
from claimstream_x12.code_lists import CLAIM_STATUS_CATEGORIES
from claimstream_x12.elements import ZERO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

KINDS.update(
    {
        "status-category": Kind(5, segment="8", element="7"),
        "status-action": Kind(4, segment="8", element="I12"),
        "acknowledgment-status": Kind(4, segment="8", element="I12"),
        "acknowledgment-totals": Kind(3, segment="8", element="I12"),
        "acknowledgment-counts": Kind(3, segment="8", element="I12"),
    }
)
_CODES = (1, 10, 11)
_OF_RECEIVER = {"90": True, "AA": False}  # QTY01: whether it counts accepted claims
_OF_PROVIDER = {"QA": True, "QC": False}
_CHARGES = {"YU": True, "YY": False}  # AMT01
_ACCEPTED = frozenset({"A", "E"})
_MOST_DIGITS = 6  # AK902 to AK904


@dataclass(slots=True)
class _Counted:
    """The claims below a level of a 277CA: how many and how much were accepted (True) and refused (False)."""

    claims: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    charges: dict[bool, Decimal] = field(default_factory=lambda: {True: ZERO, False: ZERO})
    complete: bool = True  # whether each level below lists its claims

    def add(self, other: _Counted) -> None:
        """Take in what was counted at a level below."""
        for accepted in (True, False):
            self.claims[accepted] += other.claims[accepted]
            self.charges[accepted] += other.charges[accepted]
        self.complete = self.complete and other.complete

    def refuse_all(self) -> None:
        """What a level refuses it refuses with all below it."""
        self.claims = {True: 0, False: sum(self.claims.values())}
        self.charges = {True: ZERO, False: sum(self.charges.values(), ZERO)}


class ClaimAcknowledgmentRules(SetRules):
    """The rules of the 277CA."""

    let_go = frozenset({"2000A", "2000B", "2000C", "2000D", "2200D"})

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        self._provider, self._receiver = _Counted(), _Counted()

    def closed(self, loop: Loop) -> None:
        """Ask each status of the loop, count claims, and hold the totals of a level against those below it."""
        for stc in loop.all("STC"):
            self._status(stc, loop)
        match loop.use.id:
            case "2200D":
                self._count(loop)
            case "2000C":
                self._close_provider(loop)
            case "2000B":
                self._close_receiver(loop)

    def _count(self, claim: Loop) -> None:
        statuses = list(claim.all("STC"))
        accepted = not any(_refuses(stc) for stc in statuses)
        if any(stc.components(1)[0] not in CLAIM_STATUS_CATEGORIES for stc in statuses):
            self._provider.complete = False  # nobody knows what becomes of it
        self._provider.claims[accepted] += 1
        self._provider.charges[accepted] += amount(statuses[0] if statuses else None, 4)

    def _close_provider(self, level: Loop) -> None:
        counted, self._provider = self._provider, _Counted()
        counted.complete = counted.complete and any(counted.claims.values())
        if any(_refuses(stc) for status in level.below("2200C") for stc in status.all("STC")):
            counted.refuse_all()
        self._receiver.add(counted)
        for status in level.below("2200C"):
            self._totals(status, counted, _OF_PROVIDER)

    def _close_receiver(self, level: Loop) -> None:
        counted, self._receiver = self._receiver, _Counted()
        counted.complete = counted.complete and any(counted.claims.values())
        for status in level.below("2200B"):
            self._totals(status, counted, _OF_RECEIVER)

    def _totals(self, level: Loop, counted: _Counted, qualifiers: Mapping[str, bool]) -> None:
        """QTY and AMT of a level are those of the claims listed below it (005010X214, 2200B and 2200C).

        Told and taken: claims that are refused with their level need not be listed, nor need those of a summary.
        """
        if not counted.complete or any(_refuses(stc) for stc in level.all("STC")):
            return
        for segment in level.segments:
            kinds: Mapping[str, bool]
            listed: Mapping[bool, Decimal | int]
            kinds, listed = (qualifiers, counted.claims) if segment.id == "QTY" else (_CHARGES, counted.charges)
            accepted = kinds.get(segment[1]) if segment.id in {"QTY", "AMT"} else None
            said = amount(segment, 2)
            if accepted is not None and ZERO <= said != listed[accepted]:
                message = f"{segment[2][:18]} stands here, the claims below come to {listed[accepted]}"
                self.note("acknowledgment-totals", message, segment, 2, level, warns=True)

    def _status(self, stc: Segment, loop: Loop) -> None:
        categories = [stc.components(number)[0] for number in _CODES if stc[number]]
        for number, category in zip(_CODES, categories, strict=False):
            if category not in CLAIM_STATUS_CATEGORIES:
                message = f'"{category[:3]}": a 277CA has categories A0 to A8 alone (X12 RFI 1942)'
                self.note("status-category", message, stc, number, loop, component=1)
        refuses = any(category in REFUSED for category in categories)
        if stc[3] == "WQ" and refuses:
            self.note("status-action", "WQ accepts, the category refuses (X12 RFI 2203)", stc, 3, loop)
        if stc[3] == "U" and categories and not refuses:
            self.note("status-action", "U refuses, the category does not (X12 RFI 2203)", stc, 3, loop)


def _refuses(stc: Segment) -> bool:
    return any(stc.components(number)[0] in REFUSED for number in _CODES if stc[number])


class GroupAcknowledgmentRules(SetRules):
    """The rules of the 999."""

    let_go = frozenset({"2000"})

    def __init__(self, situation: Situation) -> None:
        super().__init__(situation)
        self._statuses: dict[bool, int] = {True: 0, False: 0}

    def closed(self, loop: Loop) -> None:
        """Count the sets as they close, and hold AK9 against them at the end."""
        if loop.use.id == "2000":
            ik5 = loop.find("IK5")
            if ik5 is not None:
                accepted = ik5[1] in _ACCEPTED
                self._statuses[accepted] += 1
                if ik5[1] == "A" and any(True for _ in loop.below("2100")):
                    self.note(
                        "acknowledgment-status", "A accepts without errors, and errors are listed: E or R", ik5, 1, loop
                    )
        elif not loop.use.id:
            self._group(loop)

    def _group(self, root: Loop) -> None:
        ak9 = root.find("AK9")
        if ak9 is None:
            return
        if ak9[1] == "A" and self._statuses[False]:
            self.note("acknowledgment-status", f"accepts all, {self._statuses[False]} sets are refused", ak9, 1, root)
        if ak9[1] == "R" and self._statuses[True]:
            self.note("acknowledgment-status", f"refuses all, {self._statuses[True]} sets are accepted", ak9, 1, root)
        counts = [
            int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
            for text in ak9.elements[2:5]
        ]
        if len(counts) == 3 and counts[2] > counts[1]:  # noqa: PLR2004 — AK902 to AK904
            self.note("acknowledgment-counts", f"{counts[2]} sets accepted, {counts[1]} received", ak9, 4, root)
