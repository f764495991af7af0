"""Places of service exist."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..places import places_of
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """Each place of service that CMS has not assigned and the pack does not know to be newer."""
    for place, code in places_of(content):
        if not around.codes.is_place_of_service(code) and code not in (rule.setting(content.service_from) or ()):
            yield rule.finding(f"there is no place of service {code}", place)
