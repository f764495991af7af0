"""What consumers put aside: dead letters, events parked behind them, events that wait for a fact. Read once for several invariants."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from .case import Case
from .evidence import DEAD, Place

OPEN = ("dead", "parked")

_PUT_ASIDE = """
SELECT id, consumer, event_id, practice, topic, partition, record_offset,
       aggregate, key, headers::text AS headers, payload IS NULL AS is_empty,
       sha256(coalesce(payload, '')) AS digest, state, error_class, reason, handler, settled_at IS NOT NULL AND settled_by IS NOT NULL
       AS is_settled, created_at < now() - $1::interval AS is_old, NULL AS fact, NULL AS age
FROM dead_letters WHERE mine(practice)
UNION ALL
SELECT id, consumer, event_id, NULL, topic, partition, record_offset, NULL, key, headers::text, false, NULL, 'waiting', NULL, NULL, NULL,
       false, since < now() - $1::interval, fact, now() - since
FROM waiting WHERE keyed(key) ORDER BY id
"""


@dataclass(frozen=True)
class Letter:
    """A row of `dead_letters`; its bytes by their digest."""

    service: str
    number: int
    consumer: str
    event_id: UUID
    practice: str
    place: Place
    aggregate: str
    """What its key is an id of."""
    key: str
    headers: tuple[tuple[str, str], ...]
    is_empty: bool
    digest: bytes
    state: str
    error_class: str | None
    reason: str | None
    handler: str | None
    is_settled: bool
    is_old: bool
    """Retention may have taken it from inboxes."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be settled."""
        return self.state in OPEN

    @property
    def is_done(self) -> bool:
        """Whether its event had its effect after all."""
        return self.state == "redriven"

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.service} letter {self.number}"


@dataclass(frozen=True)
class Waits:
    """A row of `waiting`."""

    service: str
    event_id: UUID
    place: Place
    key: str
    headers: tuple[tuple[str, str], ...]
    fact: str
    seconds: float
    is_old: bool


class PutAside:
    """All of it, found by key: an aggregate has the same key on each of its topics."""

    def __init__(self, letters: tuple[Letter, ...], waiting: tuple[Waits, ...]) -> None:
        """A letter counts before a waiting event of its key."""
        self.letters = letters
        self.waiting = waiting
        self._by_key: dict[tuple[str, str], str] = {(each.service, each.key): "waiting" for each in waiting}
        for letter in reversed(letters):
            if not letter.is_done:
                self._by_key[letter.service, letter.key] = "dead-lettered" if letter.state == "dead" else letter.state
        self._practices = {(service, key.split("/", 1)[0]) for service, key in self._by_key}

    def excuses(self, service: str, practice: str, aggregate: object) -> str | None:
        """What became of an aggregate's events that a consumer did not complete: dead-lettered, parked, discarded, waiting; else None."""
        return self._by_key.get((service, f"{practice}/{aggregate}"))

    def excuses_practice(self, service: str, practice: str) -> bool:
        """Whether anything of a practice is put aside at a consumer."""
        return (service, practice) in self._practices


def consumers_of(case: Case) -> tuple[str, ...]:
    """The services that hear anything."""
    heard = {service for topic in case.evidence.topics if not topic.name.endswith(DEAD) for service in topic.heard_by}
    return tuple(sorted(heard))


async def put_aside(case: Case) -> PutAside:
    """Everything that consumers put aside."""
    letters: list[Letter] = []
    waiting: list[Waits] = []
    for service in consumers_of(case):
        async for row in case.rows(service, _PUT_ASIDE, case.bounds.topic_retention):
            if row["state"] == "waiting":
                waiting.append(_waits(service, row))
            else:
                letters.append(_letter(service, row))
    return PutAside(tuple(letters), tuple(waiting))


def _waits(service: str, row: Any) -> Waits:
    return Waits(
        service=service,
        event_id=row["event_id"],
        place=Place(row["topic"], row["partition"], row["record_offset"]),
        key=row["key"],
        headers=_headers(row),
        fact=row["fact"],
        seconds=row["age"].total_seconds(),
        is_old=row["is_old"],
    )


def _headers(row: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in orjson.loads(row["headers"]))


def _letter(service: str, row: Any) -> Letter:
    return Letter(
        service=service,
        number=row["id"],
        consumer=row["consumer"],
        event_id=row["event_id"],
        practice=row["practice"],
        place=Place(row["topic"], row["partition"], row["record_offset"]),
        aggregate=row["aggregate"],
        key=row["key"],
        headers=_headers(row),
        is_empty=row["is_empty"],
        digest=row["digest"],
        state=row["state"],
        error_class=row["error_class"],
        reason=row["reason"],
        handler=row["handler"],
        is_settled=row["is_settled"],
        is_old=row["is_old"],
    )
