"""Is a set that was written right by its guide? What our writers make is judged as what others send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.code_sets import ShapesOnly
from claimstream_x12.checking.compiling import walked
from claimstream_x12.checking.noting import Notebook
from claimstream_x12.checking.rules import Situation
from claimstream_x12.checking.set_rules import rules_for
from claimstream_x12.checking.walking import Walk
from claimstream_x12.guides import known_guide
from claimstream_x12.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimstream_x12.delimiters import Delimiters
    from claimstream_x12.errors import Finding

_REMITTANCE = "005010X221A1"  # the 835 has no ST03


def errors_in(  # noqa: PLR0913 — a set is judged by this much
    pieces: Iterable[bytes], count: int, code: str, version: str, delimiters: Delimiters, extras: frozenset[int]
) -> tuple[Finding, ...]:
    """The errors of a set from ST to SE, those at the segments that no record holds left out.

    `pieces` are whole segments with their terminators, `count` of them; `version` is empty where ST03 is (835).
    """
    segments = _segments(pieces, delimiters)
    head = [segment for _, segment in zip(range(2), segments, strict=False)]
    guide = known_guide(code, version or _REMITTANCE, head[-1][2])
    if guide is None:
        return ()
    notebook = Notebook()
    rules = rules_for(guide, Situation(notebook, ShapesOnly()))
    notebook.units = rules.let_go
    walk = Walk(walked(guide.table, delimiters), rules)
    walk.follow(head)
    walk.follow(segments)
    walk.finish(count + 1)
    return tuple(finding for finding in notebook.findings if finding.is_error and finding.place.segment not in extras)


def _segments(pieces: Iterable[bytes], delimiters: Delimiters) -> Iterator[Segment]:
    position = 0
    for piece in pieces:
        for text in piece.decode("ascii").split(delimiters.segment):
            if text and not text.startswith(f"SE{delimiters.element}"):
                position += 1
                yield Segment(text, position, delimiters)
