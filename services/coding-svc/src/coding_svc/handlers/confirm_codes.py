"""A person answers the queue: codes, and whatever else was asked. What is answered is kept, also while something is still open."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from claimstream_codesets import CodeSets
from claimstream_kit.errors import Conflict, Invalid, NotFound
from claimstream_schemas.values.practice import LocationKind, Practice

from ..domain.answers import Answers
from ..domain.coding import code_visit
from ..domain.encounter import Encounter
from ..domain.places import Remembered, asks_of_location, names_a_location
from ..domain.visit import UNFINISHED
from ..store import CodingUnit, RememberedPlace
from .code_encounter import keep_outcome


class NotAwaitingCoder(Conflict):
    """The encounter is not in the coder's queue, or not as this version."""

    slug = "not-awaiting-coder"


class CodeRefused(Invalid):
    """A code may not be billed on the day of the visit."""

    slug = "code-refused"


class AnswerRefused(Invalid):
    """An answer that names what is not there."""

    slug = "answer-refused"


class StillOpen(Invalid):
    """The answer settles nothing of what was asked."""

    slug = "still-open"


@dataclass(frozen=True)
class Answer:
    """What a person says of a version; ``location_kind`` and ``remember`` are about its location, for other visits too."""

    version: int
    answers: Answers
    location_kind: LocationKind | None = None
    remember: bool | None = None
    """None: what is said of a location is remembered, of an EHR that names none it is not."""


async def confirm_codes(  # noqa: PLR0913  who, what and by what
    practice: str, encounter: UUID, answer: Answer, unit: CodingUnit, sets: CodeSets, *, by: str
) -> Encounter:
    """Take an answer that is valid at the date of service and settles something; the encounter goes on when nothing is open."""
    known = await unit.encounters.get(practice, encounter)
    if known is None:
        detail = f"no encounter {encounter} in this practice"
        raise NotFound(detail)
    if not _is_open_to(known, answer) or known.version != answer.version:
        detail = f"version {known.version} is {known.state}"
        raise NotAwaitingCoder(detail, remedy="read the encounter again")
    await unit.hold_practices([practice])
    loaded = await unit.practices.get(practice)
    if loaded is None:
        detail = f"practice {practice} is not loaded"
        raise NotFound(detail)
    _refuse_what_is_not_there(known, answer, loaded.practice, sets)
    _refuse_days_to_come(answer.answers, unit.clock.today())
    remembered = await _remember(known, answer, loaded.practice, unit, by)
    answered = known.answer(answer.answers)
    outcome = code_visit(known.visit, loaded.practice, sets, encounter, answers=answered.answers, remembered=remembered)
    if outcome.asked and outcome.asked == known.outcome.asked:
        detail = "; ".join(asked.detail for asked in outcome.asked)
        raise StillOpen(detail, remedy="answer one of these; load a payer with the practice")
    return keep_outcome(answered, outcome, unit)


def _is_open_to(encounter: Encounter, answer: Answer) -> bool:
    """Whether the encounter waits for what is answered: a visit that goes on takes a cut-off, or that it is not billed."""
    if encounter.state == "unfinished":
        return bool(answer.answers.cut_off or answer.answers.not_billable)
    return encounter.state == "awaiting_coder"


async def _remember(
    encounter: Encounter, answer: Answer, practice: Practice, unit: CodingUnit, by: str
) -> dict[str, Remembered]:
    """What is said of a location counts for every visit there that waits, and for those to come."""
    location = asks_of_location(encounter.visit, practice)
    if location is None:
        return {}
    place = answer.answers.place_of_service if answer.location_kind in (None, "clinic") else None
    wanted = names_a_location(location) if answer.remember is None else answer.remember
    if wanted and (place or answer.location_kind):
        said = Remembered(answer.location_kind, place)
        unit.remembered_places.put(RememberedPlace(practice.id, location, said, by, unit.clock.now()))
        await unit.enqueue_asked(practice.id, {"question": "place_of_service", "about": location})
        return {location: said}
    return await unit.remembered(practice.id, [location])


def _refuse_what_is_not_there(encounter: Encounter, answer: Answer, practice: Practice, sets: CodeSets) -> None:
    visit, said = encounter.visit, answer.answers
    _refuse_bad_codes(encounter, said, sets)
    for place, payer in enumerate(said.payers):
        if practice.payer(payer) is None:
            detail = f"no payer of the practice has the key {payer}"
            raise AnswerRefused(detail, place=f"/payers/{place}", remedy="give keys of the practice's payers")
    for name in ("ended_on", "cut_off"):
        day = getattr(said, name)
        if day is not None and day < visit.started_on:
            detail = f"{day} lies before {visit.started_on}, when the visit began"
            raise AnswerRefused(detail, place=f"/{name}", remedy="give a day of the visit")
    if said.cut_off and visit.status not in UNFINISHED:
        raise AnswerRefused("the visit has ended", place="/cut_off", remedy="leave the cut-off out")


def _refuse_days_to_come(said: Answers, today: date) -> None:
    for name in ("ended_on", "cut_off"):
        day = getattr(said, name)
        if day is not None and day > today:
            raise AnswerRefused(f"{day} is still to come", place=f"/{name}", remedy="answer when the day has come")


def _refuse_bad_codes(encounter: Encounter, said: Answers, sets: CodeSets) -> None:
    for place, condition in enumerate(said.diagnoses):
        validity = sets.icd10cm.validity(condition.icd10 or "", on=said.of(encounter.visit).coded_on)
        if validity.refused:
            raise CodeRefused(
                validity.reason, place=f"/diagnoses/{place}/code", remedy="pick a code that is billable that day"
            )
    for place, service in enumerate(said.services):
        if service.procedure is None:
            continue
        validity = sets.procedures.validity(service.procedure, on=service.service_from)
        if validity.refused:
            raise CodeRefused(
                validity.reason, place=f"/services/{place}/procedure", remedy="pick a procedure of that day"
            )
