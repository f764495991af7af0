"""A laboratory test names the laboratory's CLIA number."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..laboratory import has_laboratory_test
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The number that is missing."""
    if content.facts.clia_number is None and has_laboratory_test(content.lines):
        yield rule.finding("a laboratory test needs the laboratory's CLIA number", "facts/clia_number")
