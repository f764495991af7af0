"""835 sets that wait for one of those who share a tax number, over HTTP: list them, and say of one that it is ours."""

from typing import Annotated
from uuid import UUID

from claimstream_kit import Conflict, Running
from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_kit.idempotency import IdempotencyKey, once
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from .. import views
from ..handlers.claim_set import claim_set
from ..handlers.receive_remittance import Settled
from ..mailbox import Mailbox
from ..store import GatewayUnit

router = APIRouter(tags=["unclaimed sets"])

Reader = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Operator = Annotated[Principal, Depends(allowed("operator"))]
Service = Annotated[Running[GatewayUnit], Depends(running_of)]

MOST_SETS = 2**31 - 1
_PLACE = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]{1,9}$"
AfterSet = Annotated[str, Query(pattern=_PLACE)]


@router.get("/unclaimed-sets", summary="835 sets that wait for a person to say whose money they are, paged")
async def list_unclaimed_sets(
    who: Reader,
    service: Service,
    after: AfterSet = f"{UUID(int=0)}.0",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.UnclaimedSetPage:
    """Those without an NPI whose tax number the practice shares with others, who may claim them too."""
    file_id, _, number = after.partition(".")
    return await views.sharable_sets(service.database, who.practice, after=(UUID(file_id), int(number)), limit=limit)


@router.post(
    "/files/{file_id}/sets/{number}/claim",
    response_model=views.SettledSet,
    responses=refuses(Conflict),
    summary="It is ours: tell an unclaimed 835 set as this practice's; audited",
)
async def post_claim(  # noqa: PLR0913  the request's parts
    file_id: UUID,
    number: Annotated[int, Path(ge=1, le=MOST_SETS)],
    request: Request,
    who: Operator,
    service: Service,
    key: IdempotencyKey = None,
) -> Response:
    """It is told as if it had been received now; a copy of one that was told already becomes a duplicate."""
    mailbox: Mailbox = request.app.state.mailbox
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.SettledSet:
            del connection
            return settled(file_id, number, await claim_set(unit, mailbox, who.practice, file_id, number))

        return await once(unit.connection, request, who.practice, key, status=200, act=act)


def settled(file_id: UUID, number: int, what: Settled) -> views.SettledSet:
    """What became of it."""
    return views.SettledSet(
        file_id=file_id,
        number=number,
        state=what.state,
        reason=what.told.reason,
        remittance_id=what.told.remittance_id,
    )
