"""Rows that are not to change behind their service's back: their digests stand in the row of the unit that wrote them, and so in the audit chain.

What is written again is witnessed again, and that holds from then on.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import orjson

from .database import Connection, Row

ID_BYTES = 16
RECORD_BYTES = ID_BYTES + hashlib.sha256().digest_size


@dataclass(frozen=True)
class WitnessedTable:
    """A table whose rows are witnessed: what one of them is called, SQL that reads them all, and the facts of a row that hold.

    The rows have an ``id``, which no two practices share.
    """

    noun: str
    query: str
    facts: Callable[[Row], object]


def record_of(key: UUID, facts: object) -> bytes:
    """Id and digest of a row; ``facts`` as JSON, in which the order of members says nothing."""
    return key.bytes + hashlib.sha256(orjson.dumps(facts, default=str, option=orjson.OPT_SORT_KEYS)).digest()


def records_in(witnessed: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Id and digest of each row."""
    for at in range(0, len(witnessed), RECORD_BYTES):
        yield witnessed[at : at + ID_BYTES], witnessed[at + ID_BYTES : at + RECORD_BYTES]


async def unlike(connection: Connection, table: WitnessedTable, witnessed: dict[bytes, bytes]) -> AsyncIterator[str]:
    """Rows that are not as they were written; ``witnessed``, the newest digest by id, loses those that are there."""
    async for record in connection.cursor(table.query, prefetch=200):
        row = dict(record)
        key: UUID = row["id"]
        digest = witnessed.pop(key.bytes, None)
        if digest is None:
            yield f"{table.noun} {key}: no unit has written it"
        elif digest != record_of(key, table.facts(row))[ID_BYTES:]:
            yield f"{table.noun} {key} is not as it was written"
