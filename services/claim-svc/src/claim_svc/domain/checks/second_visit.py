"""A provider sees a patient once a day in an office, unless something says otherwise."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..fingerprints import APART
from ..rules import Rule
from ..surroundings import Surroundings
from ..visits import is_office_visit


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """A second office visit of a day, on this claim or on another; the very same service is another rule's."""
    for ordinal, other in around.visits_elsewhere.items():
        if ordinal not in around.billed_elsewhere:
            yield rule.finding(f"a visit of the same day and provider is on claim {other}", f"lines/{ordinal}")
    if len(content.lines) == 1:
        return
    seen: dict[tuple[object, ...], str | None] = {}
    for line in content.lines:
        if is_office_visit(line.procedure) and not APART.intersection(line.modifiers):
            provider = line.rendering.npi if line.rendering else None
            earlier = seen.setdefault((line.service_from, provider), line.procedure)
            if earlier != line.procedure:
                yield rule.finding(f"{earlier} is billed for the same day and provider", f"lines/{line.ordinal}")
