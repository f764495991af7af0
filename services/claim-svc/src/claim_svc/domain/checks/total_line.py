"""The total of a paper claim is no line of an electronic one."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_TOTAL = "0001"


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each line that is the total: its charge would count twice."""
    for line in content.lines:
        if line.revenue_code == _TOTAL:
            yield rule.finding(
                "revenue code 0001 is the total of a paper claim, and no service", f"lines/{line.ordinal}"
            )
