"""A stranger in a consumer group: it takes partitions, works on nothing, and leaves."""

import asyncio
import logging
import tomllib

from aiokafka import AIOKafkaConsumer
from claimstream_cli.places import checkout
from claimstream_cli.state import Plan

START_SECONDS = 30.0


def heard_by(service: str) -> list[str]:
    """The topics that a service hears, as the project's list of topics has it."""
    listed = tomllib.loads((checkout() / "deploy" / "topics.toml").read_text())["topics"]
    return [topic for topic, facts in listed.items() if service in facts["to"]]


def join_and_leave(plan: Plan, service: str, *, seconds: float) -> None:
    """Join a service's group for a while."""
    asyncio.run(_join_and_leave(plan, service, seconds))


async def _join_and_leave(plan: Plan, service: str, seconds: float) -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    consumer = AIOKafkaConsumer(
        **plan.kafka_access().client(),
        group_id=plan.topic_prefix + service,
        enable_auto_commit=False,
        session_timeout_ms=6_000,
        heartbeat_interval_ms=1_500,
    )
    consumer.subscribe([plan.topic_prefix + topic for topic in heard_by(service)])
    try:
        await asyncio.wait_for(consumer.start(), START_SECONDS)
        await asyncio.sleep(seconds)
    finally:
        await consumer.stop()
