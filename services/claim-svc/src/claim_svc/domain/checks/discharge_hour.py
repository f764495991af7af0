"""An acute inpatient bill that ends the stay tells at which hour the patient left; who is still there has left at none."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_ACUTE = "11"
_STILL_PATIENT = "30"
_ENDS = ("", "1", "4")
"""How the type of bill ends that covers the stay to its end."""


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The hour where it is missing, and where there can be none."""
    stay = content.stay
    if stay is None:
        return
    is_there = stay.patient_status == _STILL_PATIENT
    if is_there and stay.discharged_hour is not None:
        yield rule.finding(
            "status 30 says that the patient is still there: no discharge hour can be", "stay/discharged_hour"
        )
    is_final = stay.facility_and_care == _ACUTE and stay.type_of_bill[2:] in _ENDS
    if is_final and not is_there and stay.discharged_hour is None:
        yield rule.finding("the discharge hour is missing", "stay/discharged_hour")
