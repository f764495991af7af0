"""A stay in a bed: when it ended and how the patient left are told or asked, never assumed."""

from claimstream_schemas.values.encounter import Stay

from .asking import Asked
from .visit import Visit

_IN_A_BED = frozenset({"11", "12", "18", "21", "41", "86"})
"""Types of bill of inpatients: hospital, its Part B, swing bed, skilled nursing, religious institution, residential facility (NUBC, form locator 4)."""
STILL_A_PATIENT = "30"
_ROUTINE = "01"


def is_in_a_bed(visit: Visit) -> bool:
    """Whether the visit is an inpatient stay."""
    return visit.stay is not None and (visit.stay.type_of_bill or "")[:2] in _IN_A_BED


def stay_of(visit: Visit) -> tuple[Stay | None, tuple[Asked, ...]]:
    """The stay as a claim tells it, and what must be asked of it."""
    stated = visit.stay
    if stated is None:
        return None, ()
    asked = []
    status = stated.patient_status
    if visit.is_cut_off:
        status = status or STILL_A_PATIENT
    elif is_in_a_bed(visit):
        if visit.ended_on is None:
            asked.append(Asked(question="stay", detail="the day on which the stay ended is not told"))
        if status is None:
            asked.append(
                Asked(question="stay", detail="how the patient left is not told (patient status, form locator 17)")
            )
    if stated.type_of_bill is None:
        asked.append(Asked(question="stay", detail="the type of bill is not told"))
    if asked:
        return None, tuple(asked)
    facts = stated.model_dump(exclude_none=True) | {"patient_status": status or _ROUTINE}
    return Stay.model_validate(facts), ()
