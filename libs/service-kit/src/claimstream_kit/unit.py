"""A unit: one database transaction that holds the inbox rows, every effect and the outbox rows of a whole batch.

What handlers read is loaded and locked in key order, one statement a table; what they change is written in few multi-row
statements sorted by key. Handlers never commit.
"""

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid4, uuid5

import orjson
from claimstream_schemas import Envelope, Event
from sqlalchemy import Table

from .clock import Clock
from .database import Connection, Row, insert, select_by_key
from .failpoints import failpoint
from .tables import KitTables
from .tracing import child, current_traceparent

LARGEST_EVENT = 950_000
"""Bytes. Kafka takes 1 MB a record by default; a row that it refused for its size would block the relay."""

DEAD_HEADERS = 7
"""How many headers a dead letter's copy adds at the end."""

AFTER_INSERT = failpoint("unit.after-insert", "a unit has written its rows, its events are not in the outbox yet")

V = TypeVar("V")
Key = tuple[Any, ...]


class Collection(ABC, Generic[V]):
    """Values of one table in a unit: an identity map over rows that are locked while the unit lasts.

    A subclass names its ``table`` and says how a value becomes a row and back. The primary key begins with the practice.
    """

    table: ClassVar[Table]
    locks: ClassVar[bool] = True
    """False for values that units only read, such as the practice: they are not locked."""
    updates_first: ClassVar[bool] = False
    """Whether changed rows are written before new ones: where a new one takes the place of one that was unique."""

    def __init__(self, unit: "Unit") -> None:
        """Belongs to one unit."""
        self._connection = unit.connection
        self._values: dict[Key, V | None] = {}
        self._absent: set[Key] = set()
        self._changed: set[Key] = set()
        self._rows: dict[Key, Row] = {}

    @abstractmethod
    def to_row(self, value: V) -> Row:
        """The row of a value, with every column but those the database fills."""

    @abstractmethod
    def from_row(self, row: Row) -> V:
        """The value of a row."""

    async def load(self, keys: Iterable[Key]) -> None:
        """Load and lock what is not loaded yet, in key order, in one statement."""
        missing = sorted({key for key in keys if key not in self._values}, key=str)
        if not missing:
            return
        names = [column.name for column in self.table.primary_key]
        self._values.update(dict.fromkeys(missing))
        self._absent.update(missing)
        for row in await select_by_key(self._connection, self.table, missing, lock=self.locks):
            key = tuple(row[name] for name in names)
            self._values[key] = self.from_row(row)
            self._absent.discard(key)

    async def get(self, *key: Any) -> V | None:
        """The value with that primary key, or None."""
        if key not in self._values:
            await self.load([key])
        return self._values[key]

    def loaded(self) -> Iterator[V]:
        """What is in the map, as it stands."""
        return (value for value in self._values.values() if value is not None)

    def put(self, value: V) -> None:
        """Keep a new value, or a changed one."""
        row = self.to_row(value)
        key = tuple(row[column.name] for column in self.table.primary_key)
        self._values[key] = value
        self._rows[key] = row
        self._changed.add(key)

    @property
    def is_changed(self) -> bool:
        """Whether there is something to write."""
        return bool(self._changed)

    async def flush(self) -> None:
        """Write what changed, sorted by key: what was not there in one statement, the rest in another.

        A row that was not there and that another replica has made meanwhile is a unique violation: the batch runs again and finds it.
        """
        rows: dict[bool, list[Row]] = {False: [], True: []}
        for key in sorted(self._changed, key=str):
            rows[key in self._absent].append(self._rows[key])
        for is_new in (False, True) if self.updates_first else (True, False):
            await insert(self._connection, self.table, rows[is_new], conflict="fail" if is_new else "update")
        self._absent -= self._changed
        self._changed.clear()
        self._rows.clear()


class Journal:
    """Rows of a table that is only ever added to; a row that is there already is left as it is."""

    def __init__(self, unit: "Unit", table: Table, *, conflict: str = "ignore") -> None:
        """``conflict``: ignore keeps the first row; fail refuses a second one."""
        self._connection = unit.connection
        self._table = table
        self._conflict = conflict
        self._rows: list[Row] = []

    def add(self, **row: Any) -> None:
        """Add a row; all rows name the same columns."""
        self._rows.append(row)

    @property
    def is_changed(self) -> bool:
        """Whether there is something to write."""
        return bool(self._rows)

    async def flush(self) -> None:
        """Write what was added, in one statement."""
        await insert(self._connection, self._table, self._rows, conflict=self._conflict)
        self._rows = []


class Unit:
    """One transaction's work. A service's own unit adds its collections in ``__init__`` after ``super().__init__``."""

    def __init__(self, connection: Connection, tables: KitTables, *, service: str, clock: Clock) -> None:
        """The kit opens units; handlers get them."""
        self.connection = connection
        self.tables = tables
        self.service = service
        self.clock = clock
        self.actor = service
        self.current: Envelope | None = None
        self._cause = uuid4()
        self._correlation = self._cause
        self._traceparent = current_traceparent.get()
        self._said: list[tuple[Event, Envelope]] = []
        self._numbers: Counter[tuple[UUID, str, str]] = Counter()
        self._raw: list[Row] = []
        self._audit: list[Row] = []
        self._facts: set[str] = set()

    def caused_by(self, envelope: Envelope) -> None:
        """What is published from now on is the effect of this event."""
        self.current = envelope
        self.actor = self.service
        self._cause = envelope.id
        self._correlation = envelope.correlation_id or envelope.id
        self._traceparent = envelope.traceparent

    def on_behalf_of(self, actor: str, cause: UUID | None = None) -> None:
        """What is published from now on is the act of this person (or task); ``cause`` makes its event ids repeatable."""
        self.current = None
        self.actor = actor
        self._cause = self._correlation = cause or uuid4()
        self._traceparent = current_traceparent.get()

    def publish(self, event: Event) -> None:
        """Say that something happened. Its id is a UUIDv5 of its cause, topic, key and number, so that saying it twice shows."""
        place = (self._cause, event.topic, event.key)
        self._numbers[place] += 1
        name = f"{self.service}\x1f{event.topic}\x1f{event.key}\x1f{self._numbers[place]}"
        event_id = uuid5(self._cause, name)
        envelope = Envelope(
            id=event_id,
            source=f"/{self.service}",
            type=event.event_type(),
            time=self.clock.now(),
            practice=event.practice_id,
            sequence=0,
            actor=self.actor,
            causation_id=self._cause,
            correlation_id=self._correlation,
            traceparent=child(self._traceparent, event_id),
        )
        self._said.append((event, envelope))

    async def alone(self, *key: object) -> None:
        """Wait until no other unit holds this key, and hold it until the commit: for what two handlers decide on different rows."""
        name = "\x1f".join(str(part) for part in key)
        await self.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)

    def publish_raw(
        self, topic: str, key: str, headers: list[tuple[str, bytes]], payload: bytes, event_id: UUID
    ) -> None:
        """Send bytes as they are: the copy of a dead letter. What a topic would not take stays in the database alone."""
        if len(payload) + sum(len(name) + len(value) for name, value in headers) > LARGEST_EVENT:
            headers, payload = (
                [*headers[-DEAD_HEADERS:], ("dead_value", b"too large: see the service's dead letters")],
                b"",
            )
        self._raw.append({"topic": topic, "key": key, "headers": headers, "payload": payload, "event_id": event_id})

    def arrived(self, fact: str) -> None:
        """A fact is there now: events that wait for it are completed after the commit."""
        self._facts.add(fact)

    def record(self, kind: str, practice: str, subject: str, content: bytes = b"") -> None:
        """An audit entry: ``kind`` is event, read, act or purge; only a digest of the content is kept."""
        self._audit.append(
            {
                "practice": practice,
                "actor": self.actor,
                "kind": kind,
                "subject": subject,
                "digest": hashlib.sha256(content).digest(),
                "at": self.clock.now(),
            }
        )

    @property
    def events(self) -> list[Event]:
        """What was published in this unit, in order."""
        return [event for event, _ in self._said]

    @property
    def facts(self) -> set[str]:
        """The facts that arrived in this unit."""
        return self._facts

    def collections(self) -> list[Collection[Any] | Journal]:
        """The unit's collections and journals, in the order in which they are written."""
        return [value for value in vars(self).values() if isinstance(value, Collection | Journal)]

    async def flush(self) -> None:
        """Write all that the unit holds; the caller commits."""
        for collection in self.collections():
            if collection.is_changed:
                await collection.flush()
        AFTER_INSERT.reached()
        await self._flush_outbox()
        await insert(self.connection, self.tables.audit_entries, self._audit)
        self._audit = []
        if self._facts:
            await self.connection.execute(
                "UPDATE waiting SET due = now() WHERE consumer = $1 AND fact = ANY($2)",
                self.service,
                sorted(self._facts),
            )

    async def _flush_outbox(self) -> None:
        if self._said:
            await self.connection.execute(_SAY, *self._what_was_said())
        raw = [{**row, "headers": [[name, readable(value)] for name, value in row["headers"]]} for row in self._raw]
        # A dead letter that dies again after its row and the inbox's were purged has its copy on the topic already.
        await insert(self.connection, self.tables.outbox, raw, conflict="ignore")
        self._said, self._raw = [], []

    def _what_was_said(self) -> list[list[Any]]:
        """The columns that the statement wants, of each event in the order in which they were said."""
        behind: Counter[tuple[str, str]] = Counter()
        rows: list[tuple[Any, ...]] = []
        for event, envelope in reversed(self._said):
            payload = event.to_bytes()
            if len(payload) > LARGEST_EVENT:
                raise EventTooLarge(event.topic, event.key, len(payload))
            place = (event.topic, event.key)
            headers = [
                (name, said.replace("\x00", "\ufffd")) for name, said in envelope.header_texts() if name != _SEQUENCE
            ]
            rows.append(
                (
                    *(envelope.id, event.topic, event.key, behind[place], orjson.dumps(headers).decode(), payload),
                    *(envelope.practice, envelope.actor, hashlib.sha256(payload).digest(), envelope.time),
                )
            )
            behind[place] += 1
        return [list(column) for column in zip(*reversed(rows), strict=True)]


_SEQUENCE = "ce_sequence"
_SAY = f"""
WITH said AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bytea[], $7::text[], $8::text[],
        $9::bytea[], $10::timestamptz[])
    WITH ORDINALITY AS s (event_id, topic, key, behind, headers, payload, practice, actor, digest, at, place)
), numbered AS (
    INSERT INTO sequences AS s (topic, key, last)
    SELECT topic, key, count(*) FROM said GROUP BY topic, key ORDER BY topic, key
    ON CONFLICT (topic, key) DO UPDATE SET last = s.last + EXCLUDED.last RETURNING topic, key, last
), kept AS (
    INSERT INTO outbox (event_id, topic, key, sequence, headers, payload)
    SELECT event_id, topic, key, last - behind,
        headers::jsonb || jsonb_build_array(jsonb_build_array('{_SEQUENCE}', (last - behind)::text)), payload
    FROM said JOIN numbered USING (topic, key) ORDER BY place
)
INSERT INTO audit_entries (practice, actor, kind, subject, digest, at)
SELECT practice, actor, 'event', topic || ' ' || event_id, digest, at FROM said ORDER BY place
"""  # noqa: S608  our own text
"""Each (topic, key) gets its next numbers, without a gap: its row stays locked, in key order, until the commit, and the outbox takes its own
``seq`` after all of these locks, for the sort comes between. ``behind`` is how many events of the same key are said after this one."""


def readable(value: bytes) -> str:
    """Bytes as text that PostgreSQL takes: what is no UTF-8, and NUL, becomes a replacement character."""
    return value.decode("utf-8", "replace").replace("\x00", "\ufffd")


class EventTooLarge(Exception):
    """An event is larger than a topic takes; it must be cut into chunks."""

    def __init__(self, topic: str, key: str, size: int) -> None:
        """The event's topic and key, and its size in bytes."""
        super().__init__(f"{topic} {key}: {size} bytes, at most {LARGEST_EVENT}")
        self.topic = topic
        self.key = key
        self.size = size


RETRY_WAITING_AFTER = timedelta(seconds=5)
"""An event whose fact was missed (two replicas at the same moment) is tried again after this."""
