"""Services that a claim of ours cannot tell of as its payer needs it."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each line with a procedure that the pack names."""
    for line in content.lines:
        if line.procedure in (rule.setting(line.service_from) or ()):
            message = f"{line.procedure} needs what a claim from here does not carry"
            yield rule.finding(message, f"lines/{line.ordinal}/procedure")
