"""The outbox: what a unit said, a row for each practice, packed and compressed; and the same read again.

The row keeps for each event its id and the digest of what was said; the payload lies beside it, in a partition of its day, and goes when its
time is over. Ids, digests and payload name the events in one order: an event's index in it is its place in the unit.
"""

import hashlib
import struct
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
import zstandard
from claimstream_schemas import Place

from .bus.port import Outgoing
from .database import Connection, Database

LARGEST_EVENT: Final = 950_000
"""Bytes. Kafka takes 1 MB a record by default; a row that it refused for its size would block the relay."""

OUTBOX_PAYLOAD_DAYS: Final = 30
"""How long a payload is kept; its digest longer."""

MOST_EVENTS, MOST_BYTES = 1000, 1_000_000
"""What a row holds at most, before it is compressed: a unit that says more writes several."""

ZSTD_1: Final = 1
"""The packing of this release: each event's head (JSON: topic, key, headers; a fourth element marks a dead letter's copy) and value, each pair
behind its two lengths (32 bits, the highest first), all of it one zstd frame. A release reads the next one's packing before any writes it."""

_LENGTHS = struct.Struct(">II")
ID_BYTES, DIGEST_BYTES = 16, 32

_compressor = zstandard.ZstdCompressor(level=1)
_decompressor = zstandard.ZstdDecompressor()


class EventTooLarge(Exception):
    """An event is larger than a topic takes; it must be cut into chunks."""

    def __init__(self, topic: str, key: str, size: int) -> None:
        """The event's topic and key, and its size in bytes."""
        super().__init__(f"{topic} {key}: {size} bytes, at most {LARGEST_EVENT}")
        self.topic = topic
        self.key = key
        self.size = size


class UnreadablePayload(Exception):
    """What a row has packed cannot be read; the message says why."""


class UnknownPacking(UnreadablePayload):
    """A row was packed by a later release."""


@dataclass(frozen=True, slots=True)
class Said:
    """One event as a unit said it: without its place, which it gets when its unit is numbered."""

    event_id: UUID
    practice: str
    actor: str
    at: datetime
    head: bytes
    value: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of topic, key, headers and value."""
        return hashlib.sha256(self.head + b"\n" + self.value).digest()

    @property
    def size(self) -> int:
        """Bytes in the packing."""
        return _LENGTHS.size + len(self.head) + len(self.value)


def head_of(topic: str, key: str, headers: Sequence[tuple[str, str]], *, is_copy: bool = False) -> bytes:
    """What is said of an event beside its value."""
    return orjson.dumps([topic, key, headers, "copy"] if is_copy else [topic, key, headers])


def pack(events: Iterable[Said]) -> bytes:
    """Events as a row keeps them."""
    parts: list[bytes] = []
    for event in events:
        parts += (_LENGTHS.pack(len(event.head), len(event.value)), event.head, event.value)
    return _compressor.compress(b"".join(parts))


def unpack(packing: int, packed: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Head and value of each event.

    Raises:
        UnknownPacking: this release cannot read it.
        UnreadablePayload: the bytes are damaged.
    """
    if packing != ZSTD_1:
        raise UnknownPacking(f"packing {packing}")
    try:
        raw = memoryview(_decompressor.decompress(packed))
        yield from _each(raw)
    except (zstandard.ZstdError, struct.error) as damage:
        raise UnreadablePayload(str(damage)) from damage


def _each(raw: memoryview) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(raw):
        head, value = _LENGTHS.unpack_from(raw, at)
        at += _LENGTHS.size
        yield bytes(raw[at : at + head]), bytes(raw[at + head : at + head + value])
        at += head + value


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was said, read again. ``place`` is None while its unit has no number."""

    event_id: UUID
    topic: str
    key: str
    headers: Sequence[tuple[str, str]]
    value: bytes
    is_copy: bool
    place: Place | None

    def to_send(self) -> Outgoing:
        """The record that goes to Kafka; a dead letter's copy keeps the headers that it came with."""
        headers = [(name, said.encode()) for name, said in self.headers]
        if self.place is not None and not self.is_copy:
            headers += [
                ("ce_sequence", str(self.place.sequence).encode()),
                ("ce_place", str(self.place).encode()),
            ]
        return Outgoing(self.topic, self.key, self.value, headers)


def told(row: Any) -> Iterator[Told]:
    """The events of a row of the outbox with its payload."""
    for index, (head, value) in enumerate(unpack(row["packing"], row["payload"])):
        topic, key, headers, *mark = orjson.loads(head)
        place = None if row["number"] is None else Place(row["era"], row["number"], index)
        yield Told(
            event_id=UUID(bytes=row["ids"][index * ID_BYTES : (index + 1) * ID_BYTES]),
            topic=topic,
            key=key,
            headers=headers,
            value=value,
            is_copy=bool(mark),
            place=place,
        )


_KEEP = """
WITH said AS MATERIALIZED (
    SELECT nextval('outbox_id_seq') AS id, (now() AT TIME ZONE 'UTC')::date AS day, s.*
    FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::int[], $5::int[], $6::bytea[], $7::bytea[], $8::smallint[], $9::bytea[],
                $10::bytea[])
        WITH ORDINALITY AS s (practice, at, actors, events, size, ids, digests, packing, payload, witnessed, place)
), queued AS (
    INSERT INTO outbox_queue (id, events, size) SELECT id, events, size FROM said
), kept AS (
    INSERT INTO outbox_payloads (day, id, packing, payload) SELECT day, id, packing, payload FROM said
)
INSERT INTO outbox (id, day, practice, at, actors, events, size, ids, digests, witnessed)
SELECT id, day, practice, at, actors::jsonb, events, size, ids, digests, witnessed FROM said ORDER BY place
"""


async def keep(connection: Connection, events: Sequence[Said], witnessed: Mapping[str, bytes], *, at: datetime) -> None:
    """Write what a unit said, behind all of its other rows: ids are taken after the locks of the aggregates that it is about.

    ``witnessed``: by practice, what its first row witnesses; where nothing was said of the practice, a row of its own does, at that moment.
    """
    left = dict(witnessed)
    rows = [(*_row(some), left.pop(some[0].practice, b"")) for some in _together(events)]
    rows += [(practice, at, "[]", 0, 0, b"", b"", ZSTD_1, pack(()), its) for practice, its in left.items()]
    if rows:
        await connection.execute(_KEEP, *(list(column) for column in zip(*rows, strict=True)))


def _together(events: Sequence[Said]) -> Iterator[list[Said]]:
    """The events of one practice, as they were said, as many as a row takes."""
    by_practice: dict[str, list[Said]] = {}
    for event in events:
        by_practice.setdefault(event.practice, []).append(event)
    for its in by_practice.values():
        some: list[Said] = []
        size = 0
        for event in its:
            if some and (len(some) == MOST_EVENTS or size + event.size > MOST_BYTES):
                yield some
                some, size = [], 0
            some.append(event)
            size += event.size
        yield some


def _row(events: Sequence[Said]) -> tuple[Any, ...]:
    actors = [event.actor for event in events]
    return (
        events[0].practice,
        events[0].at,
        orjson.dumps(actors[:1] if len(set(actors)) == 1 else actors).decode(),
        len(events),
        sum(event.size for event in events),
        b"".join(event.event_id.bytes for event in events),
        b"".join(event.digest for event in events),
        ZSTD_1,
        pack(events),
    )


_UNITS = """
SELECT o.id, o.practice, o.at, o.era, o.number, o.ids, p.packing, p.payload
FROM outbox o JOIN outbox_payloads p ON p.day = o.day AND p.id = o.id
"""


async def read_units(connection: Connection, ids: Sequence[int]) -> list[Told]:
    """What these units said, in the order of their numbers."""
    rows = await connection.fetch(f"{_UNITS} WHERE o.id = ANY($1) ORDER BY o.era, o.number", ids)
    return [event for row in rows for event in told(row)]


async def everything_said(database: Database, practice: str | None = None) -> AsyncIterator[Told]:
    """All that was said and is still kept, of one practice or of all, in the order in which the units were kept."""
    async with database.transaction() as connection:
        query = f"{_UNITS} WHERE $1::text IS NULL OR o.practice = $1 ORDER BY o.id"
        async for row in connection.cursor(query, practice, prefetch=20):
            for event in told(row):
                yield event
