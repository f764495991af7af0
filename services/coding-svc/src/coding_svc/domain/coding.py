"""One visit, coded: diagnoses, charges, who pays, who did it and where; or what a person must settle first."""

from collections.abc import Mapping
from uuid import UUID

from claimstream_codesets import CodeSets
from claimstream_schemas.values.practice import PracticeDocument

from .answers import NONE, Answers
from .asking import Asked
from .authorizations import facts_of
from .charges import Charged, charge
from .coverages import covered
from .diagnoses import Diagnosed, diagnose
from .outcome import Outcome
from .places import Remembered, asks_of_location, place_of, providers_of
from .stays import billed_in_parts, stay_of
from .visit import VOID, Visit

PHARMACY = "pharmacy claims are NCPDP: kept, not billed here"


def code_visit(  # noqa: PLR0913  the visit, and what its practice, the code sets and people say of it
    visit: Visit,
    practice: PracticeDocument,
    sets: CodeSets,
    encounter: UUID,
    *,
    answers: Answers = NONE,
    remembered: Mapping[str, Remembered] | None = None,
) -> Outcome:
    """Code a visit as far as it can be done with confidence."""
    visit = answers.of(visit)
    early = _ended_elsewhere(visit, answers)
    if early is not None:
        return early
    visit = billed_in_parts(visit)
    diagnosed = diagnose(visit, sets)
    charged = charge(visit, practice, diagnosed, sets, encounter)
    payers = covered(visit, practice, answers)
    place = place_of(visit, practice, answers, remembered or {})
    location = practice.location_known_as(*visit.location_ids)
    stay, stay_asked = stay_of(visit, practice, answers)
    lines = tuple(charged.lines)
    facts, facts_asked = facts_of(visit, lines, answers)
    asked = (
        *_questions(visit, diagnosed, charged),
        *answers.leave_open(visit.questions, of_reading=True),
        *answers.leave_open((*payers.asked, *place.asked, *stay_asked, *facts_asked)),
    )
    return Outcome(
        state="awaiting_coder" if asked else "coded",
        asked=asked,
        proposals=tuple(diagnosed.proposals),
        checks=(*diagnosed.checks, *charged.checks),
        notes=(*visit.notes, *_notes(visit, practice)),
        shown=visit.shown,
        kind=visit.kind.name,
        place_of_service=place.code,
        place_of_service_source=place.source,
        location_id=location.id if location else None,
        facility=place.facility,
        providers=providers_of(visit.clinicians, practice),
        coverages=payers.coverages,
        subscribers=payers.subscribers,
        diagnoses=tuple(diagnosed.diagnoses),
        lines=lines,
        stay=stay,
        facts=facts,
        uncoded=(*diagnosed.uncoded, *charged.uncoded),
        code_sets=sets.versions(visit.coded_on),
        coded_by=answers.coder or ("encoder" if diagnosed.by_encoder else "ehr"),
    )


def _ended_elsewhere(visit: Visit, answers: Answers) -> Outcome | None:
    """What becomes of a visit that is not to be billed at all, or not yet."""
    if answers.not_billable:
        return Outcome(state="not_billable", notes=(answers.not_billable,))
    if visit.setting == "pharmacy":
        return Outcome(state="not_billable", notes=(PHARMACY,))
    if not visit.has_not_happened:
        return None
    if visit.status in VOID:
        return Outcome(state="not_billable", notes=(f"the encounter is {visit.status}: nothing is billed",))
    waits = f"the encounter is {visit.status}: it waits for its end"
    return Outcome(state="unfinished", notes=(waits, *visit.notes), shown=visit.shown)


def _questions(visit: Visit, diagnosed: Diagnosed, charged: Charged) -> tuple[Asked, ...]:
    asked = []
    if not diagnosed.has_reason:
        detail = (
            "no reason for the visit is coded with confidence"
            if visit.conditions
            else "no reason for the visit is given"
        )
        asked.append(Asked(question="diagnosis", detail=detail))
    if charged.visit_unmapped:
        asked.append(Asked(question="service", detail="the visit's own kind is not in the charge master"))
    elif not charged.lines:
        asked.append(Asked(question="service", detail="nothing that was done can be charged"))
    if diagnosed.has_reason:
        asked += [
            Asked(question="diagnosis" if "diagnosis" in detail else "service", detail=detail)
            for detail in charged.lost
        ]
    return tuple(asked)


def _notes(visit: Visit, practice: PracticeDocument) -> tuple[str, ...]:
    missing = next(iter(visit.location_ids), None) if asks_of_location(visit, practice) else None
    later = sum(visit.is_cut_off and service.service_from > visit.through for service in visit.services)
    return (
        *((f"location {missing} is not in the practice's list",) if missing else ()),
        *((f"{later} services come after the cut-off and are not billed yet",) if later else ()),
    )
