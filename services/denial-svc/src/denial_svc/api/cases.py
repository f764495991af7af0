"""Denial cases over HTTP: the list by deadline, one case, and counts."""

from datetime import date
from typing import Annotated
from uuid import UUID

from claimstream_kit import Invalid, NotFound, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_schemas.values.days import Day
from fastapi import APIRouter, Depends, Query

from .. import views
from ..store import DenialUnit

FIRST_DAY, FIRST = date(1900, 1, 1), UUID(int=0)

router = APIRouter(tags=["cases"])

Reader = Annotated[Principal, Depends(allowed("biller", "auditor"))]
Onlooker = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Service = Annotated[Running[DenialUnit], Depends(running_of)]


@router.get("/cases", summary="Cases by their deadline, paged")
async def list_cases(  # noqa: PLR0913  each is a filter
    who: Reader,
    service: Service,
    state: views.CaseState | None = None,
    payer_id: str | None = None,
    after_day: Day = FIRST_DAY,
    after: UUID = FIRST,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.CasePage:
    """A page of the practice's cases; go on with both members of ``next``."""
    if after != FIRST and after_day == FIRST_DAY:
        raise Invalid("after alone says no place in the list", place="/after_day", remedy="send both members of next")
    cursor = views.CaseCursor(after_day=after_day, after=after)
    return await views.cases(service.database, who.practice, state=state, payer_id=payer_id, after=cursor, limit=limit)


@router.get("/cases/{case_id}", summary="One case")
async def get_case(case_id: UUID, who: Reader, service: Service) -> views.CaseView:
    """The case."""
    found = await views.case(service.database, who.practice, case_id)
    if found is None:
        raise NotFound(f"there is no case {case_id}")
    return found


@router.get("/counts", summary="Cases and amounts by state, cause scenario and route")
async def counts(who: Onlooker, service: Service) -> views.CaseCounts:
    """Counts of one practice."""
    return await views.counts(service.database, who.practice)
