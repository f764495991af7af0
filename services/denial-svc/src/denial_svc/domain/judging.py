"""What stands behind a refusal and what to do about it: CARC, remarks, group and payer are read together."""

from dataclasses import dataclass

from .catalogue import Catalogue, Cause, HardStop
from .refusal import Refusal

APPEAL, PATIENT, WRITE_OFF = "A", "P", "W"
LOOK_IT_UP = "look the code and its remarks up, in X12's lists and the payer's manual, before choosing a route"


@dataclass(frozen=True)
class Judgement:
    """A cause in our words, the route, what to do first, and why there is no appeal."""

    cause: str
    scenario: str
    route: str
    remedy: str | None = None
    hard_stop: str | None = None


def judge(refusal: Refusal, catalogue: Catalogue) -> Judgement:
    """The catalogue's answer to a refusal: the patient is asked only where that is lawful, and no route is an appeal where none is offered."""
    cause = _cause(refusal, catalogue)
    stop = next((stop for stop in catalogue.hard_stops if stop.stops(refusal)), None)
    route = _lawful(cause, refusal, catalogue)
    return Judgement(
        cause=cause.cause,
        scenario=cause.scenario,
        route=stop.route if stop and route == APPEAL else route,
        remedy=_remedy(cause, stop, route, refusal, catalogue),
        hard_stop=stop.text if stop else None,
    )


def _cause(refusal: Refusal, catalogue: Catalogue) -> Cause:
    """A remark that decides goes before the CARC; an unknown CARC is a cause to be read up."""
    for remark in refusal.remarks:
        if remark in catalogue.by_remark:
            return catalogue.by_remark[remark]
    if refusal.kind == "underpayment":
        return catalogue.underpayment
    carc = refusal.place.carc
    unknown = f"CARC {carc} is not in the catalogue: read the payer's remarks"
    return catalogue.by_carc.get(carc) or Cause(unknown, "unknown", APPEAL, LOOK_IT_UP)


def _lawful(cause: Cause, refusal: Refusal, catalogue: Catalogue) -> str:
    """The row's route; the patient's only under the groups that make it the patient's, and where nothing forbids it."""
    if cause.route != PATIENT:
        return cause.route
    if refusal.place.group in catalogue.patient_groups and not _is_kept_from_the_patient(refusal, catalogue):
        return PATIENT
    return cause.otherwise or WRITE_OFF


def _is_kept_from_the_patient(refusal: Refusal, catalogue: Catalogue) -> bool:
    """By whom the payer is, or by a remark."""
    by_remark = any(note.never_patient and note.is_beside(refusal) for note in catalogue.notes)
    return by_remark or any(never.forbids(refusal) for never in catalogue.never_patient)


def _remedy(cause: Cause, stop: HardStop | None, route: str, refusal: Refusal, catalogue: Catalogue) -> str | None:
    """The row's for this route, or the stop's own in its place; then what remarks add."""
    of_row = cause.remedy if route == cause.route else cause.otherwise_remedy
    if not refusal.remarks and cause.remedy_without_remark:
        of_row = cause.remedy_without_remark
    first = (stop.remedy if stop else None) or of_row
    added = [note.remedy for note in catalogue.notes if note.is_told(refusal, route)]
    return " · ".join(filter(None, (first, *added))) or None
