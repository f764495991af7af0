"""Which diagnosis may stand first, and how many are the principal one."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings
from ..visits import first_listed

_EXTERNAL_CAUSES = "VWXY"


def external_cause(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """An external cause that is listed first."""
    number = first_listed(content)
    if number is not None and content.diagnoses[number - 1].code[0] in _EXTERNAL_CAUSES:
        code = content.diagnoses[number - 1].code
        yield rule.finding(f"{code} is an external cause and listed first", f"diagnoses/{number}/code")


def one_principal(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each principal diagnosis after the first."""
    principal = [number for number, one in enumerate(content.diagnoses, start=1) if one.kind == "principal"]
    for number in principal[1:]:
        yield rule.finding("a claim has one principal diagnosis", f"diagnoses/{number}/kind")
