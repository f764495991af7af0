"""How a record is known: to outboxes by its event's id, to consumers by its position, and what somebody else said by where it lies."""

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

from claimstream_schemas import Envelope
from claimstream_schemas.values.identifiers import NAMESPACE
from pydantic import ValidationError

from .evidence import TopicRecord
from .packed import Position

Headers = Sequence[tuple[str, bytes]]


def header(headers: Iterable[tuple[str, bytes]], name: str) -> bytes | None:
    """A header's value, the last one of that name as the envelope reads them."""
    found = None
    for each, value in headers:
        if each == name:
            found = value
    return found


def said_id(record: TopicRecord) -> bytes | None:
    """The 16 bytes of the id that its headers name; None when they name none."""
    text = header(record.headers, "ce_id")
    if text is None:
        return None
    try:
        return bytes.fromhex(text.decode("ascii").replace("-", ""))
    except ValueError:
        return None


def known_id(record: TopicRecord) -> bytes:
    """The 16 bytes of the id that a consumer works with: the envelope's, or one made from the place when there is no envelope."""
    envelope = _envelope(record.headers)
    if envelope is not None:
        return envelope.id.bytes
    return uuid5(NAMESPACE, f"{record.cluster}/{record.topic}/{record.partition}/{record.offset}").bytes


def known_position(headers: Iterable[tuple[str, bytes]]) -> tuple[str, Position] | None:
    """Source and position that an inbox has it by; None for what somebody else said, or nobody can read."""
    envelope = _envelope(headers)
    if envelope is None or envelope.place is None:
        return None
    return envelope.source, Position.read(envelope.place)


def _envelope(headers: Iterable[tuple[str, bytes]]) -> Envelope | None:
    try:
        return Envelope.from_headers(headers)
    except (ValidationError, UnicodeDecodeError):
        return None


def practice_of(record: TopicRecord) -> str:
    """The practice in its headers, else in its key."""
    said = header(record.headers, "ce_practice")
    return said.decode("utf-8", "replace") if said else record.key.split("/", 1)[0]


def text_of(identity: bytes) -> str:
    """An id for people."""
    return str(UUID(bytes=identity))


def readable(value: bytes) -> str:
    """As a database keeps it: what is no UTF-8, and NUL, is a replacement character."""
    return value.decode("utf-8", "replace").replace("\x00", "\ufffd")
