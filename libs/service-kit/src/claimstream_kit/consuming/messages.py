"""A record on its way to a handler: decoded, or with the reason why it could not be."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from claimstream_schemas import Envelope, Event, Place
from claimstream_schemas.values.identifiers import NAMESPACE, PRACTICE_ID
from pydantic import ValidationError

from ..auth import UNREADABLE
from ..bus.port import Record
from ..database import Connection, Row
from ..errors import Refusal
from ..unit import Unit, readable, storable
from .subscription import Subscription, Subscriptions


@dataclass(frozen=True)
class Failure:
    """Why an event could not be worked on. The reason holds places and ids, never patient data."""

    error_class: str
    reason: str


@dataclass
class Message:
    """A record with what could be read of it."""

    record: Record
    event_id: UUID
    practice: str
    envelope: Envelope | None = None
    place: Place | None = None
    """Where its service said it; None for what somebody else put on the topic."""
    event: Event | None = None
    subscription: Subscription | None = None
    failure: Failure | None = None
    waits_for: str | None = None
    """The fact that its handler lacks."""
    stored_id: int | None = field(default=None)
    """The row in ``waiting`` or ``dead_letters`` that it came from, when it did not come from the bus."""


def decode(record: Record, subscriptions: Subscriptions) -> Message:
    """Read a record; what is wrong becomes its failure, with the place."""
    try:
        envelope = Envelope.from_headers(record.headers)
    except (ValidationError, UnicodeDecodeError) as error:
        where = uuid5(NAMESPACE, f"{record.cluster}/{record.topic}/{record.partition}/{record.offset}")
        return Message(record, where, _practice_of(record), failure=_unreadable("headers", error))
    message = Message(record, envelope.id, envelope.practice, envelope)
    message.place = Place.read(envelope.place) if envelope.place is not None else None
    subscription = subscriptions.find(record.topic, envelope.type)
    if subscription is None:
        message.failure = _unhandled(record.topic, envelope.type, subscriptions)
        return message
    message.subscription = subscription
    try:
        message.event = subscription.event.from_bytes(record.value or b"")
    except ValidationError as error:
        message.failure = _unreadable("value", error)
        return message
    if message.event.key != record.key or message.event.practice_id != envelope.practice:
        message.failure = Failure("WrongKey", "the record's key or practice is not the event's own")
    return message


def failure_of(error: Exception) -> Failure:
    """What a handler or the flush raised, as it is kept."""
    reason = (
        error.detail
        if isinstance(error, Refusal)
        else f"{type(error).__name__} when it was worked on; see the log by event id"
    )
    return Failure(type(error).__name__, reason)


def empty_envelope(record: Record, event_id: UUID, practice: str) -> Envelope:
    """An envelope for a record whose headers could not be read: so that its dead letter has a cause."""
    return Envelope(
        id=event_id,
        source="/unknown",
        type=f"unknown.{record.topic}",
        time=datetime.now(UTC),
        practice=practice,
        sequence=0,
        actor="unknown",
    )


def _unhandled(topic: str, said: str, subscriptions: Subscriptions) -> Failure:
    known = subscriptions.types_of(topic)
    if not known:
        return Failure("UnknownTopic", f"nothing here handles {topic}")
    return Failure("UnknownVersion", f"{said} is not {' or '.join(known)}")


def _practice_of(record: Record) -> str:
    practice, _, rest = record.key.partition("/")
    return practice if rest and re.fullmatch(PRACTICE_ID, practice) else UNREADABLE


def _unreadable(part: str, error: Exception) -> Failure:
    if isinstance(error, ValidationError):
        places = [
            f"{'/'.join(str(step) for step in fault['loc']) or '(whole)'}: {fault['type']}" for fault in error.errors()
        ]
        return Failure("Unreadable", f"{part}: {'; '.join(places[:5])}")
    return Failure("Unreadable", f"{part}: {type(error).__name__}")


def kept(consumer: str, message: Message) -> tuple[Any, ...]:
    """What a message that is put aside, to wait or as dead, is kept with: consumer, event id, topic, partition, offset, key, headers, payload."""
    record = message.record
    headers = [[storable(name), readable(value)] for name, value in record.headers]
    return (
        consumer,
        message.event_id,
        record.topic,
        record.partition,
        record.offset,
        record.key,
        headers,
        record.value,
    )


def read_again(row: Row, subscriptions: Subscriptions) -> Message:
    """The message that was put aside as this row."""
    headers = [(name, value.encode()) for name, value in row["headers"]]
    record = Record(row["topic"], row["partition"], row["record_offset"], row["key"], row["payload"], headers)
    message = decode(record, subscriptions)
    message.event_id, message.stored_id = row["event_id"], row["id"]
    return message


class Source(Protocol):
    """Where messages come from, and what is kept of them there: the inbox, the waiting events, the dead letters."""

    async def admit(self, connection: Connection, messages: Sequence[Message]) -> list[Message]:
        """The messages that are still to be worked on; the others were seen before."""

    async def settle(self, connection: Connection, done: Sequence[Message], waiting: Sequence[Message]) -> None:
        """Forget what was completed, and know what waits now."""


class Worker(Protocol):
    """Works on messages, whatever their source."""

    consumer: str
    subscriptions: Subscriptions
    after_commit: list[Callable[[Unit], None]]

    async def complete(self, messages: list[Message], source: Source) -> None:
        """Work on messages until each is done, waiting, or dead."""
