"""Units of an outbox opened, changed and packed again, and places taken out of inboxes: by somebody who has the disk in hand."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import orjson
import zstandard
from claimstream_auditor import TopicRecord

from .desk import Desk

LENGTHS = struct.Struct(">II")


@dataclass
class Event:
    """One event of a unit."""

    id: bytes
    head: list[Any]
    """Topic, key, headers; for a dead letter's copy a word more."""
    value: bytes

    @property
    def said(self) -> bytes:
        """What its digest is of."""
        return orjson.dumps(self.head) + b"\n" + self.value


def place_of(record: TopicRecord) -> tuple[int, int, int]:
    """Era, number and index, as the record says them."""
    era, number, index = dict(record.headers)["ce_place"].decode().split(".")
    return int(era), int(number), int(index)


async def unit_of(desk: Desk, service: str, record: TopicRecord) -> int:
    """The row of the outbox that a record came from."""
    era, number, _ = place_of(record)
    unit = await desk.value(service, "SELECT id FROM outbox WHERE era = $1 AND number = $2", era, number)
    return int(unit)


async def opened(desk: Desk, service: str, unit: int) -> list[Event]:
    """A unit's events."""
    packed = await desk.value(service, "SELECT payload FROM outbox_payloads WHERE id = $1", unit)
    ids = await desk.value(service, "SELECT ids FROM outbox WHERE id = $1", unit)
    raw = zstandard.ZstdDecompressor().decompress(packed)
    events, at = [], 0
    while at < len(raw):
        head, value = LENGTHS.unpack_from(raw, at)
        at += LENGTHS.size
        place = len(events) * 16
        events.append(Event(ids[place : place + 16], orjson.loads(raw[at : at + head]), raw[at + head :][:value]))
        at += head + value
    return events


async def repack(desk: Desk, service: str, unit: int, events: list[Event]) -> None:
    """Another payload, behind ids and digests that stay as they are."""
    parts = []
    for event in events:
        head = orjson.dumps(event.head)
        parts.append(LENGTHS.pack(len(head), len(event.value)) + head + event.value)
    packed = zstandard.ZstdCompressor().compress(b"".join(parts))
    await desk.tamper(service, "UPDATE outbox_payloads SET payload = $2 WHERE id = $1", unit, packed)


async def say_anew(desk: Desk, service: str, unit: int, events: list[Event]) -> None:
    """Another payload, with ids and digests that fit it."""
    await repack(desk, service, unit, events)
    await desk.tamper(
        service,
        "UPDATE outbox SET events = $2, ids = $3, digests = $4 WHERE id = $1",
        unit,
        len(events),
        b"".join(event.id for event in events),
        b"".join(sha256(event.said).digest() for event in events),
    )


async def change_unit(desk: Desk, service: str, unit: int, change: Callable[[list[Event]], None]) -> None:
    """Change what a unit said, as if it had said that from the beginning."""
    events = await opened(desk, service, unit)
    change(events)
    await say_anew(desk, service, unit, events)


async def said_anew(desk: Desk, service: str, record: TopicRecord) -> TopicRecord:
    """Let the service's last unit of that practice say the same once more, as another event: its record."""
    practice = record.key.partition("/")[0]
    sql = "SELECT max(id) FROM outbox WHERE practice = $1"
    unit = await desk.value(service, sql, practice)
    identity = uuid4()
    headers = [(name, said.decode()) for name, said in record.headers if name not in ("ce_place", "ce_sequence")]
    headers = [(name, str(identity) if name == "ce_id" else said) for name, said in headers]
    events = await opened(desk, service, unit)
    await say_anew(
        desk,
        service,
        unit,
        [*events, Event(identity.bytes, [record.topic, record.key, headers], record.value or b"")],
    )
    era, number, index = await desk.value(service, "SELECT (era, number, events - 1) FROM outbox WHERE id = $1", unit)
    sequence = (era << 40 | number) << 10 | index
    more = [("ce_sequence", str(sequence)), ("ce_place", f"{era}.{number}.{index}")]
    return record._replace(
        offset=record.offset + 1, headers=[(name, said.encode()) for name, said in [*headers, *more]]
    )


async def age(desk: Desk, service: str, units: list[int], *, days: int) -> None:
    """Let units be that much older, with their payloads."""
    for table in ("outbox", "outbox_payloads"):
        await desk.tamper(service, f"UPDATE {table} SET day = day - $2::int WHERE id = ANY($1)", units, days)  # noqa: S608


async def queue(desk: Desk, service: str, unit: int, *, seconds: float) -> None:
    """Put a unit back into the queue, where it lies for so long already."""
    sql = (
        "INSERT INTO outbox_queue (id, events, size, era, number, since)"
        " SELECT id, events, size, era, number, now() - make_interval(secs => $2) FROM outbox WHERE id = $1"
    )
    await desk.tamper(service, sql, unit, seconds)


_PLACES = "SELECT slot, places FROM inbox WHERE source = $1 AND era = $2 AND number = $3 AND position($4::bytea IN places) > 0"
_KEEP = "UPDATE inbox SET places = $5 WHERE source = $1 AND era = $2 AND number = $3 AND slot = $4"


async def forget(desk: Desk, consumer: str, record: TopicRecord) -> None:
    """Take an event out of a consumer's inbox."""
    era, number, index = place_of(record)
    headers = dict(record.headers)
    source, place = headers["ce_source"].decode(), struct.pack(">H", index) + UUID(headers["ce_id"].decode()).bytes[:6]
    async for row in desk.evidence.databases.rows(consumer, _PLACES, source, era, number, place):
        places = [row["places"][at : at + 8] for at in range(0, len(row["places"]), 8)]
        if place in places:
            kept = b"".join(each for each in places if each != place)
            await desk.tamper(consumer, _KEEP, source, era, number, row["slot"], kept)
            return
    raise LookupError(record.key)
