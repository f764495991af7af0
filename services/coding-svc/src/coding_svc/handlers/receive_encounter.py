"""Encounters come in: each is new, known already, or the next version of one that we know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claimstream_codesets import CodeSets
from claimstream_kit.auth import INSTALLATION
from claimstream_kit.errors import Conflict
from claimstream_schemas.values.identifiers import encounter_id
from claimstream_schemas.values.practice import PracticeDocument

from ..domain.coding import code_visit
from ..domain.encounter import Encounter
from ..domain.places import Remembered, asks_of_location
from ..domain.visit import Visit
from ..events import encounter_received
from ..store import CodingUnit
from .code_encounter import keep_outcome


class PracticeNotLoaded(Conflict):
    """Nothing can be coded for a practice that nobody has loaded."""

    slug = "practice-not-loaded"
    title = "The practice is not loaded"


@dataclass(frozen=True)
class Received:
    """What became of one encounter."""

    encounter: Encounter
    is_new: bool
    is_older: bool = False
    """The EHR told something newer before: this telling changed nothing."""


async def receive_encounters(
    practice: str, visits: Sequence[Visit], unit: CodingUnit, sets: CodeSets, *, bundle: bytes | None = None
) -> list[Received]:
    """Take encounters of one request: those with codes are coded here and now, the others wait for the encoder."""
    document = await _practice(practice, unit)
    await unit.take_turns(practice, (encounter_id(practice, v.source_system, v.ehr_encounter_id) for v in visits))
    asked = filter(None, (asks_of_location(visit, document) for visit in visits))
    remembered = await unit.remembered(practice, asked)
    return [await _receive(visit, unit, sets, document, remembered, bundle=bundle) for visit in visits]


async def _practice(practice: str, unit: CodingUnit) -> PracticeDocument:
    await unit.hold_practices([practice])
    loaded = await unit.practices.get(practice)
    if loaded is None:
        detail = f"practice {practice} is not loaded"
        remedy = (
            "send it with a token of the practice that saw the patient"
            if practice == INSTALLATION
            else f"load it first: PUT /practices/{practice}"
        )
        raise PracticeNotLoaded(detail, remedy=remedy)
    return loaded.practice


async def _receive(  # noqa: PLR0913  the visit, and what is known around it
    visit: Visit,
    unit: CodingUnit,
    sets: CodeSets,
    document: PracticeDocument,
    remembered: Mapping[str, Remembered],
    *,
    bundle: bytes | None,
) -> Received:
    practice = document.id
    known = await unit.encounters.get(practice, encounter_id(practice, visit.source_system, visit.ehr_encounter_id))
    if known is not None and known.is_newer_than(visit):
        return Received(known, is_new=False, is_older=True)
    if known is not None and known.is_told_again(visit):
        await unit.keep_instant(known, visit)
        return Received(known, is_new=False)
    now = unit.clock.now()
    if known is None:
        encounter = Encounter.first(practice, visit, at=now, bundle=bundle)
    else:
        encounter = known.revise(visit, at=now, bundle=bundle)
    unit.keep_version(encounter)
    unit.publish(encounter_received(encounter))
    if visit.is_fully_coded or visit.setting == "pharmacy" or visit.has_not_happened:
        outcome = code_visit(visit, document, sets, encounter.id, remembered=remembered)
        encounter = keep_outcome(encounter, outcome, unit)
    else:
        unit.encounters.put(encounter)
        unit.enqueue(practice, encounter.id)
    return Received(encounter, is_new=True)
