"""A claim charges something, and each line has units."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Lines without units, and a claim without a charge."""
    for line in content.lines:
        if line.units <= 0:
            yield rule.finding("a line has no units", f"lines/{line.ordinal}/units")
    if content.total_charge <= 0:
        yield rule.finding("the claim charges nothing", "lines")
