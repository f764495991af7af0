"""A record on its way to a handler: decoded, or with the reason why it could not be."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid5

from claimstream_schemas import Envelope, Event
from claimstream_schemas.values.identifiers import NAMESPACE
from pydantic import ValidationError

from ..bus.port import Record
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
    event: Event | None = None
    subscription: Subscription | None = None
    failure: Failure | None = None
    waits_for: str | None = None
    """The fact that its handler lacks."""
    stored_id: int | None = field(default=None)
    """The row in ``waiting`` or ``dead_letters`` that it came from, when it did not come from the bus."""


def decode(record: Record, subscriptions: Subscriptions) -> Message:
    """Read a record; what is wrong becomes its failure, with the place."""
    fallback = uuid5(NAMESPACE, f"{record.topic}/{record.partition}/{record.offset}")
    try:
        envelope = Envelope.from_headers(record.headers)
    except (ValidationError, UnicodeDecodeError) as error:
        return Message(record, fallback, _practice_of(record), failure=_unreadable("headers", error))
    message = Message(record, envelope.id, envelope.practice, envelope)
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
    return record.key.split("/", 1)[0] if "/" in record.key else "unknown"


def _unreadable(part: str, error: Exception) -> Failure:
    if isinstance(error, ValidationError):
        places = [
            f"{'/'.join(str(step) for step in fault['loc']) or '(whole)'}: {fault['type']}" for fault in error.errors()
        ]
        return Failure("Unreadable", f"{part}: {'; '.join(places[:5])}")
    return Failure("Unreadable", f"{part}: {type(error).__name__}")
