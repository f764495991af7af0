"""The `.dead` topics: each record is the copy of a dead letter, and each copy that a consumer's outbox says is there."""

from collections.abc import Iterable
from hashlib import sha256

from .case import Case
from .evidence import Topic, TopicRecord
from .faults import CopyName, Scan
from .identity import practice_of
from .outbox import Said


class Copies:
    """The copies that outboxes say, held against the topics."""

    def __init__(self, case: Case, scan: Scan) -> None:
        """`scan` takes the faults."""
        self._case = case
        self._scan = scan
        self._said: dict[tuple[str, CopyName], Said] = {}

    def add(self, said: Said) -> None:
        """A row of an outbox."""
        name = name_of_copy((each, value.encode()) for each, value in said.headers or ())
        self._said[said.topic, name] = said

    async def read(self, topic: Topic) -> None:
        """Read one `.dead` topic."""
        async for record in self._case.evidence.records(topic.name):
            if self._case.practice is None or self._case.is_mine(practice_of(record)):
                self._scan.records[topic.name] += 1
                self._take(record)

    def _take(self, record: TopicRecord) -> None:
        name = name_of_copy(record.headers)
        where = f"{record.topic}/{record.partition}/{record.offset}"
        if self._case.evidence.canaries:
            text = b"\n".join([record.key.encode(), *(value for _, value in record.headers)])
            self._scan.letter_texts.append((where, text))
        said = self._said.get((record.topic, name))
        if said is None:
            self._scan.fault("I10", "a copy is on a .dead topic that no outbox row put there", where)
            return
        if said.digest != sha256(record.value or b"").digest():
            self._scan.fault("I10", "a dead letter's copy has other bytes than its outbox row", where)
        self._scan.repeated += said.seen
        self._scan.copies_seen.add(name)
        said.seen = True

    def lost(self) -> None:
        """What was said and is on no `.dead` topic."""
        for (topic, name), said in self._said.items():
            where = f"{topic} {' '.join(name)}"
            if said.seen or said.standing == "expired":
                continue
            if said.standing == "sent":
                self._scan.fault("I10", "a dead letter's copy that was sent is not on its topic", where)
                continue
            self._scan.unsent += 1
            if said.standing == "late" and self._case.bounds.at_rest:
                self._scan.fault("I10", "a dead letter's copy is not sent although all is quiet", where)


def name_of_copy(headers: Iterable[tuple[str, bytes]]) -> CopyName:
    """What the headers say it is a copy of."""
    said = {name: value.decode("utf-8", "replace") for name, value in headers if name.startswith("dead_")}
    return CopyName(*(said.get(f"dead_{part}", "?") for part in CopyName._fields))
