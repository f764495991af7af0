"""The envelope: what Kafka's headers say about an event (CloudEvents 1.0, binary mode), and the class all events share.

The value is the event itself as JSON, so that a person can read a topic. The headers carry who, when, why and in which order.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from .values.base import Value
from .values.identifiers import PracticeId

_EXTENSIONS = ("practice", "sequence", "place", "actor", "causation_id", "correlation_id", "traceparent")
_HEADERS = {name: f"ce_{name.replace('_', '')}" for name in ("id", "source", "type", "time", *_EXTENSIONS)}
_FIELDS = {header: name for name, header in _HEADERS.items()}

NUMBERS_IN_ERA, PLACES_IN_UNIT = 40, 10
"""Bits of a sequence: an era has room for a million million numbers, a unit for 1,024 events."""
LAST_ERA = (1 << 63 - NUMBERS_IN_ERA - PLACES_IN_UNIT) - 1
"""A sequence has 63 bits: 8,191 eras."""


HEADER_TEXT = r"^[^\x00-\x1f\x7f]{1,300}$"
HeaderText = Annotated[str, StringConstraints(pattern=HEADER_TEXT)]
"""What names something: one line, of a length that an index takes."""

PLACE_TEXT = r"^[1-9][0-9]{0,3}\.[1-9][0-9]{0,12}\.[0-9]{1,4}$"


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


class Place(NamedTuple):
    """Where an event stands among all that its source ever said: a number for each unit, dense within an era, and its place in the unit.

    An era begins with a restore from a backup: what was said before and is not in the backup had numbers of the era before.
    """

    era: int
    number: int
    index: int  # type: ignore[assignment]  # nobody looks for a number in a place

    def __str__(self) -> str:
        """As the header ``ce_place`` has it, e.g. ``1.4711.3``."""
        return f"{self.era}.{self.number}.{self.index}"

    @property
    def sequence(self) -> int:
        """A number that rises from event to event, also over a restore; it has gaps."""
        return (self.era << NUMBERS_IN_ERA | self.number) << PLACES_IN_UNIT | self.index

    @classmethod
    def read(cls, text: str) -> Self:
        """The place in the header's text.

        Raises:
            ValueError: it is not three numbers.
        """
        era, number, index = (int(part) for part in text.split("."))
        return cls(era, number, index)


def headers_of(  # noqa: PLR0913  as many as there are headers
    event_id: UUID,
    *,
    source: str,
    kind: str,
    time: datetime,
    practice: str,
    actor: str,
    causation: UUID,
    correlation: UUID,
    traceparent: str,
) -> list[tuple[str, str]]:
    """The headers of an event that has no number yet, as `Envelope.header_texts` has them; what they say is known to be sound."""
    return [
        ("ce_specversion", "1.0"),
        ("ce_id", str(event_id)),
        ("ce_source", source),
        ("ce_type", kind),
        ("ce_time", time.isoformat()),
        ("content-type", "application/json"),
        ("ce_practice", practice),
        ("ce_actor", actor),
        ("ce_causationid", str(causation)),
        ("ce_correlationid", str(correlation)),
        ("ce_traceparent", traceparent),
    ]


class Envelope(Value):
    """What the headers say: each field is the header ``ce_`` and its name without underscores, e.g. ``ce_causationid``.

    ``sequence`` rises within a key, with gaps; an event that is sent again has the one that it had. ``place`` tells services of ours which
    events they have seen; what somebody else put on a topic has none.
    """

    id: UUID
    source: HeaderText = Field(description="The service that said it, e.g. /claim-svc")
    type: HeaderText
    time: datetime
    practice: PracticeId
    sequence: int = Field(
        ge=0,
        description="0 stands for none: an event in a topic has one, and what somebody else put there may have none",
    )
    place: str | None = Field(default=None, pattern=PLACE_TEXT)
    actor: HeaderText = Field(description="The service, or the subject of the token, that acted")
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    traceparent: str | None = None

    def to_headers(self) -> list[tuple[str, bytes]]:
        """Kafka headers: ``ce_`` names as the CloudEvents Kafka binding asks."""
        return [(name, value.encode()) for name, value in self.header_texts()]

    def header_texts(self) -> list[tuple[str, str]]:
        """The headers as text; sequence and place are left out while they are not known."""
        headers = [
            ("ce_specversion", "1.0"),
            ("ce_id", str(self.id)),
            ("ce_source", self.source),
            ("ce_type", self.type),
            ("ce_time", self.time.isoformat()),
            ("content-type", "application/json"),
        ]
        headers += [
            (_HEADERS[name], str(value)) for name in _EXTENSIONS if (value := getattr(self, name)) not in (None, 0)
        ]
        return headers

    @classmethod
    def from_headers(cls, headers: Iterable[tuple[str, bytes]]) -> Self:
        """The envelope in a record's headers.

        Raises:
            pydantic.ValidationError: when a header is missing or malformed.
        """
        return cls.model_validate({_FIELDS[name]: value.decode() for name, value in headers if name in _FIELDS})
