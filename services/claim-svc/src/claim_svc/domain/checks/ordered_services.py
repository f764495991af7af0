"""A test, an image and a supply were ordered by somebody."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Who ordered them, where nobody is named; the pack tells the procedures by how they begin, and which need no order."""
    said, who = rule.setting(content.service_from), content.providers
    if said is None or who.ordering is not None or (said["referring_answers"] and who.referring is not None):
        return
    begins, unordered = tuple(said["begins"]), tuple(said["unordered"])
    for line in content.lines:
        code, is_excluded = line.procedure or "", not said["not_with"].isdisjoint(line.modifiers)
        if code.startswith(begins) and not code.startswith(unordered) and not is_excluded:
            yield rule.finding(f"nobody is named who ordered {code}", "providers/ordering")
            return
