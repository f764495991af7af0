"""Services and procedures of an institutional claim lie within what it covers, and that has passed."""

from collections.abc import Iterator
from datetime import timedelta

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_BEFORE_ADMISSION = timedelta(days=3)
"""A procedure of the three days before admission belongs to the stay (MCPM 3 §40.3)."""
_CONTINUES = ("3", "4")


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """A statement that ends in the future; each line and procedure outside it."""
    stay, last = content.stay, content.ended_on
    if last > around.today:
        yield rule.finding(f"the bill's last day, {last}, is in the future", "ended_on")
    if stay is None:
        return
    admitted = stay.admitted_on or content.started_on
    first = content.started_on if stay.interim_frequency in _CONTINUES else min(admitted, content.started_on)
    for line in content.lines:
        if line.service_from < first or (line.service_to or line.service_from) > last:
            message = f"the service is outside the days that the bill covers, {first} to {last}"
            yield rule.finding(message, f"lines/{line.ordinal}/service_from")
    earliest = min(admitted, content.started_on)
    earliest -= min(_BEFORE_ADMISSION, earliest - earliest.min)
    for number, procedure in enumerate(stay.procedures, start=1):
        if not earliest <= procedure.performed_on <= last:
            message = f"the procedure of {procedure.performed_on} is outside the stay"
            yield rule.finding(message, f"stay/procedures/{number}/performed_on")
