"""A stand-in for tests: one partition a topic, kept in lists."""

from collections import defaultdict
from collections.abc import Sequence

from .port import Outgoing, Record


class InMemoryBus:
    """What was sent, per topic, as records."""

    def __init__(self) -> None:
        """Empty."""
        self.topics: dict[str, list[Record]] = defaultdict(list)

    async def start(self) -> None:
        """Nothing to connect to."""

    async def stop(self) -> None:
        """Nothing to disconnect from."""

    async def send(self, messages: Sequence[Outgoing]) -> None:
        """Append each to its topic."""
        for message in messages:
            topic = self.topics[message.topic]
            topic.append(Record(message.topic, 0, len(topic), message.key, message.value, message.headers))
