"""The inbox: an event that this consumer has seen before has no effect a second time.

What services of ours say is known by source, era, number and place: a row holds the places of one unit in one slot, each with the beginning of
its event's id, so that nobody who claims a place that is not his keeps the event from being heard that stands there. Slots go by key, so that two
replicas, which have different partitions, seldom write the same row. What somebody else put on a topic is known by where it lies, and by its id.

A dead letter is remembered as such, whatever became of it: after the inbox was lost, a replay neither buries it again nor does
what was discarded.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import Any

from claimstream_schemas import Place

from ..bus.kafka import partition_of
from ..database import Connection
from .messages import Message

SLOTS = 12
"""A multiple of most numbers of partitions."""

_NOTE = """
INSERT INTO inbox (consumer, source, era, number, slot, places)
SELECT $1, * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::smallint[], $6::bytea[])
ON CONFLICT (consumer, source, era, number, slot) DO UPDATE SET places = inbox.places || EXCLUDED.places
RETURNING source, era, number, slot, old.places
"""
_NOTE_ALL = """
UPDATE inbox SET places = u.places FROM unnest($2::text[], $3::int[], $4::bigint[], $5::smallint[], $6::bytea[])
    AS u (source, era, number, slot, places)
WHERE consumer = $1 AND (inbox.source, inbox.era, inbox.number, inbox.slot) = (u.source, u.era, u.number, u.slot)
"""
_NOTE_FOREIGN = """
INSERT INTO inbox_foreign (consumer, cluster, topic, partition, record_offset, event_id)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::int[], $5::bigint[], $6::uuid[]) ON CONFLICT DO NOTHING
RETURNING cluster, topic, partition, record_offset
"""
_DEAD = "SELECT event_id FROM dead_letters WHERE consumer = $1 AND event_id = ANY($2)"

Slot = tuple[str, int, int, int]
"""Source, era, number, slot."""

Entry = tuple[int, bytes]
"""The place in the unit, and how the event's id begins."""

_ENTRY = struct.Struct(">H6s")


def packed(entries: Iterable[Entry]) -> bytes:
    """Entries as a row holds them: two bytes of the place, the higher first, and six of the id each."""
    return b"".join(_ENTRY.pack(*each) for each in entries)


def entries_in(row: bytes) -> set[Entry]:
    """The entries that a row holds."""
    return set(_ENTRY.iter_unpack(row))


class Inbox:
    """What one consumer has seen, kept in the same transaction as the effect."""

    def __init__(self, consumer: str) -> None:
        """One consumer's inbox."""
        self._consumer = consumer

    async def admit(self, connection: Connection, messages: Sequence[Message]) -> list[Message]:
        """The messages that were not seen before, in their order."""
        names: list[Any] = [
            _where(each) if each.place is None else (_slot(each), (each.place.index, each.event_id.bytes[:6]))
            for each in messages
        ]
        ours = [name for name, each in zip(names, messages, strict=True) if each.place is not None]
        seen: set[Any] = set(await self._note(connection, ours))
        new = await self._note_foreign(connection, [each for each in messages if each.place is None])
        fresh: list[Message] = []
        for name, message in zip(names, messages, strict=True):
            if name not in seen and (message.place is not None or name in new):
                fresh.append(message)
            seen.add(name)
        return await self._but_dead(connection, fresh)

    async def _note(self, connection: Connection, named: Sequence[tuple[Slot, Entry]]) -> set[tuple[Slot, Entry]]:
        """Write down what comes; what stood there already."""
        coming: dict[Slot, dict[Entry, None]] = {}
        for slot, entry in named:
            coming.setdefault(slot, {})[entry] = None
        if not coming:
            return set()
        rows = sorted(coming.items())
        found = await connection.fetch(_NOTE, self._consumer, *_columns((slot, packed(new)) for slot, new in rows))
        seen: set[tuple[Slot, Entry]] = set()
        again: list[tuple[Slot, bytes]] = []
        for row in found:
            if row["places"] is None:
                continue
            slot = (row["source"], row["era"], row["number"], row["slot"])
            before = entries_in(row["places"])
            if both := before & coming[slot].keys():
                seen |= {(slot, entry) for entry in both}
                again.append((slot, packed(sorted(before | coming[slot].keys()))))
        if again:  # what comes a second time is not written a second time
            await connection.execute(_NOTE_ALL, self._consumer, *_columns(sorted(again)))
        return seen

    async def _note_foreign(
        self, connection: Connection, messages: Sequence[Message]
    ) -> set[tuple[str, str, int, int]]:
        """Write down what somebody else said; those that did not stand there yet."""
        if not messages:
            return set()
        places = sorted({_where(message): message.event_id for message in messages}.items())
        columns = [list(column) for column in zip(*((*where, event_id) for where, event_id in places), strict=True)]
        return {tuple(row) for row in await connection.fetch(_NOTE_FOREIGN, self._consumer, *columns)}

    async def _but_dead(self, connection: Connection, messages: list[Message]) -> list[Message]:
        if not messages:
            return messages
        rows = await connection.fetch(_DEAD, self._consumer, [message.event_id for message in messages])
        dead = {row["event_id"] for row in rows}
        return [message for message in messages if message.event_id not in dead]

    async def settle(self, connection: Connection, done: Sequence[Message], waiting: Sequence[Message]) -> None:
        """Inbox rows stay until their retention ends."""


def _slot(message: Message) -> Slot:
    place: Place | None = message.place
    if place is None or message.envelope is None:
        msg = "only what has a place has a slot"
        raise TypeError(msg)
    return (message.envelope.source, place.era, place.number, partition_of(message.record.key, SLOTS))


def _where(message: Message) -> tuple[str, str, int, int]:
    record = message.record
    return (record.cluster, record.topic, record.partition, record.offset)


def _columns(rows: Iterable[tuple[Slot, bytes]]) -> list[list[Any]]:
    return [list(column) for column in zip(*((*slot, places) for slot, places in rows), strict=True)]
