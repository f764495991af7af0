"""Creates the topics of deploy/topics.toml, and removes those of an earlier demo from a real broker."""

import asyncio
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from claimstream_kit.access_lists import allow, allowed
from claimstream_kit.bus.access import KafkaAccess
from claimstream_kit.topics import create_topics, read_topics

from .brokers import Broker


def create(broker: Broker, file: Path, prefix: str = "") -> None:
    """Make sure that the broker has the topics of the list, and lets each user do its part; topics that are there stay as they are."""
    asyncio.run(_create(broker, file, prefix))


async def _create(broker: Broker, file: Path, prefix: str) -> None:
    await create_topics(broker.as_user(), read_topics(file), prefix=prefix)
    if broker.passwords:
        await allow(broker.as_user(), allowed(file, prefix=prefix))


def delete(access: KafkaAccess, prefix: str) -> None:
    """Remove every topic that begins with the prefix."""
    asyncio.run(_delete(access, prefix))


async def _delete(access: KafkaAccess, prefix: str) -> None:
    admin = AIOKafkaAdminClient(**access.client())
    await admin.start()
    try:
        ours = [name for name in await admin.list_topics() if name.startswith(prefix)]
        if ours:
            await admin.delete_topics(ours)
    finally:
        await admin.close()
