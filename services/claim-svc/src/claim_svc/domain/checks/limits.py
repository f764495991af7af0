"""A claim has room for so many diagnoses."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.claim_kinds import kind_of

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """A claim whose lines point to more than it has room for: the others were left out before."""
    kind = kind_of(content.kind)
    count = sum(diagnosis.kind not in kind.apart for diagnosis in content.diagnoses)
    if count > kind.most_diagnoses:
        yield rule.finding(f"{count} diagnoses do not fit on one claim", "diagnoses")
