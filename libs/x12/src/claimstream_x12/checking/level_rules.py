"""Rules of the sets that are levels of people and their benefits, statuses or services: 270, 271, 276, 277, 278."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.checking.rules import SetRules

if TYPE_CHECKING:
    from claimstream_x12.checking.walking import Loop

KINDS["loop-header"] = Kind(4, segment="I6")
_ENTITIES = "2120"


class LevelRules(SetRules):
    """The rules of the sets of levels."""

    let_go = frozenset({"2000A", "2000B", "2000C", "2000D", "2000E", "2000F", "2200D", "2200E", "2110C", "2110D"})

    def closed(self, loop: Loop) -> None:
        """In a 271, LS and LE stand around the entities of a benefit, and only there (005010X279A1, loop 2110)."""
        if not loop.use.id.startswith("2110"):
            return
        begins, ends = loop.find("LS"), loop.find("LE")
        entities = any(below.use.id.startswith(_ENTITIES) for below in loop.loops)
        if not entities and begins is None and ends is None:
            return
        if begins is None or ends is None or not entities:
            message = "LS, the entities (2120) and LE go together: all or none"
            self.note("loop-header", message, begins or ends or loop.first, 0, loop)
