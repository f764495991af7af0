"""Practices: the document that says who bills, whom, and at what prices."""

from typing import Annotated

from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import INSTALLATION, Principal, allowed
from claimstream_kit.errors import Forbidden, Invalid, NotFound
from claimstream_schemas.values.practice import PracticeDocument
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from ..handlers.load_practice import (
    BillsFromAPostBox,
    IdentifierTaken,
    IdentityIsTheInstallations,
    NpiIsWrong,
    load_practice,
)

router = APIRouter(tags=["practices"])

Admin = Annotated[Principal, Depends(allowed("practice-admin"))]
Reader = Annotated[Principal, Depends(allowed("practice-admin", "biller", "coder", "auditor", "operator", "ehr"))]


class Loaded(BaseModel):
    """A practice as it is loaded."""

    practice: PracticeDocument
    version: int


@router.put(
    "/practices/{practice_id}",
    responses=refuses(Forbidden, IdentityIsTheInstallations, IdentifierTaken, BillsFromAPostBox, NpiIsWrong),
    summary="Load a practice; the same document again changes nothing; audited",
)
async def put_practice(request: Request, practice_id: str, practice: PracticeDocument, who: Admin) -> Loaded:
    """Load a practice's document as the next version. The installation makes it and says its numbers; its own admin says all else."""
    if who.practice != INSTALLATION:
        _own(practice_id, who)
    if practice.id != practice_id:
        detail = f"the document is of practice {practice.id}"
        raise Invalid(detail, place="/id", remedy=f"PUT it to /practices/{practice.id}")
    running = running_of(request)
    try:
        async with running.unit(who.subject) as unit:
            loaded = await load_practice(practice, unit, by=who.practice)
            unit.record("act", practice_id, f"load practice {practice_id}")
    except (IdentifierTaken, IdentityIsTheInstallations) as refused:
        async with running.unit(who.subject) as unit:
            unit.record(
                "act", practice_id, f"load practice {practice_id}: {refused.slug} {refused.place or ''}".strip()
            )
        raise
    return Loaded(practice=loaded.practice, version=loaded.version)


@router.get("/practices/{practice_id}", responses=refuses(Forbidden), summary="The practice as it is loaded")
async def get_practice(request: Request, practice_id: str, who: Reader) -> Loaded:
    """Read a practice's document."""
    _own(practice_id, who)
    async with running_of(request).unit(who.subject) as unit:
        loaded = await unit.practices.get(practice_id)
    if loaded is None:
        detail = f"practice {practice_id} is not loaded"
        raise NotFound(detail)
    return Loaded(practice=loaded.practice, version=loaded.version)


def _own(practice_id: str, who: Principal) -> None:
    if practice_id != who.practice:
        detail = f"the token is for practice {who.practice}"
        raise Forbidden(detail)
