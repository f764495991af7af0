"""Encounters: intake, lists, and one encounter with all that is known of it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, get_args
from uuid import UUID

from claimstream_codesets import CodeSets
from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, SourceMissing, allowed
from claimstream_kit.database import Connection
from claimstream_kit.errors import NotFound
from claimstream_kit.idempotency import IdempotencyKey, once
from claimstream_kit.problems import problem
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, Field

from .. import views
from ..domain.answers import Answers
from ..domain.encounter import Encounter
from ..domain.mapping_report import MappingReport
from ..domain.outcome import Outcome, State
from ..domain.visit import Visit
from ..handlers.receive_encounter import PracticeNotLoaded, Received, receive_encounters
from ..intake.native import EncounterDocument, example
from .bodies import FHIR, NATIVE, NDJSON, Body, Refused, UnknownMediaType, read_body

router = APIRouter(tags=["encounters"])

Ehr = Annotated[Principal, Depends(allowed("ehr", "biller", "practice-admin"))]
Reader = Annotated[Principal, Depends(allowed("ehr", "coder", "biller", "auditor", "practice-admin"))]
Counter = Annotated[Principal, Depends(allowed("ehr", "coder", "biller", "auditor", "operator", "practice-admin"))]
STATES: tuple[State, ...] = get_args(State)


class Taken(BaseModel):
    """One encounter that was taken."""

    id: UUID
    encounter_id: str = Field(description="The EHR's own id")
    version: int
    state: State


class Intake(BaseModel):
    """The answer to an intake."""

    encounters: list[Taken]
    mapping_report: MappingReport | None = Field(
        default=None, description="FHIR only: what was read, kept, refused, left dangling"
    )


class Page(BaseModel):
    """A page of encounters; ``next_after`` is the ``after`` of the next one."""

    encounters: list[views.ListedEncounter]
    next_after: UUID | None = None


class Known(BaseModel):
    """One encounter with what the EHR told and what coding made of it."""

    id: UUID
    version: int
    state: State
    visit: Visit
    outcome: Outcome
    answers: Answers = Field(description="What people have answered about this version")
    changed_at: datetime


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """A document's schema; what it does not know is refused at every depth."""
    for part in (schema, *schema["$defs"].values()):
        if "properties" in part:
            part["additionalProperties"] = False
    return schema


_RESOURCE = {
    "type": "object",
    "required": ["resourceType"],
    "properties": {"resourceType": {"type": "string", "minLength": 1}},
}
_ENTRY = {"type": "object", "required": ["resource"], "properties": {"resource": _RESOURCE}}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            NATIVE: {"schema": _closed(EncounterDocument.model_json_schema()), "example": example()},
            NDJSON: {"schema": {"type": "string", "description": "One native encounter a line"}},
            FHIR: {
                "schema": {
                    "type": "object",
                    "description": (
                        "A FHIR R4 Bundle. Read: Patient, RelatedPerson, Coverage, Account, Practitioner, PractitionerRole, Organization,"
                        " Location, Encounter, Condition, Procedure, Immunization, DiagnosticReport. Kept: every other resource;"
                        " Claim and ExplanationOfBenefit are never read as outcomes. References resolve by urn:uuid, Type/id,"
                        " Type?identifier=system|value, identifier alone, and to contained resources; a dangling one is kept"
                        " and listed in the mapping report."
                    ),
                    "required": ["resourceType", "entry"],
                    "properties": {
                        "resourceType": {"const": "Bundle"},
                        "entry": {"type": "array", "minItems": 1, "items": _ENTRY},
                    },
                }
            },
        },
    }
}


@router.post(
    "/encounters",
    status_code=202,
    response_model=Intake,
    responses=refuses(PracticeNotLoaded, Refused, SourceMissing, UnknownMediaType),
    openapi_extra=_BODY,
    summary="Take encounters: native JSON, NDJSON, or a FHIR R4 bundle",
)
async def post_encounters(
    request: Request,
    who: Ehr,
    key: IdempotencyKey = None,
    content_type: Annotated[str, Header(include_in_schema=False)] = NATIVE,
) -> Response:
    """Take encounters. The same encounter with the same content gets the same answer; with other content it is the next version.

    A body is `malformed` where its schema shows the fault, and `unreadable-encounters` where only reading it does: days, amounts, what is empty once trimmed.
    """
    running = running_of(request)
    sets: CodeSets = request.app.state.code_sets
    content = await request.body()
    zones = partial(views.zones_of, running.database, who.practice)
    try:
        body = await read_body(content_type, content, most=request.app.state.most_encounters, zones=zones)
    except Refused as refused:
        return problem(refused, refused.detail, place=refused.place, remedy=refused.remedy, errors=refused.faults)
    _refuse_other_sources(who, body.visits)
    async with running.unit(who.subject) as unit:

        async def act(connection: Connection) -> Intake:
            del connection
            report = body.report
            bundle = unit.keep_bundle(who.practice, content, report.to_json()) if report else None
            received = await receive_encounters(who.practice, body.visits, unit, sets, bundle=bundle)
            if report:
                report.notes += _older(body, received)
            return Intake(encounters=_taken(body, received), mapping_report=report)

        return await once(unit.connection, request, who.practice, key, status=202, act=act)


def _refuse_other_sources(who: Principal, visits: Sequence[Visit]) -> None:
    """An EHR speaks for the source systems that its token names.

    Raises:
        SourceMissing: it sends another's; nothing is stored.
    """
    own = who.only_of_sources
    others = sorted({visit.source_system for visit in visits} - own) if own is not None else ()
    if others:
        detail = f"the token does not name {', '.join(others)}; nothing was stored"
        raise SourceMissing(
            detail, place="source_system", remedy="get a token whose sources name it, or send it as another EHR"
        )


def _older(body: Body, received: list[Received]) -> list[str]:
    """Notes of tellings that came too late."""
    return [
        f"encounter {visit.ehr_encounter_id}: this telling is older than the one that is known, version"
        f" {each.encounter.version} (meta.lastUpdated): it changes nothing"
        for visit, each in zip(body.visits, received, strict=True)
        if each.is_older
    ]


def _taken(body: Body, received: list[Received]) -> list[Taken]:
    return [
        Taken(
            id=each.encounter.id,
            encounter_id=visit.ehr_encounter_id,
            version=each.encounter.version,
            state=each.encounter.state,
        )
        for visit, each in zip(body.visits, received, strict=True)
    ]


@router.get("/encounters", summary="Encounters, a page at a time")
async def list_encounters(
    request: Request,
    who: Reader,
    state: State | None = None,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page:
    """List encounters in the order of their ids, of one state where it is named."""
    states = (state,) if state else STATES
    database = running_of(request).database
    sources = who.only_of_sources
    listed = await views.encounters(database, who.practice, states=states, sources=sources, after=after, limit=limit)
    return Page(encounters=listed, next_after=listed[-1].id if len(listed) == limit else None)


@router.get("/encounters/{encounter}", summary="One encounter, with what coding made of it")
async def get_encounter(request: Request, encounter: UUID, who: Reader) -> Known:
    """Read one encounter; the read is audited."""
    async with running_of(request).unit(who.subject) as unit:
        found = await _find(unit.encounters, who, encounter)
        unit.record("read", who.practice, f"encounter {encounter}")
    return Known(
        id=found.id,
        version=found.version,
        state=found.state,
        visit=found.visit,
        outcome=found.outcome,
        answers=found.answers,
        changed_at=found.changed_at,
    )


@router.get("/encounters/{encounter}/mapping-report", summary="What became of the FHIR bundle that brought it")
async def get_mapping_report(request: Request, encounter: UUID, who: Reader) -> MappingReport:
    """Read the mapping report of an encounter's bundle."""
    running = running_of(request)
    async with running.unit(who.subject) as unit:
        found = await _find(unit.encounters, who, encounter)
        unit.record("read", who.practice, f"mapping report of encounter {encounter}")
    report = await views.bundle_report(running.database, who.practice, found.bundle) if found.bundle else None
    if report is None:
        detail = f"encounter {encounter} did not come as a FHIR bundle"
        raise NotFound(detail)
    return report


@router.get("/counts", summary="How many encounters stand where")
async def get_counts(request: Request, who: Counter) -> views.Counts:
    """Count the practice's encounters by state and source, what was not coded, and what is still to be coded."""
    return await views.counts(running_of(request).database, who.practice, sources=who.only_of_sources)


async def _find(encounters: Any, who: Principal, encounter: UUID) -> Encounter:
    found: Encounter | None = await encounters.get(who.practice, encounter)
    own = who.only_of_sources
    if found is None or (own is not None and found.visit.source_system not in own):
        detail = f"no encounter {encounter} in this practice"
        raise NotFound(detail)
    return found
