"""An inpatient claim tells of the admission, and a hospice from when the patient is in its care."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_ONLY_THE_DAY = ("12", "22", "81", "82")
"""Stays that Part B alone pays, and hospices."""

_WHOLE = ("admitted_on", "admitted_hour", "admission_type", "admission_source")


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """What is missing of it."""
    stay = content.stay
    if stay is None:
        return
    asked = _WHOLE if content.is_inpatient else ("admitted_on",) if stay.facility_and_care in _ONLY_THE_DAY else ()
    for name in asked:
        if getattr(stay, name) is None:
            yield rule.finding(f"{name.replace('_', ' ')} is missing", f"stay/{name}")
    if content.is_inpatient and not any(diagnosis.kind == "admitting" for diagnosis in content.diagnoses):
        yield rule.finding("the admitting diagnosis is missing", "diagnoses")
