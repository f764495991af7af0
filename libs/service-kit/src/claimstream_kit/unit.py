"""A unit: one database transaction that holds the inbox rows, every effect and what is said of a whole batch.

What handlers read is loaded and locked in key order, one statement a table; what they change is written in few multi-row
statements sorted by key. Handlers never commit.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid4, uuid5

from claimstream_schemas import Envelope, Event
from claimstream_schemas.envelope import headers_of

from . import outbox
from .bus.port import Record
from .clock import Clock
from .collection import Collection, Journal
from .database import Connection
from .failpoints import failpoint
from .outbox import LARGEST_EVENT, EventTooLarge, Said
from .tracing import child, current_traceparent
from .witness import record_of

MOST_SAID_BYTES = 4_000_000
"""How much of what is said a unit holds that is asked to write it."""

AFTER_INSERT = failpoint("unit.after-insert", "a unit has written its rows, its events are not in the outbox yet")


class NotHeld(Exception):
    """An event was said by a unit that does not hold its key: another unit could say a later one first."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is said, and by whom."""

    id: UUID
    correlation: UUID
    actor: str
    traceparent: str | None


class Unit:
    """One transaction's work. A service's own unit adds its collections in ``__init__`` after ``super().__init__``."""

    checks_locks: ClassVar[bool] = False
    """Whether saying an event without holding its key fails: tests ask for it."""

    def __init__(self, connection: Connection, *, service: str, clock: Clock) -> None:
        """The kit opens units; handlers get them."""
        self.connection = connection
        self.service = service
        self.clock = clock
        self.current: Envelope | None = None
        self.heard = b""
        """The event in hand as it came: who keeps it whole keeps these bytes."""
        self.cause = _by_itself(service)
        self._events: list[Event] = []
        self._said: list[Said] = []
        self._numbers: Counter[tuple[UUID, str, str]] = Counter()
        self._held: set[str] = set()
        self._holds_all = False
        self._audit: list[tuple[Any, ...]] = []
        self._witnessed: dict[str, list[bytes]] = {}
        self._facts: set[str] = set()

    @property
    def actor(self) -> str:
        """The service, or the person who acts."""
        return self.cause.actor

    def caused_by(self, envelope: Envelope, heard: bytes = b"") -> None:
        """What is published from now on is the effect of this event, whose value is ``heard``."""
        self.current, self.heard = envelope, heard
        self.cause = Cause(envelope.id, envelope.correlation_id or envelope.id, self.service, envelope.traceparent)

    def on_behalf_of(self, actor: str, cause: UUID | None = None) -> None:
        """What is published from now on is the act of this person (or task); ``cause`` makes its event ids repeatable."""
        self.current = None
        self.cause = _by_itself(actor, cause)

    def publish(self, event: Event, *, cause: Cause | None = None) -> None:
        """Say that something happened, by the present cause or an earlier one of this unit.

        Its id is a UUIDv5 of its cause, topic, key and number, so that saying it twice shows.
        The unit holds the event's key: its row is locked or new here, or it is alone with it. The order of events is the order of these locks.

        Raises:
            EventTooLarge: it must be cut into chunks.
        """
        why, key = cause or self.cause, event.key
        place = (why.id, event.topic, key)
        self._numbers[place] += 1
        name = f"{self.service}\x1f{event.topic}\x1f{key}\x1f{self._numbers[place]}"
        event_id = uuid5(why.id, name)
        value = event.to_bytes()
        if len(value) > LARGEST_EVENT:
            raise EventTooLarge(event.topic, key, len(value))
        time = self.clock.now()
        headers = headers_of(
            event_id,
            source=f"/{self.service}",
            kind=event.event_type(),
            time=time,
            practice=event.practice_id,
            actor=why.actor,
            causation=why.id,
            correlation=why.correlation,
            traceparent=child(why.traceparent, event_id),
        )
        self._events.append(event)
        head = outbox.head_of(event.topic, key, headers)
        self._said.append(Said(event_id, event.practice_id, why.actor, time, head, value))

    async def alone(self, *key: object) -> None:
        """Wait until no other unit holds this key, and hold it until the commit: for what two handlers decide on different rows."""
        name = "\x1f".join(str(part) for part in key)
        self.holds(*key[1:])
        await self.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", name)

    def holds(self, *key: object) -> None:
        """Until the commit this unit alone says events of this key (practice and id), for a reason that its rows do not show."""
        self._held.add("/".join(str(part) for part in key))

    def holds_all(self) -> None:
        """Until the commit no other unit says events of the kinds that this one says."""
        self._holds_all = True

    def publish_copy(self, practice: str, record: Record, more: list[tuple[str, bytes]], event_id: UUID) -> None:
        """Put the copy of a dead letter on its topic, bytes and headers as they are. What a topic would not take stays in the database alone."""
        headers, value = [*record.headers, *more], record.value or b""
        if len(value) + sum(len(name) + len(said) for name, said in headers) > LARGEST_EVENT:
            headers, value = [*more, ("dead_value", b"too large: see the service's dead letters")], b""
        texts = [(name, readable(said)) for name, said in headers]
        head = outbox.head_of(f"{record.topic}.dead", record.key, texts, is_copy=True)
        self._said.append(Said(event_id, practice, self.actor, self.clock.now(), head, value))

    def arrived(self, fact: str) -> None:
        """A fact is there now: events that wait for it are completed after the commit."""
        self._facts.add(fact)

    def record(self, kind: str, practice: str, subject: str, content: bytes = b"") -> None:
        """An audit entry: ``kind`` is read, act or purge; only a digest of the content is kept."""
        digest = hashlib.sha256(content).digest()
        self._audit.append((practice, self.actor, kind, subject, digest, self.clock.now()))

    def witness(self, practice: str, key: UUID, facts: object) -> None:
        """Let the unit's row, and so the audit chain, have the digest of a row that is not to change in silence; see `witness`."""
        self._witnessed.setdefault(practice, []).append(record_of(key, facts))

    @property
    def events(self) -> list[Event]:
        """What was published in this unit, in order."""
        return list(self._events)

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
            if isinstance(collection, Collection):
                for practice, key, facts in collection.to_witness():
                    self.witness(practice, key, facts)
            if collection.is_changed:
                await collection.flush()
        AFTER_INSERT.reached()
        if self.checks_locks:
            self._check_locks()
        await self._keep_said()
        await self._keep_entries()
        if self._facts:
            await self.connection.execute(
                "UPDATE waiting SET due = now() WHERE consumer = $1 AND fact = ANY($2)",
                self.service,
                sorted(self._facts),
            )

    async def write_what_was_said(self) -> None:
        """Where a unit says much: write it now, and hold it in memory no more. Its keys are to be held for the whole of it."""
        if sum(said.size for said in self._said) < MOST_SAID_BYTES:
            return
        if self.checks_locks:
            self._check_locks()
        await outbox.keep(self.connection, self._said, {}, at=self.clock.now())
        self._said, self._events = [], []

    async def _keep_said(self) -> None:
        witnessed = {practice: b"".join(records) for practice, records in self._witnessed.items()}
        await outbox.keep(self.connection, self._said, witnessed, at=self.clock.now())
        self._said, self._witnessed = [], {}

    async def _keep_entries(self) -> None:
        if self._audit:
            await self.connection.execute(_KEEP_ENTRIES, *(list(column) for column in zip(*self._audit, strict=True)))
        self._audit = []

    def _check_locks(self) -> None:
        held = {
            "/".join(map(str, key))
            for each in self.collections()
            if isinstance(each, Collection)
            for key in each.held()
        }
        for event in self._events:
            if not self._holds_all and event.key not in held | self._held:
                raise NotHeld(f"{event.topic} {event.key}")


def _by_itself(actor: str, cause: UUID | None = None) -> Cause:
    number = cause or uuid4()
    return Cause(number, number, actor, current_traceparent.get())


_KEEP_ENTRIES = """
WITH entries AS MATERIALIZED (
    SELECT nextval('audit_entries_id_seq') AS id, e.*
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::timestamptz[])
        WITH ORDINALITY AS e (practice, actor, kind, subject, digest, at, place)
), queued AS (
    INSERT INTO audit_queue (entry) SELECT id FROM entries
)
INSERT INTO audit_entries (id, practice, actor, kind, subject, digest, at)
SELECT id, practice, actor, kind, subject, digest, at FROM entries ORDER BY place
"""


def readable(value: bytes) -> str:
    """Bytes as text that PostgreSQL takes: what is no UTF-8, and NUL, becomes a replacement character."""
    return storable(value.decode("utf-8", "replace"))


def storable(text: str) -> str:
    """Text that PostgreSQL takes."""
    return text.replace("\x00", "\ufffd")
