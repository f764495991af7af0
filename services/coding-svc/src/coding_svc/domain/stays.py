"""A stay in a bed: when it ended and how the patient left are told or asked, never assumed.

That is a facility's to tell. Who treats a patient there tells the day of admission, and nothing else of the stay.
"""

from collections.abc import Iterator

from claimstream_schemas.values.encounter import INPATIENT, Stay
from claimstream_schemas.values.practice import PracticeDocument

from .answers import Answers
from .asking import Asked
from .visit import StatedStay, Visit

_BY_PERIOD = frozenset({"32", "33"})
"""Home health is billed by the period of care, and not in parts of a whole (CMS, MCPM 10 §10.1)."""
HOSPITAL, SKILLED_NURSING = "11", "21"
STILL_A_PATIENT = "30"
_ROUTINE = "01"
_FIRST, _CONTINUING, _LAST = "2", "3", "4"
_WITHOUT_FREQUENCY = 2


def _is_one_of_several(visit: Visit) -> bool:
    """Whether its type of bill says that the stay goes on after it."""
    return visit.stay is not None and (visit.stay.type_of_bill or "")[2:] in (_FIRST, _CONTINUING)


def is_in_a_bed(visit: Visit) -> bool:
    """Whether the visit is an inpatient stay."""
    if visit.stay is None:
        return False
    bill = visit.stay.type_of_bill
    return bill[:2] in INPATIENT if bill else visit.patient_status == "inpatient"


def billed_in_parts(visit: Visit) -> Visit:
    """A bill of what goes on is its first or a continuing one, by where it begins; one that ends it and began later is the last.

    So is a stay in a bed billed, and a monthly series of an outpatient (CMS, MCPM 1 §50.2.2).
    """
    stay = visit.stay if visit.kind.has_stay else None
    bill = (stay.type_of_bill if stay else None) or ""
    if stay is None or len(bill) != _WITHOUT_FREQUENCY or bill in _BY_PERIOD:
        return visit
    is_first = stay.admitted_on is None or visit.started_on <= stay.admitted_on
    frequency = (_FIRST if is_first else _CONTINUING) if visit.is_cut_off else "" if is_first else _LAST
    return visit.model_copy(update={"stay": stay.model_copy(update={"type_of_bill": f"{bill}{frequency}"})})


def stay_of(visit: Visit, practice: PracticeDocument, answers: Answers) -> tuple[Stay | None, tuple[Asked, ...]]:
    """The stay as a claim tells it, and what must be asked of it."""
    stated = visit.stay
    if stated is None:
        return None, ()
    if not visit.kind.has_stay:
        return (Stay(admitted_on=stated.admitted_on) if stated.admitted_on else None), ()
    asked = [*_asked_of_the_end(visit, stated)]
    if stated.type_of_bill is None or (answers.type_of_bill is None and _is_no_hospital(visit, practice)):
        asked.append("the type of bill is not told (form locator 4)")
    if asked:
        return None, tuple(Asked(question="stay", detail=detail) for detail in asked)
    status = STILL_A_PATIENT if visit.is_cut_off else stated.patient_status or _ROUTINE
    return Stay.model_validate(stated.model_dump(exclude_none=True) | {"patient_status": status}), ()


def _asked_of_the_end(visit: Visit, stated: StatedStay) -> Iterator[str]:
    status = stated.patient_status
    if visit.is_cut_off:
        if status not in (None, STILL_A_PATIENT):
            yield f"the stay goes on after the cut-off, and the patient is said to have left (status {status})"
    elif status == STILL_A_PATIENT and not _is_one_of_several(visit):
        yield "the visit has ended, and the patient is said to be still there (status 30)"
    elif is_in_a_bed(visit):
        if visit.ended_on is None:
            yield "the day on which the stay ended is not told"
        if status is None:
            yield "how the patient left is not told (patient status, form locator 17)"


def _is_no_hospital(visit: Visit, practice: PracticeDocument) -> bool:
    """Whether a stay that was taken for a hospital's, by its class alone, was in a nursing home."""
    if visit.format != "fhir" or visit.stay is None or (visit.stay.type_of_bill or "")[:2] != HOSPITAL:
        return False
    location = practice.location_known_as(*visit.location_ids)
    return (location.kind if location else visit.location_kind) == "nursing_home"
