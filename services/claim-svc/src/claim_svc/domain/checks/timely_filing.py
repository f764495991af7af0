"""A claim leaves before its payer's limit has passed."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..filing_limit import filing_limit
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """A claim that is late without a delay reason."""
    if around.today > filing_limit(content, around.payer) and content.facts.delay_reason is None:
        days = (around.today - content.judged_on).days
        yield rule.finding(
            f"{days} days after service; {around.payer.id} takes {around.payer.timely_filing_days}", "lines"
        )
