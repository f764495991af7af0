"""Days against each other: birth and death, service, admission and discharge, today."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """Each day that another one rules out; the pack names the supplies that are billed on their first day for days to come."""
    lasting = tuple(rule.setting(content.service_from) or ())
    for line in content.lines:
        last = line.service_to or line.service_from
        if line.service_from > around.today:
            yield rule.finding(f"service on {line.service_from} is in the future", f"lines/{line.ordinal}/service_from")
        elif last > around.today and not (line.procedure or "").startswith(lasting):
            yield rule.finding(f"service until {last} is in the future", f"lines/{line.ordinal}/service_to")
        if last < line.service_from:
            yield rule.finding("a line ends before it begins", f"lines/{line.ordinal}/service_to")
        if content.patient.death_date and line.service_from > content.patient.death_date:
            yield rule.finding("the service is after the patient's death", f"lines/{line.ordinal}/service_from")
    if content.patient.birth_date > content.service_from:
        yield rule.finding("the service is before the patient's birth", "patient/birth_date")
    stay = content.stay
    if stay and stay.admitted_on and stay.admitted_on > content.ended_on:
        yield rule.finding("the admission is after the discharge", "stay/admitted_on")
