"""The topics behind the port: each read from its beginning to the end that it had when the audit began."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.helpers import create_ssl_context

from .evidence import TopicRecord

USER = "auditor"
_AT_ONCE = 5000


class KafkaTopics:
    """Reads topics without a group: nobody's offsets move."""

    def __init__(self, consumer: AIOKafkaConsumer, cluster: str, ends: dict[str, dict[TopicPartition, int]]) -> None:
        """Made by `topics_of`."""
        self._consumer = consumer
        self._cluster = cluster
        self._ends = ends

    async def records(self, topic: str) -> AsyncIterator[TopicRecord]:
        """A topic's records; in each partition in the order of their offsets."""
        ends = self._ends.get(topic, {})
        if not ends:
            return
        self._consumer.assign(list(ends))
        beginnings = await self._consumer.beginning_offsets(list(ends))
        await self._consumer.seek_to_beginning(*ends)
        left = {partition for partition, end in ends.items() if beginnings[partition] < end}
        while left:
            fetched = await self._consumer.getmany(*left, timeout_ms=1000, max_records=_AT_ONCE)
            for partition, records in fetched.items():
                for record in records:
                    if record.offset < ends[partition]:
                        key = (record.key or b"").decode("utf-8", "replace").replace("\x00", "\ufffd")
                        place = (topic, partition.partition, record.offset)
                        headers = [(name, value or b"") for name, value in record.headers]  # Kafka allows none
                        yield TopicRecord(*place, key, record.value, headers, self._cluster)
            left = {partition for partition in left if await self._consumer.position(partition) < ends[partition]}


def client_of(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a client that comes as the auditor, who may read everything and write nothing."""
    facts = plan.get("kafka", {})
    protocol = facts.get("protocol", "PLAINTEXT")
    client: dict[str, Any] = {"bootstrap_servers": plan["bootstrap"], "security_protocol": protocol}
    if protocol.startswith("SASL"):
        client["sasl_mechanism"] = facts["mechanism"]
        client["sasl_plain_username"] = USER if facts["passwords"] else facts["user"]
        client["sasl_plain_password"] = facts["passwords"][USER] if facts["passwords"] else facts["password"]
    if protocol.endswith("SSL"):
        client["ssl_context"] = create_ssl_context(
            cafile=facts.get("ca"), certfile=facts.get("certificate"), keyfile=facts.get("key")
        )
    return client


@asynccontextmanager
async def topics_of(client: Mapping[str, Any], names: Iterable[str], *, prefix: str = "") -> AsyncIterator[KafkaTopics]:
    """The topics with these names (without prefix), as far as they go now; ``client``: see `client_of`."""
    cluster, partitions = await _partitions(client, [prefix + name for name in names])
    consumer = AIOKafkaConsumer(
        **client,
        group_id=None,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_partition_fetch_bytes=8_000_000,
        fetch_max_wait_ms=100,
    )
    await consumer.start()
    try:
        places = [place for of_topic in partitions.values() for place in of_topic]
        ends: dict[str, dict[TopicPartition, int]] = {name.removeprefix(prefix): {} for name in partitions}
        if places:
            # All are assigned so that one look tells every leader, and paused so that nothing is fetched yet.
            consumer.assign(places)
            consumer.pause(*places)
        for place, end in (await consumer.end_offsets(places)).items():
            ends[place.topic.removeprefix(prefix)][place] = int(end)
        yield KafkaTopics(consumer, cluster, ends)
    finally:
        await consumer.stop()


async def _partitions(client: Mapping[str, Any], topics: list[str]) -> tuple[str, dict[str, list[TopicPartition]]]:
    """The cluster's id, and the partitions of the topics that are there."""
    admin = AIOKafkaAdminClient(**client)
    await admin.start()
    try:
        there = set(await admin.list_topics())
        described = await admin.describe_topics([topic for topic in topics if topic in there])
        cluster = str((await admin.describe_cluster())["cluster_id"])
    finally:
        await admin.close()
    return cluster, {
        about["topic"]: [TopicPartition(about["topic"], each["partition"]) for each in about["partitions"]]
        for about in described
    }
