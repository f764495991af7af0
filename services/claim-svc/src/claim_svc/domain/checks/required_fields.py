"""What a claim of its kind cannot do without, and what a pack wants beside it."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.claim_kinds import Need, kind_of

from ..claim import ClaimContent
from ..required import missing_fields
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each needed field that is empty; a pack adds its own as ``path`` and ``name``."""
    own = tuple(Need(**each) for each in rule.setting(content.service_from) or ())
    for place, what in missing_fields(content, (*kind_of(content.kind).needs, *own)):
        yield rule.finding(f"{what} is missing", place)
