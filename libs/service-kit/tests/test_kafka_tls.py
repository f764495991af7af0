"""Kafka is told nothing, no name and no password, before it has shown a certificate for its name of the authority that is named."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError
from claimstream_kit.testing_tls import Front, a_certificate, shows
from claimstream_local_servers import LocalKafka
from claimstream_local_servers.places import free_port

from .builders import settings

DATABASE = "postgresql://toy@127.0.0.1:5432/toy"


@pytest.fixture(scope="module")
def kafka(tmp_path_factory):
    """A broker with a listener that tells its clients to come to the port of a front; how to reach both."""
    kafka, port = LocalKafka(tmp_path_factory.mktemp("kafka")), free_port()
    behind = kafka.serve_behind(port)
    try:
        yield kafka.start(), port, behind
    finally:
        kafka.remove()


@asynccontextmanager
async def fronted(kafka, tls):
    """TLS before the broker, and what a service is told of it, but the certificates."""
    server, port, behind = kafka
    front = Front(("127.0.0.1", behind), tls)
    listening = await asyncio.start_server(front.let_in, "127.0.0.1", port, ssl=tls)
    told = {
        "kafka": f"127.0.0.1:{port}",
        "kafka_security_protocol": "SASL_SSL",
        "kafka_user": "admin",
        "kafka_password": server.passwords["admin"],
    }
    try:
        yield front, told
    finally:
        listening.close()


async def tell(access, topic):
    """Make a topic and say something on it, which goes to where the broker tells its clients to go."""
    admin = AIOKafkaAdminClient(**access.client())
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()
    producer = AIOKafkaProducer(**access.client())
    await producer.start()
    try:
        return await producer.send_and_wait(topic, b"{}")
    finally:
        await producer.stop()


async def test_a_service_comes_over_tls_says_who_it_is_and_shows_its_certificate(kafka, tmp_path):
    certificate, key = a_certificate(tmp_path)
    ours, our_key = a_certificate(tmp_path, "toy-svc")
    async with fronted(kafka, shows(certificate, key, asks_for=ours)) as (front, told):
        access = settings(
            DATABASE, **told, kafka_ca=certificate, kafka_client_cert=ours, kafka_client_key=our_key
        ).kafka_access

        said = await tell(access, "over.tls")

    assert said.offset == 0
    assert {client["subject"] for client in front.clients} == {((("commonName", "toy-svc"),),)}


@pytest.mark.parametrize("name", ["another authority", "another name"])
async def test_a_broker_whose_certificate_does_not_hold_is_told_nothing(kafka, tmp_path, name):
    certificate, key = a_certificate(tmp_path, address="127.0.0.1" if name == "another authority" else "127.0.0.2")
    other, _ = a_certificate(tmp_path, "other.example")
    trusted = other if name == "another authority" else certificate
    async with fronted(kafka, shows(certificate, key)) as (front, told):
        with pytest.raises(KafkaConnectionError):
            await tell(settings(DATABASE, **told, kafka_ca=trusted).kafka_access, "never.said")

    assert front.clients == []
