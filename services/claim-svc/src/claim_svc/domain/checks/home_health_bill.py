"""The final claim of a home health episode is a home health agency's."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_FINAL_OF_EPISODE = "9"


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """A type of bill that ends in 9 and does not begin as the pack says."""
    stay = content.stay
    if stay is None or stay.type_of_bill[2:] != _FINAL_OF_EPISODE:
        return
    if stay.facility_and_care not in (rule.setting(content.judged_on) or ()):
        message = f"{stay.type_of_bill} is no home health bill, and ends in 9"
        yield rule.finding(message, "stay/type_of_bill")
