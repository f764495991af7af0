"""An 837 cut into its header, its levels and its claims, and each of these into loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimstream_x12.segments import Segment

Loops = list[list["Segment"]]
"""What stands under one HL, CLM, SBR or LX itself, then each loop below it."""

_OF_LEVEL = frozenset({"HL", "CLM", "NM1"})
_OF_CLAIM = _OF_LEVEL | {"SBR", "LX"}
_OF_LINE = _OF_CLAIM | {"LIN", "SVD", "LQ"}
_STARTERS_AFTER = {"HL": _OF_LEVEL, "CLM": _OF_CLAIM, "SBR": _OF_CLAIM, "LX": _OF_LINE}
"""Which segments begin a loop from there on: elsewhere the same segments belong to the loop that they stand in."""


def cut(segments: Iterable[Segment]) -> Iterator[tuple[str, Loops]]:
    """The header (""), each level (HL) and each claim (CLM) in the set's order."""
    beginning, starters = "", _OF_LEVEL
    loop: list[Segment] = []
    loops = [loop]
    for segment in segments:
        kind = segment.elements[0]
        if kind not in starters:
            loop.append(segment)
            continue
        loop = [segment]
        if kind in {"HL", "CLM"}:
            if loops[0] or len(loops) > 1:
                yield beginning, loops
            beginning, loops = kind, [loop]
        else:
            loops.append(loop)
        starters = _STARTERS_AFTER.get(kind, starters)
    if loops[0] or len(loops) > 1:
        yield beginning, loops


def by_role(
    loops: Loops, roles: frozenset[str]
) -> tuple[list[Segment], dict[str, tuple[list[Segment], list[Segment]]]]:
    """The own segments, and the NM1 loops in these roles, the first of each; others stray behind these."""
    own = loops[0]
    found: dict[str, tuple[list[Segment], list[Segment]]] = {}
    strays = own
    for loop in loops[1:]:
        role = loop[0][1]
        if role in roles and role not in found:
            strays = []
            found[role] = (loop, strays)
        else:
            strays = found[role][1] if role in found else strays
            strays += loop
    return own, found
