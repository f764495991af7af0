"""The bus on a real Kafka: what is sent arrives in order; what is not committed comes again."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.conn import CloseReason
from aiokafka.errors import KafkaError
from claimstream_kit.bus.access import KafkaAccess
from claimstream_kit.bus.kafka import KafkaPublisher, KafkaSubscriber, partition_of
from claimstream_kit.bus.port import Outgoing
from claimstream_kit.telemetry import OFFSETS_SKIPPED
from claimstream_kit.topics import Topic, create_topics


def messages(count: int, first: int = 0) -> list[Outgoing]:
    return [
        Outgoing("claim.held", f"p/{number % 3}", str(number).encode(), [("h", b"v")])
        for number in range(first, first + count)
    ]


class Reader:
    """A group member that keeps what it works on, and can be told to fail."""

    def __init__(self, kafka: KafkaAccess, prefix: str, *, replica: str = "0") -> None:
        self.subscriber = KafkaSubscriber(kafka, "reader", ["claim.held"], replica=replica, prefix=prefix)
        self.seen: list[tuple[str, bytes]] = []
        self.headers: list[list[tuple[str, bytes]]] = []
        self.fails = False
        self.task = asyncio.create_task(self.subscriber.run(self.work))

    async def work(self, records) -> None:
        if self.fails:
            raise ConnectionError
        self.seen += [(record.key, record.value) for record in records]
        self.headers += [record.headers for record in records]

    async def has(self, count: int) -> None:
        async with asyncio.timeout(30):
            while len(self.seen) < count:  # noqa: ASYNC110  the reader is watched from outside
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        await self.subscriber.stop()
        await self.task


async def test_what_is_sent_arrives_once_in_order_per_key_and_goes_on_after_a_restart(kafka, unique_prefix):
    await create_topics(kafka, (Topic("claim.held", 3, 1),), prefix=unique_prefix)
    publisher = KafkaPublisher(kafka, prefix=unique_prefix)
    await publisher.start()
    await publisher.send(messages(30))
    first = Reader(kafka, unique_prefix)
    await first.has(30)
    await first.stop()

    await publisher.send(messages(30, 30))
    second = Reader(kafka, unique_prefix)
    await second.has(30)
    await asyncio.sleep(0.5)
    lag = await second.subscriber.lag()
    await second.stop()
    await publisher.stop()

    assert sorted(int(value) for _, value in first.seen) == list(range(30))
    assert sorted(int(value) for _, value in second.seen) == list(range(30, 60))
    for reader in (first, second):
        for key in ("p/0", "p/1", "p/2"):
            of_key = [int(value) for each, value in reader.seen if each == key]
            assert of_key == sorted(of_key)
    assert lag == 0


async def test_records_that_went_before_anybody_heard_them_are_counted_and_stop_nobody(kafka, unique_prefix):
    await create_topics(kafka, (Topic("claim.held", 1, 1),), prefix=unique_prefix)
    publisher = KafkaPublisher(kafka, prefix=unique_prefix)
    await publisher.start()
    await publisher.send(messages(5))
    first = Reader(kafka, unique_prefix)
    await first.has(5)
    await first.stop()
    skipped = OFFSETS_SKIPPED.labels("reader", "claim.held")
    before = skipped._value.get()
    await publisher.send(messages(8, 5))
    await forget_before(kafka, TopicPartition(f"{unique_prefix}claim.held", 0), 9)

    second = Reader(kafka, unique_prefix)
    await second.has(4)
    await second.stop()
    await publisher.stop()

    assert [int(value) for _, value in second.seen] == [9, 10, 11, 12]
    assert skipped._value.get() - before == 4


async def test_a_header_without_a_value_stops_nobody(kafka, unique_prefix):
    await create_topics(kafka, (Topic("claim.held", 1, 1),), prefix=unique_prefix)
    producer = AIOKafkaProducer(**kafka.client())
    await producer.start()
    await producer.send_and_wait(f"{unique_prefix}claim.held", b"{}", key=b"p/1", headers=[("ce_place", None)])
    await producer.stop()
    reader = Reader(kafka, unique_prefix)
    await reader.has(1)
    await reader.stop()

    assert reader.headers == [[("ce_place", b"")]]


async def forget_before(kafka: KafkaAccess, partition: TopicPartition, offset: int) -> None:
    """As retention does."""
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    await admin.delete_records({partition: RecordsToDelete(before_offset=offset)})
    await admin.close()


async def test_a_batch_whose_work_failed_comes_again(kafka, unique_prefix):
    await create_topics(kafka, (Topic("claim.held", 1, 1),), prefix=unique_prefix)
    publisher = KafkaPublisher(kafka, prefix=unique_prefix)
    await publisher.start()
    reader = Reader(kafka, unique_prefix)
    reader.fails = True
    await publisher.send(messages(5))
    await asyncio.sleep(3)
    assert reader.seen == []

    reader.fails = False
    await reader.has(5)
    await reader.stop()
    await publisher.stop()

    assert [int(value) for _, value in reader.seen] == [0, 1, 2, 3, 4]


@pytest.fixture
async def five_heard(kafka, unique_prefix, monkeypatch):
    """A publisher, and a reader that has heard five messages and soon asks when it hears no more."""
    monkeypatch.setattr("claimstream_kit.bus.kafka.SILENCE_SECONDS", 0.5)
    await create_topics(kafka, (Topic("claim.held", 1, 1),), prefix=unique_prefix)
    publisher = KafkaPublisher(kafka, prefix=unique_prefix)
    await publisher.start()
    reader = Reader(kafka, unique_prefix)
    await publisher.send(messages(5))
    await reader.has(5)

    yield publisher, reader
    await reader.stop()
    await publisher.stop()


async def test_a_consumer_that_lost_kafka_without_noticing_gives_way_to_a_new_one(five_heard, monkeypatch):
    monkeypatch.setattr("claimstream_kit.bus.kafka.ALIVE_SECONDS", 1.0)
    publisher, reader = five_heard

    client = reader.subscriber._consumer._client
    client._sync_task.cancel()  # as an error that aiokafka does not catch ends it
    for connection in list(client._conns.values()):
        connection.close(reason=CloseReason.CONNECTION_BROKEN)
    await asyncio.sleep(0.2)
    unknown = await reader.subscriber.lag()
    async with asyncio.timeout(20):
        while await reader.subscriber.lag() < 0:  # noqa: ASYNC110  the reader is watched from outside
            await asyncio.sleep(0.1)
    await publisher.send(messages(5, 5))
    await reader.has(10)

    assert unknown == -1
    assert [int(value) for _, value in reader.seen] == list(range(10))


async def test_a_consumer_that_looks_for_its_coordinator_no_more_gives_way_to_a_new_one(five_heard, monkeypatch):
    publisher, reader = five_heard

    lost = reader.subscriber._consumer
    monkeypatch.setattr(lost._coordinator, "ensure_coordinator_known", asyncio.Event().wait)
    lost._coordinator.coordinator_dead()
    async with asyncio.timeout(20):
        while reader.subscriber._consumer is lost or not reader.subscriber.is_assigned:  # noqa: ASYNC110  watched from outside
            await asyncio.sleep(0.1)
    await publisher.send(messages(5, 5))
    await reader.has(10)

    assert [int(value) for _, value in reader.seen] == list(range(10))


async def test_a_consumer_that_ends_with_a_cancellation_of_its_own_does_not_end_the_subscriber(
    kafka, unique_prefix, monkeypatch
):
    stop, getmany = AIOKafkaConsumer.stop, AIOKafkaConsumer.getmany
    failed = []

    async def cancelled(consumer):
        await stop(consumer)
        raise asyncio.CancelledError  # as aiokafka does when it waits for a request that it has cancelled

    async def breaks_once(consumer, **how):
        if not failed:
            failed.append(consumer)
            raise KafkaError
        return await getmany(consumer, **how)

    monkeypatch.setattr(AIOKafkaConsumer, "stop", cancelled)
    monkeypatch.setattr(AIOKafkaConsumer, "getmany", breaks_once)
    await create_topics(kafka, (Topic("claim.held", 1, 1),), prefix=unique_prefix)
    publisher = KafkaPublisher(kafka, prefix=unique_prefix)
    await publisher.start()
    await publisher.send(messages(5))

    reader = Reader(kafka, unique_prefix)
    await reader.has(5)
    await reader.stop()
    await publisher.stop()

    assert failed
    assert [int(value) for _, value in reader.seen] == [0, 1, 2, 3, 4]


async def test_topics_are_made_once_with_their_retention(kafka, unique_prefix):
    topics = (Topic("claim.held", 2, 14), Topic("practice.changed", 1, None, compacted=True))

    first = await create_topics(kafka, topics, prefix=unique_prefix)
    second = await create_topics(kafka, topics, prefix=unique_prefix)

    assert (sorted(first), second) == (["claim.held", "practice.changed"], [])


async def test_more_than_a_batch_holds_arrives_whole_and_in_order(kafka, unique_prefix):
    await create_topics(kafka, (Topic("claim.held", 2, 1),), prefix=unique_prefix)
    publisher = KafkaPublisher(kafka, prefix=unique_prefix)
    large = [
        Outgoing("claim.held", f"p/{number % 3}", str(number).encode() + bytes(250_000), []) for number in range(15)
    ]
    reader = Reader(kafka, unique_prefix)

    await publisher.send(large)
    await reader.has(15)
    await reader.stop()
    await publisher.stop()

    assert sorted(int(value.rstrip(b"\0")) for _, value in reader.seen) == list(range(15))
    for key in ("p/0", "p/1", "p/2"):
        of_key = [int(value.rstrip(b"\0")) for each, value in reader.seen if each == key]
        assert of_key == sorted(of_key)


async def test_a_batch_that_kafka_does_not_take_is_an_outage_and_the_next_one_goes_through(kafka, unique_prefix):
    await create_topics(kafka, (Topic("claim.held", 1, 1),), prefix=unique_prefix)
    publisher = KafkaPublisher(kafka, prefix=unique_prefix)
    reader = Reader(kafka, unique_prefix)

    with pytest.raises(ConnectionError, match="MessageSizeTooLarge"):
        await publisher.send([Outgoing("claim.held", "p/0", bytes(3_000_000), [])])
    await publisher.send(messages(5))
    await reader.has(5)
    await reader.stop()
    await publisher.stop()

    assert [int(value) for _, value in reader.seen] == list(range(5))


def test_a_key_goes_to_the_partition_that_kafkas_own_clients_choose():
    # Kafka's own UtilsTest.testMurmur2: murmur2("21") = -973932308, murmur2("foobar") = -790332482.
    assert partition_of("21", 1_000_003) == (-973932308 & 0x7FFFFFFF) % 1_000_003
    assert partition_of("foobar", 1_000_003) == (-790332482 & 0x7FFFFFFF) % 1_000_003
