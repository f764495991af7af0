"""What the patient paid is said once."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_PATIENT_PAID = "FC"


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """A value code FC that says another amount than the desk."""
    paid = content.facts.patient_paid
    if paid is None or content.stay is None:
        return
    for number, value in enumerate(content.stay.values, start=1):
        if value.code == _PATIENT_PAID and value.amount != paid:
            message = f"value code FC says {value.amount}, the desk {paid}"
            yield rule.finding(message, f"stay/values/{number}/amount")
