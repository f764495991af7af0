"""The same service twice on one claim, word for word."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.encounter import ChargeLine

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings
from ..visits import is_visit

_APART = frozenset({"76", "77", "91", "59", "XE", "XP", "XS", "XU"})
"""Modifiers that tell a service from another one of its day."""


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each line that says the same as an earlier one; the pack says whether of visits, or of anything else."""
    if len(content.lines) == 1:
        return
    of_visits = rule.setting(content.service_from) == "visits"
    first: dict[tuple[object, ...], int] = {}
    for line in content.lines:
        if line.procedure is None or is_visit(line.procedure) != of_visits or _APART.intersection(line.modifiers):
            continue
        earlier = first.setdefault(_said(line), line.ordinal)
        if earlier != line.ordinal:
            yield rule.finding(f"the same as line {earlier}", f"lines/{line.ordinal}")


def _said(line: ChargeLine) -> tuple[object, ...]:
    return (
        line.procedure,
        line.revenue_code,
        tuple(sorted(line.modifiers)),
        line.service_from,
        line.service_to or line.service_from,
        line.units,
        line.ndc,
        line.place_of_service,
        line.rendering.npi if line.rendering else None,
    )
