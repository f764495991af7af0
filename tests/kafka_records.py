"""Records put on a topic by hand, and read back as they lie there."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from claimstream_kit.bus.access import KafkaAccess

Headers = Sequence[tuple[str, bytes]]


@dataclass(frozen=True)
class Place:
    """Where a record lies."""

    partition: int
    offset: int


@dataclass(frozen=True)
class Found:
    """A record as it lies on its topic."""

    place: Place
    key: str
    value: bytes | None
    headers: dict[str, str]


def put(kafka: KafkaAccess, topic: str, key: str, value: bytes | None, headers: Headers = ()) -> Place:
    """Send one record, and say where it lies."""
    return asyncio.run(_put(kafka, topic, key, value, headers))


async def _put(kafka: KafkaAccess, topic: str, key: str, value: bytes | None, headers: Headers) -> Place:
    producer = AIOKafkaProducer(**kafka.client())
    await producer.start()
    try:
        sent = await producer.send_and_wait(topic, value=value, key=key.encode(), headers=list(headers))
    finally:
        await producer.stop()
    return Place(sent.partition, sent.offset)


def read(kafka: KafkaAccess, topic: str) -> list[Found]:
    """Every record of a topic."""
    return asyncio.run(_read(kafka, topic))


async def _read(kafka: KafkaAccess, topic: str) -> list[Found]:
    consumer = AIOKafkaConsumer(topic, **kafka.client(), group_id=None, auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        ends = await consumer.end_offsets(partitions)
        found: list[Found] = []
        while any([await consumer.position(partition) < ends[partition] for partition in partitions]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [
                    Found(
                        Place(each.partition, each.offset),
                        (each.key or b"").decode(),
                        each.value,
                        {name: value.decode() for name, value in each.headers},
                    )
                    for each in records
                ]
        return found
    finally:
        await consumer.stop()
