"""A stay is charged a room for each of its days, and no more."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.revenue_codes import is_room, is_room_and_board

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_STILL_PATIENT = "30"
_COVERED, _NONCOVERED = "80", "81"


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Rooms of more or fewer days than the statement covers, or than its covered days (80); the day of discharge is not one, where the patient left."""
    stay = content.stay
    if stay is None or not content.is_inpatient or any(value.code == _NONCOVERED for value in stay.values):
        return
    rooms = [line for line in content.lines if is_room(line.revenue_code)]
    if not rooms:
        return
    begins = max(content.started_on, stay.admitted_on or content.started_on)
    days = max(1, (content.ended_on - begins).days + (stay.patient_status == _STILL_PATIENT))
    units = sum(line.units for line in rooms)
    with_leave = sum(line.units for line in content.lines if is_room_and_board(line.revenue_code))
    if days not in (units, with_leave):
        message = f"rooms are charged for {units:f} days, the stay has {days}"
        yield rule.finding(message, f"lines/{rooms[0].ordinal}/units")
    for value in stay.values:
        if value.code == _COVERED and value.amount is not None and 0 <= value.amount != units:
            yield rule.finding(
                f"rooms are charged for {units:f} days, and {value.amount} are said to be covered", "stay/values"
            )
