"""What is noted while topics are read, for the invariants that it concerns."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from .evidence import Place


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
class Heard:
    """What the consumers of a topic know its records by."""

    said: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By source, positions and ids, as one number (packed.taken_as)."""
    foreign: dict[Place, bytes] = field(default_factory=dict)
    """What somebody else said: where it lies, and its id."""

    def __len__(self) -> int:
        """How much there is to take."""
        return len(self.foreign) + sum(len(names) for names in self.said.values())


@dataclass
class Scan:
    """What the topics told."""

    records: Counter[str] = field(default_factory=Counter)
    """Records by topic."""
    events: int = 0
    """Events seen for the first time."""
    repeated: int = 0
    injected: int = 0
    said: int = 0
    """Events that outboxes say."""
    unsent: int = 0
    unsent_units: int = 0
    """Outbox rows without a number."""
    gone: Counter[str] = field(default_factory=Counter)
    """What was sent and is not on its topic any more, as it may be, by why."""
    skipped: int = 0
    """Offsets that topics have no record for, between or before their records."""
    head_units: set[tuple[str, int]] = field(default_factory=set)
    """Units (service, row) that say a head of the audit chain and nothing else: the last one is chained by the next start."""
    keys: int = 0
    heard: dict[str, Heard] = field(default_factory=lambda: defaultdict(Heard))
    """By topic."""
    excused: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By source, the names of positions that an inbox may have or not: their time is over, or a newer event took their place."""
    clusters: set[str] = field(default_factory=set)
    """The cluster that the topics are in, where that is known."""
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
