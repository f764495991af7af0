"""What a bill says of the stay is one of the codes that NUBC has assigned."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The value of the stay's field that the pack names, where it is none of the pack's."""
    stay, said = content.stay, rule.setting(content.judged_on)
    if stay is None or said is None:
        return
    value = getattr(stay, said["field"])
    if value is not None and value not in said["values"]:
        yield rule.finding(f"there is no {said['called']} {value}", f"stay/{said['place']}")
