"""Medicare after another payer is told why it is not the first."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.claim_kinds import kind_of

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """The reason that is missing: SBR05 of a professional claim, a value code of an institutional one."""
    told = rule.setting(content.service_from) or ()
    if kind_of(content.kind).has_insurance_type:
        if content.coverages[around.place].insurance_type not in told:
            message = "why Medicare is not the first payer is not told"
            yield rule.finding(message, f"coverages/{around.place + 1}/insurance_type")
    elif content.stay is not None and not any(value.code in told for value in content.stay.values):
        yield rule.finding("why Medicare is not the first payer is not told by a value code", "stay/values")
