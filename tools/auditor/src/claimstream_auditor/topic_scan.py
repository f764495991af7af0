"""Every topic read once, from its beginning, against the outboxes that filled it.

What I9 to I12 and I14 need of the topics is noted on the way, so that a million records are read a single time.
"""

from base64 import b64decode
from collections import defaultdict
from hashlib import sha256
from typing import Any

import orjson

from .case import Case
from .dead_copies import Copies
from .evidence import DEAD, SEALED, Place, Topic, TopicRecord
from .faults import Heard, Scan, SealedHead
from .identity import header, known_id, known_position, practice_of, readable, said_id, text_of
from .letters import Letter, put_aside
from .outbox import Said, said_by
from .packed import Position, digest_of, taken_as

_WHERE_IT_STANDS = ("ce_place", "ce_sequence")
"""The headers that an event gets when its unit has its number."""


async def scan_topics(case: Case) -> Scan:
    """Read them all."""
    return await _Scanner(case, [*(await case.once(put_aside)).letters]).scan()


class _Scanner:
    def __init__(self, case: Case, letters: list[Letter]) -> None:
        self._case = case
        self._scan = Scan()
        self._letters: dict[Place, list[Letter]] = defaultdict(list)
        for letter in letters:
            self._letters[letter.place].append(letter)
        self._copies = Copies(case, self._scan)
        self._shared: dict[str, dict[bytes, Said]] = defaultdict(dict)
        """Rows of topics that more than one service fills."""

    async def scan(self) -> Scan:
        topics = self._case.evidence.topics
        alone = [topic for topic in topics if len(topic.said_by) == 1 and not topic.name.endswith(DEAD)]
        services = dict.fromkeys(service for topic in topics for service in topic.said_by)
        for service in services:
            own = {topic.name: topic for topic in alone if topic.said_by == (service,)}
            rows = await self._rows(service, own)
            for topic in own.values():
                await self._read(topic, rows)
            self._lost(rows, own)
        for topic in topics:
            if topic.name.endswith(DEAD):
                await self._copies.read(topic)
            elif topic not in alone:
                await self._read(topic, self._shared[topic.name])
                self._lost(
                    {key: said for key, said in self._shared[topic.name].items() if said.topic}, {topic.name: topic}
                )
        self._copies.lost()
        return self._scan

    async def _rows(self, service: str, own: dict[str, Topic]) -> dict[bytes, Said]:
        """What a service's outbox says, by its ids; what goes to topics that several fill is put aside besides."""
        rows: dict[bytes, Said] = {}
        listed = {topic.name for topic in self._case.evidence.topics if service in topic.said_by}
        shared = {name for name in listed - own.keys() if not name.endswith(DEAD)}
        async for said, copied in said_by(self._case, service, self._scan):
            self._scan.said += 1
            first = rows.setdefault(said.event_id, said)
            if copied is not None:
                self._copies.add(said, copied)
            elif said.topic is None:
                self._copies.add_faded(said)
                for name in shared:
                    self._shared[name].setdefault(said.event_id, first)
            elif said.topic in shared:
                first = self._shared[said.topic].setdefault(said.event_id, first)
            elif said.topic not in own:
                what = "an outbox row is for a topic that its service does not say"
                self._scan.fault("I10", what, f"{service} {said.topic} {text_of(said.event_id)}")
            if first is not said:
                where = f"{text_of(said.event_id)} units {first.unit.name} and {said.unit.name}"
                self._scan.fault("I10", "an event was said twice", where)
        return rows

    async def _read(self, topic: Topic, rows: dict[bytes, Said]) -> None:
        reading = _Reading(topic, rows, self._scan)
        async for record in self._case.evidence.records(topic.name):
            reading.note_offset(record)
            if self._case.practice is not None and not self._case.is_mine(practice_of(record)):
                continue
            place = Place(record.topic, record.partition, record.offset)
            reading.take(record, is_injected=place in self._case.evidence.injected)
            for letter in self._letters.get(place, ()):
                self._compare(letter, record)
        self._scan.keys += len(reading.last)

    def _lost(self, rows: dict[bytes, Said], topics: dict[str, Topic]) -> None:
        """What these topics should have and have not."""
        newest = _newest_of_compacted(rows, topics)
        asked = {*topics, None}
        for said in rows.values():
            if said.seen or said.topic not in asked:
                continue
            standing, position = said.unit.standing, said.position
            if position is None or standing in ("unsent", "late"):
                self._scan.unsent += 1
                continue
            if said.topic is None and standing == "sent":  # its payload went too early: that is said already
                continue
            is_replaced = newest.get((said.topic, said.key), position) > position
            if standing == "expired" or is_replaced or said.topic in self._scan.cut:
                self._scan.excused[said.unit.source].add(taken_as(position, said.event_id))
            if standing == "expired" or is_replaced:
                self._scan.gone["replaced by a newer event" if is_replaced else "taken by retention"] += 1
            else:
                where = f"{said.topic} {text_of(said.event_id)}"
                self._scan.fault("I10", "an event that was sent is not on its topic", where)

    def _compare(self, letter: Letter, record: TopicRecord) -> None:
        """A dead letter against the record that it was made of."""
        self._scan.letters_seen.add((letter.service, letter.number))
        where = f"{letter.name} {record.topic}/{record.partition}/{record.offset}"
        if letter.is_empty != (record.value is None) or letter.digest != sha256(record.value or b"").digest():
            self._scan.fault("I12", "a dead letter has not the record's bytes", where)
        if letter.key != record.key:
            self._scan.fault("I12", "a dead letter has not the record's key", where)
        if letter.headers != tuple((name, readable(value)) for name, value in record.headers):
            self._scan.fault("I12", "a dead letter has not the record's headers", where)
        if letter.event_id.bytes != known_id(record):
            self._scan.fault("I12", "a dead letter has not the record's id", where)


def _newest_of_compacted(
    rows: dict[bytes, Said], topics: dict[str, Topic]
) -> dict[tuple[str | None, str | None], Position]:
    """By topic and key the last position that a topic has, of those that keep the last event of a key alone."""
    compacted = {topic.name for topic in topics.values() if topic.compacted}
    newest: dict[tuple[str | None, str | None], Position] = {}
    for said in rows.values() if compacted else ():
        if said.seen and said.topic in compacted and said.position is not None:
            name = (said.topic, said.key)
            newest[name] = max(said.position, newest.get(name, said.position))
    return newest


class _Reading:
    """One topic, front to back."""

    def __init__(self, topic: Topic, rows: dict[bytes, Said], scan: Scan) -> None:
        self._topic = topic
        self._rows = rows
        self._scan = scan
        self._heard = scan.heard[topic.name] if topic.heard_by else Heard()
        self._next: dict[int, int] = {}
        """Of each partition the offset behind the last record."""
        self.last: dict[str, tuple[int, int]] = {}
        """Of each key the last sequence, and the partition it is in."""

    def note_offset(self, record: TopicRecord) -> None:
        if record.partition not in self._next:
            self._scan.clusters |= {record.cluster} - {""}
            if record.offset > 0:
                self._scan.cut.add(self._topic.name)
        expected = self._next.get(record.partition, 0)
        self._scan.skipped += max(record.offset - expected, 0)
        self._next[record.partition] = max(record.offset + 1, expected)

    def take(self, record: TopicRecord, *, is_injected: bool) -> None:
        """Hold a record against what its outbox says, and note what its consumers know it by."""
        self._scan.records[self._topic.name] += 1
        said = self._rows.get(said_id(record) or b"")
        if said is None or said.topic not in (self._topic.name, None) or is_injected:
            self._stranger(record, is_injected=is_injected)
            return
        where = f"{record.topic}/{record.partition}/{record.offset} {text_of(said.event_id)}"
        is_as_said = self._is_as_said(said, record, where)
        is_placed = self._is_placed(said, record, where)
        if said.seen:
            self._scan.repeated += 1
        else:
            said.seen = True
            self._first_sighting(said, record, where)
        if said.position is not None and is_as_said and is_placed:
            # What is old has left the inboxes, and lies here only where a topic is kept for ever.
            heard = self._scan.excused if said.unit.standing == "expired" else self._heard.said
            heard[said.unit.source].add(taken_as(said.position, said.event_id))
        else:
            self._hear(record)

    def _stranger(self, record: TopicRecord, *, is_injected: bool) -> None:
        if is_injected:
            self._scan.injected += 1
        else:
            where = f"{record.topic}/{record.partition}/{record.offset} {text_of(known_id(record))}"
            self._scan.fault("I10", "a record is on a topic that no outbox row put there", where)
        self._hear(record)

    def _hear(self, record: TopicRecord) -> None:
        """What consumers make of a record that is not just as an outbox says."""
        known = known_position(record.headers)
        if known is not None:
            source, position = known
            self._heard.said[source].add(taken_as(position, known_id(record)))
        else:
            place = Place(record.topic, record.partition, record.offset)
            self._heard.foreign[place] = known_id(record)

    def _is_as_said(self, said: Said, record: TopicRecord, where: str) -> bool:
        """Whether it has the bytes, the key and the headers that its unit gave it, before it had a number."""
        headers = [(name, readable(value)) for name, value in record.headers if name not in _WHERE_IT_STANDS]
        if said.digest == digest_of(record.topic, record.key, headers, record.value or b""):
            return True
        if said.key is not None and said.key != record.key:
            self._scan.fault("I10", "a record has another key than its outbox row", where)
        else:
            self._scan.fault("I10", "a record has other bytes or headers than its outbox row", where)
        return False

    def _is_placed(self, said: Said, record: TopicRecord, where: str) -> bool:
        """Whether it says where it stands as its unit was numbered."""
        if said.position is None:
            self._scan.fault("I9", "a record is on its topic and its unit has no number", where)
            return False
        place, sequence = (header(record.headers, name) for name in _WHERE_IT_STANDS)
        if place != said.position.text.encode():
            self._scan.fault("I9", "a record has another place than its outbox row", where)
        if sequence != str(said.position.sequence).encode():
            self._scan.fault("I9", "a record has another sequence than follows from its place", where)
        return place == said.position.text.encode()

    def _first_sighting(self, said: Said, record: TopicRecord, where: str) -> None:
        self._scan.events += 1
        sequence = said.position.sequence if said.position is not None else 0
        last, partition = self.last.get(record.key, (0, record.partition))
        if partition != record.partition:
            self._scan.fault("I9", "a key is in two partitions", where)
        if sequence <= last:
            what = "a key's events are first seen out of order"
            self._scan.fault("I9", what, f"{where} sequence {sequence} after {last}")
        self.last[record.key] = (max(last, sequence), record.partition)
        if self._topic.name == SEALED:
            self._note_head(record, where)

    def _note_head(self, record: TopicRecord, where: str) -> None:
        try:
            self._scan.heads.append(sealed_head(orjson.loads(record.value or b"")))
        except (ValueError, KeyError, TypeError):
            self._scan.fault("I8", "a head on the topic cannot be read", where)


def sealed_head(said: dict[str, Any]) -> SealedHead:
    """A head as its event says it.

    Raises:
        KeyError, TypeError, ValueError: it is no head.
    """
    return SealedHead(
        said["service"],
        said["head_seq"],
        bytes.fromhex(said["head_hash"]),
        said["key_id"],
        b64decode(said["signature"]),
    )
