"""The coder's queue: encounters that nobody could code with confidence, and the coder's answer."""

from datetime import date
from typing import Annotated
from uuid import UUID

from claimstream_codesets import CodeSets
from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_kit.errors import Forbidden
from claimstream_schemas.values.base import NO_TEXT, Document, Flag
from claimstream_schemas.values.days import Day
from claimstream_schemas.values.encounter import DiagnosisKind, PoaIndicator, TypeOfBill
from claimstream_schemas.values.practice import LocationKind
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field

from .. import views
from ..domain.answers import Answers, Settled
from ..domain.asking import Asked
from ..domain.outcome import State
from ..domain.visit import Condition
from ..handlers.confirm_codes import Answer, AnswerRefused, CodeRefused, NotAwaitingCoder, StillOpen, confirm_codes
from ..intake.native import Icd10, StatedService

router = APIRouter(tags=["coder's queue"])
_FIRST_ADDED = 900
"""Lines that a coder adds are numbered from here on: the EHR's have at most 400."""

Answerer = Annotated[Principal, Depends(allowed("coder", "biller"))]
Onlooker = Annotated[Principal, Depends(allowed("coder", "biller", "auditor"))]


class Queue(BaseModel):
    """A page of the queue; ``next_after`` is the ``after`` of the next one."""

    questions: list[views.Question]
    next_after: UUID | None = None


class ConfirmedDiagnosis(Document):
    """A diagnosis, chosen by the coder."""

    code: Icd10 = Field(description="ICD-10-CM, billable on the day of the visit")
    kind: DiagnosisKind | None = Field(default=None, description="None: the first is the principal one")
    present_on_admission: PoaIndicator | None = None


class LetPass(Settled):
    """A question that may pass as it stands, and why: in words that an auditor can read."""

    reason: str = Field(min_length=5, max_length=400)


class CoderAnswer(Document):
    """An answer to what is asked. What is said is kept; the encounter goes on when nothing is open.

    Codes (``diagnoses``, ``services``) are a coder's; a biller may answer the rest.
    """

    version: Annotated[int, Field(ge=1, le=2**31 - 1), NO_TEXT] = Field(
        description="The encounter's version that was looked at"
    )
    diagnoses: tuple[ConfirmedDiagnosis, ...] = Field(
        default=(), max_length=40, description="All of them, the main one first; none: those that came stand"
    )
    services: tuple[StatedService, ...] = Field(default=(), max_length=100, description="To add to those that came")
    place_of_service: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    location_kind: LocationKind | None = Field(
        default=None, description="What the location is: a hospital or nursing home has no single place of service"
    )
    remember: Flag | None = Field(
        default=None,
        description="Whether what is said of the location holds for its other visits; None: where the EHR names a location",
    )
    payers: tuple[str, ...] = Field(
        default=(), max_length=9, description="The payers' keys in the order of billing; who is left out is not billed"
    )
    ended_on: Day | None = Field(default=None, description="The day on which a stay ended")
    cut_off: Day | None = Field(default=None, description="The last day that is billed now of a visit that goes on")
    patient_status: str | None = Field(default=None, pattern=r"^[0-9]{2}$", description="How the patient left (NUBC)")
    type_of_bill: TypeOfBill | None = Field(default=None, description="Of a stay, e.g. 21 (NUBC, form locator 4)")
    prior_authorization: str | None = Field(default=None, max_length=50)
    insurance_type: str | None = Field(
        default=None, pattern="^(1[2-6]|4[123]|47)$", description="Why Medicare is not the first payer (SBR05)"
    )
    not_billable: str | None = Field(default=None, min_length=3, max_length=200, description="Why nothing is billed")
    settled: tuple[LetPass, ...] = Field(
        default=(),
        max_length=40,
        description="Questions of coverage, newborn, procedure and record that may pass as they stand, each with its reason",
    )

    def answers(self, started_on: date, coder: str, *, added: int) -> Answers:
        """The answers that this states; ``added`` services were added by earlier ones."""
        has_codes = bool(self.diagnoses or self.services)
        return Answers(
            coder=coder if has_codes else None,
            diagnoses=tuple(
                Condition(
                    name=str(place + 1),
                    icd10=diagnosis.code,
                    kind=diagnosis.kind or ("principal" if place == 0 else "other"),
                    present_on_admission=diagnosis.present_on_admission,
                )
                for place, diagnosis in enumerate(self.diagnoses)
            ),
            services=tuple(
                service.to_service(_FIRST_ADDED + place, started_on)
                for place, service in enumerate(self.services, start=added)
            ),
            **self.model_dump(
                include={
                    "place_of_service",
                    "payers",
                    "ended_on",
                    "cut_off",
                    "patient_status",
                    "type_of_bill",
                    "prior_authorization",
                    "insurance_type",
                    "not_billable",
                    "settled",
                }
            ),
        )


class Confirmed(BaseModel):
    """What became of it."""

    id: UUID
    version: int
    state: State
    asked: list[Asked] = Field(description="What is open still")


@router.get("/coder-queue", summary="What waits for a coder; audited")
async def list_queue(
    request: Request, who: Onlooker, after: UUID | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> Queue:
    """List the encounters that wait for a coder; the read is audited, for what is asked of one may quote its record."""
    running = running_of(request)
    questions = await views.questions(running.database, who.practice, after=after, limit=limit)
    if questions:
        async with running.unit(who.subject) as unit:
            shown = "\n".join(str(each.id) for each in questions)
            unit.record("read", who.practice, f"coder's queue, {len(questions)} encounters", shown.encode())
    return Queue(questions=questions, next_after=questions[-1].id if len(questions) == limit else None)


@router.post(
    "/encounters/{encounter}/codes",
    responses=refuses(Forbidden, NotAwaitingCoder, CodeRefused, AnswerRefused, StillOpen),
    summary="Answer the queue: what is open of one encounter",
)
async def post_codes(request: Request, encounter: UUID, answer: CoderAnswer, who: Answerer) -> Confirmed:
    """Take an answer; the encounter is billed with it when nothing is open any more."""
    if (answer.diagnoses or answer.services) and "coder" not in who.roles:
        raise Forbidden("codes are a coder's: the token has not that role")
    sets: CodeSets = request.app.state.code_sets
    async with running_of(request).unit(who.subject) as unit:
        known = await unit.encounters.get(who.practice, encounter)
        started_on = known.visit.started_on if known else date.min
        answers = answer.answers(started_on, who.subject, added=len(known.answers.services) if known else 0)
        said = Answer(answer.version, answers, answer.location_kind, remember=answer.remember)
        coded = await confirm_codes(who.practice, encounter, said, unit, sets, by=who.subject)
        unit.record("act", who.practice, f"answered for encounter {encounter}")
    return Confirmed(id=coded.id, version=coded.version, state=coded.state, asked=list(coded.outcome.asked))
