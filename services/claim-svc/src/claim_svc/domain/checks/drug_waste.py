"""A drug of which some was discarded is not one of which nothing was."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_DISCARDED, _NOTHING_DISCARDED = "JW", "JZ"


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each line with JZ of a drug that a line of the same day says was discarded in part."""
    discarded = {(line.procedure, line.service_from) for line in content.lines if _DISCARDED in line.modifiers}
    for line in content.lines:
        if _NOTHING_DISCARDED in line.modifiers and (line.procedure, line.service_from) in discarded:
            message = f"JZ says that nothing of {line.procedure} was discarded, JW on the same day that some was"
            yield rule.finding(message, f"lines/{line.ordinal}/modifiers")
