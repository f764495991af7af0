"""A service's outbox as the topics are held against it: what its units said, each event with its digest and its position."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from .case import Case
from .evidence import SEALED, Row
from .faults import Scan
from .packed import DIGEST_BYTES, ID_BYTES, Packed, Position, Unreadable, cut, unpacked

_UNITS = """
SELECT o.id, o.practice, o.era, o.number, o.ids, o.digests, p.packing, p.payload,
       o.day < ((now() - $5::interval) AT TIME ZONE 'UTC')::date AS may_lack_payload,
       CASE WHEN q.since < now() - $1::interval THEN 'late' WHEN q.id IS NOT NULL THEN 'unsent'
            WHEN o.number IS NULL THEN 'forgotten' WHEN (o.era, o.number) >= ($3::bigint, $4::bigint) THEN 'unsent'
            WHEN o.day <= ((now() - $2::interval) AT TIME ZONE 'UTC')::date THEN 'expired' ELSE 'sent' END AS standing
FROM outbox o LEFT JOIN outbox_payloads p ON p.day = o.day AND p.id = o.id LEFT JOIN outbox_queue q ON q.id = o.id
WHERE since_outbox(o.id) AND mine(o.practice) ORDER BY o.id
"""
_NEVER = (2**62, 0)


@dataclass(slots=True)
class Unit:
    """A row of the outbox, without what it said."""

    source: str
    """As the headers name its service."""
    id: int
    era: int | None
    number: int | None
    standing: str
    """sent; unsent, which it may be for a while; late, which it may not; expired: the topics need not have it any more."""
    digests: bytes

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.source[1:]} {self.id}"


@dataclass(slots=True)
class Said:
    """One event of it."""

    event_id: bytes
    unit: Unit
    index: int
    topic: str | None
    """None when retention has taken the payload; so is the key then."""
    key: str | None
    seen: bool = False
    """Whether its topic has it."""

    @property
    def digest(self) -> bytes:
        """Of topic, key, headers and value."""
        return self.unit.digests[self.index * DIGEST_BYTES : (self.index + 1) * DIGEST_BYTES]

    @property
    def position(self) -> Position | None:
        """None while its unit has no number."""
        if self.unit.era is None or self.unit.number is None:
            return None
        return Position(self.unit.era, self.unit.number, self.index)


Headers = tuple[tuple[str, str], ...]


async def said_by(case: Case, service: str, scan: Scan) -> AsyncIterator[tuple[Said, Headers | None]]:
    """What a service's outbox says; with their headers those that are copies of dead letters.

    On the way each payload is held against its row's digests: faults go to `scan`.
    """
    bounds = case.bounds
    era, number = case.evidence.sent_before.get(service, _NEVER)
    given = (bounds.unsent_after, bounds.topic_retention, era, number, bounds.payload_retention)
    keys: dict[str, str] = {}
    async for row in case.rows(service, _UNITS, *given):
        unit = Unit(f"/{service}", row["id"], row["era"], row["number"], row["standing"], row["digests"])
        scan.unsent_units += row["number"] is None
        if unit.standing == "late" and bounds.at_rest:
            scan.fault("I10", "a unit stands in the queue although all is quiet", unit.name)
        events = _events(unit, row, scan)
        if events and all(event.topic == SEALED for event in events):
            scan.head_units.add((service, unit.id))
        for index, event_id in enumerate(cut(row["ids"], ID_BYTES)):
            event = events[index] if index < len(events) else None
            if event is None:
                yield Said(event_id, unit, index, None, None), None
                continue
            key = keys.setdefault(event.key, event.key)
            yield Said(event_id, unit, index, event.topic, key), event.headers if event.is_copy else None


def _events(unit: Unit, row: Row, scan: Scan) -> Sequence[Packed]:
    """What is in the payload; nothing where there is none."""
    where = f"unit {unit.name}"
    if unit.standing == "forgotten":
        scan.fault("I10", "an outbox row has no number and is not in the queue", where)
    if row["payload"] is None:
        if not row["may_lack_payload"]:
            scan.fault("I10", "an outbox row has no payload any more, and is not old", where)
        return ()
    try:
        events = unpacked(row["packing"], row["payload"])
    except Unreadable:
        scan.fault("I8", "a payload cannot be read", where)
        return ()
    digests = cut(unit.digests, DIGEST_BYTES)
    if not len(events) == len(digests) == len(row["ids"]) // ID_BYTES:
        scan.fault("I8", "a payload has not as many events as its row", where)
    for index, (event, digest) in enumerate(zip(events, digests, strict=False)):
        if event.digest != digest:
            scan.fault("I8", "a payload is not what its row's digests say", f"{where} event {index}")
        if not event.is_copy and ("ce_practice", row["practice"]) not in event.headers:
            scan.fault("I10", "an event stands in another practice's outbox row", f"{where} event {index}")
    return events
