"""What comes a second time: events on their topic, files in the inbound folder; and connections that are ended."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from claimstream_cli.state import Plan

GROWS_SECONDS = 1.0
MARK = "again"
"""How the names of files begin that a run has dropped."""


def end_connections(url: str) -> int:
    """End every other connection to a database; how many there were."""
    return asyncio.run(_end_connections(url))


async def _end_connections(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        ended = await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return len(ended)
    finally:
        await connection.close()


def say_again(plan: Plan, topic: str, *, count: int, seed: int) -> int:
    """Put the newest records of each partition on their topic once more, in an order of chance; how many there were."""
    return asyncio.run(_say_again(plan, plan.topic_prefix + topic, count, random.Random(seed)))  # noqa: S311  no secret


async def _say_again(plan: Plan, topic: str, count: int, chance: random.Random) -> int:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    consumer = AIOKafkaConsumer(**plan.kafka_access().client(), enable_auto_commit=False)
    producer = AIOKafkaProducer(**plan.kafka_access().client(), acks="all", enable_idempotence=True)
    await consumer.start()
    await producer.start()
    try:
        newest = await _newest(consumer, topic, count)
        chance.shuffle(newest)
        sent = [
            await producer.send(
                topic, value=each.value, key=each.key, headers=list(each.headers), partition=each.partition
            )
            for each in newest
        ]
        await asyncio.gather(*sent)
        return len(newest)
    finally:
        await producer.stop()
        await consumer.stop()


async def _newest(consumer: AIOKafkaConsumer, topic: str, count: int) -> list[Any]:
    await consumer._client.add_topic(topic)  # noqa: SLF001  aiokafka has no public way to ask for a topic's metadata
    await consumer._client.force_metadata_update()  # noqa: SLF001
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
    consumer.assign(partitions)
    begins, ends = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    found = []
    for partition in partitions:
        first = max(begins[partition], ends[partition] - count // max(1, len(partitions)))
        if first >= ends[partition]:
            consumer.pause(partition)
            continue
        consumer.seek(partition, first)
    left = {partition for partition in partitions if partition not in consumer.paused()}
    while left:
        for partition, records in (await consumer.getmany(timeout_ms=1000)).items():
            found += [record for record in records if record.offset < ends[partition]]
            if records and records[-1].offset >= ends[partition] - 1:
                left.discard(partition)
                consumer.pause(partition)
    return found


def drop_again(inbound: Path, *, count: int, seed: int) -> int:
    """Drop copies of what payers have dropped, each in a way of its own; how many."""
    chance = random.Random(seed)  # noqa: S311  no secret
    there = sorted(path for path in inbound.iterdir() if path.is_file() and not path.name.startswith((".", MARK)))
    chosen = chance.sample(there, min(count, len(there)))
    ways: list[Callable[[Path, bytes], None]] = [_whole, _in_another_envelope, _cut_short, _growing, _empty, _changed]
    for number, original in enumerate(chosen):
        target = inbound / f"{MARK}-{seed}-{number:03}-{original.name}"
        ways[number % len(ways)](target, original.read_bytes())
    return len(chosen)


def _write(target: Path, content: bytes) -> None:
    part = target.with_name(target.name + ".part")
    part.write_bytes(content)
    part.rename(target)


def _whole(target: Path, content: bytes) -> None:
    """The same bytes under another name."""
    _write(target, content)


def _in_another_envelope(target: Path, content: bytes) -> None:
    """The same sets with other control numbers around them, as a clearinghouse does."""
    end = content[105:106]
    between = content[3:4]
    segments = content.split(end)
    changed = []
    for segment in segments:
        parts = segment.split(between)
        match parts[0].strip():
            case b"ISA":
                parts[13] = b"9" + parts[13][1:]
            case b"IEA":
                parts[2] = b"9" + parts[2][1:]
        changed.append(between.join(parts))
    _write(target, end.join(changed))


def _cut_short(target: Path, content: bytes) -> None:
    """What was lost on the way: its end."""
    _write(target, content[: max(120, len(content) * 2 // 3)])


def _growing(target: Path, content: bytes) -> None:
    """It has its name before it is whole."""
    with target.open("wb") as out:
        out.write(content[: len(content) // 2])
        out.flush()
        time.sleep(GROWS_SECONDS / 4)
        out.write(content[len(content) // 2 :])


def _empty(target: Path, content: bytes) -> None:
    """Nothing at all."""
    del content
    _write(target, b"")


def _changed(target: Path, content: bytes) -> None:
    """The same trace with another body, or an amount that does not balance any more: never posted a second time."""
    end, between = content[105:106], content[3:4]
    segments = content.split(end)
    for number, segment in enumerate(segments):
        parts = segment.split(between)
        if parts[0].strip() == b"CLP":
            parts[3] = b"%d" % (int(float(parts[3])) + 1)
            segments[number] = between.join(parts)
            break
    _write(target, end.join(segments))
