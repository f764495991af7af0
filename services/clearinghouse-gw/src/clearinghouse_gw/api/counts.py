"""Figures of clearinghouse-gw, for status tables and the demo's summary."""

from typing import Annotated

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from ..domain.exchange_file import NO_PRACTICE
from ..store import GatewayUnit

router = APIRouter(tags=["counts"])


class Counts(BaseModel):
    """Counts of one practice, with the inbound files that name none."""

    submissions: dict[str, int] = Field(description="By state: queued, prepared, sent, refused")
    outbound_files: dict[str, int] = Field(description="By state: prepared, sent")
    outbound_answers: dict[str, int] = Field(description="Sent files by their 999: accepted, partly, rejected, none")
    inbound_files: dict[str, int] = Field(description="By state: processed, duplicate, refused")
    sets: dict[str, dict[str, int]] = Field(description="Inbound sets by kind, then by state")
    duplicate_sets: int = Field(description="835 sets that came before, in whatever envelope or file")
    refused_sets: int


@router.get("/counts", summary="Submissions, files and sets by state")
async def counts(
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[GatewayUnit], Depends(running_of)],
) -> Counts:
    """Counts of one practice."""
    practices = [who.practice, NO_PRACTICE]
    submissions = await service.database.fetch(
        "SELECT state, count(*) AS n FROM submissions WHERE practice = $1 GROUP BY state", who.practice
    )
    files = await service.database.fetch(
        "SELECT direction, state, coalesce(group_answer, interchange_answer, 'none') AS answer, count(*) AS n FROM files"
        " WHERE practice = ANY($1) GROUP BY 1, 2, 3",
        practices,
    )
    sets = await service.database.fetch(
        "SELECT kind, state, count(*) AS n FROM sets WHERE practice = ANY($1) GROUP BY kind, state", practices
    )
    copied = await service.database.value(
        "SELECT count(*) FROM files WHERE practice = ANY($1) AND state = 'duplicate' AND kind = '835'", practices
    )
    by_kind: dict[str, dict[str, int]] = {}
    for row in sets:
        by_kind.setdefault(row["kind"], {})[row["state"]] = row["n"]
    outbound = [row for row in files if row["direction"] == "outbound"]
    return Counts(
        submissions={row["state"]: row["n"] for row in submissions},
        outbound_files=_sum(outbound, "state"),
        outbound_answers=_sum([row for row in outbound if row["state"] == "sent"], "answer"),
        inbound_files=_sum([row for row in files if row["direction"] == "inbound"], "state"),
        sets=by_kind,
        duplicate_sets=by_kind.get("835", {}).get("duplicate", 0) + copied,
        refused_sets=sum(states.get("refused", 0) for states in by_kind.values()),
    )


def _sum(rows: list[dict[str, object]], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        key = str(row[name])
        found[key] = found.get(key, 0) + int(str(row["n"]))
    return found
