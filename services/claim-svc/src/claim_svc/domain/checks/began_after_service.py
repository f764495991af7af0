"""What a visit treats began before it ended."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """An accident, and the onset of an illness, after the last day of service."""
    facts, last = content.facts, content.service_to
    if facts.accident_on is not None and facts.accident_on > last:
        yield rule.finding("the accident is after the last day of service", "facts/accident_on")
    if facts.onset_on is not None and facts.onset_on > last:
        yield rule.finding("the illness began after the last day of service", "facts/onset_on")
