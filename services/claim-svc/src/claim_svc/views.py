"""What people and pages read of claim-svc: typed answers, and the SELECTs behind them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from claimstream_kit.database import Connection, Database, Row
from claimstream_schemas.claim_acknowledged import StatusCode
from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.days import Day
from claimstream_schemas.values.money import Money, from_cents
from pydantic import BaseModel, Field

from .domain.claim import Claim, ClaimContent, ClaimState, Override, VisitEnding
from .domain.correction import OPEN, Correction, CorrectionKind, CorrectionState, Difference, differences
from .domain.decisions import Decision
from .domain.headline import Headline, headline_of
from .domain.unchecked import NOT_LOADED, bits_of


class ClaimSummary(BaseModel):
    """A claim in a list: no patient data."""

    claim_id: UUID
    control_number: str
    encounter_id: UUID
    kind: str
    state: ClaimState
    headline: Headline = Field(description="Where it stands, in one word")
    payer_id: str | None
    total_charge: Money
    service_from: date | None = Field(default=None, description="The first day of service")
    submissions: int
    was_held: bool = Field(description="A rule held it before it left for the first time, if only for a while")
    findings: list[RuleFinding] = Field(description="What holds it, or keeps it from the payer that comes next")
    rejection: str | None = Field(
        default=None,
        description="The words of who refused what was submitted last: the gateway, the partner or the payer",
    )
    remedy: str | None = None
    updated_at: datetime | None = None


class ClaimPage(BaseModel):
    """A page of claims by id."""

    claims: list[ClaimSummary]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class SubmissionSent(BaseModel):
    """One submission of a claim; no patient data."""

    id: UUID
    claim_id: UUID
    ordinal: int
    payer_sequence: str
    payer_id: str
    frequency_code: str
    total_charge: Money
    state: str
    is_live: bool
    is_accepted: bool = Field(description="A payer took it for adjudication (277CA at payer level)")
    is_answered_by_payer: bool = Field(
        description="Its payer said that it took it, or refused it (277CA at payer level)"
    )
    file_name: str | None = Field(description="The file that it left in; null until it has left")
    payer_claim_number: str | None
    rejection: str | None
    remedy: str | None
    submitted_at: datetime


class SubmissionPage(BaseModel):
    """A page of submissions by id."""

    submissions: list[SubmissionSent]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class SelfPayListed(BaseModel):
    """A visit that no payer is billed for; no patient data."""

    encounter_id: UUID
    encounter_version: int
    total_charge: Money
    patient_paid: Money = Field(description="At the desk")


class SelfPayPage(BaseModel):
    """A page of self-pay visits by encounter."""

    visits: list[SelfPayListed]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class Acknowledgment(BaseModel):
    """An answer about one submission."""

    submission_id: UUID
    level: str
    accepted: bool
    payer_level: bool
    message: str
    statuses: list[StatusCode] = Field(description="The 277CA's statuses (STC) as they came")
    acknowledged_at: datetime


class WholeClaim(ClaimSummary):
    """A claim with all that is known of it; holds patient data."""

    warnings: list[RuleFinding] = Field(
        description="What does not hold it; one of severity hold keeps it from the next payer until it is mended"
    )
    unchecked: list[str] = Field(description="What it was not checked for, since no table is loaded")
    content: ClaimContent
    overrides: list[Override]
    visit_ended: VisitEnding | None
    decisions: list[Decision]
    submissions_sent: list[SubmissionSent]
    acknowledgments: list[Acknowledgment]


class CorrectionSummary(BaseModel):
    """A correction in a list; which places it changes, without their values."""

    correction_id: UUID
    claim_id: UUID
    encounter_id: UUID
    encounter_version: int
    kind: CorrectionKind
    origin: str
    state: CorrectionState
    reason: str
    actor: str
    submission_ordinal: int | None
    findings: list[RuleFinding]
    places: list[str] = Field(description="What would change; empty where the whole claim goes, or is new")
    created_at: datetime
    changed_at: datetime


class CorrectionPage(BaseModel):
    """A page of corrections by id."""

    corrections: list[CorrectionSummary]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class WholeCorrection(CorrectionSummary):
    """A correction with what the claim says now and would say then; holds patient data."""

    differences: list[Difference]
    content: ClaimContent


class ClaimCounts(BaseModel):
    """How many stand where; each claim has one state and one headline."""

    claims: dict[str, int] = Field(description="State to number")
    headlines: dict[str, int] = Field(description="Headline to number")
    claims_with_warnings: int
    submissions: dict[str, int] = Field(description="State to number")
    corrections: dict[str, int] = Field(description="State to number")
    self_pay_visits: int
    unchecked_codes: int = Field(description="Codes of claims that no loaded list speaks of")
    unchecked_claims: dict[str, int] = Field(
        description="Claims that were not checked for it, since its table is not loaded: ncci, mue, global_days, excludes1, sex_age"
    )


LONGEST_IDLE_DAYS = 36_500
"""A hundred years: what is counted back from now must be a moment that there is."""


class ClaimFilter(BaseModel):
    """Which claims a list shows; what is left out does not narrow it."""

    headline: Headline | None = None
    state: ClaimState | None = None
    payer_id: Annotated[str | None, Field(description="One of its payers, the first or a later one")] = None
    encounter_id: UUID | None = None
    control_number: Annotated[str | None, Field(description="CLM01, whatever its case and padding")] = None
    patient: Annotated[
        str | None, Field(min_length=2, description="The beginning of «last first»; the read is audited")
    ] = None
    served_from: Annotated[Day | None, Field(description="The first day of service, from")] = None
    served_to: Annotated[Day | None, Field(description="The first day of service, to")] = None
    rule: Annotated[
        str | None, Field(description="A rule that holds it, or keeps it from the payer that comes next")
    ] = None
    idle_days: Annotated[
        int | None, Field(ge=0, le=LONGEST_IDLE_DAYS, description="Nothing has happened to it for so many days")
    ] = None
    unbilled: Annotated[bool | None, Field(description="Never submitted")] = None


class CorrectionFilter(BaseModel):
    """Which corrections a list shows; what is left out does not narrow it."""

    state: CorrectionState | None = Field(default=None, description="Those that are open unless one is named")
    claim_id: UUID | None = None
    encounter_id: UUID | None = None
    kind: CorrectionKind | None = None


_COLUMNS = (
    "id, control_number, encounter_id, kind, state, headline, payer_id, total_charge_cents, service_from, submissions,"
    " updated_at, coalesce((document->>'was_held')::boolean, state = 'held') AS was_held, (document->'findings') || jsonb_path_query_array(document->'warnings', '$[*] ? (@.severity == \"hold\")') AS findings"
)
_FILTERS = (
    ("headline", "headline = {}"),
    ("state", "state = {}"),
    (
        "payer_id",
        "document->'content'->'coverages' @> jsonb_build_array(jsonb_build_object('payer_id', {}::text))",
    ),
    ("encounter_id", "encounter_id = {}"),
    ("control_number", "control_number = upper(btrim({}::text))"),
    ("patient", "patient LIKE {}"),
    ("served_from", "service_from >= {}"),
    ("served_to", "service_from <= {}"),
    (
        "rule",
        """
        (document->'findings') || (document->'warnings')
        @> jsonb_build_array(jsonb_build_object('rule', {}::text, 'severity', 'hold'))
        """,
    ),
    ("unbilled", "(submissions = 0) = {}"),
)
_REFUSED: tuple[Headline, ...] = ("rejected", "correction_waiting")
"""Where the words of who refused it are of use."""
_LIKE = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


async def claims(  # noqa: PLR0913  each narrows or pages
    connection: Connection, practice: str, wanted: ClaimFilter, *, now: datetime, after: UUID, limit: int
) -> ClaimPage:
    """A page of a practice's claims."""
    values: list[Any] = [practice, after, limit]
    conditions = ["practice = $1", "id > $2"]
    for name, condition in _FILTERS:
        value = getattr(wanted, name)
        if value is not None:
            values.append(_name_begins(value) if name == "patient" else value)
            conditions.append(condition.format(f"${len(values)}"))
    if wanted.idle_days is not None:
        values += [now, wanted.idle_days]
        conditions.append(f"updated_at <= ${len(values) - 1}::timestamptz - make_interval(days => ${len(values)})")
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM claims WHERE {' AND '.join(conditions)} ORDER BY id LIMIT $3",  # noqa: S608  our own text
        *values,
    )
    words = await _rejections(connection, practice, [row["id"] for row in rows if row["headline"] in _REFUSED])
    listed = [_summary(dict(row) | words.get(row["id"], {})) for row in rows]
    return ClaimPage(claims=listed, next_after=listed[-1].claim_id if len(listed) == limit else None)


def _name_begins(said: str) -> str:
    """«Last First» or «Last, First», as a pattern."""
    return " ".join(said.replace(",", " ").split()).casefold().translate(_LIKE) + "%"


async def _rejections(connection: Connection, practice: str, ids: list[UUID]) -> dict[UUID, Row]:
    if not ids:
        return {}
    rows = await connection.fetch(
        "SELECT DISTINCT ON (claim_id) claim_id, state, rejection, remedy FROM submissions"
        " WHERE practice = $1 AND claim_id = ANY($2) ORDER BY claim_id, ordinal DESC",
        practice,
        ids,
    )
    refused = [row for row in rows if row["state"] == "rejected"]
    return {row["claim_id"]: {"rejection": row["rejection"], "remedy": row["remedy"]} for row in refused}


def _summary(row: Row) -> ClaimSummary:
    return ClaimSummary(claim_id=row["id"], total_charge=from_cents(row["total_charge_cents"]), **_named(row))


def _named(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("id", "total_charge_cents")}


def summary_of(claim: Claim) -> ClaimSummary:
    """A claim as it is now."""
    content = claim.content
    return ClaimSummary(
        claim_id=claim.claim_id,
        control_number=claim.control_number,
        encounter_id=claim.encounter_id,
        kind=content.kind,
        state=claim.state,
        headline=headline_of(claim),
        payer_id=content.coverages[0].payer_id if content.coverages else None,
        total_charge=content.total_charge,
        service_from=content.service_from,
        submissions=claim.submissions,
        was_held=claim.was_held,
        findings=list(claim.standing_against),
        updated_at=claim.updated_at,
    )


_SUBMISSIONS = """
    SELECT s.*, EXISTS (SELECT FROM acknowledgments a WHERE a.practice = s.practice AND a.submission_id = s.id
                        AND a.accepted AND a.payer_level) AS is_accepted,
           EXISTS (SELECT FROM acknowledgments a WHERE a.practice = s.practice AND a.submission_id = s.id
                   AND a.payer_level) AS is_answered_by_payer
    FROM submissions s WHERE s.practice = $1
"""


async def submissions(database: Database, practice: str, *, after: UUID, limit: int) -> SubmissionPage:
    """A page of what a practice submitted, or is about to."""
    rows = await database.fetch(f"{_SUBMISSIONS} AND id > $2 ORDER BY id LIMIT $3", practice, after, limit)
    listed = [_submission(row) for row in rows]
    return SubmissionPage(submissions=listed, next_after=listed[-1].id if len(listed) == limit else None)


def _submission(row: Row) -> SubmissionSent:
    return SubmissionSent(id=row["id"], total_charge=from_cents(row["total_charge_cents"]), **_named(dict(row)))


async def self_pay_visits(database: Database, practice: str, *, after: UUID, limit: int) -> SelfPayPage:
    """A page of the visits that no payer is billed for."""
    rows = await database.fetch(
        "SELECT * FROM self_pay_visits WHERE practice = $1 AND is_live AND encounter_id > $2 ORDER BY encounter_id LIMIT $3",
        practice,
        after,
        limit,
    )
    listed = [
        SelfPayListed(
            encounter_id=row["encounter_id"],
            encounter_version=row["encounter_version"],
            total_charge=from_cents(row["total_charge_cents"]),
            patient_paid=from_cents(row["patient_paid_cents"]),
        )
        for row in rows
    ]
    return SelfPayPage(visits=listed, next_after=listed[-1].encounter_id if len(listed) == limit else None)


async def whole_claim(connection: Connection, claim: Claim) -> WholeClaim:
    """The claim with its submissions and their answers."""
    place = claim.practice_id, claim.claim_id
    submissions = await connection.fetch(f"{_SUBMISSIONS} AND claim_id = $2 ORDER BY ordinal", *place)
    answers = await connection.fetch(
        "SELECT a.* FROM acknowledgments a JOIN submissions s ON s.practice = a.practice AND s.id = a.submission_id"
        " WHERE a.practice = $1 AND s.claim_id = $2 ORDER BY a.acknowledged_at",
        *place,
    )
    sent = [_submission(row) for row in submissions]
    summary = summary_of(claim)
    is_refused = bool(sent) and sent[-1].state == "rejected" and summary.headline in _REFUSED
    refused = sent[-1] if is_refused else None
    return WholeClaim(
        **summary.model_dump(exclude={"rejection", "remedy"}),
        rejection=refused.rejection if refused else None,
        remedy=refused.remedy if refused else None,
        warnings=list(claim.warnings),
        unchecked=[NOT_LOADED[table] for table in NOT_LOADED if table in claim.unchecked],
        content=claim.content,
        overrides=list(claim.overrides),
        visit_ended=claim.visit_ended,
        decisions=list(claim.decisions),
        submissions_sent=sent,
        acknowledgments=[Acknowledgment.model_validate(dict(row)) for row in answers],
    )


async def counts(database: Database, practice: str) -> ClaimCounts:
    """Counts of one practice."""
    by_claim = await database.fetch(
        "SELECT state, headline, unchecked, count(*) AS n, count(*) FILTER (WHERE warnings > 0) AS warned FROM claims"
        " WHERE practice = $1 GROUP BY state, headline, unchecked",
        practice,
    )
    submissions = await database.fetch(
        "SELECT state, count(*) AS n FROM submissions WHERE practice = $1 GROUP BY state", practice
    )
    corrections_by_state = await database.fetch(
        "SELECT state, count(*) AS n FROM corrections WHERE practice = $1 GROUP BY state", practice
    )
    return ClaimCounts(
        claims=_sums(by_claim, "state"),
        headlines=_sums(by_claim, "headline"),
        claims_with_warnings=sum(row["warned"] for row in by_claim),
        submissions=_sums(submissions, "state"),
        corrections=_sums(corrections_by_state, "state"),
        self_pay_visits=await database.value(
            "SELECT count(*) FROM self_pay_visits WHERE practice = $1 AND is_live", practice
        ),
        unchecked_claims={
            table: sum(row["n"] for row in by_claim if row["unchecked"] & bits_of((table,))) for table in NOT_LOADED
        },
        unchecked_codes=await database.value("SELECT count(*) FROM unchecked_codes WHERE practice = $1", practice),
    )


def _sums(rows: list[Row], name: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[name]] = sums.get(row[name], 0) + row["n"]
    return sums


async def correction_keys(
    database: Database, practice: str, wanted: CorrectionFilter, *, after: UUID, limit: int
) -> list[tuple[str, UUID]]:
    """The keys of a page of corrections."""
    rows = await database.fetch(
        "SELECT id FROM corrections WHERE practice = $1 AND state = ANY($2) AND id > $3"
        " AND ($5::uuid IS NULL OR claim_id = $5) AND ($6::uuid IS NULL OR encounter_id = $6)"
        " AND ($7::text IS NULL OR kind = $7) ORDER BY id LIMIT $4",
        practice,
        [wanted.state] if wanted.state else list(OPEN),
        after,
        limit,
        wanted.claim_id,
        wanted.encounter_id,
        wanted.kind,
    )
    return [(practice, row["id"]) for row in rows]


def correction_summary(correction: Correction, claim: Claim | None) -> CorrectionSummary:
    """A correction, and the places that it would change of the claim as it is now."""
    changes = differences(claim.content, correction.content) if claim is not None and _changes(correction) else []
    return CorrectionSummary(places=[each.place for each in changes], **_facts_of(correction))


def whole_correction(correction: Correction, claim: Claim | None) -> WholeCorrection:
    """A correction with each difference."""
    changes = differences(claim.content, correction.content) if claim is not None and _changes(correction) else []
    return WholeCorrection(
        places=[each.place for each in changes],
        differences=changes,
        content=correction.content,
        **_facts_of(correction),
    )


def _changes(correction: Correction) -> bool:
    return correction.kind in ("replacement", "rebill", "next_payers")


def _facts_of(correction: Correction) -> Row:
    names = set(CorrectionSummary.model_fields) - {"places"}
    return {name: getattr(correction, name) for name in names}
