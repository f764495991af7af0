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
    """A file: no patient data. To a practice its kind names those of its own sets alone."""

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
    is_shared: bool = Field(
        description="Something in it is another's, or nobody's: size, reason and findings, which are of the whole, are left out"
    )


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


class SettledSet(BaseModel):
    """What became of a set that waited for a person."""

    file_id: UUID
    number: int
    state: Literal["processed", "duplicate", "refused"]
    reason: str | None
    remittance_id: UUID | None


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
    """Counts of one practice: of the inbound files those with a set of its own."""

    submissions: dict[str, int] = Field(description="By state: queued, prepared, sent, refused")
    outbound_files: dict[str, int] = Field(description="By state: prepared, sent")
    outbound_answers: dict[str, int] = Field(description="Sent files by their 999: accepted, partly, rejected, none")
    inbound_files: dict[str, int] = Field(description="By state: processed, duplicate, refused")
    sets: dict[str, dict[str, int]] = Field(description="Inbound sets by kind, then by state")
    duplicate_sets: int = Field(description="835 sets that came before, in whatever envelope or file")
    refused_sets: int
    unclaimed_sets: int = Field(
        description="835 sets that the practice may claim: they pay a tax number that it shares"
    )


_SEEN = """
SELECT f.*, false AS is_shared, f.kind AS kinds FROM files f WHERE f.practice = $1
UNION ALL
SELECT f.*, f.findings <> '[]' OR EXISTS (SELECT FROM sets o WHERE o.file_id = coalesce(f.copy_of, f.id) AND o.practice <> $1),
       (SELECT string_agg(DISTINCT kind, '+' ORDER BY kind) FROM sets s WHERE s.file_id = coalesce(f.copy_of, f.id) AND s.practice = $1)
FROM files f WHERE f.practice = '-'
 AND EXISTS (SELECT FROM sets s WHERE s.file_id = coalesce(f.copy_of, f.id) AND s.practice = $1)
"""
"""The files of a practice, and those that came in with a set of its own; a copy has the sets of the first."""

_UNTIED = """
SELECT f.*, false AS is_shared, f.kind AS kinds FROM files f
WHERE f.practice = $1 AND (f.state = 'refused'
 OR EXISTS (SELECT FROM sets s WHERE s.file_id = coalesce(f.copy_of, f.id) AND s.practice = $1)
 OR NOT EXISTS (SELECT FROM sets s WHERE s.file_id = coalesce(f.copy_of, f.id)))
"""
"""What came in and was refused whole, has nothing in it, or a set that can be tied to no practice."""


async def files(  # noqa: PLR0913  each is a filter
    database: Database, practice: str, *, direction: Direction | None, state: str | None, after: UUID, limit: int
) -> FilePage:
    """A page of the practice's files, and of those that came in with a set of its own."""
    rows = await database.fetch(
        f"SELECT * FROM ({_SEEN}) f WHERE id > $2 AND ($3::text IS NULL OR direction = $3)"  # noqa: S608  our own text
        " AND ($4::text IS NULL OR state = $4) ORDER BY id LIMIT $5",
        practice,
        after,
        direction,
        state,
        limit,
    )
    return _page([FileSummary(**_summary(row)) for row in rows], limit)


async def untied_files(database: Database, *, state: str | None, after: UUID, limit: int) -> FilePage:
    """A page of the inbound files of which something, or all, is nobody's."""
    rows = await database.fetch(
        f"SELECT * FROM ({_UNTIED}) f WHERE id > $2 AND ($3::text IS NULL OR state = $3) ORDER BY id LIMIT $4",  # noqa: S608
        NO_PRACTICE,
        after,
        state,
        limit,
    )
    return _page([FileSummary(**_summary(row)) for row in rows], limit)


async def file(database: Database, practice: str, file_id: UUID) -> FileDetail | None:
    """One file with the practice's own sets, or its submissions."""
    row = await database.fetch_one(f"SELECT * FROM ({_SEEN}) f WHERE id = $2", practice, file_id)  # noqa: S608
    return await _detail(database, practice, row)


async def untied_file(database: Database, file_id: UUID) -> FileDetail | None:
    """One file with those of its sets that are nobody's."""
    row = await database.fetch_one(f"SELECT * FROM ({_UNTIED}) f WHERE id = $2", NO_PRACTICE, file_id)  # noqa: S608
    return await _detail(database, NO_PRACTICE, row)


async def numbers(database: Database, practice: str, file_id: UUID) -> set[int]:
    """Which sets of a file, or of the one that it is a copy of, are this practice's."""
    rows = await database.fetch(
        "SELECT s.number FROM files f JOIN sets s ON s.file_id = coalesce(f.copy_of, f.id)"
        " WHERE f.practice = $3 AND f.id = $2 AND s.practice = $1",
        practice,
        file_id,
        NO_PRACTICE,
    )
    return {row["number"] for row in rows}


async def _detail(database: Database, practice: str, row: Row | None) -> FileDetail | None:
    if row is None:
        return None
    sets = await database.fetch(
        "SELECT * FROM sets WHERE file_id = $1 AND practice = $2 ORDER BY number", row["id"], practice
    )
    members = await database.fetch(
        "SELECT id FROM submissions WHERE practice = $1 AND file_id = $2 ORDER BY place", practice, row["id"]
    )
    return FileDetail(
        **_summary(row),
        findings=[] if row["is_shared"] else row["findings"],
        sets=[SetSummary.model_validate(one) for one in sets],
        submissions=[one["id"] for one in members],
    )


_TAX_IDS = """
SELECT tin FROM owners mine WHERE practice = $1 AND NOT EXISTS (
  SELECT FROM owners one JOIN owners other USING (tin)
  WHERE tin = mine.tin AND one.practice <> other.practice AND NOT one.shares_with ? other.practice)
"""
_OWNERS = """
SELECT p.practice, p.shares_with, t.tin
FROM practices p, LATERAL (SELECT p.tin UNION SELECT jsonb_array_elements_text(p.location_tins)) t(tin)
"""


async def sharable_sets(database: Database, practice: str, *, after: tuple[UUID, int], limit: int) -> UnclaimedSetPage:
    """A page of the 835 sets that pay a tax number which the practice shares, without an NPI."""
    return await _unclaimed(database, _SHARABLE, practice, after=after, limit=limit)


async def unclaimed_sets(database: Database, *, after: tuple[UUID, int], limit: int) -> UnclaimedSetPage:
    """A page of all 835 sets whose payee is nobody's we know, or several practices'."""
    return await _unclaimed(database, f"{_UNCLAIMED} AND s.practice = $1", NO_PRACTICE, after=after, limit=limit)


_UNCLAIMED = """
SELECT s.file_id, f.name AS file_name, s.number, f.created_at AS received_at, s.payment, s.reason, s.remedy
FROM sets s JOIN files f ON f.practice = s.practice AND f.id = s.file_id
WHERE s.practice = '-' AND s.state = 'unclaimed' AND (s.file_id, s.number) > ($2, $3)
"""

_SHARABLE = (
    f"WITH owners AS ({_OWNERS}) {_UNCLAIMED} AND s.payment->>'payee_npi' IS NULL"
    f" AND regexp_replace(s.payment->>'payee_tin', '[^0-9]', '', 'g') IN ({_TAX_IDS})"
)


async def _unclaimed(
    database: Database, query: str, practice: str, *, after: tuple[UUID, int], limit: int
) -> UnclaimedSetPage:
    rows = await database.fetch(f"{query} ORDER BY s.file_id, s.number LIMIT $4", practice, *after, limit)
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


_ANSWER = "coalesce(group_answer, interchange_answer, 'none')"


async def counts(database: Database, practice: str) -> Counts:
    """Counts of one practice."""
    submissions = await database.fetch(
        "SELECT state, count(*) AS n FROM submissions WHERE practice = $1 GROUP BY state", practice
    )
    by_file = await database.fetch(
        f"SELECT direction, state, kinds = '835' AS is_remittance, {_ANSWER} AS answer, count(*) AS n"  # noqa: S608  our own text
        f" FROM ({_SEEN}) f GROUP BY 1, 2, 3, 4",
        practice,
    )
    sets = await database.fetch(
        "SELECT kind, state, count(*) AS n FROM sets WHERE practice = $1 GROUP BY kind, state", practice
    )
    copied = sum(row["n"] for row in by_file if row["state"] == "duplicate" and row["is_remittance"])
    waiting = await database.value(f"SELECT count(*) FROM ({_SHARABLE}) s", practice, UUID(int=0), 0)  # noqa: S608
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
        unclaimed_sets=waiting,
    )


def _page(listed: list[FileSummary], limit: int) -> FilePage:
    return FilePage(files=listed, next_after=listed[-1].file_id if len(listed) == limit else None)


_OF_THE_WHOLE = ("size", "reason", "remedy")


def _summary(row: Row) -> Row:
    """Of a file that is not the practice's alone nothing is shown that tells of the rest; why it is a copy tells nothing."""
    shown = {**{name: row[name] for name in FileSummary.model_fields if name != "file_id"}, "file_id": row["id"]}
    shown["kind"] = row["kinds"]
    if row["is_shared"]:
        shown |= dict.fromkeys(_OF_THE_WHOLE[:1] if row["copy_of"] else _OF_THE_WHOLE)
    return shown


def _sums(rows: Sequence[Row], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row[name]] = found.get(row[name], 0) + row["n"]
    return found
