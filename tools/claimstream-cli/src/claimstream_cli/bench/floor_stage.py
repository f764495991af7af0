"""One bare stage: a batch from Kafka, one transaction with inbox, row and outbox, a relay. Nothing that a claim needs beyond that.

``run`` is a process of its own, with FLOOR_DATABASE, FLOOR_PREFIX and CLAIMSTREAM_KAFKA* in its environment: it says ``ready`` when
partitions are assigned, and works until it is ended.
"""

import asyncio
import os
import sys
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from claimstream_kit.bus.access import KafkaAccess

BATCH = 500
RELAYED_AT_ONCE = 1000
RELAY_POLL_SECONDS = 0.1
PARTITIONS = 6
LARGEST_BATCH = 900_000

TABLES = """
CREATE TABLE inbox_{0} (consumer text, event_id uuid, PRIMARY KEY (consumer, event_id));
CREATE TABLE rows_{0} (id uuid PRIMARY KEY, document bytea NOT NULL);
CREATE TABLE outbox_{0} (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid NOT NULL UNIQUE, key text NOT NULL,
                         payload bytea NOT NULL, sent_at timestamptz);
CREATE INDEX unsent_{0} ON outbox_{0} (seq) WHERE sent_at IS NULL;
"""


def topic(prefix: str, stage: int) -> str:
    """What a stage hears; the last stage's own events go to the one behind it."""
    return f"{prefix}{stage}"


class Stage:
    """One stage at work."""

    def __init__(self, number: int, prefix: str, pool: "asyncpg.Pool[asyncpg.Record]", producer: Any) -> None:
        self._number = number
        self._prefix = prefix
        self._pool = pool
        self._producer = producer
        self._committed = asyncio.Event()

    async def consume(self, consumer: Any) -> None:
        """Batch by batch: effects first, offsets after."""
        while True:
            fetched: dict[TopicPartition, list[Any]] = await consumer.getmany(timeout_ms=200, max_records=BATCH)
            if not fetched:
                continue
            await self._unit([record for records in fetched.values() for record in records])
            self._committed.set()
            await consumer.commit({place: records[-1].offset + 1 for place, records in fetched.items()})

    async def _unit(self, records: list[Any]) -> None:
        ids = [UUID(dict(record.headers)["ce_id"].decode()) for record in records]
        async with self._pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(
                f"INSERT INTO inbox_{self._number} SELECT 'floor', unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id",
                ids,
            )
            new = {row["event_id"] for row in rows}
            fresh = [(each, record) for each, record in zip(ids, records, strict=True) if each in new]
            values = [orjson.dumps({**orjson.loads(record.value), "stage": self._number}) for _, record in fresh]
            keys = [record.key.decode() for _, record in fresh]
            await connection.execute(
                f"INSERT INTO rows_{self._number} SELECT * FROM unnest($1::uuid[], $2::bytea[])",  # noqa: S608
                [UUID(key) for key in keys],
                values,
            )
            await connection.execute(
                f"INSERT INTO outbox_{self._number} (event_id, key, payload)"  # noqa: S608
                " SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[])",
                [uuid5(each, str(self._number)) for each, _ in fresh],
                keys,
                values,
            )

    async def relay(self) -> None:
        """Send what is unsent, then mark it."""
        async with self._pool.acquire() as connection:
            while True:
                self._committed.clear()
                rows = await connection.fetch(
                    f"SELECT seq, event_id, key, payload FROM outbox_{self._number} WHERE sent_at IS NULL ORDER BY seq LIMIT $1",  # noqa: S608
                    RELAYED_AT_ONCE,
                )
                if not rows:
                    await _wait(self._committed, RELAY_POLL_SECONDS)
                    continue
                await send(
                    self._producer,
                    topic(self._prefix, self._number + 1),
                    [(row["key"], row["payload"], row["event_id"]) for row in rows],
                )
                await connection.execute(
                    f"UPDATE outbox_{self._number} SET sent_at = now() WHERE seq = ANY($1)",  # noqa: S608
                    [row["seq"] for row in rows],
                )


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


async def send(producer: Any, to: str, messages: list[tuple[str, bytes, UUID]]) -> None:
    """Send in whole batches, as the kit's relay does."""
    by_partition: dict[int, list[tuple[str, bytes, UUID]]] = {}
    for message in messages:
        by_partition.setdefault(UUID(message[0]).int % PARTITIONS, []).append(message)
    await asyncio.gather(*(_send_to(producer, to, place, batch) for place, batch in by_partition.items()))


async def _send_to(producer: Any, to: str, partition: int, messages: list[tuple[str, bytes, UUID]]) -> None:
    left = messages
    while left:
        batch, taken = producer.create_batch(), 0
        for key, value, event_id in left:
            headers = [("ce_id", str(event_id).encode())]
            if batch.append(key=key.encode(), value=value, timestamp=None, headers=headers) is None:
                break
            taken += 1
        await (await producer.send_batch(batch, to, partition=partition))
        left = left[taken:]


def producer_for(kafka: KafkaAccess) -> Any:
    """A producer with the settings of the kit's."""
    return AIOKafkaProducer(**kafka.client(), enable_idempotence=True, acks="all", max_batch_size=LARGEST_BATCH)


async def main(number: int) -> None:
    """Work as stage ``number`` until ended."""
    kafka, prefix = KafkaAccess.from_environment(os.environ), os.environ["FLOOR_PREFIX"]
    if kafka is None:
        sys.exit("there is no CLAIMSTREAM_KAFKA")
    producer = producer_for(kafka)
    await producer.start()
    consumer = AIOKafkaConsumer(
        topic(prefix, number),
        **kafka.client(),
        group_id=f"{prefix}{number}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_records=BATCH,
        fetch_max_wait_ms=100,
        max_partition_fetch_bytes=4_000_000,
    )
    await consumer.start()
    while not consumer.assignment():
        await consumer.getmany(timeout_ms=100)
    async with asyncpg.create_pool(os.environ["FLOOR_DATABASE"], min_size=2, max_size=2) as pool:
        stage = Stage(number, prefix, pool, producer)
        print("ready", flush=True)  # noqa: T201  whoever started it waits for this
        await asyncio.gather(stage.consume(consumer), stage.relay())


def run() -> None:
    """Work as the stage that the command line names."""
    asyncio.run(main(int(sys.argv[1])))
