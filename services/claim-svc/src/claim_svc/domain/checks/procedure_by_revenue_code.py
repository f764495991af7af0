"""Outpatient lines of some revenue codes name the procedure."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each line without a procedure whose revenue code needs one."""
    stay, asked = content.stay, rule.setting(content.judged_on)
    if stay is None or asked is None or stay.facility_and_care not in asked["bills"]:
        return
    for line in content.lines:
        if line.procedure is None and line.revenue_code is not None and line.revenue_code[:3] in asked["revenue"]:
            message = f"revenue code {line.revenue_code} needs a procedure on an outpatient bill"
            yield rule.finding(message, f"lines/{line.ordinal}/procedure")
