"""Files over HTTP: list them, look at one with its sets, fetch its bytes. A practice's are its own, and its own sets in what came in."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Annotated, Any, BinaryIO
from uuid import UUID

from claimstream_kit import NotFound, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from .. import views
from ..domain.exchange_file import FileState
from ..excerpts import excerpt
from ..mailbox import Mailbox
from ..store import GatewayUnit

router = APIRouter(prefix="/files", tags=["files"])

Reader = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Service = Annotated[Running[GatewayUnit], Depends(running_of)]

PIECE_BYTES = 1 << 16
X12 = "application/edi-x12"
AS_X12: dict[int | str, dict[str, Any]] = {200: {"content": {X12: {"schema": {"type": "string"}}}}}
FIRST = UUID(int=0)


@router.get("", summary="Files, paged; by direction and state")
async def list_files(  # noqa: PLR0913  each is a filter
    who: Reader,
    service: Service,
    direction: views.Direction | None = None,
    state: FileState | None = None,
    after: UUID = FIRST,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.FilePage:
    """The practice's files, and those that came in with a set of its own."""
    return await views.files(service.database, who.practice, direction=direction, state=state, after=after, limit=limit)


@router.get("/{file_id}", summary="One file with its sets or its submissions")
async def get_file(file_id: UUID, who: Reader, service: Service) -> views.FileDetail:
    """What became of it, and why: of what came in the practice's own sets."""
    return await _file(service, who, file_id)


@router.get(
    "/{file_id}/content",
    response_class=Response,
    responses=AS_X12,
    summary="The file's bytes, or the practice's own sets of them; audited: they hold patient data",
)
async def get_content(
    file_id: UUID, who: Annotated[Principal, Depends(allowed("biller", "auditor"))], service: Service, request: Request
) -> Response:
    """The bytes as they were exchanged, from the archive; of a file that is not the practice's alone its own sets, in an envelope of theirs."""
    file = await _file(service, who, file_id)
    open_file = await archived(request, file)
    own = await views.numbers(service.database, who.practice, file_id) if file.is_shared else None
    async with service.unit(who.subject) as unit:
        unit.record("read", who.practice, f"file {file_id}")
    shown = _pieces(open_file) if own is None else excerpt(open_file, own)
    return StreamingResponse(shown, media_type=X12)


Opener = Callable[[], BinaryIO]


async def archived(request: Request, file: views.FileDetail) -> Opener:
    """How to open a file's bytes. Raises NotFound before it has any."""
    mailbox: Mailbox = request.app.state.mailbox

    def open_file() -> BinaryIO:
        source = mailbox.opened(file.digest) if file.digest else None
        if source is None:
            raise NotFound("the file has no bytes yet")
        return source

    (await asyncio.to_thread(open_file)).close()
    return open_file


def _pieces(open_file: Opener) -> Iterator[bytes]:
    with open_file() as source:
        while piece := source.read(PIECE_BYTES):
            yield piece


async def _file(service: Running[GatewayUnit], who: Principal, file_id: UUID) -> views.FileDetail:
    found = await views.file(service.database, who.practice, file_id)
    if found is None:
        raise NotFound(f"no file {file_id} in this practice")
    return found
