"""A visit beside a minor procedure says that it stands apart from it."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings
from ..visits import is_visit

_APART = frozenset({"25", "57", "24", "FT"})


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each visit without 25 on the day of a procedure that the pack names."""
    if len(content.lines) == 1:
        return
    minor = rule.setting(content.service_from) or ()
    days = {line.service_from: line.procedure for line in content.lines if line.procedure in minor}
    if not days:
        return
    for line in content.lines:
        if line.service_from in days and is_visit(line.procedure) and not _APART.intersection(line.modifiers):
            message = f"a visit beside {days[line.service_from]} without modifier 25"
            yield rule.finding(message, f"lines/{line.ordinal}/modifiers")
