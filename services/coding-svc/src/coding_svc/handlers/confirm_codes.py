"""A coder answers the queue: diagnoses, and where asked for, what is charged."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from claimstream_codesets import CodeSets
from claimstream_kit.errors import Conflict, Invalid, NotFound

from ..domain.coding import code_visit
from ..domain.encounter import Encounter
from ..domain.visit import Condition, Service
from ..store import CodingUnit
from .code_encounter import keep_outcome


class NotAwaitingCoder(Conflict):
    """The encounter is not in the coder's queue, or not as this version."""

    slug = "not-awaiting-coder"


class CodeRefused(Invalid):
    """A code may not be billed on the day of the visit."""

    slug = "code-refused"


class StillOpen(Invalid):
    """The answer does not settle what was asked."""

    slug = "still-open"


@dataclass(frozen=True)
class Answer:
    """What the coder says; services are added to those that came."""

    version: int
    diagnoses: Sequence[Condition]
    services: Sequence[Service] = ()


async def confirm_codes(  # noqa: PLR0913  who, what and by what
    practice: str, encounter: UUID, answer: Answer, unit: CodingUnit, sets: CodeSets, *, coder: str
) -> Encounter:
    """Take a coder's answer, when it is valid at the date of service and leaves nothing open."""
    known = await unit.encounters.get(practice, encounter)
    if known is None:
        detail = f"no encounter {encounter} in this practice"
        raise NotFound(detail)
    if known.state != "awaiting_coder" or known.version != answer.version:
        detail = f"version {known.version} is {known.state}"
        raise NotAwaitingCoder(detail, remedy="read the encounter again")
    _refuse_bad_codes(known, answer, sets)
    await unit.hold_practices([practice])
    loaded = await unit.practices.get(practice)
    if loaded is None:
        detail = f"practice {practice} is not loaded"
        raise NotFound(detail)
    visit = known.visit.model_copy(
        update={
            "conditions": tuple(answer.diagnoses),
            "services": (*known.visit.services, *answer.services),
        }
    )
    outcome = code_visit(visit, loaded.practice, sets, encounter)
    if outcome.state != "coded":
        detail = "; ".join(asked.detail for asked in outcome.asked)
        raise StillOpen(detail, remedy="give a diagnosis and something to charge; load the payer with the practice")
    return keep_outcome(known, outcome.model_copy(update={"coded_by": coder}), unit)


def _refuse_bad_codes(encounter: Encounter, answer: Answer, sets: CodeSets) -> None:
    for place, condition in enumerate(answer.diagnoses):
        validity = sets.icd10cm.validity(condition.icd10 or "", on=encounter.visit.started_on)
        if validity.refused:
            raise CodeRefused(
                validity.reason, place=f"/diagnoses/{place}/code", remedy="pick a code that is billable that day"
            )
    for place, service in enumerate(answer.services):
        if service.procedure is None:
            continue
        validity = sets.procedures.validity(service.procedure, on=service.service_from)
        if validity.refused:
            raise CodeRefused(
                validity.reason, place=f"/services/{place}/procedure", remedy="pick a procedure of that day"
            )
