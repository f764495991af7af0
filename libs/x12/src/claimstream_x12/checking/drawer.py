"""Findings kept small: a file of a hundred thousand sets may have several in each, and its report is kept until the end."""

from __future__ import annotations

import marshal
import zlib
from typing import TYPE_CHECKING, Any

from claimstream_x12.errors import Finding, Place, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence


_FINDINGS_ON_A_PAGE = 1_000
_SETS_ON_A_PAGE = 256

_Facts = tuple[Any, ...]


class Page:
    """The findings of some sets that follow one another, compressed once there are enough."""

    __slots__ = ("_drawer", "_packed", "_sets", "_weight")

    def __init__(self, drawer: Drawer) -> None:
        self._drawer = drawer
        self._sets: list[list[_Facts]] = []
        self._weight = 0
        self._packed = b""

    @property
    def is_full(self) -> bool:
        """Whether it was compressed."""
        return bool(self._packed)

    def put(self, facts: list[_Facts]) -> int:
        """Keep the findings of one set; its place on the page."""
        self._sets.append(facts)
        self._weight += len(facts)
        place = len(self._sets) - 1
        if self._weight >= _FINDINGS_ON_A_PAGE or len(self._sets) == _SETS_ON_A_PAGE:
            self._packed, self._sets = zlib.compress(marshal.dumps(self._sets), 1), []
        return place

    def take(self, place: int, set_control: str) -> tuple[Finding, ...]:
        """The findings of one set as they were put."""
        sets = self._drawer.opened(self, self._packed) if self.is_full else self._sets
        return tuple(self._drawer.finding(facts, set_control) for facts in sets[place])


class Drawer:
    """Findings as compressed pages, a tenth of their size; texts that come again and again are kept once."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._page = Page(self)
        self._opened: tuple[Page | None, list[list[_Facts]]] = None, []  # the full page that was looked at last

    def put(self, findings: Sequence[Finding]) -> tuple[Page | None, int]:
        """Keep the findings of one set: the page and the place on it, no page where nothing was found."""
        if not findings:
            return None, 0
        if self._page.is_full:
            self._page = Page(self)
        return self._page, self._page.put([self._facts(finding) for finding in findings])

    def opened(self, page: Page, packed: bytes) -> list[list[_Facts]]:
        """What is on a full page; the one that was asked for last stays open."""
        if self._opened[0] is not page:
            self._opened = page, marshal.loads(zlib.decompress(packed))  # noqa: S302 — its own
        return self._opened[1]

    def _facts(self, finding: Finding) -> _Facts:
        place = finding.place
        return (
            self._number(finding.code),
            self._number(finding.message),
            place.segment,
            self._number(place.segment_id),
            place.element,
            place.component,
            self._number(place.loop),
            finding.is_error,
            finding.value,
            finding.unit,
            finding.unit_number,
        )

    def finding(self, facts: _Facts, set_control: str) -> Finding:
        """A finding as it was put."""
        code, message, segment, segment_id, element, component, loop, is_error, value, unit, unit_number = facts
        texts = self._texts
        place = Place(segment, texts[segment_id], element, component, texts[loop], set_control)
        severity = Severity.ERROR if is_error else Severity.WARNING
        return Finding(texts[code], texts[message], place, severity, value, unit, unit_number)

    def _number(self, text: str) -> int:
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._texts)
            self._texts.append(text)
        return number
