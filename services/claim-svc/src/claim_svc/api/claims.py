"""Claims over HTTP: list, look, correct, void, override."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal
from uuid import UUID

from claimstream_kit import NotFound, Running
from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_kit.idempotency import IdempotencyKey, once
from claimstream_schemas.values.base import Document
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from .. import views
from ..domain.claim import Claim
from ..domain.correcting import Change
from ..handlers.correct_claim import correct_claim
from ..handlers.override_finding import override_finding
from ..handlers.void_claim import void_claim
from ..rulebook import Rulebook
from ..steps.contracts_at_hand import ContractOnItsWay
from ..steps.mending import ClaimNotOpen
from ..steps.payer_policies import CorrectionRefused
from ..store import ClaimUnit

router = APIRouter(prefix="/claims", tags=["claims"])

Biller = Annotated[Principal, Depends(allowed("biller"))]
Reader = Annotated[Principal, Depends(allowed("biller", "auditor", "coder"))]
Service = Annotated[Running[ClaimUnit], Depends(running_of)]
MENDING = refuses(ClaimNotOpen, ContractOnItsWay, CorrectionRefused)
Reason = Annotated[str, Field(min_length=5, max_length=400)]


class Corrections(Document):
    """What to change; places are those that findings name."""

    changes: tuple[Change, ...] = Field(min_length=1, max_length=200)


class Overriding(Document):
    """Which rule's findings to let pass, and why."""

    rule: str
    reason: Reason


class Voiding(Document):
    """Why a claim is taken back."""

    reason: Reason
    claim_change_reason: Literal["D5", "D6"] | None = Field(
        default=None,
        description="Medicare's Part A must be told: D5 to correct the member or provider number, D6 to give back a duplicate",
    )


@router.get("", summary="Claims, paged; by where they stand, control number, patient, payer, dates, rule and age")
async def list_claims(
    who: Reader,
    service: Service,
    wanted: Annotated[views.ClaimFilter, Query()],
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.ClaimPage:
    """A page of the practice's claims; looking for a patient is audited."""
    async with service.unit(who.subject) as unit:
        page = await views.claims(unit.connection, who.practice, wanted, now=unit.clock.now(), after=after, limit=limit)
        if wanted.patient is not None:
            unit.record("read", who.practice, "claims of a patient")
    return page


@router.get("/{claim_id}", summary="One claim, whole, with its submissions and their answers")
async def get_claim(claim_id: UUID, who: Reader, service: Service) -> views.WholeClaim:
    """The claim's content, findings, warnings, overrides, decisions, submissions and acknowledgements. Audited: it holds patient data."""
    async with service.unit(who.subject) as unit:
        claim = await unit.claims.get(who.practice, claim_id)
        if claim is None:
            raise NotFound(f"there is no claim {claim_id}")
        whole = await views.whole_claim(unit.connection, claim)
        unit.record("read", who.practice, f"claim {claim_id}")
    return whole


@router.post(
    "/{claim_id}/corrections",
    response_model=views.ClaimSummary,
    responses=MENDING,
    summary="Mend a claim: what lies with us leaves when it is clean, what has left is corrected as its payer takes it",
)
async def post_corrections(  # noqa: PLR0913  the request's parts
    claim_id: UUID, body: Corrections, request: Request, who: Biller, service: Service, key: IdempotencyKey = None
) -> Response:
    """Make the changes; the answer is the claim as it stands then. Of a claim that its payer has, a replacement leaves after the decision."""

    async def change(unit: ClaimUnit, book: Rulebook) -> Claim:
        return await correct_claim(who.practice, claim_id, body.changes, unit, book)

    said = f"correct claim {claim_id}", await request.body()
    return await _changed(change, said, request, who, service, key)


@router.post(
    "/{claim_id}/void",
    response_model=views.ClaimSummary,
    responses=MENDING,
    summary="Take a claim back: at once if no payer has it, else at its payer",
)
async def post_void(  # noqa: PLR0913  the request's parts
    claim_id: UUID, body: Voiding, request: Request, who: Biller, service: Service, key: IdempotencyKey = None
) -> Response:
    """Void; the answer is the claim as it stands then. The void (frequency 8) leaves after the payers' decisions."""

    async def change(unit: ClaimUnit, book: Rulebook) -> Claim:
        why = body.claim_change_reason
        return await void_claim(who.practice, claim_id, body.reason, unit, book, change_reason=why)

    said = f"void claim {claim_id}", body.reason.encode()
    return await _changed(change, said, request, who, service, key)


@router.post(
    "/{claim_id}/overrides",
    response_model=views.ClaimSummary,
    responses=MENDING,
    summary="Let a rule's findings pass, with a reason",
)
async def post_override(  # noqa: PLR0913  the request's parts
    claim_id: UUID, body: Overriding, request: Request, who: Biller, service: Service, key: IdempotencyKey = None
) -> Response:
    """Override; the answer is the claim as it stands then."""

    async def change(unit: ClaimUnit, book: Rulebook) -> Claim:
        return await override_finding(who.practice, claim_id, body.rule, body.reason, unit, book)

    said = f"override {body.rule} on claim {claim_id}", body.reason.encode()
    return await _changed(change, said, request, who, service, key)


async def _changed(  # noqa: PLR0913  what is done, what the audit says of it, and the request
    change: Callable[[ClaimUnit, Rulebook], Awaitable[Claim]],
    said: tuple[str, bytes],
    request: Request,
    who: Principal,
    service: Running[ClaimUnit],
    key: str | None,
) -> Response:
    """Change a claim once for each idempotency key, with a line in the audit; the answer is the claim as it stands then."""
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.ClaimSummary:
            del connection
            claim = await change(unit, request.app.state.book)
            unit.record("act", who.practice, *said)
            return views.summary_of(claim)

        return await once(unit.connection, request, who.practice, key, status=200, act=act)
