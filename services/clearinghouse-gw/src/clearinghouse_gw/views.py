"""What people and pages read of clearinghouse-gw: typed answers, and the SELECTs behind them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from claimstream_kit.database import Database, Row
from pydantic import BaseModel, Field

from .domain.exchange_file import NO_PRACTICE

Direction = Literal["outbound", "inbound"]


class FileSummary(BaseModel):
    """A file: no patient data."""

    file_id: UUID
    direction: Direction
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


class UnclaimedSet(BaseModel):
    """An 835 set of which a person says whose money it is: no patient data."""

    file_id: UUID
    file_name: str
    number: int = Field(description="The set's place in its file, from 1")
    received_at: datetime
    trace_number: str
    payer_name: str
    payee_name: str
    payee_npi: str | None
    payee_tin: str | None
    amount: str = Field(description="BPR02, in dollars")
    paid_on: date | None
    reason: str
    remedy: str


class UnclaimedSetPage(BaseModel):
    """A page of 835 sets that wait for a person, by file and number."""

    sets: list[UnclaimedSet]
    next_after: str | None = Field(description="Ask for the next page with `after`; null on the last")


class SubmissionPlace(BaseModel):
    """A submission and the file that it travels in: no patient data."""

    submission_id: UUID
    claim_id: UUID
    ordinal: int
    control_number: str
    receiver_id: str
    kind: str
    state: str
    heard_at: datetime
    file_id: UUID | None
    file_name: str | None
    interchange_control_number: int | None
    set_number: int | None
    place: int | None


class Counts(BaseModel):
    """Counts of one practice, with the inbound files that name none."""

    submissions: dict[str, int] = Field(description="By state: queued, prepared, sent, refused")
    outbound_files: dict[str, int] = Field(description="By state: prepared, sent")
    outbound_answers: dict[str, int] = Field(description="Sent files by their 999: accepted, partly, rejected, none")
    inbound_files: dict[str, int] = Field(description="By state: processed, duplicate, refused")
    sets: dict[str, dict[str, int]] = Field(description="Inbound sets by kind, then by state")
    duplicate_sets: int = Field(description="835 sets that came before, in whatever envelope or file")
    refused_sets: int
    unclaimed_sets: int = Field(description="835 sets of which a person says whose money they are")


async def files(  # noqa: PLR0913  each is a filter
    database: Database, practice: str, *, direction: Direction | None, state: str | None, after: UUID, limit: int
) -> FilePage:
    """A page of the practice's files, and of those that name no practice of ours."""
    rows = await database.fetch(
        "SELECT * FROM files WHERE practice = ANY($1) AND id > $2 AND ($3::text IS NULL OR direction = $3)"
        " AND ($4::text IS NULL OR state = $4) ORDER BY id LIMIT $5",
        [practice, NO_PRACTICE],
        after,
        direction,
        state,
        limit,
    )
    listed = [FileSummary(**_summary(row)) for row in rows]
    return FilePage(files=listed, next_after=listed[-1].file_id if len(listed) == limit else None)


async def file(database: Database, practice: str, file_id: UUID) -> FileDetail | None:
    """One file with its sets or its submissions."""
    row = await database.fetch_one(
        "SELECT * FROM files WHERE practice = ANY($1) AND id = $2", [practice, NO_PRACTICE], file_id
    )
    if row is None:
        return None
    sets = await database.fetch("SELECT * FROM sets WHERE file_id = $1 ORDER BY number", file_id)
    members = await database.fetch(
        "SELECT id FROM submissions WHERE practice = $1 AND file_id = $2 ORDER BY place", practice, file_id
    )
    return FileDetail(
        **_summary(row),
        findings=row["findings"],
        sets=[SetSummary.model_validate(one) for one in sets],
        submissions=[one["id"] for one in members],
    )


async def unclaimed_sets(database: Database, practice: str, *, after: tuple[UUID, int], limit: int) -> UnclaimedSetPage:
    """A page of the 835 sets whose payee is nobody's we know: in files for this practice, and in those that name none."""
    rows = await database.fetch(
        "SELECT s.file_id, f.name AS file_name, s.number, f.created_at AS received_at, s.payment, s.reason, s.remedy"
        " FROM sets s JOIN files f ON f.practice = s.practice AND f.id = s.file_id"
        " WHERE s.practice = ANY($1) AND s.state = 'unclaimed' AND (s.file_id, s.number) > ($2, $3)"
        " ORDER BY s.file_id, s.number LIMIT $4",
        [practice, NO_PRACTICE],
        *after,
        limit,
    )
    listed = [UnclaimedSet.model_validate({**row, **row["payment"]}) for row in rows]
    last = listed[-1] if len(listed) == limit else None
    return UnclaimedSetPage(sets=listed, next_after=f"{last.file_id}.{last.number}" if last else None)


async def submission(database: Database, practice: str, submission_id: UUID) -> SubmissionPlace | None:
    """Where a submission is."""
    row = await database.fetch_one(
        "SELECT s.*, f.name AS file_name, f.control_number AS interchange_control_number FROM submissions s"
        " LEFT JOIN files f ON f.practice = s.practice AND f.id = s.file_id WHERE s.practice = $1 AND s.id = $2",
        practice,
        submission_id,
    )
    return SubmissionPlace.model_validate(row | {"submission_id": row["id"]}) if row else None


async def counts(database: Database, practice: str) -> Counts:
    """Counts of one practice."""
    practices = [practice, NO_PRACTICE]
    submissions = await database.fetch(
        "SELECT state, count(*) AS n FROM submissions WHERE practice = $1 GROUP BY state", practice
    )
    by_file = await database.fetch(
        "SELECT direction, state, coalesce(group_answer, interchange_answer, 'none') AS answer, count(*) AS n FROM files"
        " WHERE practice = ANY($1) GROUP BY 1, 2, 3",
        practices,
    )
    sets = await database.fetch(
        "SELECT kind, state, count(*) AS n FROM sets WHERE practice = ANY($1) GROUP BY kind, state", practices
    )
    copied = await database.value(
        "SELECT count(*) FROM files WHERE practice = ANY($1) AND state = 'duplicate' AND kind = '835'", practices
    )
    by_kind: dict[str, dict[str, int]] = {}
    for row in sets:
        by_kind.setdefault(row["kind"], {})[row["state"]] = row["n"]
    outbound = [row for row in by_file if row["direction"] == "outbound"]
    return Counts(
        submissions={row["state"]: row["n"] for row in submissions},
        outbound_files=_sums(outbound, "state"),
        outbound_answers=_sums([row for row in outbound if row["state"] == "sent"], "answer"),
        inbound_files=_sums([row for row in by_file if row["direction"] == "inbound"], "state"),
        sets=by_kind,
        duplicate_sets=by_kind.get("835", {}).get("duplicate", 0) + copied,
        refused_sets=sum(states.get("refused", 0) for states in by_kind.values()),
        unclaimed_sets=sum(states.get("unclaimed", 0) for states in by_kind.values()),
    )


def _summary(row: Row) -> Row:
    return {**{name: row[name] for name in FileSummary.model_fields if name != "file_id"}, "file_id": row["id"]}


def _sums(rows: Sequence[Row], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row[name]] = found.get(row[name], 0) + row["n"]
    return found
