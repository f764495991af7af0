"""``deploy/topics.toml``: the one list of topics."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .bus.access import KafkaAccess

DAY_MS = 86_400_000
FOREVER = "forever"


@dataclass(frozen=True)
class Topic:
    """A topic as it is to be made. ``retention_days`` is None for one that is kept for ever."""

    name: str
    partitions: int
    retention_days: int | None
    compacted: bool = False

    def settings(self) -> dict[str, str]:
        """Kafka's topic settings."""
        if self.compacted:
            return {"cleanup.policy": "compact"}
        return {"retention.ms": "-1" if self.retention_days is None else str(self.retention_days * DAY_MS)}


def read_topics(path: Path) -> tuple[Topic, ...]:
    """The topics of the list, each with its ``.dead`` beside it.

    Raises:
        ValueError: the list is malformed; names the topic.
    """
    listed: dict[str, Any] = tomllib.loads(path.read_text())
    defaults = listed["defaults"]
    topics = []
    for name, about in listed["topics"].items():
        partitions = about.get("partitions", defaults["partitions"])
        days = about.get("retention_days", defaults["retention_days"])
        if not isinstance(partitions, int) or partitions < 1:
            msg = f"{path.name}: {name}: partitions must be a whole number from 1"
            raise ValueError(msg)
        if days != FOREVER and not (isinstance(days, int) and days >= 1):
            msg = f'{path.name}: {name}: retention_days must be a whole number from 1, or "{FOREVER}"'
            raise ValueError(msg)
        kept = None if days == FOREVER else days
        topics.append(Topic(name, partitions, kept, compacted=about.get("cleanup") == "compact"))
        if about["to"]:
            topics.append(Topic(f"{name}.dead", 1, kept or defaults["retention_days"]))
    return tuple(topics)


async def create_topics(access: KafkaAccess, topics: tuple[Topic, ...], *, prefix: str = "") -> list[str]:
    """Make the topics that are not there yet; the names of those that were made."""
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # noqa: PLC0415  only who makes topics needs it

    client = AIOKafkaAdminClient(**access.client())
    await client.start()
    try:
        there = set(await client.list_topics())
        missing = [topic for topic in topics if prefix + topic.name not in there]
        if not missing:
            return []
        answers = await client.create_topics(
            [NewTopic(prefix + topic.name, topic.partitions, 1, topic_configs=topic.settings()) for topic in missing]
        )
        made = {name for name, code, *_ in answers.topic_errors if code == 0}
        return [topic.name for topic in missing if prefix + topic.name in made]
    finally:
        await client.close()
