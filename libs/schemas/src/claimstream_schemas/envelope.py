"""The envelope: what Kafka's headers say about an event (CloudEvents 1.0, binary mode), and the class all events share.

The value is the event itself as JSON, so that a person can read a topic. The headers carry who, when, why and in which order.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import Field

from .values.base import Value
from .values.identifiers import PracticeId

_EXTENSIONS = ("practice", "sequence", "actor", "causation_id", "correlation_id", "traceparent")


class Event(Value):
    """Something that happened: named in the past tense, frozen, complete for who hears it."""

    topic: ClassVar[str]
    version: ClassVar[int] = 1
    aggregate: ClassVar[str]
    """What the key is an id of. Events of one aggregate and key belong together, whatever their topics are called."""
    key_field: ClassVar[str]
    """The field whose value, after the practice, is the topic's key: the aggregate's id."""

    practice_id: PracticeId = Field(description="The practice (tenant) that the event belongs to")

    @property
    def key(self) -> str:
        """The topic key: ``practice/aggregate``."""
        return f"{self.practice_id}/{getattr(self, self.key_field)}"

    @classmethod
    def event_type(cls) -> str:
        """CloudEvents ``type``, e.g. ``org.claimstream.claim.submitted.v1``."""
        return f"org.claimstream.{cls.topic}.v{cls.version}"

    def to_bytes(self) -> bytes:
        """The value as it goes to the topic."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def from_bytes(cls, value: bytes) -> Self:
        """The event in a topic's value.

        Raises:
            pydantic.ValidationError: with the place of each fault; its text may hold patient data, so log the places only.
        """
        return cls.model_validate_json(value)


class Envelope(Value):
    """What the headers say. ``sequence`` is the aggregate's version: a consumer ignores a lower one than it has seen."""

    id: UUID
    source: str = Field(description="The service that said it, e.g. /claim-svc")
    type: str
    time: datetime
    practice: PracticeId
    sequence: int = Field(ge=0)
    actor: str = Field(description="The service, or the subject of the token, that acted")
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    traceparent: str | None = None

    def to_headers(self) -> list[tuple[str, bytes]]:
        """Kafka headers: ``ce_`` names as the CloudEvents Kafka binding asks."""
        return [(name, value.encode()) for name, value in self.header_texts()]

    def header_texts(self) -> list[tuple[str, str]]:
        """The headers as text, as they are kept until they are sent."""
        headers: list[tuple[str, Any]] = [
            ("ce_specversion", "1.0"),
            ("ce_id", self.id),
            ("ce_source", self.source),
            ("ce_type", self.type),
            ("ce_time", self.time.isoformat()),
            ("content-type", "application/json"),
        ]
        headers += [(f"ce_{name.replace('_', '')}", getattr(self, name)) for name in _EXTENSIONS]
        return [(name, str(value)) for name, value in headers if value is not None]

    @classmethod
    def from_headers(cls, headers: Iterable[tuple[str, bytes]]) -> Self:
        """The envelope in a record's headers.

        Raises:
            pydantic.ValidationError: when a header is missing or malformed.
        """
        said = {name: value.decode() for name, value in headers}
        names = {name: f"ce_{name.replace('_', '')}" for name in ("id", "source", "type", "time", *_EXTENSIONS)}
        return cls.model_validate({name: said[header] for name, header in names.items() if header in said})
