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
from .evidence import DEAD, Place, Topic, TopicRecord
from .faults import Scan, SealedHead
from .identity import header, known_id, practice_of, said_id, text_of
from .letters import Letter, put_aside
from .outbox import Said, said_by

SEALED = "audit.sealed"


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
                self._lost(self._shared[topic.name], {topic.name: topic})
        self._copies.lost()
        return self._scan

    async def _rows(self, service: str, own: dict[str, Topic]) -> dict[bytes, Said]:
        rows: dict[bytes, Said] = {}
        listed = {topic.name for topic in self._case.evidence.topics}
        async for said in said_by(self._case, service):
            self._scan.rows += 1
            if said.headers is not None:
                self._copies.add(said)
            elif said.topic in own:
                rows[said.event_id] = said
            elif said.topic in listed:
                self._shared[said.topic][said.event_id] = said
            else:
                self._scan.fault("I10", "an outbox row is for a topic that is not listed", f"{service} {said.topic}")
        return rows

    async def _read(self, topic: Topic, rows: dict[bytes, Said]) -> None:
        reading = _Reading(topic, rows, self._scan)
        heard = self._scan.heard[topic.name] if topic.heard_by else set()
        async for record in self._case.evidence.records(topic.name):
            reading.note_beginning(record)
            if self._case.practice is not None and not self._case.is_mine(practice_of(record)):
                continue
            place = Place(record.topic, record.partition, record.offset)
            heard.add(reading.take(record, is_injected=place in self._case.evidence.injected))
            for letter in self._letters.get(place, ()):
                self._compare(letter, record)
        self._scan.keys += len(reading.last)

    def _lost(self, rows: dict[bytes, Said], topics: dict[str, Topic]) -> None:
        newest = {(said.topic, said.key): said.sequence for said in rows.values() if said.seen}
        for said in rows.values():
            if said.seen:
                continue
            compacted = topics[said.topic].compacted and (newest.get((said.topic, said.key)) or 0) > (
                said.sequence or 0
            )
            if said.standing == "sent" and not compacted:
                self._scan.fault(
                    "I10", "an event that was sent is not on its topic", f"{said.topic} {text_of(said.event_id)}"
                )
            elif said.standing in ("unsent", "late"):
                self._scan.unsent += 1
                if said.standing == "late" and self._case.bounds.at_rest:
                    self._scan.fault(
                        "I10", "an event is not sent although all is quiet", f"{said.topic} {text_of(said.event_id)}"
                    )

    def _compare(self, letter: Letter, record: TopicRecord) -> None:
        """A dead letter against the record that it was made of."""
        self._scan.letters_seen.add((letter.service, letter.number))
        where = f"{letter.name} {record.topic}/{record.partition}/{record.offset}"
        if letter.is_empty != (record.value is None) or letter.digest != sha256(record.value or b"").digest():
            self._scan.fault("I12", "a dead letter has not the record's bytes", where)
        if letter.key != record.key:
            self._scan.fault("I12", "a dead letter has not the record's key", where)
        readable = tuple((name, _readable(value)) for name, value in record.headers)
        if letter.headers != readable:
            self._scan.fault("I12", "a dead letter has not the record's headers", where)
        if letter.event_id.bytes != known_id(record):
            self._scan.fault("I12", "a dead letter has not the record's id", where)


class _Reading:
    """One topic, front to back."""

    def __init__(self, topic: Topic, rows: dict[bytes, Said], scan: Scan) -> None:
        self._topic = topic
        self._rows = rows
        self._scan = scan
        self._partitions: set[int] = set()
        self.last: dict[str, tuple[int, int]] = {}
        """Of each key the last sequence, and the partition it is in."""

    def note_beginning(self, record: TopicRecord) -> None:
        if record.partition not in self._partitions:
            self._partitions.add(record.partition)
            if record.offset > 0:
                self._scan.cut.add(self._topic.name)

    def take(self, record: TopicRecord, *, is_injected: bool) -> bytes:
        """Hold a record against its outbox row; the id that its consumers know it by."""
        self._scan.records[self._topic.name] += 1
        said = self._rows.get(said_id(record) or b"")
        if said is None or said.topic != self._topic.name or is_injected:
            return self._stranger(record, is_injected=is_injected)
        where = f"{record.topic}/{record.partition}/{record.offset} {text_of(said.event_id)}"
        if said.digest is not None and said.digest != sha256(record.value or b"").digest():
            self._scan.fault("I10", "a record has other bytes than its outbox row", where)
        if said.key != record.key:
            self._scan.fault("I10", "a record has another key than its outbox row", where)
        if said.seen:
            self._scan.repeated += 1
        else:
            said.seen = True
            self._first_sighting(said, record, where)
        return said.event_id

    def _stranger(self, record: TopicRecord, *, is_injected: bool) -> bytes:
        identity = known_id(record)
        if is_injected:
            self._scan.injected += 1
        else:
            where = f"{record.topic}/{record.partition}/{record.offset} {text_of(identity)}"
            self._scan.fault("I10", "a record is on a topic that no outbox row put there", where)
        return identity

    def _first_sighting(self, said: Said, record: TopicRecord, where: str) -> None:
        self._scan.events += 1
        sequence = said.sequence or 0
        if header(record.headers, "ce_sequence") != str(sequence).encode():
            self._scan.fault("I10", "a record has another sequence than its outbox row", where)
        last, partition = self.last.get(said.key, (0, record.partition))
        if partition != record.partition:
            self._scan.fault("I9", "a key is in two partitions", where)
        self._check_order(said, last, sequence, where)
        self.last[said.key] = (max(last, sequence), record.partition)
        if self._topic.name == SEALED:
            self._note_head(record, where)

    def _check_order(self, said: Said, last: int, sequence: int, where: str) -> None:
        is_known = said.key in self.last
        if sequence <= last:
            self._scan.fault(
                "I9", "a key's events are first seen out of order", f"{where} sequence {sequence} after {last}"
            )
        elif (
            sequence != last + 1 and not self._topic.compacted and (is_known or self._topic.name not in self._scan.cut)
        ):
            self._scan.fault("I9", "a key's events have a gap", f"{where} sequence {sequence} after {last}")

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


def _readable(value: bytes) -> str:
    """As a JSON column keeps it: what is no UTF-8, and NUL, is a replacement character."""
    return value.decode("utf-8", "replace").replace("\x00", "\ufffd")
