"""Diagnoses of an acute inpatient claim tell whether they were present on admission."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_ACUTE = "11"
"""Swing beds, nursing facilities and what Part B alone pays report none."""


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """Each diagnosis that does not tell, and is not exempt."""
    if content.stay is None or content.stay.facility_and_care != _ACUTE:
        return
    for number, diagnosis in enumerate(content.diagnoses, start=1):
        is_told = diagnosis.present_on_admission is not None or around.codes.is_poa_exempt(diagnosis.code)
        if diagnosis.kind in ("principal", "other", "external_cause") and not is_told:
            yield rule.finding(
                "the present-on-admission indicator is missing", f"diagnoses/{number}/present_on_admission"
            )
