"""A guide made ready for walking: from each loop, which segment may come next, and where it leads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from claimstream_x12.checking.matching import Fit
from claimstream_x12.guides import LoopUse, SegmentUse, guide_for
from claimstream_x12.guides.tables import key_element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.delimiters import Delimiters


class Step:
    """A segment that may come: after how many loops are left, into which new loop, at which place."""

    __slots__ = ("bit", "externals", "fit", "notes", "notes_from", "opens", "position", "repeats", "up", "use")

    def __init__(self, up: int, use: SegmentUse, fit: Fit, opens: WalkedLoop | None) -> None:
        self.up, self.use, self.fit, self.opens = up, use, fit, opens
        place = opens.use if opens else use
        self.position, self.bit = place.position, place.bit
        self.repeats = place.repeats
        self.notes, self.notes_from = fit.notes, fit.notes_from
        self.externals = fit.externals


class WalkedLoop:
    """A loop with the steps that lead on from inside it, by the key of the segment that comes."""

    __slots__ = ("by_id", "id", "is_level", "levels_below", "required", "seen", "start", "steps", "use", "ways")

    def __init__(self, use: LoopUse) -> None:
        self.use = use
        self.id, self.required = use.id, use.required
        self.is_level = use.hierarchical
        self.levels_below = sum(below.bit for below in use.loops if below.hierarchical)  # their bits
        self.seen, self.start = use.first.bit, use.first.position  # what is known once it has begun
        self.ways: dict[str, Step] = {}  # by key, the first step where there is nothing to choose
        self.steps: dict[str, tuple[Step, ...]] = {}
        self.by_id: dict[str, tuple[Step, ...]] = {}


class WalkedGuide:
    """A whole guide for one choice of delimiters."""

    def __init__(self, table: str, delimiters: Delimiters) -> None:
        guide = guide_for(table)
        self.table = table
        self.delimiters = delimiters
        self.known = frozenset(use.id for use in guide.all_uses())
        self.qualified = _qualified(list(guide.all_uses()))
        self.key_elements = {one: key_element(one) for one in self.qualified}
        fits: dict[int, Fit] = {}
        loops = {id(use): WalkedLoop(use) for use in guide.root.all_loops()}
        for loop in loops.values():
            found = tuple(self._steps(loop.use, loops, fits))
            loop.by_id = _grouped((step.use.id, step) for step in found)
            loop.steps = _grouped((key, step) for step in found for key in self._keys(step.use))
            self._mark(loop)
        self.root = loops[id(guide.root)]

    @staticmethod
    def _mark(loop: WalkedLoop) -> None:
        """Keep the steps that need no choosing: no other with the same key leaves as many loops."""
        for key, steps in loop.steps.items():
            if len(steps) == 1 or steps[1].up != steps[0].up:
                loop.ways[key] = steps[0]

    def _keys(self, use: SegmentUse) -> list[str]:
        if use.id not in self.qualified or not use.keys:
            return [use.id]
        return [f"{use.id}*{code}" for code in use.keys]

    def _steps(self, loop: LoopUse, loops: dict[int, WalkedLoop], fits: dict[int, Fit]) -> Iterator[Step]:
        """What may follow, nearest first: the loop's own, loops below it, then the same of the loops around it."""
        up, around = 0, loop
        while True:
            for held in around.members:
                opens = loops[id(held)] if isinstance(held, LoopUse) else None
                use = held.first if isinstance(held, LoopUse) else held
                if opens is None and around.parent is not None and use is around.first:
                    continue  # a loop's first segment begins another one: the parent's business
                fit = fits.get(id(use))
                if fit is None:
                    fit = fits[id(use)] = Fit(use, self.delimiters)
                yield Step(up, use, fit, opens)
            if around.parent is None:
                return
            up, around = up + 1, around.parent


def _qualified(uses: list[SegmentUse]) -> frozenset[str]:
    """Segments whose uses differ by their codes, so that the code must be looked at."""
    codes: dict[str, set[tuple[str, ...]]] = {}
    for use in uses:
        codes.setdefault(use.id, set()).add(use.keys)
    return frozenset(segment_id for segment_id, different in codes.items() if len(different) > 1)


def _grouped(pairs: Iterator[tuple[str, Step]]) -> dict[str, tuple[Step, ...]]:
    grouped: dict[str, list[Step]] = {}
    for key, step in pairs:
        grouped.setdefault(key, []).append(step)
    return {key: tuple(steps) for key, steps in grouped.items()}


@lru_cache(maxsize=64)
def walked(table: str, delimiters: Delimiters) -> WalkedGuide:
    """The guide of a table, made once for each choice of delimiters."""
    return WalkedGuide(table, delimiters)
