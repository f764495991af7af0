"""What services keep packed, read from the documented format alone: units of the outbox, places in an inbox.

Nothing here is the kit's: who judges must not share a mistake with what it judges.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
import zstandard

ID_BYTES, DIGEST_BYTES = 16, 32
_ZSTD_1 = 1
_LENGTHS = struct.Struct(">II")
_COPY = "copy"
_POSITION = re.compile(r"(\d{1,6})\.(\d{1,13})\.(\d{1,5})")
_NUMBER_BITS, _INDEX_BITS = 40, 10
_WIDE_NUMBER, _WIDE_INDEX = 44, 16
_ENTRY, _ID_BITS = struct.Struct(">H6s"), 48
_decompressor = zstandard.ZstdDecompressor()


class Unreadable(Exception):
    """Something packed is not as its format says."""


class Position(NamedTuple):
    """Where an event stands among all that its source said: era, the number of its unit, its place in the unit."""

    era: int
    number: int
    place: int

    @property
    def text(self) -> str:
        """As `ce_place` has it."""
        return f"{self.era}.{self.number}.{self.place}"

    @property
    def sequence(self) -> int:
        """As `ce_sequence` has it: it rises from event to event, with gaps."""
        return (self.era << _NUMBER_BITS | self.number) << _INDEX_BITS | self.place

    @property
    def name(self) -> int:
        """One number of its own for each position that a header or an inbox row can say: sets of it are small."""
        return (self.era << _WIDE_NUMBER | self.number) << _WIDE_INDEX | self.place

    @classmethod
    def named(cls, name: int) -> "Position":
        """The position of a name."""
        unit, place = divmod(name, 1 << _WIDE_INDEX)
        return cls(*divmod(unit, 1 << _WIDE_NUMBER), place)

    @classmethod
    def read(cls, text: str) -> "Position":
        """The position in a header's text.

        Raises:
            Unreadable: it is not three numbers.
        """
        match = _POSITION.fullmatch(text)
        if match is None:
            raise Unreadable(text)
        return cls(*(int(part) for part in match.groups()))


class Packed(NamedTuple):
    """One event of a unit, as its bytes say it."""

    topic: str
    key: str
    headers: tuple[tuple[str, str], ...]
    is_copy: bool
    """Of a dead letter."""
    digest: bytes


def unpacked(packing: int, payload: bytes) -> list[Packed]:
    """The events of a unit, in their order: one zstd frame of, for each, the lengths of head and value, the head, the value.

    Raises:
        Unreadable: it is anything else.
    """
    if packing != _ZSTD_1:
        raise Unreadable(f"packing {packing}")
    try:
        raw = _decompressor.decompress(payload, allow_extra_data=False)
        return [_event(head, value) for head, value in _parts(raw)]
    except (zstandard.ZstdError, struct.error, ValueError, TypeError) as error:
        raise Unreadable(str(error)) from error


def _parts(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(raw):
        head, value = _LENGTHS.unpack_from(raw, at)
        middle = at + _LENGTHS.size + head
        end = middle + value
        if end > len(raw):
            raise Unreadable("it ends within an event")
        yield raw[at + _LENGTHS.size : middle], raw[middle:end]
        at = end


def _event(head: bytes, value: bytes) -> Packed:
    topic, key, headers, *mark = orjson.loads(head)
    if mark not in ([], [_COPY]) or not isinstance(topic, str) or not isinstance(key, str):
        raise Unreadable("a head is not topic, key and headers")
    return Packed(topic, key, tuple((name, said) for name, said in headers), bool(mark), _digest(head, value))


def digest_of(
    topic: str, key: str, headers: Sequence[tuple[str, str]], value: bytes, *, is_copy: bool = False
) -> bytes:
    """What the outbox has for these: SHA-256 of head, line feed and value."""
    said: list[Any] = [topic, key, headers]
    return _digest(orjson.dumps([*said, _COPY] if is_copy else said), value)


def _digest(head: bytes, value: bytes) -> bytes:
    return sha256(head + b"\n" + value).digest()


def entries_in(row: bytes) -> list[tuple[int, bytes]]:
    """What an inbox row holds: an index of 16 bits, the highest first, and the first six bytes of the event's id, for each event.

    Raises:
        Unreadable: a part of one is missing.
    """
    if len(row) % _ENTRY.size:
        raise Unreadable("a part of an entry is missing")
    return list(_ENTRY.iter_unpack(row))


def taken_as(position: Position, event_id: bytes) -> int:
    """One number of its own for each event that an inbox can tell from others: by its position, and by how its id begins."""
    return position.name << _ID_BITS | int.from_bytes(event_id[: _ID_BITS // 8])


def position_of(entry: int) -> Position:
    """Where the event stands that was taken as this number."""
    return Position.named(entry >> _ID_BITS)


def cut(row: bytes, size: int) -> list[bytes]:
    """A row of ids or digests, one by one."""
    return [row[at : at + size] for at in range(0, len(row), size)]
