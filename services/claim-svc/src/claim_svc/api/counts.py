"""Figures of claim-svc, for status tables."""

from typing import Annotated, Any

from claimstream_kit import Running
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from fastapi import APIRouter, Depends

from ..store import ClaimUnit

router = APIRouter(tags=["counts"])


@router.get(
    "/counts", summary="Claims by state and with warnings, submissions by state, self-pay visits, unchecked codes"
)
async def counts(
    who: Annotated[Principal, Depends(allowed("biller", "operator", "auditor"))],
    service: Annotated[Running[ClaimUnit], Depends(running_of)],
) -> dict[str, Any]:
    """Counts of one practice."""
    claims = await service.database.fetch(
        "SELECT state, count(*) AS n, count(*) FILTER (WHERE warnings > 0) AS warned FROM claims WHERE practice = $1 GROUP BY state",
        who.practice,
    )
    submissions = await service.database.fetch(
        "SELECT state, count(*) AS n FROM submissions WHERE practice = $1 GROUP BY state", who.practice
    )
    self_pay = await service.database.value(
        "SELECT count(*) FROM self_pay_visits WHERE practice = $1 AND is_live", who.practice
    )
    unchecked = await service.database.value("SELECT count(*) FROM unchecked_codes WHERE practice = $1", who.practice)
    return {
        "claims": {row["state"]: row["n"] for row in claims},
        "claims_with_warnings": sum(row["warned"] for row in claims),
        "submissions": {row["state"]: row["n"] for row in submissions},
        "self_pay_visits": self_pay,
        "unchecked_codes": unchecked,
    }
