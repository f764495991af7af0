"""The encoder looks at encounters that came as text, SNOMED or FHIR."""

import asyncio
from collections.abc import Sequence

from claimstream_codesets import CodeSets
from claimstream_schemas.values.practice import PracticeDocument

from ..domain.asking import Asked
from ..domain.coding import code_visit
from ..domain.encounter import Encounter
from ..domain.outcome import Outcome
from ..domain.places import Remembered, asks_of_location
from ..events import encounter_coded, encounter_ended
from ..store import CodingUnit


async def code_encounters(unit: CodingUnit, sets: CodeSets, *, most: int) -> int:
    """Code the next encounters that wait for it; how many there were."""
    keys = await unit.take_work(most)
    await unit.encounters.load(keys)
    practices_of_them = {practice for practice, _ in keys}
    await unit.hold_practices(practices_of_them)
    await unit.practices.load((practice,) for practice in practices_of_them)
    waiting = [encounter for key in keys if (encounter := await unit.encounters.get(*key)) and _is_open(encounter)]
    practices = {value.practice.id: value.practice for value in unit.practices.loaded()}
    remembered = {name: await _remembered(practice, waiting, unit) for name, practice in practices.items()}
    outcomes = await asyncio.to_thread(_code_all, waiting, practices, sets, remembered)
    for encounter, outcome in zip(waiting, outcomes, strict=True):
        keep_outcome(encounter, outcome, unit)
    return len(keys)


def keep_outcome(encounter: Encounter, outcome: Outcome, unit: CodingUnit) -> Encounter:
    """Keep what coding made of an encounter, and tell it when it can be billed, or no longer can."""
    coded = encounter.code(outcome, at=unit.clock.now())
    unit.encounters.put(coded)
    if coded.state == "coded":
        unit.publish(encounter_coded(coded))
    elif coded.state in ("not_billable", "unfinished") and (coded.version > 1 or coded.visit.facts.patient_paid):
        unit.publish(encounter_ended(coded))
    return coded


def _is_open(encounter: Encounter) -> bool:
    return encounter.state in ("received", "awaiting_coder")


async def _remembered(
    practice: PracticeDocument, encounters: Sequence[Encounter], unit: CodingUnit
) -> dict[str, Remembered]:
    visits = [encounter.visit for encounter in encounters if encounter.practice == practice.id]
    return await unit.remembered(practice.id, filter(None, (asks_of_location(visit, practice) for visit in visits)))


def _code_all(
    encounters: Sequence[Encounter],
    practices: dict[str, PracticeDocument],
    sets: CodeSets,
    remembered: dict[str, dict[str, Remembered]],
) -> list[Outcome]:
    return [
        _code(encounter, practices[encounter.practice], sets, remembered[encounter.practice])
        for encounter in encounters
    ]


def _code(
    encounter: Encounter, practice: PracticeDocument, sets: CodeSets, remembered: dict[str, Remembered]
) -> Outcome:
    """One visit that the encoder chokes on goes to a coder with the error's name; its neighbours go on."""
    try:
        return code_visit(
            encounter.visit, practice, sets, encounter.id, answers=encounter.answers, remembered=remembered
        )
    except Exception as error:  # noqa: BLE001  whatever it is, a person sees it in the queue
        asked = Asked(question="failed", detail=f"the encoder failed: {type(error).__name__}")
        return Outcome(state="awaiting_coder", asked=(asked,))
