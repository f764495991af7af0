"""Runs cases against a parser. A parser that raises has failed that case and no other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimstream_x12.conformance.adapter import Adapter
    from claimstream_x12.conformance.case import Case


class Outcome(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Result:
    """How one case ended, and what was seen or is missing where it did not pass."""

    case: Case
    outcome: Outcome
    seen: str = ""


def run(cases: Iterable[Case], adapter: Adapter) -> Iterator[Result]:
    """Each case in turn."""
    return (run_case(case, adapter) for case in cases)


def run_case(case: Case, adapter: Adapter) -> Result:
    """One case against one parser."""
    missing = case.needs - adapter.abilities
    if missing:
        return Result(case, Outcome.NOT_ASKED, "needs " + ", ".join(sorted(missing)))
    try:
        seen = case.expects.differs(adapter, case.data)
    except Exception as raised:  # noqa: BLE001 — whatever a parser raises is its answer
        seen = f"{type(raised).__name__}: {raised}"
    return Result(case, Outcome.FAILED if seen else Outcome.PASSED, seen)
