"""Creates the topics of deploy/topics.toml, and removes those of an earlier demo from a real broker."""

import asyncio
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from claimstream_kit.topics import create_topics, read_topics


def create(bootstrap: str, file: Path, prefix: str = "") -> None:
    """Make sure that the broker has the topics of the list; those that are there stay as they are."""
    asyncio.run(create_topics(bootstrap, read_topics(file), prefix=prefix))


def delete(bootstrap: str, prefix: str) -> None:
    """Remove every topic that begins with the prefix."""
    asyncio.run(_delete(bootstrap, prefix))


async def _delete(bootstrap: str, prefix: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        ours = [name for name in await admin.list_topics() if name.startswith(prefix)]
        if ours:
            await admin.delete_topics(ours)
    finally:
        await admin.close()
