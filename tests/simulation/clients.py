"""Under the kit's own Kafka module: a producer and a consumer that speak to the simulated broker, and fail as real ones do."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, KafkaTimeoutError
from claimstream_kit.bus.access import KafkaAccess
from claimstream_kit.bus.kafka import AFTER_SEND, LARGEST_BATCH, KafkaSubscriber
from claimstream_kit.bus.port import Record, WorkBatch

from .bus import Bus


async def deliver(bus: Bus, group: str, records: Sequence[Record], work: WorkBatch) -> None:
    """The kit's subscriber is brought one batch, and partitions are being revoked while it has it in hand."""
    subscriber = KafkaSubscriber(
        KafkaAccess("simulated:1"), group, list(dict.fromkeys(record.topic for record in records)), replica="0"
    )
    revoking: list[asyncio.Task[None]] = []

    async def work_and_revoke(batch: Sequence[Record]) -> None:
        await work(batch)
        revoking.append(asyncio.create_task(subscriber.on_partitions_revoked([])))
        await asyncio.sleep(0)
        if revoking[0].done():
            revoking[0].result()  # it can only have crashed: the batch is still in hand

    bus.note(group, records)
    _Consumer.next = _Consumer(bus, group, records, subscriber)
    await subscriber._run_once(work_and_revoke)
    for task in revoking:
        await task


class _Batch:
    """Messages for one partition, until it is full."""

    def __init__(self) -> None:
        self.messages: list[tuple[bytes, bytes, list[tuple[str, bytes]]]] = []
        self._size = 0

    def append(self, *, key: bytes, value: bytes, timestamp: None, headers: list[tuple[str, bytes]]) -> object | None:
        """Add a message; None when there is no room for it."""
        del timestamp
        self._size += len(value)
        if self.messages and self._size > LARGEST_BATCH:
            return None
        self.messages.append((key, value, headers))
        return self


class _Producer:
    """Takes batches, and acknowledges them later; or says that it failed, whatever became of them."""

    bus: Bus

    async def start(self) -> None:
        """It is there."""

    async def stop(self) -> None:
        """It goes."""

    async def partitions_for(self, topic: str) -> set[int]:
        """The partitions of a topic."""
        return set(range(self.bus.partitions[topic]))

    def create_batch(self) -> _Batch:
        """An empty one."""
        return _Batch()

    async def send_batch(self, batch: _Batch, topic: str, *, partition: int) -> "asyncio.Future[None]":
        """Take a batch; it is on its way when the caller waits."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        loop.call_soon(self._arrive, self.bus, batch, topic, partition, future)
        return future

    def _arrive(self, bus: Bus, batch: _Batch, topic: str, partition: int, future: "asyncio.Future[None]") -> None:
        failure = bus.faults.takes("bus-took-nothing", "bus-took-some", "bus-took-all")
        died = bus.faults.hit is not None and bus.faults.hit.place == AFTER_SEND.name
        half = (len(batch.messages) + 1) // 2
        taken = {"bus-took-nothing": 0, "bus-took-some": half}.get(failure or "", half if died else len(batch.messages))
        for key, value, headers in batch.messages[:taken]:
            bus.append(topic, key.decode(), value, headers, partition)
        if future.done():
            return
        if failure is None:
            future.set_result(None)
        else:
            future.set_exception(KafkaTimeoutError())


class _Consumer:
    """A member of a group that is brought one batch, and then told to stop."""

    next: "_Consumer"

    def __init__(self, bus: Bus, group: str, records: Sequence[Record], subscriber: KafkaSubscriber) -> None:
        self._bus = bus
        self._group = group
        self._records = list(records)
        self._subscriber = subscriber
        self._partitions = {TopicPartition(each.topic, each.partition) for each in records}

    def subscribe(self, topics: list[str], listener: object) -> None:
        """It is told what to bring already."""

    async def start(self) -> None:
        """It is there."""

    async def stop(self) -> None:
        """It goes."""

    async def getmany(self, *, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[SimpleNamespace]]:
        """The batch; after it nothing."""
        del timeout_ms, max_records
        fetched: dict[TopicPartition, list[SimpleNamespace]] = {}
        for each in self._records:
            place = TopicPartition(each.topic, each.partition)
            fetched.setdefault(place, []).append(
                SimpleNamespace(
                    topic=each.topic, partition=each.partition, offset=each.offset, key=each.key.encode(), value=each.value,
                    headers=each.headers,
                )
            )  # fmt: skip
        self._records = []
        if not fetched:
            self._subscriber._stopping.set()
        return fetched

    def assignment(self) -> set[TopicPartition]:
        """Its partitions stay its own until the listener has returned."""
        return self._partitions

    async def committed(self, partition: TopicPartition) -> int | None:
        """How far the group is."""
        return self._bus.offsets.get((self._group, (partition.topic, partition.partition)))

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        """Keep the offsets, unless the group has begun without us."""
        if self._bus.faults.takes("offsets-lost") is not None:
            raise CommitFailedError("the simulated group has rebalanced")
        for place, offset in offsets.items():
            kept = (self._group, (place.topic, place.partition))
            self._bus.offsets[kept] = max(self._bus.offsets[kept], offset)


def use(bus: Bus) -> None:
    """From now on producers speak to this broker."""
    _Producer.bus = bus


def next_producer(**_settings: Any) -> _Producer:
    """Instead of aiokafka's own."""
    return _Producer()


def next_consumer(**_settings: Any) -> _Consumer:
    """Instead of aiokafka's own."""
    return _Consumer.next
