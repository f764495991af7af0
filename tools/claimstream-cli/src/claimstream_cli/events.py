"""What the services said, read from their outboxes: of one aggregate, of one claim's journey, or of one unit.

A unit's events lie packed and compressed in one row, so that PostgreSQL can choose by practice and day, and not by key: of a key, all that its
practice said since a day is read and unpacked here. A unit is found by its number.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from claimstream_kit.clock import OffsetClock
from claimstream_kit.database import Database
from claimstream_kit.outbox import OUTBOX_PAYLOAD_DAYS, Told, told, unpack
from claimstream_kit.unit import Unit

from .members import CLAIM, REMIT, SERVICES
from .sites import Site

READER = "claimstream-events"
BEGINNING = date(2000, 1, 1)

_ROWS = """
SELECT o.practice, o.at, o.era, o.number, o.ids, p.packing, p.payload
FROM outbox o LEFT JOIN outbox_payloads p ON p.day = o.day AND p.id = o.id
"""
_OF_PRACTICE = (
    f"{_ROWS} WHERE o.practice = $1 AND (o.at AT TIME ZONE 'UTC')::date >= $2 AND p.id IS NOT NULL ORDER BY o.id"
)
_BY_ID = f"{_ROWS} WHERE o.id = $1"
_BY_NUMBER = f"{_ROWS} WHERE o.era = $1 AND o.number = $2"
_CLAIM = (
    "SELECT practice, id::text, encounter_id::text AS encounter FROM claims WHERE id::text = $1 OR control_number = $1"
)
_REMITTANCES = "SELECT DISTINCT remittance_id::text AS id FROM payments WHERE practice = $1 AND claim_id = $2::uuid"


_UNIT = re.compile(r"\d{1,18}|\d{1,9}\.\d{1,18}(\.\d{1,9})?")
"""An id; or an era and a number, and an index behind them, which is of no account."""


class NotFound(Exception):
    """There is nothing to show; the message says of what."""


class WrongName(Exception):
    """What was asked for is no key, and no unit; the message says how one looks."""


@dataclass(frozen=True)
class SaidEvent:
    """One event, with who said it."""

    source: str
    practice: str
    time: datetime
    told: Told

    @property
    def kind(self) -> str:
        """Its CloudEvents type; a dead letter's copy has what came, if anything."""
        return dict(self.told.headers).get("ce_type", "-")

    def lines(self, *, body: bool) -> Iterator[str]:
        """For people."""
        event = self.told
        place = event.place or "not numbered"
        yield f"{self.time.isoformat(' ', 'milliseconds')}  {self.source:16}  {place!s:>14}  {event.topic}  {event.key}"
        yield f"    {event.event_id}  {self.kind}"
        if body:
            yield f"    {event.value.decode(errors='replace')}"

    def to_json(self, *, body: bool) -> str:
        """For programs: one line."""
        event = self.told
        said: dict[str, Any] = {
            "time": self.time.isoformat(),
            "source": self.source,
            "place": None if event.place is None else str(event.place),
            "sequence": None if event.place is None else event.place.sequence,
            "topic": event.topic,
            "key": event.key,
            "id": str(event.event_id),
            "type": self.kind,
            "headers": dict(event.headers),
        }
        return json.dumps({**said, "body": _read(event.value)} if body else said)


def of_key(site: Site, key: str, *, since: date | None = None) -> list[SaidEvent]:
    """What every service said of an aggregate.

    Raises:
        WrongName: it is no key.
        NotFound: nothing that is still kept.
    """
    practice, slash, aggregate = key.partition("/")
    if not (practice and slash and aggregate):
        raise WrongName(
            f"{key!r} is no key: a key is practice/id, as in bay-state/0198c0de-…; for a claim's id alone: --claim"
        )
    return _found(asyncio.run(_of_keys(site, practice, {key}, since or BEGINNING)), key)


def of_claim(site: Site, claim: str, *, since: date | None = None) -> list[SaidEvent]:
    """A claim's journey: what was said of the claim (by its id, or by CLM01), of the visit that it came of, and of the remittances that pay it.

    Raises:
        NotFound: there is no such claim, or nothing that is still kept.
    """
    return asyncio.run(_of_claim(site, claim, since or BEGINNING))


def of_unit(site: Site, unit: str) -> list[SaidEvent]:
    """What one unit said, in its order.

    Raises:
        WrongName: it is not a unit's name.
        NotFound: there is no such unit, or its payload was dropped.
    """
    service, _, number = unit.partition("/")
    parts = number.split(".")
    if service not in site.every_database() or not _UNIT.fullmatch(number):
        services = ", ".join(service.name for service in SERVICES)
        raise WrongName(f"{unit!r} is no unit: name it service/id or service/era.number, with one of {services}")
    return asyncio.run(_of_unit(site, service, [int(part) for part in parts]))


async def _of_claim(site: Site, claim: str, since: date) -> list[SaidEvent]:
    async with _opened(site, CLAIM.name) as database:
        row = await database.fetch_one(_CLAIM, claim)
    if row is None:
        raise NotFound(f"there is no claim {claim}")
    practice = row["practice"]
    async with _opened(site, REMIT.name) as database:
        remittances = await database.fetch(_REMITTANCES, practice, row["id"])
    ids = [row["id"], row["encounter"], *(each["id"] for each in remittances)]
    return _found(await _of_keys(site, practice, {f"{practice}/{each}" for each in ids}, since), f"claim {claim}")


async def _of_keys(site: Site, practice: str, keys: set[str], since: date) -> list[SaidEvent]:
    return _merged(
        await asyncio.gather(*(_of_service(site, name, practice, keys, since) for name in site.every_database()))
    )


async def _of_service(site: Site, service: str, practice: str, keys: set[str], since: date) -> list[SaidEvent]:
    names = [orjson.dumps(key) for key in keys]
    found: list[SaidEvent] = []
    async with _opened(site, service) as database, database.transaction() as connection:
        async for row in connection.cursor(_OF_PRACTICE, practice, since, prefetch=50):
            if any(name in head for head, _ in unpack(row["packing"], row["payload"]) for name in names):
                found += (each for each in _events(service, row) if each.told.key in keys)
    return found


async def _of_unit(site: Site, service: str, parts: list[int]) -> list[SaidEvent]:
    name = ".".join(map(str, parts))
    async with _opened(site, service) as database:
        query = _BY_ID if len(parts) == 1 else _BY_NUMBER
        row = await database.fetch_one(query, *parts[:2])
    if row is None:
        raise NotFound(f"{service} has no unit {name}")
    if row["payload"] is None:
        raise NotFound(
            f"what unit {name} of {service} said is no longer kept: payloads stay {OUTBOX_PAYLOAD_DAYS} days"
        )
    return list(_events(service, row))


def _events(service: str, row: Any) -> Iterator[SaidEvent]:
    for event in told(row):
        time = row["at"] if event.is_copy else datetime.fromisoformat(dict(event.headers)["ce_time"])
        yield SaidEvent(service, row["practice"], time, event)


def _merged(by_service: list[list[SaidEvent]]) -> list[SaidEvent]:
    """By time; what one service said stays in the order of its places, which is the order of the commits, whatever the clock did meanwhile."""
    timed: list[tuple[datetime, int, int, SaidEvent]] = []
    for number, events in enumerate(by_service):
        latest: datetime | None = None
        for place, event in enumerate(sorted(events, key=_placed)):
            latest = event.time if latest is None else max(latest, event.time)
            timed.append((latest, number, place, event))
    return [event for *_, event in sorted(timed, key=lambda each: each[:3])]


def _placed(event: SaidEvent) -> tuple[Any, ...]:
    place = event.told.place
    return (1,) if place is None else (0, *place)


def _found(events: list[SaidEvent], what: str) -> list[SaidEvent]:
    if not events:
        raise NotFound(f"nothing that is still kept was said of {what}: payloads stay {OUTBOX_PAYLOAD_DAYS} days")
    return events


def record_read(site: Site, events: list[SaidEvent], what: str) -> None:
    """Write into each service's audit whose bodies are read."""
    asyncio.run(_record_read(site, sorted({(event.source, event.practice) for event in events}), what))


async def _record_read(site: Site, read: list[tuple[str, str]], what: str) -> None:
    clock = OffsetClock(site.clock_offset_seconds)
    for service, practice in read:
        async with _opened(site, service) as database, database.transaction() as connection:
            unit = Unit(connection, service=service, clock=clock)
            unit.on_behalf_of(READER)
            unit.record("read", practice, f"events of {what}")
            await unit.flush()


@asynccontextmanager
async def _opened(site: Site, service: str) -> AsyncIterator[Database]:
    database = Database(site.every_database()[service], size=1)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def _read(value: bytes) -> Any:
    """A body as JSON; as text where it is none."""
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return value.decode(errors="replace")
