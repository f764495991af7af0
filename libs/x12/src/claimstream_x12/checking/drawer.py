"""Findings kept small: a file of a hundred thousand sets may have several in each, and its report is kept until the end."""

from __future__ import annotations

import marshal
from typing import Any

from claimstream_x12.errors import Finding, Place, Severity


class Drawer:
    """Findings as bytes, a tenth of their size; texts that come again and again are kept once."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def put(self, findings: tuple[Finding, ...]) -> bytes:
        """The findings of one set, packed."""
        return marshal.dumps([self._facts(finding) for finding in findings]) if findings else b""

    def take(self, packed: bytes, set_control: str) -> tuple[Finding, ...]:
        """The findings of one set as they were put."""
        return tuple(self._finding(facts, set_control) for facts in marshal.loads(packed)) if packed else ()  # noqa: S302 — its own

    def _facts(self, finding: Finding) -> tuple[Any, ...]:
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
            finding.claim,
        )

    def _finding(self, facts: tuple[Any, ...], set_control: str) -> Finding:
        code, message, segment, segment_id, element, component, loop, is_error, value, unit, claim = facts
        texts = self._texts
        place = Place(segment, texts[segment_id], element, component, texts[loop], set_control)
        severity = Severity.ERROR if is_error else Severity.WARNING
        return Finding(texts[code], texts[message], place, severity, value, unit, claim)

    def _number(self, text: str) -> int:
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._texts)
            self._texts.append(text)
        return number
