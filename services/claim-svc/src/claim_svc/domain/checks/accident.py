"""What was caused by an accident tells when it was, and by a car, where."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The day and the state that are missing, of the causes that the pack names."""
    facts = content.facts
    if facts.related_cause is None or facts.related_cause not in (rule.setting(content.service_from) or ()):
        return
    if facts.accident_on is None:
        yield rule.finding("the related cause needs the day of the accident", "facts/accident_on")
    if facts.related_cause == "AA" and facts.accident_state is None:
        yield rule.finding("a car accident needs its state", "facts/accident_state")
