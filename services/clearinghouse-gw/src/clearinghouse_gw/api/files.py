"""Files over HTTP: list them, look at one with its sets, fetch its bytes."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from claimstream_kit import NotFound, Row, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from ..domain.exchange_file import NO_PRACTICE
from ..mailbox import Mailbox
from ..store import GatewayUnit

router = APIRouter(prefix="/files", tags=["files"])

Reader = Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))]
Service = Annotated[Running[GatewayUnit], Depends(running_of)]


_FIRST = UUID(int=0)


class FileSummary(BaseModel):
    """A file: no patient data."""

    file_id: UUID
    direction: Literal["outbound", "inbound"]
    name: str
    kind: str
    state: str
    partner_id: str
    control_number: int | None
    digest: str | None
    size: int | None
    created_at: datetime
    settled_at: datetime | None
    interchange_answer: str | None
    group_answer: str | None
    reason: str | None
    remedy: str | None


class FilePage(BaseModel):
    """A page of files by id."""

    files: list[FileSummary]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class SetSummary(BaseModel):
    """A transaction set of an inbound file."""

    number: int
    kind: str
    control_number: str
    digest: str
    state: str
    reason: str | None
    remedy: str | None
    told: int = Field(description="Events published for it")
    remittance_id: UUID | None
    trace_number: str | None


class FileDetail(FileSummary):
    """A file with its sets (inbound) or the submissions in it (outbound), and what its reader found."""

    findings: list[str]
    sets: list[SetSummary]
    submissions: list[UUID]


def _summary(row: Row) -> dict[str, Any]:
    return {**{name: row[name] for name in FileSummary.model_fields if name != "file_id"}, "file_id": row["id"]}


@router.get("", summary="Files, paged; by direction and state")
async def list_files(  # noqa: PLR0913  each is a filter
    who: Reader,
    service: Service,
    direction: Literal["outbound", "inbound"] | None = None,
    state: str | None = None,
    after: UUID = _FIRST,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> FilePage:
    """The practice's files, and those that name no practice of ours."""
    rows = await service.database.fetch(
        "SELECT * FROM files WHERE practice = ANY($1) AND id > $2 AND ($3::text IS NULL OR direction = $3)"
        " AND ($4::text IS NULL OR state = $4) ORDER BY id LIMIT $5",
        [who.practice, NO_PRACTICE],
        after,
        direction,
        state,
        limit,
    )
    files = [FileSummary(**_summary(row)) for row in rows]
    return FilePage(files=files, next_after=files[-1].file_id if len(files) == limit else None)


@router.get("/{file_id}", summary="One file with its sets or its submissions")
async def get_file(file_id: UUID, who: Reader, service: Service) -> FileDetail:
    """What became of it, and why."""
    row = await _file(service, who, file_id)
    sets = await service.database.fetch("SELECT * FROM sets WHERE file_id = $1 ORDER BY number", file_id)
    members = await service.database.fetch(
        "SELECT id FROM submissions WHERE practice = $1 AND file_id = $2 ORDER BY place", who.practice, file_id
    )
    return FileDetail(
        **_summary(row),
        findings=row["findings"],
        sets=[SetSummary(**{name: one[name] for name in SetSummary.model_fields}) for one in sets],
        submissions=[one["id"] for one in members],
    )


@router.get("/{file_id}/content", summary="The file's bytes; audited: they hold patient data")
async def get_content(
    file_id: UUID, who: Annotated[Principal, Depends(allowed("biller", "auditor"))], service: Service, request: Request
) -> Response:
    """The bytes as they were exchanged, from the archive."""
    row = await _file(service, who, file_id)
    mailbox: Mailbox = request.app.state.mailbox
    data = await asyncio.to_thread(mailbox.archived, row["digest"]) if row["digest"] else None
    if data is None:
        raise NotFound("the file has no bytes yet")
    async with service.unit(who.subject) as unit:
        unit.record("read", who.practice, f"file {file_id}")
    return Response(data, media_type="application/edi-x12")


async def _file(service: Running[GatewayUnit], who: Principal, file_id: UUID) -> Row:
    row = await service.database.fetch_one(
        "SELECT * FROM files WHERE practice = ANY($1) AND id = $2", [who.practice, NO_PRACTICE], file_id
    )
    if row is None:
        raise NotFound(f"no file {file_id} in this practice")
    return row
