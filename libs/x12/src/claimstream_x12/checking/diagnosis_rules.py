"""Which systems of codes the HI segments of an 837 name: ICD-9-CM until 2015-09-30, ICD-10 from the day after, never both.

Sources: 45 CFR 162.1002 (the day), CMS MLN SE1408 (a stay is coded by its last day, other services by their first, and a
claim is split at the change), CMS front-end edits (277CA A7 254, 255); ICD-10-CM guideline I.C.20.a.6 (external causes).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.checking.rules import SetRules, days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claimstream_x12.checking.date_rules import Service
    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

    Days = tuple[date, date]  # the first and the last

KINDS.update(
    {
        "code-systems-mixed": Kind(5, segment="8", element="7", status="255", category="A8"),
        "code-system-date": Kind(5, segment="8", element="7", status="255"),
        "external-cause-first": Kind(4, segment="8", element="I12", status="254"),
    }
)
_ICD9 = frozenset({"BK", "BF", "BJ", "PR", "BN", "BR", "BQ"})
_ICD10 = frozenset({"ABK", "ABF", "ABJ", "APR", "ABN", "BBR", "BBQ"})
_FIRST_DAY = date(2015, 10, 1)
_BY_LAST_DAY = frozenset({"11", "12", "18", "21", "22", "32", "33", "34", "41"})  # stays, and home health
_EXTERNAL_CAUSES = {"ABK": ("V", "W", "X", "Y"), "BK": ("E8", "E9")}


def check_code_systems(rules: SetRules, claim: Loop, services: Sequence[Service]) -> None:
    """Note codes of the wrong system for the day, and of two systems on one claim."""
    nine: tuple[Segment, int] | None = None
    ten: tuple[Segment, int] | None = None
    for hi in claim.segments:
        elements = hi.elements
        if elements[0] != "HI":
            continue
        component = hi.delimiters.component
        for number in range(1, len(elements)):
            qualifier, _, code = elements[number].partition(component)
            if qualifier in _ICD10:
                ten = ten or (hi, number)
            elif qualifier in _ICD9:
                nine = nine or (hi, number)
            if qualifier in _EXTERNAL_CAUSES and code.startswith(_EXTERNAL_CAUSES[qualifier]):
                message = "an external cause is never listed first: the injury is (ICD-10-CM guideline I.C.20.a.6)"
                rules.note("external-cause-first", message, hi, number, claim, component=2, warns=True)
    if nine and ten:
        message = "codes of ICD-9 and of ICD-10 on one claim: one system holds on a day"
        rules.note("code-systems-mixed", message, nine[0], nine[1], claim, component=1)
    elif nine and _by_icd10(claim, services):
        message = "a code of ICD-9 for a service after 2015-09-30, on which it ended"
        rules.note("code-system-date", message, nine[0], nine[1], claim, component=1)
    elif ten and _by_icd9(claim, services):
        message = "a code of ICD-10 for a service before 2015-10-01, on which it began"
        rules.note("code-system-date", message, ten[0], ten[1], claim, component=1)


def _by_icd10(claim: Loop, services: Sequence[Service]) -> bool:
    """Whether ICD-10 alone may code a claim, or a line of it."""
    statement = _statement(claim)
    if statement is not None:
        return statement[_goes_by_last_day(claim)] >= _FIRST_DAY
    return any(first >= _FIRST_DAY for first, *_ in services)


def _by_icd9(claim: Loop, services: Sequence[Service]) -> bool:
    """Whether ICD-9 alone may code a claim, or a line of it; an outpatient bill across the change is left in doubt."""
    statement = _statement(claim)
    if statement is not None:
        return statement[1] < _FIRST_DAY
    return any(first < _FIRST_DAY for first, *_ in services)


def _statement(claim: Loop) -> Days | None:
    dtp = claim.find("DTP", "434")
    first, last = days(dtp) if dtp is not None else (None, None)
    return (first, last) if first is not None and last is not None else None


def _goes_by_last_day(claim: Loop) -> bool:
    return claim.first.components(5)[0] in _BY_LAST_DAY
