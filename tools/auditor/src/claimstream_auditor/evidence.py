"""The port: what an audit reads. Behind it lie PostgreSQL, Kafka and folders, or lists that a simulation keeps in memory."""

import tomllib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

CODING = "coding-svc"
CLAIM = "claim-svc"
GATEWAY = "clearinghouse-gw"
REMIT = "remit-svc"
DENIAL = "denial-svc"
SERVICES = (CODING, CLAIM, GATEWAY, REMIT, DENIAL)

DEAD = ".dead"
SEALED = "audit.sealed"

Row = Mapping[str, Any]
"""A database's row: columns by name."""


class Databases(Protocol):
    """The services' databases, each by its service's name; best as of one moment each."""

    def rows(self, service: str, sql: str, *arguments: Any) -> AsyncIterator[Row]:
        """The rows of a query that only reads; `$1` and so on stand for the arguments, as asyncpg has it."""


class TopicRecord(NamedTuple):
    """A record as it lies in its topic; the topic is without prefix."""

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]
    cluster: str = ""
    """The id of its cluster, where that is known."""


class Place(NamedTuple):
    """Where a record lies."""

    topic: str
    partition: int
    offset: int


class Folder(Protocol):
    """Files by name; the archive's names are digests."""

    def names(self) -> Iterable[str]:
        """The names of its files, without those that are still being written."""

    def read(self, name: str) -> bytes | None:
        """A file's bytes; None when there is no such file."""


class MemoryFolder:
    """A folder that a test or a simulation keeps in memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """The mapping may go on growing."""
        self._files = files

    def names(self) -> Iterable[str]:
        """The names there are now."""
        return list(self._files)

    def read(self, name: str) -> bytes | None:
        """A file's bytes."""
        return self._files.get(name)


class Acknowledged(NamedTuple):
    """A line of the load generator's journal: an encounter that was answered with 2xx."""

    practice: str
    source_system: str
    encounter_id: str
    """The EHR's own."""
    id: str
    version: int


@dataclass(frozen=True)
class Topic:
    """A topic of `deploy/topics.toml`: who says it, who hears it."""

    name: str
    said_by: tuple[str, ...]
    heard_by: tuple[str, ...]
    compacted: bool = False


@dataclass(frozen=True)
class Anchor:
    """What a service's audit chain is held against, outside its database: public keys (PEM), and the files of its heads."""

    public_keys: Sequence[bytes]
    heads: bytes
    before_restore: bytes = b""
    """Heads that a restore put aside: they were signed after the moment that it went back to."""


@dataclass(frozen=True)
class Mark:
    """How far a service's outbox and audit chain had come: an audit of one practice begins there instead of at the beginning."""

    outbox: int = 0
    audit_entries: int = 0
    chained: int = 0
    chain_hash: bytes | None = None


async def _no_records(topic: str) -> AsyncIterator[TopicRecord]:
    del topic
    nothing: tuple[TopicRecord, ...] = ()
    for record in nothing:
        yield record


def _no_anchor(service: str) -> Anchor | None:
    del service
    return None


@dataclass(frozen=True)
class Evidence:
    """All that an audit looks at. What is left out was not there: invariants about it check nothing."""

    databases: Databases
    topics: Sequence[Topic] = ()
    records: Callable[[str], AsyncIterator[TopicRecord]] = _no_records
    """A topic's records; in each partition in the order of their offsets."""
    outbound: Folder = field(default_factory=lambda: MemoryFolder({}))
    inbound: Folder = field(default_factory=lambda: MemoryFolder({}))
    archive: Folder = field(default_factory=lambda: MemoryFolder({}))
    journal: Callable[[], Iterable[Acknowledged]] | None = None
    anchors: Callable[[str], Anchor | None] = _no_anchor
    sinks: Callable[[], Iterable[tuple[str, bytes]]] = tuple
    """Logs, metrics and answers, each with its name: where patient data must never be."""
    canaries: Sequence[bytes] = ()
    """Words planted in patient data."""
    injected: AbstractSet[Place] = frozenset()
    """Records that a fault injector put on topics by hand: no service said them, but who hears their topic must take them."""
    marks: Mapping[str, Mark] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    """The services' own clock, which may be set to another day."""
    sent_before: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """By service, an era and a number: when the ends of the topics were noted, only what is below them was surely sent. Else all was."""


def read_topics(path: Path) -> tuple[Topic, ...]:
    """The list of topics, each `.dead` topic among them: its consumers say it, nobody hears it."""
    listed = tomllib.loads(path.read_text())["topics"]
    topics = []
    for name, about in listed.items():
        said_by = SERVICES if about["from"] == "each service" else (about["from"],)
        heard_by = tuple(about["to"])
        topics.append(Topic(name, said_by, heard_by, compacted=about.get("cleanup") == "compact"))
        if heard_by:
            topics.append(Topic(name + DEAD, heard_by, ()))
    return tuple(topics)


_MARK = """
SELECT (SELECT coalesce(max(id), 0) FROM outbox) AS outbox, (SELECT coalesce(max(id), 0) FROM audit_entries) AS entries,
       head.seq, head.hash
FROM (SELECT true) AS one LEFT JOIN LATERAL (SELECT seq, hash FROM audit_chain ORDER BY seq DESC LIMIT 1) AS head ON true
"""
_SENT_BEFORE = """
SELECT coalesce(queue.era, state.era, 0) AS era, coalesce(queue.number, state.last + 1, 0) AS number
FROM (SELECT true) AS one LEFT JOIN relay_state AS state ON true LEFT JOIN LATERAL (
    SELECT era, number FROM outbox_queue WHERE number IS NOT NULL ORDER BY era, number LIMIT 1) AS queue ON true
"""


async def marks_of(databases: Databases, services: Iterable[str] = SERVICES) -> dict[str, Mark]:
    """How far each service has come now."""
    marks = {}
    for service in services:
        async for row in databases.rows(service, _MARK):
            marks[service] = Mark(row["outbox"], row["entries"], row["seq"] or 0, row["hash"])
    return marks


async def sent_before(databases: Databases, services: Iterable[str] = SERVICES) -> dict[str, tuple[int, int]]:
    """Era and number below which each service has sent everything by now: units are sent in their order, and leave the queue when they are."""
    bounds = {}
    for service in services:
        async for row in databases.rows(service, _SENT_BEFORE):
            bounds[service] = (row["era"], row["number"])
    return bounds
