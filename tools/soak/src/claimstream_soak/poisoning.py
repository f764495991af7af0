"""Records that nobody can read, put on topics that are in use: each goes to the dead letters, and nothing beside it is hurt."""

import asyncio
import logging
from pathlib import Path

import orjson
from aiokafka import AIOKafkaProducer
from claimstream_cli.state import Plan

POISON: dict[str, tuple[str, bytes | None]] = {
    "no JSON": ("encounter.coded", b"{not json"),
    "no headers": ("claim.submitted", b"{}"),
    "no value": ("era.received", None),
    "another shape": ("claim.adjudicated", b'{"claim_id": 7}'),
}


def poison(plan: Plan, practice: str, injected: Path) -> int:
    """Put them there, and note in a file which records they are; how many."""
    placed = asyncio.run(_poison(plan, practice))
    injected.write_bytes(b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in placed))
    return len(placed)


async def _poison(plan: Plan, practice: str) -> list[dict[str, object]]:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    producer = AIOKafkaProducer(**plan.kafka_access().client(), acks="all")
    await producer.start()
    try:
        placed: list[dict[str, object]] = []
        for number, (topic, value) in enumerate(POISON.values()):
            key = f"{practice}/poison-{number}".encode()
            record = await producer.send_and_wait(plan.topic_prefix + topic, value=value, key=key)
            placed.append({"topic": topic, "partition": record.partition, "offset": record.offset})
        return placed
    finally:
        await producer.stop()
