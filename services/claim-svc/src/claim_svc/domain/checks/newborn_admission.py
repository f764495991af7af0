"""Who is admitted as a newborn has just been born."""

from collections.abc import Iterator
from datetime import timedelta

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_NEWBORN = "4"
_A_MONTH = timedelta(days=31)


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The type of admission 4 of an older patient."""
    stay, begins = content.stay, content.started_on
    if stay is None or stay.admission_type != _NEWBORN:
        return
    if (stay.admitted_on or begins) - content.patient.birth_date > _A_MONTH:
        yield rule.finding("the patient is older than a month, and admitted as a newborn", "stay/admission_type")
