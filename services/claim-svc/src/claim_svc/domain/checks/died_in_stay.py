"""A patient who died on the last day of a bill left it by death."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """A status that says otherwise; the pack names those that say so."""
    stay, said = content.stay, rule.setting(content.judged_on) or ()
    if stay is not None and content.patient.death_date == content.ended_on and stay.patient_status not in said:
        message = f"the patient died on the last day of the bill, and the status is {stay.patient_status}"
        yield rule.finding(message, "stay/patient_status")
