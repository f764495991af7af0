"""The `.dead` topics: each record is the copy of a dead letter, and each copy that a consumer's outbox says is there."""

from collections.abc import Iterable

from .case import Case
from .evidence import Topic, TopicRecord
from .faults import CopyName, Scan
from .identity import practice_of, readable
from .outbox import Headers, Said
from .packed import digest_of


class Copies:
    """The copies that outboxes say, held against the topics."""

    def __init__(self, case: Case, scan: Scan) -> None:
        """`scan` takes the faults."""
        self._case = case
        self._scan = scan
        self._said: dict[tuple[str, CopyName], Said] = {}
        self._faded: dict[bytes, Said] = {}
        """What is said by rows without payload, by its digest: some of it may be copies."""

    def add(self, said: Said, headers: Headers) -> None:
        """A copy that an outbox says."""
        name = name_of_copy((each, value.encode()) for each, value in headers)
        self._said[said.topic or "", name] = said

    def add_faded(self, said: Said) -> None:
        """Something of which only its digest is left."""
        self._faded[said.digest] = said

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
        headers = [(each, readable(value)) for each, value in record.headers]
        digest = digest_of(record.topic, record.key, headers, record.value or b"", is_copy=True)
        said = self._said.get((record.topic, name)) or self._faded.get(digest)
        if said is None:
            self._scan.fault("I10", "a copy is on a .dead topic that no outbox row put there", where)
            return
        if said.digest != digest:
            self._scan.fault("I10", "a dead letter's copy has other bytes or headers than its outbox row", where)
        self._scan.repeated += said.seen
        self._scan.copies_seen.add(name)
        said.seen = True

    def lost(self) -> None:
        """What was said and is on no `.dead` topic."""
        for (topic, name), said in self._said.items():
            standing = said.unit.standing
            if said.seen:
                continue
            if standing == "expired":
                self._scan.gone["taken by retention"] += 1
            elif standing == "sent":
                where = f"{topic} {' '.join(name)}"
                self._scan.fault("I10", "a dead letter's copy that was sent is not on its topic", where)
            else:
                self._scan.unsent += 1


def name_of_copy(headers: Iterable[tuple[str, bytes]]) -> CopyName:
    """What the headers say it is a copy of."""
    said = {name: value.decode("utf-8", "replace") for name, value in headers if name.startswith("dead_")}
    return CopyName(*(said.get(f"dead_{part}", "?") for part in CopyName._fields))
