"""Some payers insure each person alone: the patient is the subscriber."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_SELF = "18"


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """A dependent of the coverage that is billed."""
    holder = content.subscribers[around.place] if around.place < len(content.subscribers) else None
    if holder is not None and holder.relationship != _SELF:
        message = f"the patient is said to be a dependent ({holder.relationship}), and this payer has none"
        yield rule.finding(message, f"subscribers/{around.place + 1}/relationship")
