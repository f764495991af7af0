"""Kafka behind the port. The only module that knows aiokafka.

Offsets are committed explicitly, after the database has the batch, and only for partitions that are still ours: aiokafka
rebalances in a background task, even in the middle of a batch (its issues 929, 933, 1084).
"""

import asyncio
import time
from collections.abc import Sequence
from functools import lru_cache

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.partitioner import murmur2
from aiokafka.protocol.metadata import MetadataRequest

from ..failpoints import failpoint
from ..telemetry import OFFSETS_SKIPPED, places_of
from .access import KafkaAccess
from .port import Outgoing, Record, WorkBatch

log = structlog.get_logger()

AFTER_SEND = failpoint("relay.after-send", "the rows are handed to the producer, Kafka has not acknowledged them")
AFTER_FETCH = failpoint("consumer.after-fetch", "a batch was fetched, no transaction is open")
AFTER_WORK = failpoint("consumer.after-commit", "the database has a batch's effects, its offsets are not committed")
INSIDE_REVOKE = failpoint("consumer.inside-revoke", "partitions are being taken away, a batch may be in hand")

SESSION_TIMEOUT_MS = 6_000
"""How long Kafka waits for a dead member before its partitions move: recovery must stay under ten seconds."""

MAX_POLL_INTERVAL_MS = 120_000

REBALANCE_TIMEOUT_MS = 15_000
"""How long a group waits for a member that does not come back with its answer, as one whose connection broke in the middle of a rebalance. One that is
put out with a batch in hand does no harm: the inbox knows what was done."""

SILENCE_SECONDS, ALIVE_SECONDS, UNASSIGNED_SECONDS, CLOSE_SECONDS = 3.0, 5.0, 15.0, 10.0
"""A consumer that heard nothing for so long is asked where its partitions end. One that cannot say it in time, or gets no partitions, may have
lost Kafka for good without noticing, as aiokafka's does after some broken connections, and gives way to a new one."""

LAG_SECONDS = 1.5

LARGEST_REQUEST = 1_000_000
LARGEST_BATCH = 900_000
"""Bytes that go to a partition at once; a single record may be larger."""


class KafkaPublisher:
    """An idempotent producer with ``acks=all``, with one batch in flight for each partition: a failed batch never lets a later one pass."""

    def __init__(self, access: KafkaAccess, *, prefix: str = "") -> None:
        """``prefix`` goes before each topic's name."""
        self._access = access
        self._prefix = prefix
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect; tries again until the broker answers."""
        while self._producer is None:
            producer = AIOKafkaProducer(
                **self._access.client(),
                enable_idempotence=True,
                acks="all",
                max_request_size=LARGEST_REQUEST,
                max_batch_size=LARGEST_BATCH,
                compression_type=None,
            )
            try:
                await producer.start()
            except (KafkaError, OSError) as error:
                await producer.stop()
                log.warning("kafka is away", error=type(error).__name__)
                await asyncio.sleep(0.5)
                continue
            self._producer = producer

    async def stop(self) -> None:
        """Send what is left and disconnect."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def send(self, messages: Sequence[Outgoing]) -> None:
        """Send all, those of a partition in their order, and wait for every acknowledgement.

        Raises:
            ConnectionError: Kafka did not take all of them; which ones it has is not known. The next call begins with a new producer.
        """
        await self.start()
        try:
            partitions = await self._by_partition(messages)
            sent = await asyncio.gather(
                *(self._send_in_order(*place, batch) for place, batch in partitions.items()), return_exceptions=True
            )
        except KafkaError as error:
            sent = [error]
        failed = next((each for each in sent if isinstance(each, BaseException)), None)
        if failed is None:
            return
        await self.stop()
        if not isinstance(failed, KafkaError):
            raise failed
        raise ConnectionError(type(failed).__name__) from failed

    async def _by_partition(self, messages: Sequence[Outgoing]) -> dict[tuple[str, int], list[Outgoing]]:
        found: dict[tuple[str, int], list[Outgoing]] = {}
        counts: dict[str, int] = {}
        for message in messages:
            if message.topic not in counts:
                counts[message.topic] = len(await self._started.partitions_for(self._prefix + message.topic))
            found.setdefault((message.topic, partition_of(message.key, counts[message.topic])), []).append(message)
        return found

    async def _send_in_order(self, topic: str, partition: int, messages: Sequence[Outgoing]) -> None:
        left = list(messages)
        while left:
            batch = self._started.create_batch()
            taken = 0
            while taken < len(left):
                message = left[taken]
                key, value, headers = message.key.encode(), message.value, message.headers
                if batch.append(key=key, value=value, timestamp=None, headers=headers) is None:
                    break
                taken += 1
            acknowledged = await self._started.send_batch(batch, self._prefix + topic, partition=partition)
            AFTER_SEND.reached()
            await acknowledged
            left = left[taken:]

    @property
    def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            msg = "the publisher is not started"
            raise ConnectionError(msg)
        return self._producer


class AskKafka:
    """Asks a broker for its topics on a connection of its own, which is given up when it does not answer."""

    def __init__(self, access: KafkaAccess) -> None:
        """Connects when it first asks."""
        self._access = access
        self._client: AIOKafkaClient | None = None

    async def __call__(self) -> None:
        """Ask.

        Raises:
            ConnectionError: it is not there.
        """
        try:
            answers = await self._asked()
        except KafkaError as error:
            await self.give_up()
            raise ConnectionError(type(error).__name__) from error
        except BaseException:
            await self.give_up()
            raise
        if not answers:
            await self.give_up()
            msg = "no metadata"
            raise ConnectionError(msg)

    async def _asked(self) -> bool:
        if self._client is None:
            self._client = AIOKafkaClient(**self._access.client())
            await self._client.bootstrap()
        return bool(await self._client.force_metadata_update())

    async def give_up(self) -> None:
        """Leave the connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()


@lru_cache(maxsize=16_384)
def partition_of(key: str, partitions: int) -> int:
    """The partition of a key, as Kafka's own clients count it (murmur2), so that other producers agree with ours."""
    return int(murmur2(key.encode()) & 0x7FFFFFFF) % partitions


async def _end(consumer: AIOKafkaConsumer) -> None:
    """Stop a consumer, whatever state its connections are in.

    As a task of its own: aiokafka waits for requests that it has cancelled itself, whose CancelledError would end who asked. Its client
    is left open then, with a task that goes on for ever.
    """
    for end in (consumer.stop, consumer._client.close):  # noqa: SLF001  what stop leaves open nobody else closes
        ending = asyncio.ensure_future(end())
        await asyncio.wait({ending}, timeout=CLOSE_SECONDS)
        if not ending.done():
            ending.cancel()
        elif not ending.cancelled() and (error := ending.exception()):
            log.info("consumer ended", error=type(error).__name__)


async def _cluster_of(consumer: AIOKafkaConsumer) -> str:
    """The id of the cluster that a consumer is connected to; aiokafka asks for it, and forgets it."""
    answer = await consumer._client.send(consumer._client.get_random_node(), MetadataRequest(topics=[]))  # noqa: SLF001
    return str(answer.cluster_id)


class KafkaSubscriber(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """A consumer group member: static membership, explicit commits, one batch at a time."""

    def __init__(  # noqa: PLR0913  each is a fact of its own
        self,
        access: KafkaAccess,
        group: str,
        topics: Sequence[str],
        *,
        replica: str,
        prefix: str = "",
        batch_size: int = 500,
    ) -> None:
        """``replica`` is a stable name: a restart rejoins at once instead of waiting for the dead member's session."""
        self._topics = topics
        self._prefix = prefix
        self._access = access
        self._group = prefix + group
        self._replica = replica
        self._batch_size = batch_size
        self._consumer: AIOKafkaConsumer | None = None
        self._in_hand = asyncio.Lock()
        self._done: dict[TopicPartition, int] = {}
        self._next: dict[TopicPartition, int] = {}
        self._stopping = asyncio.Event()
        self._assigned = False
        self._cluster = ""

    @property
    def is_assigned(self) -> bool:
        """Whether partitions are assigned."""
        return self._assigned

    async def run(self, work: WorkBatch) -> None:
        """Bring batches to ``work`` until stopped; a lost broker is waited for."""
        while not self._stopping.is_set():
            try:
                await self._run_once(work)
            except (KafkaError, ConnectionError, TimeoutError) as error:
                log.warning("kafka is away", error=type(error).__name__)
                await asyncio.sleep(0.5)
            except Exception as error:  # noqa: BLE001  a consumer that dies in silence would lose its service
                log.warning("consumer begins again", error=type(error).__name__, places=places_of(error))
                await asyncio.sleep(1)

    async def _run_once(self, work: WorkBatch) -> None:
        consumer = AIOKafkaConsumer(
            **self._access.client(),
            group_id=self._group,
            group_instance_id=f"{self._group}-{self._replica}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=1_500,
            max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
            rebalance_timeout_ms=REBALANCE_TIMEOUT_MS,
            max_poll_records=self._batch_size,
            fetch_max_wait_ms=500,
            max_partition_fetch_bytes=4_000_000,
            metadata_max_age_ms=30_000,
        )
        consumer.subscribe([self._prefix + topic for topic in self._topics], listener=self)
        self._consumer = consumer
        try:
            await consumer.start()
            self._cluster = await _cluster_of(consumer)
            heard = time.monotonic()
            while not self._stopping.is_set():
                fetched = await consumer.getmany(timeout_ms=200, max_records=self._batch_size)
                if not fetched:
                    heard = await self._look_alive(consumer, heard)
                    continue
                heard = time.monotonic()
                AFTER_FETCH.reached()
                async with self._in_hand:
                    await self._work_on(fetched, work)
        finally:
            self._assigned = False
            await _end(consumer)

    async def _look_alive(self, consumer: AIOKafkaConsumer, heard: float) -> float:
        """When Kafka was last heard of; asks it where that was long ago.

        Raises:
            KafkaError: nothing was heard of it, or no partitions came, for too long, or it answers and this consumer has no coordinator:
                another consumer has to try.
            TimeoutError: it did not answer.
        """
        silence = time.monotonic() - heard
        if silence <= SILENCE_SECONDS:
            return heard
        if not self._assigned:
            if silence > UNASSIGNED_SECONDS:
                msg = "no partitions"
                raise KafkaError(msg)
            return heard
        await asyncio.wait_for(consumer.end_offsets(list(consumer.assignment())), ALIVE_SECONDS)
        if consumer._coordinator.coordinator_id is None:  # noqa: SLF001  aiokafka may stop looking for it: nobody else can tell
            msg = "no coordinator"
            raise KafkaError(msg)
        return time.monotonic()

    async def _work_on(self, fetched: dict[TopicPartition, list[object]], work: WorkBatch) -> None:
        records = [
            Record(
                topic=record.topic.removeprefix(self._prefix),  # type: ignore[attr-defined]
                partition=record.partition,  # type: ignore[attr-defined]
                offset=record.offset,  # type: ignore[attr-defined]
                key=(record.key or b"").decode("utf-8", "replace").replace("\x00", "\ufffd"),  # type: ignore[attr-defined]
                value=record.value,  # type: ignore[attr-defined]
                headers=[(name, value or b"") for name, value in record.headers],  # type: ignore[attr-defined]  # Kafka allows none
                cluster=self._cluster,
            )
            for _, batch in sorted(fetched.items(), key=self._turn)
            for record in batch
        ]
        await self._tell_gaps(fetched)
        await work(records)
        AFTER_WORK.reached()
        self._done = {partition: batch[-1].offset + 1 for partition, batch in fetched.items()}  # type: ignore[attr-defined]
        await self._commit()

    async def _tell_gaps(self, fetched: dict[TopicPartition, list[object]]) -> None:
        """Count the offsets that were skipped. Nothing stops at them: retention, and a consumer that is new, make them by right."""
        for partition, batch in fetched.items():
            expected = self._next.get(partition)
            if expected is None and self._consumer is not None:
                expected = await self._consumer.committed(partition)
            self._next[partition] = batch[-1].offset + 1  # type: ignore[attr-defined]
            skipped = self._next[partition] - (expected or 0) - len(batch)
            if skipped > 0:
                topic = partition.topic.removeprefix(self._prefix)
                OFFSETS_SKIPPED.labels(self._group.removeprefix(self._prefix), topic).inc(skipped)
                log.warning("offsets skipped", topic=topic, partition=partition.partition, skipped=skipped)

    def _turn(self, fetched: tuple[TopicPartition, list[object]]) -> tuple[int, int]:
        """Topic by topic, as they are subscribed: what brings a fact goes before what would wait for it. There is no order between topics."""
        place, _ = fetched
        return self._topics.index(place.topic.removeprefix(self._prefix)), place.partition

    async def _commit(self) -> None:
        if self._consumer is None or not self._done:
            return
        ours = self._consumer.assignment()
        offsets = {partition: offset for partition, offset in self._done.items() if partition in ours}
        self._done = {}
        if not offsets:
            return
        try:
            await self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            log.info("offsets not committed, the batch comes again", error=type(error).__name__)

    async def on_partitions_revoked(self, revoked: object) -> None:
        """Wait for the batch in hand, so that its offsets are committed before the partitions move."""
        del revoked
        self._assigned = False
        INSIDE_REVOKE.reached()
        async with self._in_hand:
            pass

    async def on_partitions_assigned(self, assigned: object) -> None:
        """Partitions are ours; how far another replica came with them, their committed offsets say."""
        del assigned
        self._next = {}
        self._assigned = True

    async def stop(self) -> None:
        """Stop after the batch in hand."""
        self._stopping.set()
        async with self._in_hand:
            pass

    async def lag(self) -> int:
        """Records not yet worked on, over the assigned partitions; -1 while nobody knows which those are, or Kafka does not answer."""
        if self._consumer is None or not self._assigned:
            return -1
        partitions = list(self._consumer.assignment())
        try:
            async with asyncio.timeout(LAG_SECONDS):
                ends = await self._consumer.end_offsets(partitions)
                positions = {partition: await self._consumer.position(partition) for partition in partitions}
        except (KafkaError, TimeoutError):
            return -1
        return sum(max(0, int(ends[partition]) - int(positions[partition])) for partition in partitions)
