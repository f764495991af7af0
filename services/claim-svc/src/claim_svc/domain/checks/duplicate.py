"""The same service is billed once."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, _content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """Each line whose service another live claim has."""
    for ordinal, other in sorted(around.billed_elsewhere.items()):
        yield rule.finding(f"the same service is on claim {other}", f"lines/{ordinal}")
