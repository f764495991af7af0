"""Revenue codes are NUBC's."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each beyond the last that is assigned, which the pack names."""
    last = rule.setting(content.judged_on)
    for line in content.lines:
        if last is not None and line.revenue_code is not None and line.revenue_code > last:
            yield rule.finding(f"there is no revenue code {line.revenue_code}", f"lines/{line.ordinal}/revenue_code")
