"""What came in and is nobody's, over HTTP, for operators of the installation: no patient is named to them."""

from typing import Annotated
from uuid import UUID

from claimstream_kit import Conflict, NotFound, Running
from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import INSTALLATION, Principal, of_installation
from claimstream_kit.idempotency import IdempotencyKey, once
from claimstream_schemas.values.identifiers import PracticeId
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from .. import views
from ..domain.exchange_file import NO_PRACTICE, FileState
from ..excerpts import excerpt
from ..handlers.claim_set import give_set
from ..handlers.receive_file import try_again
from ..mailbox import Mailbox
from ..store import GatewayUnit
from .files import AS_X12, FIRST, X12, archived
from .unclaimed_sets import MOST_SETS, AfterSet, settled

router = APIRouter(prefix="/installation", tags=["installation"])

Operator = Annotated[Principal, Depends(of_installation("operator"))]
Service = Annotated[Running[GatewayUnit], Depends(running_of)]
Limit = Annotated[int, Query(ge=1, le=500)]


class Retried(BaseModel):
    """What is read again."""

    file_id: UUID


class Owner(BaseModel):
    """Whose a set is."""

    practice: PracticeId


@router.get("/files", summary="Inbound files of which something, or all, is no practice's, paged; by state")
async def list_untied_files(
    _who: Operator, service: Service, state: FileState | None = None, after: UUID = FIRST, limit: Limit = 100
) -> views.FilePage:
    """Those that were refused whole, are empty, or have a set that could be tied to nobody."""
    return await views.untied_files(service.database, state=state, after=after, limit=limit)


@router.get("/files/{file_id}", summary="One of them with those of its sets that are nobody's")
async def get_untied_file(file_id: UUID, _who: Operator, service: Service) -> views.FileDetail:
    """What became of it, and why."""
    return await _file(service, file_id)


@router.get(
    "/files/{file_id}/content",
    response_class=Response,
    responses=AS_X12,
    summary="Those sets, without what tells of patients; audited",
)
async def get_untied_content(file_id: UUID, who: Operator, service: Service, request: Request) -> Response:
    """Segments and elements as they stand, but for names, ids, addresses, days and free text."""
    file = await _file(service, file_id)
    numbers = await views.numbers(service.database, NO_PRACTICE, file_id)
    if not numbers:
        raise NotFound(
            f"no set of file {file_id} can be shown", remedy="its reason and its digest name it to its sender"
        )
    open_file = await archived(request, file)
    async with service.unit(who.subject) as unit:
        unit.record("read", INSTALLATION, f"file {file_id}")
    return StreamingResponse(excerpt(open_file, numbers, is_masked=True), media_type=X12)


@router.post(
    "/files/{file_id}/retry",
    status_code=202,
    responses=refuses(Conflict),
    summary="Read a file again that was refused unread; audited",
)
async def post_retry(file_id: UUID, who: Operator, service: Service) -> Retried:
    """One that was too large, no file, not to be opened, or put aside because it ended the process. 409 for any other."""
    async with service.unit(who.subject) as unit:
        await try_again(unit, file_id)
        unit.record("act", INSTALLATION, f"try file {file_id} again")
    return Retried(file_id=file_id)


@router.get("/unclaimed-sets", summary="All 835 sets that wait for a person to say whose money they are, paged")
async def list_all_unclaimed_sets(
    _who: Operator, service: Service, after: AfterSet = f"{FIRST}.0", limit: Limit = 100
) -> views.UnclaimedSetPage:
    """Those whose payee is nobody's, several practices', or named by numbers of two."""
    file_id, _, number = after.partition(".")
    return await views.unclaimed_sets(service.database, after=(UUID(file_id), int(number)), limit=limit)


@router.post(
    "/files/{file_id}/sets/{number}/claim",
    response_model=views.SettledSet,
    responses=refuses(Conflict),
    summary="It is this practice's: tell an unclaimed 835 set; audited",
)
async def post_owner(  # noqa: PLR0913  the request's parts
    file_id: UUID,
    number: Annotated[int, Path(ge=1, le=MOST_SETS)],
    owner: Owner,
    request: Request,
    who: Operator,
    service: Service,
    key: IdempotencyKey = None,
) -> Response:
    """To a practice that has a number of its payee; to any where nobody has one. Told as if it had been received now."""
    mailbox: Mailbox = request.app.state.mailbox
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.SettledSet:
            del connection
            return settled(file_id, number, await give_set(unit, mailbox, owner.practice, file_id, number))

        return await once(unit.connection, request, INSTALLATION, key, status=200, act=act)


async def _file(service: Running[GatewayUnit], file_id: UUID) -> views.FileDetail:
    found = await views.untied_file(service.database, file_id)
    if found is None:
        raise NotFound(f"no file {file_id} with anything that is nobody's")
    return found
