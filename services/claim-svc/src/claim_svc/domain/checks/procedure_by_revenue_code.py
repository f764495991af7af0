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
        if line.procedure is None and not asked["revenue"].isdisjoint(_names_of(line.revenue_code)):
            message = f"revenue code {line.revenue_code} needs a procedure on an outpatient bill"
            yield rule.finding(message, f"lines/{line.ordinal}/procedure")


def _names_of(revenue_code: str | None) -> tuple[str, ...]:
    """By what the pack may name it: by its first three digits, with all codes of its kind, or by itself."""
    return (revenue_code[:3], revenue_code) if revenue_code else ()
