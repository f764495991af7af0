"""The coder's queue: encounters that nobody could code with confidence, and the coder's answer."""

from datetime import date
from typing import Annotated
from uuid import UUID

from claimstream_codesets import CodeSets
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_schemas.values.base import Document
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from ..domain.outcome import Asked, Proposal, State
from ..domain.visit import Condition
from ..handlers.confirm_codes import Answer, confirm_codes
from ..store import page_of_encounters
from .encounter_document import Icd10, StatedService

router = APIRouter(tags=["coder's queue"])

Coder = Annotated[Principal, Depends(allowed("coder"))]
Onlooker = Annotated[Principal, Depends(allowed("coder", "biller", "auditor", "operator"))]


class Question(BaseModel):
    """An encounter that waits for a coder: what is asked, and what its texts may stand for."""

    id: UUID
    encounter_id: str
    version: int
    started_on: date
    asked: list[Asked]
    proposals: list[Proposal]


class Queue(BaseModel):
    """A page of the queue; ``next_after`` is the ``after`` of the next one."""

    questions: list[Question]
    next_after: UUID | None = None


class ConfirmedDiagnosis(Document):
    """A diagnosis, chosen by the coder."""

    code: Icd10 = Field(description="ICD-10-CM, billable on the day of the visit")
    present_on_admission: str | None = Field(default=None, pattern="^[YNUW]$")


class CoderAnswer(Document):
    """The coder's answer: the diagnoses, the main one first, and services to add where something was missing."""

    version: int = Field(ge=1, description="The encounter's version that was looked at")
    diagnoses: tuple[ConfirmedDiagnosis, ...] = Field(min_length=1, max_length=25)
    services: tuple[StatedService, ...] = Field(default=(), max_length=100)


class Confirmed(BaseModel):
    """What became of it."""

    id: UUID
    version: int
    state: State


@router.get("/coder-queue", summary="What waits for a coder")
async def list_queue(
    request: Request, who: Onlooker, after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> Queue:
    """List the encounters that wait for a coder."""
    database = running_of(request).database
    rows = await page_of_encounters(database, who.practice, states=("awaiting_coder",), after=after, limit=limit)
    questions = [
        Question(
            id=row["id"],
            encounter_id=row["ehr_encounter_id"],
            version=row["version"],
            started_on=row["started_on"],
            asked=row["asked"] or [],
            proposals=row["proposals"] or [],
        )
        for row in rows
    ]
    return Queue(questions=questions, next_after=questions[-1].id if len(questions) == limit else None)


@router.post("/encounters/{encounter}/codes", summary="Answer the queue: the codes of one encounter")
async def post_codes(request: Request, encounter: UUID, answer: CoderAnswer, who: Coder) -> Confirmed:
    """Take a coder's codes; the encounter is billed with them."""
    sets: CodeSets = request.app.state.code_sets
    async with running_of(request).unit(who.subject) as unit:
        known = await unit.encounters.get(who.practice, encounter)
        started_on = known.visit.started_on if known else date.min
        conditions = [
            Condition.model_validate(
                {
                    "icd10": diagnosis.code,
                    "kind": "principal" if place == 0 else "other",
                    "present_on_admission": diagnosis.present_on_admission,
                }
            )
            for place, diagnosis in enumerate(answer.diagnoses)
        ]
        services = [service.to_service(900 + place, started_on) for place, service in enumerate(answer.services)]
        said = Answer(answer.version, conditions, services)
        coded = await confirm_codes(who.practice, encounter, said, unit, sets, coder=who.subject)
        unit.record("act", who.practice, f"coded encounter {encounter}")
    return Confirmed(id=coded.id, version=coded.version, state=coded.state)
