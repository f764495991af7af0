"""I9, I10, I11: what was said is on the topics, in order and nothing else, and each consumer took each event once."""

from collections.abc import AsyncIterator
from uuid import UUID

from ..case import Case
from ..evidence import DEAD, Row, Topic
from ..faults import Scan
from ..identity import text_of
from ..letters import Waits, consumers_of, put_aside
from ..report import MOST_SHOWN, Finding
from ..topic_scan import scan_topics
from .agreement import agree

_INBOX = "SELECT topic, event_id, received_at < now() - $2::interval AS is_old FROM inbox WHERE consumer = $1"
_INBOX_OF = "SELECT topic, event_id, false AS is_old FROM inbox WHERE consumer = $1 AND event_id = ANY($2::uuid[])"
_SEQUENCES = """
SELECT topic, key, count(*) AS numbers, max(sequence) AS highest FROM outbox
WHERE sequence IS NOT NULL GROUP BY topic, key HAVING count(*) <> max(sequence)
"""


async def in_order(case: Case, finding: Finding) -> None:
    """I9: per key, first sightings by event id are in order and without a gap; so are the outboxes themselves."""
    scan = await case.once(scan_topics)
    finding.checked = scan.events
    finding.figures["keys"] = scan.keys
    _tell(scan, finding)
    if case.practice is not None:  # a gap shows on the topics themselves; here it shows where their beginning is gone
        return
    for service in dict.fromkeys(service for topic in case.evidence.topics for service in topic.said_by):
        async for row in case.rows(service, _SEQUENCES):
            where = f"{service} {row['topic']} {row['key']} {row['numbers']} of {row['highest']}"
            finding.violate("a key's numbers in the outbox have a gap", where)


async def as_said(case: Case, finding: Finding) -> None:
    """I10: each record has an outbox row, each row sent at least one record with the same bytes, and none is left unsent."""
    scan = await case.once(scan_topics)
    finding.checked = scan.rows + sum(scan.records.values())
    finding.figures["outbox rows"] = scan.rows
    finding.figures["records"] = sum(scan.records.values())
    finding.figures["sent again"] = scan.repeated
    finding.figures["injected"] = scan.injected
    finding.figures["unsent"] = scan.unsent
    _tell(scan, finding)


def _tell(scan: Scan, finding: Finding) -> None:
    for fault in scan.faults:
        if fault.invariant == finding.invariant:
            finding.violate(fault.what, fault.where)


async def each_once(case: Case, finding: Finding) -> None:
    """I11: what a topic holds, each of its consumers has in its inbox once; what is neither waiting nor put aside had its effect."""
    scan = await case.once(scan_topics)
    topics = {topic.name: topic for topic in case.evidence.topics if not topic.name.endswith(DEAD)}
    for consumer in consumers_of(case):
        await _Consumer(case, consumer, topics, scan, finding).check()
    _tell(scan, finding)
    await agree(case, finding)


class _Consumer:
    """One consumer: its topics against its inbox, its inbox against what it put aside."""

    def __init__(self, case: Case, name: str, topics: dict[str, Topic], scan: Scan, finding: Finding) -> None:
        self._case = case
        self._name = name
        self._topics = topics
        self._scan = scan
        self._finding = finding
        self._missing = {topic: set(scan.heard[topic]) for topic in topics if name in topics[topic].heard_by}

    async def check(self) -> None:
        aside = await self._case.once(put_aside)
        letters = {each.event_id.bytes for each in aside.letters if each.service == self._name}
        waiting = {each.event_id.bytes: each for each in aside.waiting if each.service == self._name}
        not_taken = letters | set(waiting)
        taken = 0
        async for row in self._inbox():
            taken += 1
            identity = row["event_id"].bytes
            not_taken.discard(identity)
            self._take(row["topic"], identity, is_old=row["is_old"])
        for topic, identities in self._missing.items():
            self._leave(topic, identities)
        for identity in not_taken:
            self._finding.violate("an event was put aside that the inbox does not know", self._name, text_of(identity))
        open_letters = {each.event_id.bytes for each in aside.letters if each.service == self._name and each.is_open}
        for identity in open_letters & set(waiting):
            self._finding.violate("an event waits and is dead", self._name, text_of(identity))
        self._wait_too_long(list(waiting.values()))
        self._count(taken, len(letters), len(waiting))

    def _inbox(self) -> AsyncIterator[Row]:
        if self._case.practice is None:
            return self._case.rows(self._name, _INBOX, self._name, self._case.bounds.topic_retention)
        heard = [UUID(bytes=each) for identities in self._missing.values() for each in identities]
        return self._case.rows(self._name, _INBOX_OF, self._name, heard)

    def _take(self, topic: str, identity: bytes, *, is_old: bool) -> None:
        waited_for = self._missing.get(topic)
        if waited_for is None:
            self._finding.violate("the inbox has a topic that its service does not hear", self._name, topic)
        elif identity in waited_for:
            waited_for.discard(identity)
        elif self._case.bounds.at_rest and not (is_old or topic in self._scan.cut or self._topics[topic].compacted):
            self._finding.violate("the inbox has an event that is on no topic", self._name, topic, text_of(identity))

    def _leave(self, topic: str, identities: set[bytes]) -> None:
        if not self._case.bounds.at_rest:
            self._finding.figures["not taken yet"] += len(identities)
            return
        if len(identities) > MOST_SHOWN and len(identities) == len(self._scan.heard[topic]):
            what = "a service takes nothing of a topic that it is listed to hear"
            self._finding.violate(what, self._name, topic, f"{len(identities)} events")
            return
        for identity in identities:
            self._finding.violate("an event was not taken although all is quiet", self._name, topic, text_of(identity))

    def _wait_too_long(self, waiting: list[Waits]) -> None:
        if not self._case.bounds.at_rest:
            return
        for each in waiting:
            if each.seconds > self._case.bounds.stuck_after.total_seconds():
                where = (self._name, each.topic, each.event_id, "for", each.fact)
                self._finding.violate("an event waits and waits", *where)

    def _count(self, taken: int, letters: int, waiting: int) -> None:
        self._finding.checked += taken
        self._finding.figures[f"{self._name} took"] = taken
        self._finding.figures["put aside"] += letters
        self._finding.figures["waiting"] += waiting
