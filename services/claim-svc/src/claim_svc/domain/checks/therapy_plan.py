"""Therapy tells under whose plan of care it was given: physical, occupational, or speech-language."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.claim_kinds import kind_of

from ..claim import ClaimContent
from ..hipps import hcpcs_lines
from ..rules import Rule
from ..surroundings import Surroundings

_PLANS = frozenset({"GP", "GO", "GN"})


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each therapy without its plan; the pack tells how procedures begin that always are therapy, and the bills of outpatients."""
    said = rule.setting(content.judged_on)
    if said is None or (kind_of(content.kind).has_stay and not _is_outpatient(content, said["bills"])):
        return
    for line in hcpcs_lines(content):
        if (line.procedure or "").startswith(tuple(said["begins"])) and _PLANS.isdisjoint(line.modifiers):
            message = f"{line.procedure} is therapy, and no modifier says under which plan of care"
            yield rule.finding(message, f"lines/{line.ordinal}/modifiers")


def _is_outpatient(content: ClaimContent, bills: frozenset[str]) -> bool:
    return content.stay is not None and content.stay.facility_and_care in bills
