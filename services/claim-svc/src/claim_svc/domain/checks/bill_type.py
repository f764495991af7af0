"""The last character of a type of bill: what kind of bill it is, and whether that fits how the patient left."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_STILL_PATIENT = "30"
_GOES_ON = ("2", "3")
_WHOLE = "1"
_LAST = "4"


def ending(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """A type of bill whose last character the pack names."""
    stay = content.stay
    last = stay.type_of_bill[2:] if stay is not None else ""
    if last and last in (rule.setting(content.judged_on) or ()):
        yield rule.finding(f"a type of bill that ends in {last}", "stay/type_of_bill")


def status(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """A whole bill of a patient who is still there; of inpatients also one that goes on after they left, and a last one before."""
    stay = content.stay
    if stay is None:
        return
    frequency, is_there = stay.own_frequency or _WHOLE, stay.patient_status == _STILL_PATIENT
    if frequency == _WHOLE and is_there:
        message = "status 30 says that the patient is still there: the bill is no whole one (1)"
        yield rule.finding(message, "stay/type_of_bill")
    if not content.is_inpatient:
        return
    if frequency in _GOES_ON and not is_there:
        message = f"a bill that goes on (ends in {frequency}) is of a patient who is still there, status 30"
        yield rule.finding(message, "stay/patient_status")
    if frequency == _LAST and is_there:
        message = "status 30 says that the patient is still there: the bill is not the last"
        yield rule.finding(message, "stay/patient_status")
