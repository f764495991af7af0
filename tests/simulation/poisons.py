"""Records that nobody can work on, made of one that somebody could."""

from typing import Literal, get_args
from uuid import UUID

from claimstream_kit.bus.port import Headers, Record

Poison = Literal["no-json", "no-headers", "null", "other-version", "wrong-key", "impossible-money", "too-large"]
POISONS: tuple[Poison, ...] = get_args(Poison)

TOO_LARGE = 1_000_000
"""Bytes: more than a dead letter's copy may have."""


def spoiled(record: Record, kind: Poison, new_id: UUID) -> tuple[bytes | None, Headers]:
    """Value and headers of the poison; its key stays that of the sound record, so that what follows is parked behind it."""
    headers = [
        (name, str(new_id).encode() if name == "ce_id" else said) for name, said in record.headers if name != "ce_place"
    ]
    value = record.value or b""
    practice = record.key.split("/", 1)[0].encode()
    match kind:
        case "no-json":
            value = b"{this is no JSON"
        case "no-headers":
            headers = []
        case "null":
            return None, headers
        case "other-version":
            headers = [(name, b"org.claimstream.other.v9" if name == "ce_type" else said) for name, said in headers]
        case "wrong-key":
            value = value.replace(practice, b"somebody-else")
        case "impossible-money":
            value = value.replace(b'.00"', b'.001"') if b'.00"' in value else b"[]"
        case "too-large":
            value = b"{" * TOO_LARGE
    return value, headers
