"""oxedi: it reads the 835 alone, and what it diagnoses is a finding; a set with none is accepted."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import oxedi

from claimstream_x12.conformance.adapter import ACCEPTED, REJECTED, Facts, Finding, SetVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence


class Oxedi:
    """oxedi in the version that is installed."""

    abilities = frozenset({"check.835", "envelope_sound"})

    def __init__(self) -> None:
        self.name = f"oxedi {version('oxedi')}"

    def check(self, data: bytes) -> list[SetVerdict]:
        """Each ST to SE, with the diagnostics that fall into it."""
        parsed = oxedi.parse(data)
        segments = [parsed.document[n] for n in range(len(parsed.document))]
        return [
            _verdict(segments, first, [one for one in parsed.diagnostics if _within(one, first, last)])
            for first, last in _sets(segments)
        ]

    def facts(self, data: bytes) -> Facts:
        """Whether it diagnosed anything outside the sets."""
        parsed = oxedi.parse(data)
        sets = _sets([parsed.document[n] for n in range(len(parsed.document))])
        outside = [one for one in parsed.diagnostics if not any(_within(one, *bounds) for bounds in sets)]
        return Facts(envelope_sound=not outside)


def _sets(segments: Sequence[oxedi.Segment]) -> list[tuple[int, int]]:
    starts = [one.index for one in segments if one.id == b"ST"]
    ends = [one.index for one in segments if one.id == b"SE"]
    return list(zip(starts, ends, strict=True))


def _within(one: oxedi.Diagnostic, first: int, last: int) -> bool:
    return one.segment is not None and first <= one.segment <= last


def _verdict(segments: Sequence[oxedi.Segment], first: int, diagnostics: Sequence[oxedi.Diagnostic]) -> SetVerdict:
    code, control = (_text(element) for element in segments[first].elements[:2])
    status = REJECTED if diagnostics else ACCEPTED
    return SetVerdict(code, "", control, status, tuple(_finding(segments, first, one) for one in diagnostics))


def _finding(segments: Sequence[oxedi.Segment], first: int, one: oxedi.Diagnostic) -> Finding:
    at = one.segment or 0
    element = f"{one.element:02}" if one.element else ""
    component = f"-{one.component}" if one.component else ""
    name = segments[at].id.decode("ascii")
    return Finding(at - first + 1, f"{name}{element}{component}", one.level, one.kind, one.rule)


def _text(element: bytes | list[bytes]) -> str:
    return (element if isinstance(element, bytes) else b":".join(element)).decode("ascii")
