"""Suspense over HTTP: what waits there, and the commands that settle it."""

from typing import Annotated
from uuid import UUID

from claimstream_kit import Invalid, Running
from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_kit.idempotency import IdempotencyKey, once
from claimstream_schemas.values.money import from_cents
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ..domain.remittance import PaymentResult, ProviderAdjustmentResult
from ..domain.suspense import Target
from ..handlers.match_suspense import DoesNotFit, match_suspense
from ..handlers.move_suspense import move_adjustment, move_suspense
from ..handlers.release_suspense import release_adjustment, release_suspense
from ..steps.suspense import NotInSuspense, NotResolved
from ..store import RemitUnit
from ..views import suspense as views

router = APIRouter(prefix="/suspense", tags=["suspense"])

Biller = Annotated[Principal, Depends(allowed("biller"))]
Service = Annotated[Running[RemitUnit], Depends(running_of)]


_POSITION = "[1-9][0-9]{0,5}"
LinePosition = Annotated[str, StringConstraints(pattern=f"^{_POSITION}$")]
Entry = Annotated[
    str, Path(pattern=f"^(plb-)?{_POSITION}$", description="A payment's position, or plb- and an adjustment's")
]


class Match(BaseModel):
    """Where a payment belongs."""

    model_config = ConfigDict(extra="forbid")

    claim_id: UUID
    lines: dict[LinePosition, UUID] = Field(
        default_factory=dict,
        json_schema_extra={"additionalProperties": False},
        description="The payer's line (its position, from 1) to our line's id, where it cannot be told",
    )


class Move(BaseModel):
    """Where the money goes."""

    model_config = ConfigDict(extra="forbid")

    to: Target = Field(
        description="owed_to_payer: none of ours, to be given back; other_income: ours, for no claim (incentive, capitation)"
    )


@router.get(
    "", summary="What is in suspense, paged, with the facts that tell where it belongs; audited: it names patients"
)
async def list_suspense(
    who: Annotated[Principal, Depends(allowed("biller", "auditor"))],
    service: Service,
    after: Annotated[str, Query(pattern=r"^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]{1,9})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> views.SuspensePage:
    """Each entry with trace, payer, CLP01, patient, service days, and the claims that it may belong to."""
    page = await views.suspense(service.database, who.practice, after=after, limit=limit)
    async with service.unit(who.subject) as unit:
        unit.record("read", who.practice, "suspense")
    return page


@router.post(
    "/{remittance_id}/{entry}/match",
    response_model=views.Resolved,
    responses=refuses(DoesNotFit, NotInSuspense),
    summary="Post it to a claim of ours",
)
async def post_match(  # noqa: PLR0913  what is matched, to what, by whom
    remittance_id: UUID,
    entry: Entry,
    wanted: Match,
    request: Request,
    who: Biller,
    service: Service,
    key: IdempotencyKey = None,
) -> Response:
    """It is decided as any payment is; what fits none of the claim's lines stays in suspense."""
    kind, number = views.place_of(entry)
    if kind == "adjustment":
        raise Invalid("a provider adjustment belongs to no claim", place="entry", remedy="Move it.")
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.Resolved:
            del connection
            guardrails = service.service.state["guardrails"]
            place = (remittance_id, number)
            lines = {int(position): line for position, line in wanted.lines.items()}
            result = await match_suspense(who.practice, place, wanted.claim_id, lines, unit, guardrails)
            unit.record("act", who.practice, f"match suspense {remittance_id} {entry} to claim {wanted.claim_id}")
            return _told(result)

        return await once(unit.connection, request, who.practice, key, status=200, act=act)


@router.post(
    "/{remittance_id}/{entry}/move",
    response_model=views.Resolved,
    responses=refuses(NotInSuspense),
    summary="Move it to an account that is no claim's",
)
async def post_move(  # noqa: PLR0913  what is moved, where, by whom
    remittance_id: UUID,
    entry: Entry,
    wanted: Move,
    request: Request,
    who: Biller,
    service: Service,
    key: IdempotencyKey = None,
) -> Response:
    """All of it that is in suspense."""
    kind, number = views.place_of(entry)
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.Resolved:
            del connection
            unit.record("act", who.practice, f"move suspense {remittance_id} {entry} to {wanted.to}")
            if kind == "adjustment":
                return _adjusted(await move_adjustment(who.practice, remittance_id, number, wanted.to, unit))
            return _told(await move_suspense(who.practice, (remittance_id, number), wanted.to, unit))

        return await once(unit.connection, request, who.practice, key, status=200, act=act)


@router.post(
    "/{remittance_id}/{entry}/release",
    response_model=views.Resolved,
    responses=refuses(NotResolved),
    summary="Take a match or a move back: it is in suspense again",
)
async def post_release(  # noqa: PLR0913  what is released, by whom
    remittance_id: UUID, entry: Entry, request: Request, who: Biller, service: Service, key: IdempotencyKey = None
) -> Response:
    """The journals of the match or the move are taken back by journals of their own."""
    kind, number = views.place_of(entry)
    async with service.unit(who.subject) as unit:

        async def act(connection: object) -> views.Resolved:
            del connection
            unit.record("act", who.practice, f"release suspense {remittance_id} {entry}")
            if kind == "adjustment":
                return _adjusted(await release_adjustment(who.practice, remittance_id, number, unit))
            guardrails = service.service.state["guardrails"]
            return _told(await release_suspense(who.practice, (remittance_id, number), unit, guardrails))

        return await once(unit.connection, request, who.practice, key, status=200, act=act)


def _told(result: PaymentResult) -> views.Resolved:
    return views.Resolved(
        remittance_id=result.remittance_id,
        entry=str(result.ordinal),
        claim_id=result.claim_id,
        outcome=result.outcome,
        paid=from_cents(result.paid_cents),
        suspense=from_cents(result.suspense_cents),
        moved=from_cents(result.moved_cents),
        moved_to=result.moved_to,
        reason=result.reason,
    )


def _adjusted(result: ProviderAdjustmentResult) -> views.Resolved:
    is_suspended = result.account == "suspense"
    return views.Resolved(
        remittance_id=result.remittance_id,
        entry=f"plb-{result.number}",
        claim_id=result.claim_id,
        outcome="provider_adjustment",
        paid=from_cents(0),
        suspense=from_cents(-result.cents if is_suspended else 0),
        moved=from_cents(0 if is_suspended else -result.cents),
        moved_to=None if is_suspended else result.account,
        reason=None,
    )
