"""What the services said, read from their packed outboxes."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import zstandard

ZSTD = 1
ROWS = """
SELECT p.packing, p.payload FROM outbox o JOIN outbox_payloads p USING (day, id)
WHERE o.practice <> 'claimstream' ORDER BY o.era, o.number
"""
"""What belongs to no practice is a sealed head."""
LENGTHS = struct.Struct(">II")


@dataclass(frozen=True)
class Said:
    """One event."""

    topic: str
    key: str
    value: dict[str, Any]


async def read_outbox(connection: Any) -> list[Said]:
    """All that a service said, in its order."""
    return [event for row in await connection.fetch(ROWS) for event in _events(row["packing"], row["payload"])]


def _events(packing: int, payload: bytes) -> Iterator[Said]:
    if packing != ZSTD:
        raise ValueError(f"packing {packing} is not known here")
    raw, at = zstandard.ZstdDecompressor().decompress(payload), 0
    while at < len(raw):
        head, value = LENGTHS.unpack_from(raw, at)
        at += LENGTHS.size
        topic, key, *_ = json.loads(raw[at : at + head])
        at += head
        if not topic.endswith(".dead"):
            yield Said(topic, key, json.loads(raw[at : at + value]))
        at += value
