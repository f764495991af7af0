"""Claims over HTTP: list, look, correct, override."""

from typing import Annotated, Any
from uuid import UUID

from claimstream_kit import NotFound, Row, Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_kit.idempotency import IdempotencyKey, once
from claimstream_schemas.values.base import Document
from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.money import Money, from_cents
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from ..domain.claim import Claim
from ..domain.correcting import Change
from ..handlers.correct_claim import correct_claim, override_finding
from ..store import ClaimUnit, claim_row

router = APIRouter(prefix="/claims", tags=["claims"])

Biller = Annotated[Principal, Depends(allowed("biller", "operator"))]
Reader = Annotated[Principal, Depends(allowed("biller", "operator", "auditor", "coder"))]
Service = Annotated[Running[ClaimUnit], Depends(running_of)]


class ClaimSummary(BaseModel):
    """A claim in a list: no patient data."""

    claim_id: UUID
    control_number: str
    encounter_id: UUID
    kind: str
    state: str
    payer_id: str | None
    total_charge: Money
    submissions: int
    findings: list[RuleFinding]


class ClaimPage(BaseModel):
    """A page of claims by id."""

    claims: list[ClaimSummary]
    next_after: UUID | None = Field(description="Ask for the next page with `after`; null on the last")


class Corrections(Document):
    """What to change; places are those that findings name."""

    changes: tuple[Change, ...] = Field(min_length=1, max_length=200)


class Overriding(Document):
    """Which rule's findings to let pass, and why."""

    rule: str
    reason: str = Field(min_length=5, max_length=400)


_COLUMNS = "id, control_number, encounter_id, kind, state, payer_id, total_charge_cents, submissions, document->'findings' AS findings"


def _summary(row: Row) -> ClaimSummary:
    return ClaimSummary(
        claim_id=row["id"],
        total_charge=from_cents(row["total_charge_cents"]),
        **{
            name: row[name]
            for name in ("control_number", "encounter_id", "kind", "state", "payer_id", "submissions", "findings")
        },
    )


@router.get("", summary="Claims, paged; by state, payer, and whether they were ever billed")
async def list_claims(  # noqa: PLR0913  each is a filter
    who: Reader,
    service: Service,
    state: str | None = None,
    payer_id: str | None = None,
    unbilled: bool | None = None,  # noqa: FBT001  a query parameter
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> ClaimPage:
    """A page of the practice's claims."""
    rows = await service.database.fetch(
        f"SELECT {_COLUMNS} FROM claims WHERE practice = $1 AND id > $2 AND ($3::text IS NULL OR state = $3)"  # noqa: S608
        " AND ($4::text IS NULL OR payer_id = $4) AND ($5::boolean IS NULL OR (submissions = 0) = $5) ORDER BY id LIMIT $6",
        who.practice,
        after,
        state,
        payer_id,
        unbilled,
        limit,
    )
    return ClaimPage(claims=[_summary(row) for row in rows], next_after=rows[-1]["id"] if len(rows) == limit else None)


@router.get("/{claim_id}", summary="One claim, whole, with its submissions and their answers")
async def get_claim(claim_id: UUID, who: Reader, service: Service) -> dict[str, Any]:
    """The claim's content, findings, warnings, overrides, decisions, submissions and acknowledgements. Audited: it holds patient data."""
    async with service.unit(who.subject) as unit:
        row = await unit.connection.fetchrow(
            "SELECT * FROM claims WHERE practice = $1 AND id = $2", who.practice, claim_id
        )
        if row is None:
            raise NotFound(f"there is no claim {claim_id}")
        submissions = await unit.connection.fetch(
            "SELECT id, ordinal, payer_sequence, payer_id, frequency_code, state, file_name, payer_claim_number, rejection,"
            " remedy, submitted_at FROM submissions WHERE practice = $1 AND claim_id = $2 ORDER BY ordinal",
            who.practice,
            claim_id,
        )
        answers = await unit.connection.fetch(
            "SELECT a.* FROM acknowledgments a JOIN submissions s ON s.practice = a.practice AND s.id = a.submission_id"
            " WHERE a.practice = $1 AND s.claim_id = $2 ORDER BY a.acknowledged_at",
            who.practice,
            claim_id,
        )
        unit.record("read", who.practice, f"claim {claim_id}")
    return {
        **_summary(dict(row) | {"findings": row["document"]["findings"]}).model_dump(mode="json"),
        "warnings": row["document"].get("warnings", []),
        "content": row["document"]["content"],
        "overrides": row["document"]["overrides"],
        "visit_ended": row["document"].get("visit_ended"),
        "decisions": row["document"]["decisions"],
        "submissions_sent": [dict(each) for each in submissions],
        "acknowledgments": [dict(each) for each in answers],
    }


@router.post(
    "/{claim_id}/corrections",
    summary="Mend a held or rejected claim: it is scrubbed again, and leaves when it is clean",
)
async def post_corrections(  # noqa: PLR0913  the request's parts
    claim_id: UUID, body: Corrections, request: Request, who: Biller, service: Service, key: IdempotencyKey = None
) -> Response:
    """Make the changes; the answer is the claim as it stands then."""
    state = request.app.state
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> ClaimSummary:
            del connection
            claim = await correct_claim(who.practice, claim_id, body.changes, unit, state.packs, state.codes)
            unit.record("act", who.practice, f"correct claim {claim_id}", await request.body())
            return _summary(_as_row(claim))

        return await once(unit.connection, request, who.practice, key, status=200, act=act)


@router.post("/{claim_id}/overrides", summary="Let a rule's findings pass, with a reason")
async def post_override(  # noqa: PLR0913  the request's parts
    claim_id: UUID, body: Overriding, request: Request, who: Biller, service: Service, key: IdempotencyKey = None
) -> Response:
    """Override; the answer is the claim as it stands then."""
    state = request.app.state
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> ClaimSummary:
            del connection
            claim = await override_finding(
                who.practice, claim_id, body.rule, body.reason, unit, state.packs, state.codes
            )
            unit.record("act", who.practice, f"override {body.rule} on claim {claim_id}", body.reason.encode())
            return _summary(_as_row(claim))

        return await once(unit.connection, request, who.practice, key, status=200, act=act)


def _as_row(claim: Claim) -> Row:
    row = claim_row(claim)
    return {**row, "findings": row["document"]["findings"]}
