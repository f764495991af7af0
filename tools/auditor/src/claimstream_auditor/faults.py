"""What is noted while topics are read, for the invariants that it concerns."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple


class Fault(NamedTuple):
    """Something that must not be in a topic, or is missing from it."""

    invariant: str
    what: str
    where: str


class SealedHead(NamedTuple):
    """A signed head of an audit chain as it was told outside the database."""

    service: str
    number: int
    hash: bytes
    key_id: str
    signature: bytes


class CopyName(NamedTuple):
    """Which dead letter a record on a `.dead` topic is the copy of."""

    consumer: str
    topic: str
    partition: str
    offset: str


@dataclass
class Scan:
    """What the topics told."""

    records: Counter[str] = field(default_factory=Counter)
    """Records by topic."""
    events: int = 0
    """Events seen for the first time."""
    repeated: int = 0
    injected: int = 0
    rows: int = 0
    """Outbox rows."""
    unsent: int = 0
    keys: int = 0
    heard: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    """By topic, the ids that its consumers know its records by."""
    cut: set[str] = field(default_factory=set)
    """Topics whose beginning is gone."""
    faults: list[Fault] = field(default_factory=list)
    letters_seen: set[tuple[str, int]] = field(default_factory=set)
    """Letters (service, number) whose original was found in its topic."""
    copies_seen: set[CopyName] = field(default_factory=set)
    heads: list[SealedHead] = field(default_factory=list)
    letter_texts: list[tuple[str, bytes]] = field(default_factory=list)
    """Keys and headers of the `.dead` topics, where no patient data may be; only when canaries were planted."""

    def fault(self, invariant: str, what: str, where: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(invariant, what, where))
