"""Lines of a professional claim point to diagnoses."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each line without a pointer, each pointer to nothing."""
    count = len(content.diagnoses)
    for line in content.lines:
        place = f"lines/{line.ordinal}/diagnosis_pointers"
        if not line.diagnosis_pointers:
            yield rule.finding("the line points to no diagnosis", place)
        for pointer in line.diagnosis_pointers:
            if not 1 <= pointer <= count:
                yield rule.finding(f"pointer {pointer} has no diagnosis; there are {count}", place)
