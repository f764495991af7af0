"""Scrubbing: every rule of a claim's packs says what it finds on it. The kinds of rule are in ``checks``, one a file."""

from claimstream_schemas.values.claim import RuleFinding

from .checks import CHECKS
from .claim import Claim
from .rules import Rule
from .surroundings import Surroundings


def scrub(claim: Claim, rules: tuple[Rule, ...], around: Surroundings) -> tuple[RuleFinding, ...]:
    """All that is found on a claim, holds and warnings, without what a person has let pass."""
    passed = {override.rule for override in claim.overrides}
    return tuple(
        finding for rule in rules if rule.id not in passed for finding in CHECKS[rule.kind](rule, claim.content, around)
    )
