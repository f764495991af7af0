"""The toy service: its tables, its unit, its handlers."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, ClassVar
from uuid import UUID

from claimstream_kit import (
    Collection,
    Conflict,
    Row,
    Service,
    Subscription,
    Unit,
    WaitsFor,
    service_metadata,
)
from claimstream_kit.api_description import refuses
from claimstream_kit.app import running_of
from claimstream_kit.auth import Principal, allowed
from claimstream_kit.idempotency import IdempotencyKey, once
from claimstream_schemas import ClaimHeld, ClaimReleased, Event
from fastapi import APIRouter, Depends, Request, Response
from pydantic import AfterValidator, BaseModel
from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, Uuid

metadata = service_metadata()
counters = Table(
    "counters",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("held", Integer, nullable=False),
    CheckConstraint("held < 5", name="few"),
)
MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Counter:
    practice: str
    id: UUID
    held: int


class Counters(Collection[Counter]):
    table = counters

    def to_row(self, value: Counter) -> Row:
        return dict(vars(value))

    def from_row(self, row: Row) -> Counter:
        return Counter(**row)


class ToyUnit(Unit):
    def __init__(self, *arguments, **named) -> None:
        super().__init__(*arguments, **named)
        self.counters = Counters(self)


POISON = "poison"


class Impossible(Conflict):
    slug = "impossible"


async def count_hold(event: ClaimHeld, unit: ToyUnit) -> None:
    if any(finding.rule == POISON for finding in event.findings):
        raise Impossible("the toy cannot swallow poison")
    known = await unit.counters.get(event.practice_id, event.claim_id)
    counter = known or Counter(event.practice_id, event.claim_id, 0)
    unit.counters.put(replace(counter, held=counter.held + 1))
    unit.arrived(f"counter/{event.claim_id}")
    unit.publish(
        ClaimReleased(
            practice_id=event.practice_id,
            claim_id=event.claim_id,
            encounter_id=event.encounter_id,
            reason=f"heard {counter.held + 1}",
            actor="toy",
        )
    )


async def clear_hold(event: ClaimReleased, unit: ToyUnit) -> None:
    known = await unit.counters.get(event.practice_id, event.claim_id)
    if known is None:
        raise WaitsFor(f"counter/{event.claim_id}")
    unit.counters.put(replace(known, held=0))


def _some(claim_id: UUID) -> UUID:
    if claim_id == UUID(int=0):
        raise ValueError("the toy counts no claim whose id is nothing but zeros")
    return claim_id


class Order(BaseModel):
    claim_id: Annotated[UUID, AfterValidator(_some)]


class ClaimHeldOften(ClaimHeld):
    """The next version of an event, on the same topic."""

    version: ClassVar[int] = 2
    times: int


class NoteTaken(Event):
    """Of a claim, though its topic does not begin so."""

    topic: ClassVar[str] = "note.taken"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"
    claim_id: UUID


class ClaimShelved(Event):
    """Of a shelf that has the id of a claim."""

    topic: ClassVar[str] = "claim.shelved"
    aggregate: ClassVar[str] = "shelf"
    key_field: ClassVar[str] = "shelf_id"
    shelf_id: UUID


async def count_note(event: NoteTaken, unit: ToyUnit) -> None:
    unit.counters.put(Counter(event.practice_id, event.claim_id, 3))


async def count_shelf(event: ClaimShelved, unit: ToyUnit) -> None:
    unit.counters.put(Counter(event.practice_id, event.shelf_id, 4))


async def count_holds(event: ClaimHeldOften, unit: ToyUnit) -> None:
    known = await unit.counters.get(event.practice_id, event.claim_id)
    unit.counters.put(Counter(event.practice_id, event.claim_id, (known.held if known else 0) + event.times))


router = APIRouter()


@router.get("/holds")
async def held_claims(request: Request, who: Annotated[Principal, Depends(allowed("operator"))], of: str) -> int:
    del who
    return int(await running_of(request).database.value("SELECT count(*) FROM counters WHERE practice = $1", of))


@router.post("/holds", status_code=201, responses=refuses(Impossible))
async def post_hold(
    body: Order,
    request: Request,
    who: Annotated[Principal, Depends(allowed("biller"))],
    key: IdempotencyKey = None,
) -> Response:
    running = running_of(request)
    async with running.unit(who.subject) as unit:

        async def act(connection: object) -> dict[str, int]:
            known = await unit.counters.get(who.practice, body.claim_id)
            counter = replace(known or Counter(who.practice, body.claim_id, 0), held=(known.held if known else 0) + 1)
            unit.counters.put(counter)
            return {"held": counter.held}

        return await once(unit.connection, request, who.practice, key, status=201, act=act)


def build(settings: object) -> Service[ToyUnit]:
    return Service(
        name="toy-svc",
        metadata=metadata,
        migrations=MIGRATIONS,
        unit=ToyUnit,
        subscriptions=(
            Subscription(
                ClaimHeld, count_hold, reads=lambda event: [("counters", (event.practice_id, event.claim_id))]
            ),
            Subscription(ClaimHeldOften, count_holds),
            Subscription(NoteTaken, count_note),
            Subscription(ClaimShelved, count_shelf),
            Subscription(
                ClaimReleased, clear_hold, reads=lambda event: [("counters", (event.practice_id, event.claim_id))]
            ),
        ),
        routers=(router,),
    )
