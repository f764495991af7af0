"""A professional claim names who rendered the services, where that can be somebody else than who bills."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The provider that is missing; the pack names the places and the procedures that who bills renders as well."""
    if content.providers.rendering is not None:
        return
    same = rule.setting(content.service_from) or {"places": (), "procedures": ()}
    for line in content.lines:
        place = line.place_of_service or content.place_of_service
        is_same = place in same["places"] or (line.procedure or "").startswith(tuple(same["procedures"]))
        if line.rendering is None and not is_same:
            yield rule.finding("the rendering provider is missing", "providers/rendering")
            return
