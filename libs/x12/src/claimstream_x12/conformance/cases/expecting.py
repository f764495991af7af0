"""A rule, and the shapes that an example of it takes: accepted, found, or read so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimstream_x12.conformance.adapter import ACCEPTED, REJECTED, WITH_ERRORS
from claimstream_x12.conformance.building.envelopes import kind_of
from claimstream_x12.conformance.case import Accepted, Case, Found, NotRejected, Place, Reads, SameContent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimstream_x12.conformance.case import Expectation

    Spot = Callable[[Sequence[str]], tuple[Place, ...]]

STRUCTURE = frozenset({1, 2})
SUMS = frozenset({3})
SITUATION = frozenset({2, 4, 7})  # where two parts of a file disagree: tools differ on what to call it
MONEY_SITUATION = SITUATION | SUMS
CODE = frozenset({2, 4, 5, 7})  # a code that may not stand there: a list of the guide's, a situation, an outside list
_REFUSED = frozenset({REJECTED, WITH_ERRORS})
_TAKEN = frozenset({ACCEPTED, WITH_ERRORS})
_LONGEST_SEGMENT_NAME = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, in our words, and whose it is."""

    source: str
    says: str

    def accepted(self, name: str, data: bytes, *, sets: int = 1) -> Case:
        """A file that must be accepted."""
        return self._case(name, data, Accepted(sets))

    def not_rejected(self, name: str, data: bytes) -> Case:
        """A file that must be taken, with a warning or without."""
        return self._case(name, data, NotRejected())

    def found(self, name: str, data: bytes, *spots: Spot, levels: frozenset[int], in_set: int = 0) -> Case:
        """A file with one thing wrong in it, which must be told and answered; the sets beside it are accepted."""
        return self._case(name, data, Found(_places(data, spots, in_set), levels, _REFUSED, in_set))

    def noticed(self, name: str, data: bytes, *spots: Spot, levels: frozenset[int]) -> Case:
        """A file with something that must be told, whatever becomes of the set."""
        return self._case(name, data, Found(_places(data, spots), levels, _REFUSED | _TAKEN))

    def warned(self, name: str, data: bytes, *spots: Spot, levels: frozenset[int]) -> Case:
        """A file with a code that is in no list: told by a tool that has the lists, and not refused for it."""
        return self._case(name, data, Found(_places(data, spots), levels, _TAKEN, besides=frozenset({"reason_lists"})))

    def reads(self, name: str, data: bytes, fact: str, *values: object) -> Case:
        """A file that must be read so: for `payments.denied`, a value for each claim payment."""
        return self._case(name, data, Reads(fact, values))

    def same_content(self, name: str, data: bytes, other: bytes) -> Case:
        """Two files whose sets say the same."""
        return self._case(name, data, SameContent(other))

    def other_content(self, name: str, data: bytes, other: bytes) -> Case:
        """Two files whose sets say something else."""
        return self._case(name, data, SameContent(other, same=False))

    def _case(self, name: str, data: bytes, expects: Expectation) -> Case:
        return Case(name, self.source, self.says, kind_of(data), data, expects)


def at(element: str, starts: str = "") -> Spot:
    """An element, or a segment, wherever the set has one; `starts` picks the segments that begin so."""
    name = element.partition("-")[0]
    segment = name[:-2] if len(name) > _LONGEST_SEGMENT_NAME else name
    beginning = starts or f"{segment}*"
    return lambda segments: tuple(
        Place(element, n) for n, one in enumerate(segments, 1) if f"{one}*".startswith(beginning)
    )


def anywhere(element: str) -> Spot:
    """An element or a segment, wherever it is reported: one that is not there, or that a set has once."""
    return lambda _: (Place(element),)


def _places(data: bytes, spots: Sequence[Spot], in_set: int = 0) -> tuple[Place, ...]:
    segments = _segments_of(data, in_set)
    found = tuple(spot(segments) for spot in spots)
    if not all(found):
        raise ValueError("a file has nothing at the place where a finding is due")
    return tuple(place for places in found for place in places)


def _segments_of(data: bytes, in_set: int) -> list[str]:
    """The segments of one set, ST first."""
    segments = data.decode("ascii").split("~")
    starts = [n for n, one in enumerate(segments) if one.startswith("ST*")]
    ends = [n for n, one in enumerate(segments) if one.startswith("SE*")]
    return segments[starts[in_set] : ends[in_set] + 1]
