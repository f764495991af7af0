"""How a record is known to its consumers: by its event's id, and where its headers cannot be read by its place."""

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5

from claimstream_schemas import Envelope
from claimstream_schemas.values.identifiers import NAMESPACE
from pydantic import ValidationError

from .evidence import TopicRecord

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
    try:
        return Envelope.from_headers(record.headers).id.bytes
    except (ValidationError, UnicodeDecodeError):
        return uuid5(NAMESPACE, f"{record.topic}/{record.partition}/{record.offset}").bytes


def practice_of(record: TopicRecord) -> str:
    """The practice in its headers, else in its key."""
    said = header(record.headers, "ce_practice")
    return said.decode("utf-8", "replace") if said else record.key.split("/", 1)[0]


def text_of(identity: bytes) -> str:
    """An id for people."""
    return str(UUID(bytes=identity))
