"""Corrections over HTTP: what is to become of what has left; a person sends it, or drops it with a reason."""

from typing import Annotated
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
from ..domain.correction import Correction
from ..handlers.decide_correction import CorrectionNotWaiting, drop_correction, send_correction
from ..rulebook import Rulebook
from ..steps.contracts_at_hand import ContractOnItsWay
from ..steps.payer_policies import CorrectionRefused
from ..store import ClaimUnit

router = APIRouter(prefix="/corrections", tags=["corrections"])

Biller = Annotated[Principal, Depends(allowed("biller"))]
Reader = Annotated[Principal, Depends(allowed("biller", "auditor", "coder"))]
Service = Annotated[Running[ClaimUnit], Depends(running_of)]


class Dropping(Document):
    """Why the claim stays as it is."""

    reason: str = Field(min_length=5, max_length=400)


@router.get("", summary="Corrections, paged; by state, claim, encounter and kind")
async def list_corrections(
    who: Reader,
    service: Service,
    wanted: Annotated[views.CorrectionFilter, Query()],
    after: UUID = UUID(int=0),
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> views.CorrectionPage:
    """A page of corrections, each with the places that it would change."""
    keys = await views.correction_keys(service.database, who.practice, wanted, after=after, limit=limit)
    async with service.unit(who.subject) as unit:
        await unit.corrections.load(keys)
        found = [each for key in keys if (each := await unit.corrections.get(*key))]
        await unit.claims.load((who.practice, each.claim_id) for each in found)
        listed = [views.correction_summary(each, await unit.claims.get(who.practice, each.claim_id)) for each in found]
    return views.CorrectionPage(
        corrections=listed, next_after=listed[-1].correction_id if len(listed) == limit else None
    )


@router.get("/{correction_id}", summary="One correction, with what the claim says now and would say then")
async def get_correction(correction_id: UUID, who: Reader, service: Service) -> views.WholeCorrection:
    """The correction, whole. Audited: it holds patient data."""
    async with service.unit(who.subject) as unit:
        correction = await unit.corrections.get(who.practice, correction_id)
        if correction is None:
            raise NotFound(f"there is no correction {correction_id}")
        claim = await unit.claims.get(who.practice, correction.claim_id)
        unit.record("read", who.practice, f"correction {correction_id}")
        return views.whole_correction(correction, claim)


@router.post(
    "/{correction_id}/send",
    response_model=views.CorrectionSummary,
    responses=refuses(ContractOnItsWay, CorrectionNotWaiting, CorrectionRefused),
    summary="Send it: now, or as soon as the payer has decided",
)
async def post_send(
    correction_id: UUID, request: Request, who: Biller, service: Service, key: IdempotencyKey = None
) -> Response:
    """Send; the answer is the correction as it stands then: sent, sending, or waiting with what holds it."""
    book: Rulebook = request.app.state.book
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.CorrectionSummary:
            del connection
            correction = await send_correction(who.practice, correction_id, unit, book)
            unit.record("act", who.practice, f"send correction {correction_id}")
            return await _said(correction, unit)

        return await once(unit.connection, request, who.practice, key, status=200, act=act)


@router.post(
    "/{correction_id}/drop",
    response_model=views.CorrectionSummary,
    responses=refuses(ContractOnItsWay, CorrectionNotWaiting),
    summary="Leave the claim as it is, with a reason",
)
async def post_drop(  # noqa: PLR0913  the request's parts
    correction_id: UUID, body: Dropping, request: Request, who: Biller, service: Service, key: IdempotencyKey = None
) -> Response:
    """Drop; the answer is the correction as it stands then."""
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.CorrectionSummary:
            del connection
            correction = await drop_correction(who.practice, correction_id, body.reason, unit)
            unit.record("act", who.practice, f"drop correction {correction_id}", body.reason.encode())
            return await _said(correction, unit)

        return await once(unit.connection, request, who.practice, key, status=200, act=act)


async def _said(correction: Correction, unit: ClaimUnit) -> views.CorrectionSummary:
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    return views.correction_summary(correction, claim)
