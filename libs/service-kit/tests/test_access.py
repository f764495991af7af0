"""Nobody says or hears anything on Kafka but by the access lists, which come from the list of topics."""

import asyncio
import socket
import struct

import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError
from claimstream_kit.access_lists import BEGINS_WITH, GROUP, READ, TOPIC, WRITE, Allowed, allow, allowed
from claimstream_kit.bus.access import KafkaAccess
from claimstream_kit.bus.kafka import KafkaPublisher
from claimstream_kit.bus.port import Outgoing
from claimstream_kit.testing import TOPICS, access_of
from claimstream_kit.topics import create_topics, read_topics
from claimstream_local_servers import LocalKafka

SERVICES = ("coding-svc", "claim-svc", "clearinghouse-gw", "remit-svc", "denial-svc")
ERA = "era.received"
VERSIONS = (18, 0)
QUESTIONS = {
    "produce": (0, 9),
    "fetch": (1, 12),
    "metadata": (3, 8),
    "vote": (52, 0),
    "create acls": (30, 1),
    "scram": (51, 0),
}
"""Requests of Kafka's protocol, with a version of each that the broker knows."""


@pytest.fixture(scope="module")
async def guarded(kafka_server):
    """The broker with the project's topics and access lists under a prefix, and the prefix."""
    if not kafka_server.passwords:
        pytest.skip("this broker asks nobody who they are")
    prefix = "guarded."
    admin = access_of(kafka_server)
    await create_topics(admin, read_topics(TOPICS), prefix=prefix)
    await allow(admin, allowed(TOPICS, prefix=prefix))
    return kafka_server, prefix


async def tell(access: KafkaAccess, topic: str) -> None:
    producer = AIOKafkaProducer(**access.client())
    await producer.start()
    try:
        await producer.send_and_wait(topic, b"{}", key=b"p/1")
    finally:
        await producer.stop()


async def hear(access: KafkaAccess, topic: str, group: str | None = None) -> int:
    """How many records come of the topic; with a group, as its member."""
    consumer = AIOKafkaConsumer(
        **access.client(), group_id=group, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, number) for number in range(6)])
        if group is not None:
            await consumer.commit({TopicPartition(topic, 0): 0})
        fetched = await consumer.getmany(timeout_ms=5_000)
        return sum(map(len, fetched.values()))
    finally:
        await consumer.stop()


async def test_an_era_that_another_service_forges_is_refused_by_the_broker(guarded):
    server, prefix = guarded

    for service in set(SERVICES) - {"clearinghouse-gw"}:
        with pytest.raises(TopicAuthorizationFailedError):
            await tell(access_of(server, service), prefix + ERA)

    await tell(access_of(server, "clearinghouse-gw"), prefix + ERA)


async def test_each_topic_is_written_by_who_it_is_from_and_by_nobody_else(guarded):
    server, prefix = guarded
    rights = allowed(TOPICS)

    for topic in read_topics(TOPICS):
        writers = {each.user for each in rights if (each.kind, each.operation, each.name) == (TOPIC, WRITE, topic.name)}
        assert writers
        assert writers <= set(SERVICES)
        for service in SERVICES:
            if service in writers:
                await tell(access_of(server, service), prefix + topic.name)
            else:
                with pytest.raises(TopicAuthorizationFailedError):
                    await tell(access_of(server, service), prefix + topic.name)


async def test_who_reads_writes_nothing(guarded):
    server, prefix = guarded
    await tell(access_of(server, "remit-svc"), prefix + "claim.denied")

    for reader in ("auditor", "integrator"):
        assert await hear(access_of(server, reader), prefix + "claim.denied") > 0
        with pytest.raises(TopicAuthorizationFailedError):
            await tell(access_of(server, reader), prefix + ERA)


async def test_an_integrator_has_a_group_of_its_own_and_not_that_of_a_service(guarded):
    server, prefix = guarded
    await tell(access_of(server, "remit-svc"), prefix + "claim.denied")
    integrator = access_of(server, "integrator")

    assert await hear(integrator, prefix + "claim.denied", f"{prefix}integrator.ledger") > 0
    with pytest.raises(GroupAuthorizationFailedError):
        await hear(integrator, prefix + "claim.denied", f"{prefix}denial-svc")
    with pytest.raises(GroupAuthorizationFailedError):
        await hear(access_of(server, "remit-svc"), prefix + "claim.denied", f"{prefix}denial-svc")


async def test_a_service_hears_no_topic_that_is_not_for_it(guarded):
    server, prefix = guarded
    await tell(access_of(server, "clearinghouse-gw"), prefix + ERA)

    assert await hear(access_of(server, "remit-svc"), prefix + ERA) > 0
    assert await hear(access_of(server, "denial-svc"), prefix + ERA) == 0


async def test_nobody_but_the_administrator_makes_topics_or_access_lists(guarded):
    server, prefix = guarded

    for user in (*SERVICES, "auditor", "integrator"):
        access = access_of(server, user)
        with pytest.raises(PermissionError):
            await allow(access, frozenset({Allowed(user, WRITE, TOPIC, prefix + ERA)}))
        client = AIOKafkaAdminClient(**access.client())
        await client.start()
        answer = await client.create_topics([NewTopic(f"{prefix}mine", 1, 1)])
        await client.close()
        assert [code for _, code, *_ in answer.topic_errors] == [TopicAuthorizationFailedError.errno]


@pytest.mark.parametrize(
    ("protocol", "user", "password"),
    [
        ("PLAINTEXT", None, None),
        ("SASL_PLAINTEXT", "claim-svc", "wrong"),
        ("SASL_PLAINTEXT", "nobody", "wrong"),
        ("SASL_PLAINTEXT", "broker", ""),
    ],
)
async def test_who_shows_no_password_or_a_wrong_one_gets_nothing(guarded, protocol, user, password):
    server, prefix = guarded
    stranger = KafkaAccess(server.bootstrap, protocol, user=user, password=password)

    with pytest.raises(KafkaError):
        async with asyncio.timeout(30):
            await tell(stranger, prefix + ERA)


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_port_of_the_broker_answers_who_has_not_said_who_they_are(guarded, servers, question):
    server, _ = guarded
    ports = listening(LocalKafka(servers.home / "kafka"))
    assert len(ports) == 2
    assert int(server.bootstrap.rsplit(":", 1)[1]) in ports

    for port in ports:
        assert ask(port, *VERSIONS) != b""  # it is Kafka, and says which protocol it speaks
        assert ask(port, *QUESTIONS[question]) == b""


def test_the_listener_behind_a_proxy_asks_as_well(tmp_path):
    kafka = LocalKafka(tmp_path)
    behind = kafka.serve_behind(1)
    try:
        kafka.start()
        ports = listening(kafka)

        assert len(ports) == 3
        assert behind in ports
        assert {ask(port, *QUESTIONS["metadata"]) for port in ports} == {b""}
    finally:
        kafka.remove()


def listening(kafka: LocalKafka) -> set[int]:
    process = psutil.Process(kafka.process().pid)
    return {each.laddr.port for each in process.net_connections("tcp") if each.status == "LISTEN"}


def ask(port: int, key: int, version: int) -> bytes:
    """What a port answers to one question without a word of who asks; nothing where it hangs up."""
    request = struct.pack(">hhih", key, version, 7, -1) + bytes(64 if (key, version) != VERSIONS else 0)
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.settimeout(20)
        connection.sendall(struct.pack(">i", len(request)) + request)
        try:
            return connection.recv(4096)
        except ConnectionResetError:
            return b""


def test_the_access_lists_are_those_of_the_list_of_topics():
    rights = allowed(TOPICS, prefix="x.")

    assert Allowed("clearinghouse-gw", WRITE, TOPIC, "x.era.received") in rights
    assert Allowed("remit-svc", READ, TOPIC, "x.era.received") in rights
    assert Allowed("remit-svc", WRITE, TOPIC, "x.era.received.dead") in rights
    assert {each.user for each in rights if each.name == "x.audit.sealed" and each.operation == WRITE} == set(SERVICES)
    groups = {(each.user, each.name) for each in rights if each.kind == GROUP and each.user in SERVICES}
    assert groups == {(each, f"x.{each}") for each in SERVICES}
    assert [each for each in rights if each.pattern == BEGINS_WITH] == [
        Allowed("integrator", READ, GROUP, "x.integrator", BEGINS_WITH)
    ]


async def test_what_a_relay_may_not_say_is_an_outage_that_names_the_reason(guarded):
    server, prefix = guarded
    publisher = KafkaPublisher(access_of(server, "claim-svc"), prefix=prefix)

    with pytest.raises(ConnectionError, match="TopicAuthorizationFailed"):
        await publisher.send([Outgoing(ERA, "p/1", b"{}", [])])
    await publisher.stop()
