"""What the kit needs of a bus. One module (``kafka.py``) knows aiokafka."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Headers = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it lies in a topic; the topic is without prefix."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes | None
    headers: Headers
    cluster: str = ""
    """The id of the cluster: offsets mean nothing in another one."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be sent."""

    topic: str
    key: str
    value: bytes
    headers: Headers


class Publisher(Protocol):
    """Sends messages; returns when the bus has them all for good."""

    async def start(self) -> None:
        """Connect."""

    async def stop(self) -> None:
        """Send what is left, disconnect."""

    async def send(self, messages: Sequence[Outgoing]) -> None:
        """Send all, in order per key; returns when all are acknowledged by all in-sync replicas.

        Raises:
            ConnectionError: the bus is away; none, some or all of the messages may have arrived.
        """


WorkBatch = Callable[[Sequence[Record]], Awaitable[None]]


class Subscriber(Protocol):
    """Brings batches; commits a batch's offsets after the work on it has returned."""

    async def run(self, work: WorkBatch) -> None:
        """Bring batches to ``work`` until stopped."""

    async def stop(self) -> None:
        """Stop fetching, wait for the batch in hand, commit, leave."""

    async def lag(self) -> int:
        """Records not yet worked on, over the assigned partitions; -1 while nobody knows which those are."""

    @property
    def is_assigned(self) -> bool:
        """Whether partitions are assigned."""


__all__ = ["AsyncIterator", "Headers", "Outgoing", "Publisher", "Record", "Subscriber", "WorkBatch"]
