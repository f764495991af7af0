"""A service's outbox as the topics are held against it: what was said, with the digest of its bytes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from .case import Case

_ROWS = """
SELECT event_id, topic, key, sequence, CASE WHEN payload <> '' OR sequence IS NULL THEN sha256(payload) END AS digest,
       CASE WHEN sent_at IS NULL THEN CASE WHEN created_at < now() - $1::interval THEN 'late' ELSE 'unsent' END
            WHEN sent_at < now() - $2::interval THEN 'expired'
            WHEN sent_at > $3::timestamptz THEN 'unsent' ELSE 'sent' END AS standing,
       CASE WHEN sequence IS NULL THEN headers::text END AS headers
FROM outbox WHERE since_outbox(seq) AND keyed(key)
"""
_EVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Said:
    """An outbox row."""

    event_id: bytes
    topic: str
    key: str
    sequence: int | None
    digest: bytes | None
    """None when retention has emptied the payload."""
    standing: str
    """sent; unsent, which it may be for a while; late, which it may not; expired: its topic need not have it any more."""
    headers: tuple[tuple[str, str], ...] | None = None
    """Of the copy of a dead letter."""
    seen: bool = False
    """Whether its topic has it."""


async def said_by(case: Case, service: str) -> AsyncIterator[Said]:
    """The rows of a service's outbox."""
    bounds = case.bounds
    as_of = case.evidence.topics_as_of or _EVER
    async for row in case.rows(service, _ROWS, bounds.unsent_after, bounds.topic_retention, as_of):
        copied = row["headers"]
        yield Said(
            event_id=row["event_id"].bytes,
            topic=row["topic"],
            key=row["key"],
            sequence=row["sequence"],
            digest=row["digest"],
            standing=row["standing"],
            headers=tuple((name, value) for name, value in orjson.loads(copied)) if copied is not None else None,
        )
