"""A professional claim for a patient in a bed tells when the bed was taken, and no other does."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..places import places_of
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The admission date where it is missing, and where it has no place."""
    admitted = content.stay.admitted_on if content.stay else None
    wanted = rule.setting(content.service_from) or {"needs": (), "may": ()}
    if admitted is None:
        bed = next((code for _, code in places_of(content) if code in wanted["needs"]), None)
        if bed is not None:
            message = f"place of service {bed} needs the day of admission"
            yield rule.finding(message, "stay/admitted_on" if content.stay else "stay")
    elif not any(code in wanted["needs"] or code in wanted["may"] for _, code in places_of(content)):
        yield rule.finding("no service was in a place to which the patient was admitted", "stay/admitted_on")
