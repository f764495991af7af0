"""NPIs have a check digit."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..npi import check_digit_holds, npis_of
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each NPI that nobody can have."""
    for place, npi in npis_of(content):
        if not check_digit_holds(npi):
            yield rule.finding("the NPI is not ten digits with a right check digit", place)
