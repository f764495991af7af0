"""I9, I10, I11: what was said is on the topics, in order, once and nothing else, and each consumer took each event once."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

from ..case import Case
from ..evidence import DEAD, Place, Row, Topic
from ..faults import Heard, Scan
from ..identity import known_position, text_of
from ..letters import Letter, Waits, consumers_of, put_aside
from ..packed import Position, Unreadable, entries_in, position_of, taken_as
from ..report import MOST_SHOWN, Finding
from ..topic_scan import scan_topics
from .agreement import agree

_INBOX = """
SELECT source, era, number, slot, places, received_at < now() - $2::interval AS is_old FROM inbox WHERE consumer = $1
"""
_INBOX_OF = """
SELECT source, era, number, slot, places, false AS is_old FROM inbox WHERE consumer = $1
AND (source, era, number) IN (SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[]))
"""
_FOREIGN = """
SELECT cluster, topic, partition, record_offset, event_id, received_at < now() - $2::interval AS is_old FROM inbox_foreign WHERE consumer = $1
"""
_FOREIGN_OF = """
SELECT cluster, topic, partition, record_offset, event_id, false AS is_old FROM inbox_foreign WHERE consumer = $1
AND ((topic, partition, record_offset) IN (SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[])) OR event_id = ANY($5::uuid[]))
"""
_GAPS = """
SELECT era, number, before FROM (
    SELECT era, number, lag(number, 1, 0::bigint) OVER (PARTITION BY era ORDER BY number) AS before FROM outbox WHERE number IS NOT NULL
) AS numbered WHERE number <> before + 1
"""
_ENDS = """
SELECT coalesce(s.era, 0) AS era, coalesce(s.last, 0) AS last, (SELECT coalesce(max(number), 0) FROM outbox o WHERE o.era = s.era) AS highest,
       (SELECT coalesce(max(era), 0) FROM outbox) AS newest FROM (SELECT true) AS one LEFT JOIN relay_state s ON true
"""
_QUEUE = """
SELECT q.id, o.id IS NULL AS is_nowhere FROM outbox_queue q LEFT JOIN outbox o ON o.id = q.id
WHERE (q.era, q.number, q.id) IS DISTINCT FROM (o.era, o.number, o.id)
"""


async def in_order(case: Case, finding: Finding) -> None:
    """I9: per key, first sightings by event id are in order; per source and era, numbers are dense, and records say the same as their rows.

    Sequences have gaps by their nature. What a topic does not have any more is a figure here; what it should have is I10's.
    """
    scan = await case.once(scan_topics)
    finding.checked = scan.events
    finding.figures["keys"] = scan.keys
    finding.figures["units without a number"] = scan.unsent_units
    finding.figures["offsets skipped"] = scan.skipped
    finding.figures.update({f"gaps: {why}": count for why, count in scan.gone.items()})
    _tell(scan, finding)
    if case.practice is not None:  # numbers are everybody's
        return
    for service in _speakers(case):
        async for row in case.rows(service, _GAPS):
            what = "numbers are missing in an outbox"
            if row["number"] == row["before"]:
                what = "a number stands twice in an outbox"
            finding.violate(what, f"{service} era {row['era']} between {row['before']} and {row['number']}")
        async for row in case.rows(service, _ENDS):
            if row["last"] != row["highest"] or row["newest"] > row["era"]:
                where = f"{service} era {row['era']}: {row['highest']} and {row['last']}"
                finding.violate("an outbox ends elsewhere than its numbers", where)


async def as_said(case: Case, finding: Finding) -> None:
    """I10: each record's event stands in one outbox row, once; each row that was sent has its records, byte for byte; the queue is empty."""
    scan = await case.once(scan_topics)
    finding.checked = scan.said + sum(scan.records.values())
    finding.figures["said"] = scan.said
    finding.figures["records"] = sum(scan.records.values())
    finding.figures["sent again"] = scan.repeated
    finding.figures["injected"] = scan.injected
    finding.figures["unsent"] = scan.unsent
    _tell(scan, finding)
    if case.practice is not None:  # whose such a row is, nobody can tell
        return
    for service in _speakers(case):
        async for row in case.rows(service, _QUEUE):
            what = "the queue has a unit that the outbox has not"
            finding.violate(
                what if row["is_nowhere"] else "the queue has another number than the outbox", service, row["id"]
            )


def _speakers(case: Case) -> Iterator[str]:
    """The services that say anything."""
    yield from dict.fromkeys(service for topic in case.evidence.topics for service in topic.said_by)


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
        self._heard = {topic: scan.heard[topic] for topic in topics if name in topics[topic].heard_by}
        self._taken: dict[str, set[int]] = defaultdict(set)
        """By source, what the inbox has events as."""
        self._places: set[Place] = set()
        """Where what somebody else said lies, as the inbox has it."""
        self._ids: set[bytes] = set()
        """And the ids of that: the same event at another place had its effect already."""

    async def check(self) -> None:
        async for row in self._inbox():
            self._take(row)
        async for row in self._foreign():
            self._take_foreign(row)
        for topic, heard in self._heard.items():
            self._leave(topic, heard)
        aside = await self._case.once(put_aside)
        letters = [each for each in aside.letters if each.service == self._name]
        waiting = [each for each in aside.waiting if each.service == self._name]
        put: tuple[Letter | Waits, ...] = (*letters, *waiting)
        for each in put:
            if not each.is_old and not self._is_known(each):
                what = "an event was put aside that the inbox does not know"
                self._finding.violate(what, self._name, each.event_id)
        for identity in {each.event_id for each in letters if each.is_open} & {each.event_id for each in waiting}:
            self._finding.violate("an event waits and is dead", self._name, identity)
        self._wait_too_long(waiting)
        self._count(len(letters), len(waiting))

    def _inbox(self) -> AsyncIterator[Row]:
        if self._case.practice is None:
            return self._case.rows(self._name, _INBOX, self._name, self._case.bounds.topic_retention)
        units = {
            (source, *position_of(name)[:2])
            for heard in self._heard.values()
            for source, names in heard.said.items()
            for name in names
        }
        return self._case.rows(self._name, _INBOX_OF, self._name, *_columns(units, 3))

    def _foreign(self) -> AsyncIterator[Row]:
        if self._case.practice is None:
            return self._case.rows(self._name, _FOREIGN, self._name, self._case.bounds.topic_retention)
        foreign = {place: identity for heard in self._heard.values() for place, identity in heard.foreign.items()}
        ids = [UUID(bytes=identity) for identity in foreign.values()]
        return self._case.rows(self._name, _FOREIGN_OF, self._name, *_columns(foreign, 3), ids)

    def _take(self, row: Row) -> None:
        """The places of a unit in one slot."""
        source = row["source"]
        where = (self._name, source, f"{row['era']}.{row['number']} slot {row['slot']}")
        try:
            entries = entries_in(row["places"])
        except Unreadable:
            self._finding.violate("an inbox row cannot be read", *where)
            return
        for place, beginning in entries:
            position = Position(row["era"], row["number"], place)
            taken = taken_as(position, beginning)
            if taken in self._taken[source]:
                self._finding.violate("the inbox has an event twice", self._name, source, position.text)
            self._taken[source].add(taken)
            if self._is_heard(source, taken):
                continue
            if row["is_old"] or taken in self._scan.excused[source]:
                self._finding.figures["taken, on no topic any more"] += 1
            elif self._case.bounds.at_rest:
                what = "the inbox has an event that none of its topics has"
                self._finding.violate(what, self._name, source, position.text)

    def _is_heard(self, source: str, name: int) -> bool:
        return any(name in heard.said[source] for heard in self._heard.values() if source in heard.said)

    def _take_foreign(self, row: Row) -> None:
        place = Place(row["topic"], row["partition"], row["record_offset"])
        is_of_another = bool(self._scan.clusters) and row["cluster"] not in self._scan.clusters
        self._ids.add(row["event_id"].bytes)
        if is_of_another:
            self._finding.figures["taken, on no topic any more"] += 1
            return
        self._places.add(place)
        heard = self._heard.get(place.topic)
        if heard is None:
            what = "the inbox has a topic that its service does not hear"
            self._finding.violate(what, self._name, *place)
        elif place not in heard.foreign and self._case.bounds.at_rest and not (row["is_old"] or self._is_open(place)):
            self._finding.violate("the inbox has a record that is on no topic", self._name, *place)

    def _is_open(self, place: Place) -> bool:
        """Whether a topic may have lost what it held."""
        return place.topic in self._scan.cut or self._topics[place.topic].compacted

    def _leave(self, topic: str, heard: Heard) -> None:
        """What a topic has and the inbox has not."""
        missing = [f"{source} {position_of(name).text}" for source, name in self._missing(heard)]
        missing += [
            text_of(identity)
            for place, identity in heard.foreign.items()
            if place not in self._places and identity not in self._ids
        ]
        if not self._case.bounds.at_rest:
            self._finding.figures["not taken yet"] += len(missing)
            return
        if len(missing) > MOST_SHOWN and len(missing) == len(heard):
            what = "a service takes nothing of a topic that it is listed to hear"
            self._finding.violate(what, self._name, topic, f"{len(missing)} events")
            return
        for event in missing:
            self._finding.violate("an event was not taken although all is quiet", self._name, topic, event)

    def _missing(self, heard: Heard) -> Iterator[tuple[str, int]]:
        for source, names in heard.said.items():
            yield from ((source, name) for name in sorted(names - self._taken[source]))

    def _is_known(self, aside: Letter | Waits) -> bool:
        """Whether the inbox has what was put aside, by its position or by where it lies."""
        known = known_position([(name, value.encode()) for name, value in aside.headers])
        if known is not None:
            source, position = known
            return taken_as(position, aside.event_id.bytes) in self._taken[source]
        return aside.place in self._places or aside.event_id.bytes in self._ids

    def _wait_too_long(self, waiting: list[Waits]) -> None:
        if not self._case.bounds.at_rest:
            return
        for each in waiting:
            if each.seconds > self._case.bounds.stuck_after.total_seconds():
                where = (self._name, each.place.topic, each.event_id, "for", each.fact)
                self._finding.violate("an event waits and waits", *where)

    def _count(self, letters: int, waiting: int) -> None:
        taken = len(self._places) + sum(len(names) for names in self._taken.values())
        self._finding.checked += taken
        self._finding.figures[f"{self._name} took"] = taken
        self._finding.figures["put aside"] += letters
        self._finding.figures["waiting"] += waiting


def _columns(rows: "set[tuple[str, int, int]] | dict[Place, bytes]", count: int) -> list[list[object]]:
    """Rows as a query takes them: a list for each column."""
    return [[row[column] for row in rows] for column in range(count)]
