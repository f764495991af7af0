"""Names that X12 can carry."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..names import nameless
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each name of which nothing would be left on the wire."""
    for place in nameless(content):
        yield rule.finding("the name has no letter that X12 carries; give the Latin spelling", place)
