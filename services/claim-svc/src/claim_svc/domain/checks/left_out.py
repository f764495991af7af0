"""What a claim had no room for."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..diagnoses import left_out_codes
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The diagnoses that stay beside the claim."""
    if content.left_out:
        codes = left_out_codes(content.left_out)
        yield rule.finding(f"the claim has no room for {codes}; its lines point to none of them", "diagnoses")
