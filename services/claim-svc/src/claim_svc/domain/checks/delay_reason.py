"""A late claim's reason is one of the guide's."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """A reason that there is not."""
    reason = content.facts.delay_reason
    if reason is not None and reason not in (rule.setting(content.judged_on) or ()):
        yield rule.finding(f"there is no delay reason {reason}", "facts/delay_reason")
