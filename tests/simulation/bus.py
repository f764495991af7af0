"""The broker: topics with partitions, and a committed offset per group."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from claimstream_kit.bus.kafka import partition_of
from claimstream_kit.bus.port import Record
from claimstream_kit.testing import TOPICS
from claimstream_kit.topics import read_topics

from .faults import Faults

Place = tuple[str, int]

OFFSETS = 10_000
"""More than a schedule has records."""


@dataclass
class Bus:
    """What lies in the topics, and how far each group is."""

    faults: Faults
    first_offset: int = 0
    """Offsets begin with it: those of two schedules differ, as two records' places in one broker do."""
    partitions: dict[str, int] = field(default_factory=dict)
    logs: dict[Place, list[Record]] = field(default_factory=lambda: defaultdict(list))
    offsets: dict[tuple[str, Place], int] = field(default_factory=lambda: defaultdict(int))
    resent: int = 0
    """Records that lie in a topic again."""
    redelivered: int = 0
    """Records that a group was brought again."""
    delivered: dict[str, set[tuple[Place, int]]] = field(default_factory=lambda: defaultdict(set))
    seen: set[str] = field(default_factory=set)
    foreign: set[int] = field(default_factory=set)
    """Records that no service of ours sent, by identity."""

    def __post_init__(self) -> None:
        """The topics that deploy/topics.toml lists."""
        self.partitions = {topic.name: topic.partitions for topic in read_topics(TOPICS)}

    @property
    def its_offsets(self) -> tuple[int, int]:
        """The first and the last that a record of this schedule can have."""
        return self.first_offset, self.first_offset + OFFSETS - 1

    def append(
        self, topic: str, key: str, value: bytes | None, headers: list[tuple[str, bytes]], partition: int | None = None
    ) -> Record:
        """A record arrives in the partition that its producer says, else in that of its key."""
        if partition is None:
            partition = partition_of(key, self.partitions[topic])
        log = self.logs[topic, partition]
        record = Record(topic, partition, self.first_offset + len(log), key, value, headers)
        log.append(record)
        name = id_in(headers)
        if name:
            self.resent += name in self.seen
            self.seen.add(name)
        return record

    def records(self, topic: str | None = None) -> Iterator[Record]:
        """All records, of one topic or of all, in the order of their partitions."""
        for (name, _), log in sorted(self.logs.items()):
            if topic in (None, name):
                yield from log

    # What a group does

    def lag(self, group: str, topics: Sequence[str]) -> int:
        """Records that the group's offsets lie before."""
        return sum(len(self.logs[place]) - self._taken(group, place) for place in self.places(topics))

    def _taken(self, group: str, place: Place) -> int:
        return max(0, self.offsets[group, place] - self.first_offset)

    def places(self, topics: Sequence[str]) -> list[Place]:
        """The partitions of topics that hold something."""
        return sorted(place for place in self.logs if place[0] in topics)

    def fetch(self, group: str, topics: Sequence[str], *, most: int, random: Random) -> list[Record]:
        """The next records, at most so many: partitions in any order, each in its own."""
        places = self.places(topics)
        random.shuffle(places)
        fetched: list[Record] = []
        for place in places:
            taken = self._taken(group, place)
            fetched += self.logs[place][taken : taken + most - len(fetched)]
        return fetched

    def rewind(self, group: str, topics: Sequence[str], back: int) -> None:
        """The group begins again from an earlier offset."""
        for place in self.places(topics):
            self.offsets[group, place] = max(0, self.offsets[group, place] - back)

    def note(self, group: str, records: Sequence[Record]) -> None:
        """A group is brought these records."""
        known = self.delivered[group]
        for record in records:
            place = ((record.topic, record.partition), record.offset)
            self.redelivered += place in known
            known.add(place)


def id_in(headers: Sequence[tuple[str, bytes]]) -> str:
    """The event's id, where the headers tell one."""
    return said_in(headers, "ce_id")


def said_in(headers: Sequence[tuple[str, bytes]], wanted: str) -> str:
    """What one header says, where it is there."""
    return next((value.decode("utf-8", "replace") for name, value in headers if name == wanted), "")
