"""Rules of the 277CA and of the 999: an answer does not contradict itself.

Sources: X12 RFI 1942 and 2203 (a 277CA has categories A0 to A8; A3, A6, A7 and A8 refuse; WQ accepts, U refuses);
005010X231A1 section 1.4.1 for the 999's statuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.checking.rules import SetRules, Situation
from claimstream_x12.claim_status_277ca.records import REFUSED
from claimstream_x12.code_lists import CLAIM_STATUS_CATEGORIES

if TYPE_CHECKING:
    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

KINDS.update(
    {
        "status-category": Kind(5, segment="8", element="7"),
        "status-action": Kind(4, segment="8", element="I12"),
        "acknowledgment-status": Kind(4, segment="8", element="I12"),
        "acknowledgment-counts": Kind(3, segment="8", element="I12"),
    }
)
_CODES = (1, 10, 11)
_ACCEPTED = frozenset({"A", "E"})
_MOST_DIGITS = 6  # AK902 to AK904


class ClaimAcknowledgmentRules(SetRules):
    """The rules of the 277CA."""

    let_go = frozenset({"2000A", "2000B", "2000C", "2000D", "2200D"})

    def closed(self, loop: Loop) -> None:
        """Ask each status of the loop."""
        for stc in loop.all("STC"):
            self._status(stc, loop)

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
