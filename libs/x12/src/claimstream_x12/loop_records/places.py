"""Where a field of a record stands in a loop, as the guides write it.

"EB01"               an element; of type tuple[…] its repetitions
"UM04-1" "SV107-*"   a component, all components
"STC01 STC10 STC11"  a tuple, one from each of these places; "HI01 to HI12" the same in a row
"DMG01=D8 DMG02"     an element whose format stands before it
"REF" "MSG"          whole segments: all of them for a tuple, else one; a text is their first element
"NM1 REF N3 N4 PER"  one value from several segments, in the guide's order
"2"                  a component, in the record of a composite
Loop("2110C")        the loops below, begun by their record's first segment; Level("2000B", "21") levels of the hierarchy
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ELEMENT = re.compile(r"([A-Z][A-Z0-9]{1,2}?)([0-9]{2})(?:-([0-9]|\*))?")
_ALL = -1


@dataclass(frozen=True, slots=True)
class Loop:
    """Loops below, each begun by a segment with one of these codes in its first element (any, when none is given)."""

    id: str
    codes: tuple[str, ...] = ()
    bounded: str = ""  # the loop identifier of the LS and LE around them


@dataclass(frozen=True, slots=True)
class Level:
    """Levels of the hierarchy below, each begun by an HL with this code."""

    id: str
    code: str  # HL03
    says_children: bool = True  # whether HL04 is used


@dataclass(frozen=True, slots=True)
class Target:
    """An element, one of its components (from 1), or all of its components (-1)."""

    segment: str
    element: int
    component: int = 0

    @property
    def all_components(self) -> bool:
        """Whether it means each component."""
        return self.component == _ALL


@dataclass(frozen=True, slots=True)
class Elements:
    """Places inside one segment, with what else must stand there when they do."""

    segment: str
    targets: tuple[Target, ...]
    constants: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Segments:
    """Whole segments."""

    ids: tuple[str, ...]


Place = Loop | Level | Elements | Segments


def read_place(text: str) -> Elements | Segments:
    """The place that this text names; raises ValueError when it names none."""
    words = text.split()
    if words and all(_is_segment(word) for word in words):
        return Segments(tuple(words))
    constants = [_constant(word) for word in words if "=" in word]
    targets = _targets([word for word in words if "=" not in word])
    segments = {target.segment for target in targets}
    if len(segments) != 1:
        raise ValueError(f"{text} is not a place")
    return Elements(segments.pop(), tuple(targets), tuple(constants))


def _is_segment(word: str) -> bool:
    return word[0].isalpha() and word.isupper() and word.isalnum() and _ELEMENT.fullmatch(word) is None


def _targets(words: list[str]) -> list[Target]:
    if len(words) == 3 and words[1] == "to":  # noqa: PLR2004 — «HI01 to HI12»
        first, last = _target(words[0]), _target(words[2])
        if first.component:
            return [Target(first.segment, first.element, n) for n in range(first.component, last.component + 1)]
        return [Target(first.segment, n) for n in range(first.element, last.element + 1)]
    return [_target(word) for word in words]


def _target(word: str) -> Target:
    if word.isdigit():
        return Target("", 0, int(word))
    match = _ELEMENT.fullmatch(word)
    if match is None:
        raise ValueError(f"{word} is not an element")
    segment, element, component = match.groups()
    return Target(segment, int(element), _ALL if component == "*" else int(component or 0))


def _constant(word: str) -> tuple[int, str]:
    name, _, text = word.partition("=")
    return _target(name).element, text
