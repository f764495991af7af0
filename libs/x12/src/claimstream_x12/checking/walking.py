"""A set's segments through its guide: each to its loop and use, and what does not fit as findings.

The loops that are open form a tree. When a loop closes, the rules of balance, situations and code sets are asked about
it; loops that come often (levels, claims, payments) are let go then, so that memory does not grow with the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.explaining import faults
from claimstream_x12.checking.looking_up import look_up
from claimstream_x12.code_lists.segment_ids import SEGMENT_IDS
from claimstream_x12.errors import Severity
from claimstream_x12.guides import SegmentUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from claimstream_x12.checking.compiling import Step, WalkedGuide, WalkedLoop
    from claimstream_x12.checking.looking_up import Coded
    from claimstream_x12.checking.partner_rules import PartnerRules
    from claimstream_x12.checking.rules import SetRules
    from claimstream_x12.guides import LoopUse
    from claimstream_x12.segments import Segment

_MOST_KEPT = 10_000  # what one loop holds for the rules: a file that repeats a segment two million times stays small


_MOST_DIGITS = 12


class Loop:
    """One occurrence of a loop: its segments, the loops below it that are kept, and the loop around it."""

    __slots__ = ("counts", "loops", "parent", "position", "seen", "segments", "use", "walked")

    def __init__(self, walked: WalkedLoop, parent: Loop | None) -> None:
        self.walked = walked
        self.use: LoopUse = walked.use
        self.parent = parent
        self.position = 0
        self.seen = 0
        self.counts: dict[int, int] | None = None
        self.segments: list[Segment] = []
        self.loops: list[Loop] = []

    @property
    def id(self) -> str:
        """The loop's name in the guide, such as 2300."""
        return self.use.id

    @property
    def first(self) -> Segment:
        """The segment that began it."""
        return self.segments[0]

    def find(self, segment_id: str, qualifier: str = "") -> Segment | None:
        """The first segment with this id, and this first element when one is given."""
        for segment in self.segments:
            elements = segment.elements
            if elements[0] == segment_id and (not qualifier or (len(elements) > 1 and elements[1] == qualifier)):
                return segment
        return None

    def all(self, segment_id: str) -> Iterator[Segment]:
        """Every segment with this id."""
        return (segment for segment in self.segments if segment.elements[0] == segment_id)

    def below(self, loop_id: str) -> Iterator[Loop]:
        """The loops with this name right below."""
        return (loop for loop in self.loops if loop.use.id == loop_id)

    def forget(self) -> None:
        """Let go of what is below, so that nothing waits for Python's collector of cycles."""
        for loop in self.loops:
            loop.forget()
        self.loops = []


class Walk:
    """One pass through one set."""

    def __init__(self, guide: WalkedGuide, rules: SetRules, partner: PartnerRules | None = None) -> None:
        self._guide, self._rules, self._notebook = guide, rules, rules.notebook
        self._partner = partner
        self._let_go = rules.let_go
        self._coded: list[Coded] = []  # what is looked up in code sets once the date of service is known
        self._loop = Loop(guide.root, None)
        self._lost = False
        self._position = 1
        self._levels = 0

    def follow(self, segments: Iterable[Segment]) -> None:  # noqa: C901, PLR0912 — the hot loop pays for no calls
        """Each segment in turn, ST first."""
        loop = self._loop
        key_elements = self._guide.key_elements
        component = self._guide.delimiters.component
        coded = self._coded
        for segment in segments:
            elements = segment.elements
            key = elements[0]
            number = key_elements.get(key)
            if number is not None and number < len(elements):
                qualifier = elements[number]
                key = f"{key}*{qualifier.split(component, 1)[0] if component in qualifier else qualifier}"
            step: Step | None = loop.walked.ways.get(key)
            if (
                step is not None
                and not self._lost
                and step.position >= (loop if step.up == 0 else self._ancestor(step.up)).position
            ):
                # The common case: one way on, and in order.
                if step.opens is None and step.up == 0 and not loop.seen & step.bit:
                    loop.seen |= step.bit
                    loop.position = step.position
                    loop.segments.append(segment)
                else:
                    self._position = segment.position
                    loop = self._go(segment, step)
            else:
                self._position = segment.position
                step = self._find_way(segment, loop.walked.steps.get(key))
                loop = self._loop
                if step is None:
                    continue
            if step.externals:
                coded.append((segment, step.externals, loop))
                if len(coded) > _MOST_KEPT:
                    self._look_up(None)
            if not step.fit.fits(segment.text):
                self._explain(segment, step, loop)
            elif step.notes and len(elements) > step.notes_from:
                for kept in step.notes:
                    if not kept(elements):
                        self._explain(segment, step, loop)
                        break

    def finish(self, position: int) -> None:
        """Close what is open; `position` is where the set ends."""
        self._position = position
        while True:
            self._close(self._loop)
            if self._loop.parent is None:
                return
            self._loop = self._loop.parent

    def _explain(self, segment: Segment, step: Step, loop: Loop) -> None:
        """Say what is wrong with a segment that does not fit its use."""
        for fault in faults(segment, step.use):
            self._notebook.fault(segment, fault, loop)

    def _find_way(self, segment: Segment, steps: tuple[Step, ...] | None) -> Step | None:
        """Where a segment goes that is out of order, unknown, or has more ways than one; None when it has no place."""
        step = self._choose(segment, steps)
        if step is None:
            self._unexpected(segment)
            return None
        if self._lost:
            if step.opens is None:
                return None  # belongs to what was not understood
            self._lost = False
        self._go(segment, step)
        return step

    def _go(self, segment: Segment, step: Step) -> Loop:
        """Leave loops, open one, and take the segment in."""
        for _ in range(step.up):
            self._close(self._loop)
            if self._loop.parent is not None:
                self._loop = self._loop.parent
        at = self._loop
        if step.position < at.position:
            self._notebook.segment("segment-order", "comes after what must follow it", segment, at)
        else:
            at.position = step.position
        times = 1
        if at.seen & step.bit:
            times = self._again(step, at)
            if times == step.repeats + 1 and step.repeats:
                self._too_often(step, segment, at)
        else:
            at.seen |= step.bit
        if step.opens is not None:
            at = self._open(step, step.opens, at, times)
        if len(at.segments) < _MOST_KEPT:
            at.segments.append(segment)
        if segment.elements[0] == "HL":
            self._level(segment, at)
        return at

    def _open(self, step: Step, opened: WalkedLoop, around: Loop, times: int) -> Loop:
        loop = self._loop = Loop(opened, around)
        loop.seen, loop.position = opened.seen, opened.start
        if opened.id not in self._let_go and times <= (step.repeats or _MOST_KEPT):
            around.loops.append(loop)
        return loop

    @staticmethod
    def _again(step: Step, at: Loop) -> int:
        """How often this has come in its loop, now included, when it has come before."""
        if at.counts is None:
            at.counts = {}
        times = at.counts[step.bit] = at.counts.get(step.bit, 1) + 1
        return times

    def _too_often(self, step: Step, segment: Segment, at: Loop) -> None:
        code = "segment-too-often" if step.opens is None else "loop-too-often"
        message = f"comes more than {step.repeats} times"
        self._notebook.absent(code, message, segment.position, step.use, at)

    def _choose(self, segment: Segment, steps: tuple[Step, ...] | None) -> Step | None:
        """The way on: in order if one is, and among equals the one that the segment fits."""
        if steps is None:
            steps = self._by_id(segment)
        in_order = [step for step in steps if self._in_order(step)]
        if in_order:
            nearest = in_order[0].up
            near = [step for step in in_order if step.up == nearest]
            if len(near) == 1:
                return near[0]
            free = [step for step in near if not self._is_full(step)] or near
            return next((step for step in free if step.fit.fits(segment.text)), free[0])
        return next((step for step in steps if step.opens is not None or step.up == 0), None)

    def _by_id(self, segment: Segment) -> tuple[Step, ...]:
        """Uses of the same segment whose code is another one: only where there is no choice between them."""
        steps = self._loop.walked.by_id.get(segment.elements[0], ())
        near = [step for step in steps if step.up == (steps[0].up if steps else 0)]
        uses = {id(step.use) for step in near}
        return tuple(near) if len(uses) == 1 and near[0].opens is None else ()

    def _in_order(self, step: Step) -> bool:
        if step.up == 0:
            return step.position >= self._loop.position
        return step.position >= self._ancestor(step.up).position

    def _is_full(self, step: Step) -> bool:
        at = self._ancestor(step.up)
        if not step.repeats or not at.seen & step.bit:
            return False
        return (at.counts or {}).get(step.bit, 1) >= step.repeats

    def _ancestor(self, up: int) -> Loop:
        loop = self._loop
        for _ in range(up):
            if loop.parent is not None:
                loop = loop.parent
        return loop

    def _unexpected(self, segment: Segment) -> None:
        if self._lost:
            return
        segment_id = segment.elements[0]
        if segment_id not in SEGMENT_IDS:
            self._notebook.segment("segment-unknown", f"{segment_id[:3]} is no segment of X12", segment, self._loop)
            return
        if segment_id not in self._guide.known:
            message = "is no segment of this guide, though X12 has it"
            self._notebook.segment("segment-unexpected", message, segment, self._loop)
            return
        self._notebook.segment("segment-unexpected", "has no place here", segment, self._loop)
        self._lost = segment_id in _OPENERS

    def _close(self, loop: Loop) -> None:
        missing = loop.walked.required & ~loop.seen
        if missing:
            for held in loop.use.members:
                if held.bit & missing:
                    self._missing(held, loop)
        if loop.walked.is_level:
            self._check_child_code(loop)
        self._rules.closed(loop)
        if self._partner:
            self._partner.closed(loop, self._notebook)
        if loop.walked.id in self._let_go or loop.parent is None:
            if self._coded:
                self._look_up(self._rules.service_date(loop))
            loop.forget()

    def _look_up(self, on: date | None) -> None:
        look_up(self._coded, on, self._rules)
        self._coded.clear()

    def _missing(self, held: SegmentUse | LoopUse, loop: Loop) -> None:
        if isinstance(held, SegmentUse):
            self._notebook.absent("segment-missing", f"{held.name} is missing", self._place_of(held, loop), held, loop)
        else:
            message = f"loop {held.id} ({held.first.name}) is missing"
            self._notebook.absent("loop-missing", message, self._position, held.first, loop)

    def _check_child_code(self, loop: Loop) -> None:
        """HL04 says whether levels follow below (005010 guides, HL segment)."""
        hl = loop.first
        below = loop.walked.levels_below & loop.seen
        if hl[4] == "0" and below:
            self._notebook.element("hierarchy", "HL04 0 says that no level follows, and one does", hl, 4, loop)
        elif hl[4] == "1" and not below:
            message = "HL04 1 says that a level follows, and none does"
            self._notebook.element("hierarchy", message, hl, 4, loop, severity=Severity.WARNING)

    def _place_of(self, missing: SegmentUse, loop: Loop) -> int:
        """Where a segment should have stood: before the first that comes after it in the guide, else where its loop ends."""
        held = loop.use.segments
        later = {use.id for use in held if use.position > missing.position}
        later -= {use.id for use in held if use.position <= missing.position}
        found = [segment.position for segment in loop.segments if segment.elements[0] in later]
        found += [below.first.position for below in loop.loops if below.use.position > missing.position]
        return min(found, default=self._position)

    def _level(self, hl: Segment, loop: Loop) -> None:
        """HL01 counts from 1; HL02 names the level above (005010 guides, appendix B)."""
        self._levels += 1
        if hl[1] != str(self._levels):
            self._notebook.element("hierarchy", f"HL01 must be {self._levels}: levels are counted from 1", hl, 1, loop)
            if hl[1].isascii() and hl[1].isdigit() and len(hl[1]) < _MOST_DIGITS:
                self._levels = int(hl[1])  # told once, not at each level that follows
        above = loop.parent
        while above is not None and not above.walked.is_level:
            above = above.parent
        if above is not None and above.segments and hl[2] != above.first[1]:
            self._notebook.element("hierarchy", f"HL02 must name the level above, {above.first[1][:12]}", hl, 2, loop)


_OPENERS = frozenset(
    {"HL", "NM1", "N1", "CLM", "LX", "CLP", "SVC", "SVD", "SBR", "AK2", "IK3", "IK4", "EB", "LIN", "LQ"}
)
"""Segments that begin loops: when one has no place, what follows it has none either, and is not told of."""
