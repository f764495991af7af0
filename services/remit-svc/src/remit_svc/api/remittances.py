"""Remittances over HTTP: what was posted, quarantined or suspended, and what waits for a person."""

from typing import Annotated
from uuid import UUID

from claimstream_kit import NotFound, Running
from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_kit.idempotency import IdempotencyKey, once
from fastapi import APIRouter, Depends, Query, Request, Response

from ..domain.remittance import RemittanceState
from ..handlers.repost_remittance import NotQuarantined, repost_remittance
from ..store import RemitUnit
from ..views import remittances as views

router = APIRouter(tags=["remittances"])

Reader = Annotated[Principal, Depends(allowed("biller", "auditor"))]
Onlooker = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Operator = Annotated[Principal, Depends(allowed("operator"))]
Service = Annotated[Running[RemitUnit], Depends(running_of)]


@router.get("/remittances", summary="Remittances, paged, by state")
async def list_remittances(
    who: Onlooker,
    service: Service,
    state: RemittanceState | None = None,
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.RemittancePage:
    """A page of the practice's remittances."""
    return await views.remittances(service.database, who.practice, state=state, after=after, limit=limit)


@router.get("/remittances/{remittance_id}", summary="One remittance, with its payments")
async def get_remittance(remittance_id: UUID, who: Reader, service: Service) -> views.WholeRemittance:
    """The set and what became of each payment."""
    found = await views.whole_remittance(service.database, who.practice, remittance_id)
    if found is None:
        raise NotFound(f"there is no remittance {remittance_id}")
    return found


@router.post(
    "/remittances/{remittance_id}/repost",
    status_code=202,
    response_model=views.Reposted,
    responses=refuses(NotQuarantined),
    summary="Post a quarantined remittance again: what stood in its way is mended",
)
async def post_repost(
    remittance_id: UUID, request: Request, who: Operator, service: Service, key: IdempotencyKey = None
) -> Response:
    """It is staged again, and posted or quarantined in a moment."""
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.Reposted:
            del connection
            remittance = await repost_remittance(who.practice, remittance_id, unit)
            unit.record("act", who.practice, f"repost remittance {remittance_id}")
            return views.Reposted(id=remittance.id, state=remittance.state)

        return await once(unit.connection, request, who.practice, key, status=202, act=act)
