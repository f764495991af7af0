"""How long each stage took: the times of the events in the services' outboxes, joined claim by claim.

An event's time is the service's clock at the moment it was decided, before its transaction committed: what a stage takes runs from one
decision to the next, with the commit, the relay, Kafka and the next consumer's batch in between.
"""

import asyncio
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg
from claimstream_kit.database import Database, prepare_connection
from claimstream_kit.outbox import everything_said

from claimstream_cli.members import CLAIM, CODING, GATEWAY, REMIT
from claimstream_cli.state import Plan

STAGES = (
    "intake → coded",
    "coded → claim submitted",
    "submitted → transmitted",
    "transmitted → era received",
    "era received → posted",
    "intake → posted",
)


@dataclass(frozen=True)
class Journeys:
    """What became of one run's encounters, and when."""

    encounters: int
    states: dict[str, int]
    claims: int
    submitted: int
    posted: int
    """Claims with at least one posted payment or denial."""
    payments: int
    last_posted: float | None
    """Seconds since the epoch on the stack's clock."""
    posted_at: list[float]
    seconds: dict[str, list[float]]
    """By stage, one figure a claim that came so far."""


@dataclass(frozen=True)
class Moments:
    """When each thing of a run happened, by claim, the first time where it happened more than once."""

    received: Mapping[UUID, datetime]
    coded: Mapping[UUID, datetime]
    submitted: Mapping[UUID, datetime]
    transmitted: Mapping[UUID, datetime]
    remitted: Mapping[UUID, datetime]
    posted: Mapping[UUID, datetime]

    def seconds(self) -> dict[str, list[float]]:
        """The seconds of each stage."""
        steps = (self.received, self.coded, self.submitted, self.transmitted, self.remitted, self.posted)
        pairs = [*pairwise(steps), (self.received, self.posted)]
        return {name: _between(*pair) for name, pair in zip(STAGES, pairs, strict=True)}


def _between(earlier: Mapping[UUID, datetime], later: Mapping[UUID, datetime]) -> list[float]:
    return [(at - earlier[claim]).total_seconds() for claim, at in later.items() if claim in earlier]


def percentile(values: Sequence[float], percent: int) -> float | None:
    """The value below which so many of a hundred lie; None where there are none."""
    if not values:
        return None
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def journeys(plan: Plan, practice: str, source_system: str) -> Journeys:
    """Read what became of the encounters of one source system."""
    return asyncio.run(_journeys(plan, practice, source_system))


async def _journeys(plan: Plan, practice: str, source_system: str) -> Journeys:
    encounters = await _rows(
        plan, CODING.name,
        "SELECT id, state FROM encounters WHERE practice = $1 AND source_system = $2", practice, source_system,
    )  # fmt: skip
    ours = {row["id"] for row in encounters}
    rows = await _rows(
        plan, CLAIM.name,
        "SELECT id, encounter_id FROM claims WHERE practice = $1 AND encounter_id = ANY($2)", practice, list(ours),
    )  # fmt: skip
    encounter_of = {row["id"]: row["encounter_id"] for row in rows}
    paid = await _rows(
        plan, REMIT.name,
        "SELECT p.claim_id, p.remittance_id, r.posted_at FROM payments p"
        " JOIN remittances r ON r.practice = p.practice AND r.id = p.remittance_id"
        " WHERE p.practice = $1 AND p.claim_id = ANY($2) AND p.outcome <> 'suspended' ORDER BY r.posted_at",
        practice, list(encounter_of),
    )  # fmt: skip
    moments = await _moments(plan, practice, encounter_of, paid)
    return Journeys(
        encounters=len(ours),
        states=_counted(row["state"] for row in encounters),
        claims=len(encounter_of),
        submitted=len(moments.submitted),
        posted=len(moments.posted),
        payments=len(paid),
        last_posted=paid[-1]["posted_at"].timestamp() if paid else None,
        posted_at=sorted(at.timestamp() for at in moments.posted.values()),
        seconds=moments.seconds(),
    )


async def _moments(plan: Plan, practice: str, encounter_of: Mapping[UUID, UUID], paid: Iterable[Any]) -> Moments:
    received, coded = await _times(plan, practice, CODING.name, "encounter.received", "encounter.coded")
    (submitted,) = await _times(plan, practice, CLAIM.name, "claim.submitted")
    transmitted, remitted = await _times(plan, practice, GATEWAY.name, "claim.transmitted", "era.received")
    first: dict[UUID, Any] = {}
    for row in paid:
        first.setdefault(row["claim_id"], row)
    return Moments(
        received={claim: received[each] for claim, each in encounter_of.items() if each in received},
        coded={claim: coded[each] for claim, each in encounter_of.items() if each in coded},
        submitted={claim: at for claim, at in submitted.items() if claim in encounter_of},
        transmitted={claim: at for claim, at in transmitted.items() if claim in encounter_of},
        remitted={claim: remitted[row["remittance_id"]] for claim, row in first.items()},
        posted={claim: row["posted_at"] for claim, row in first.items()},
    )


async def _times(plan: Plan, practice: str, service: str, *topics: str) -> list[dict[UUID, datetime]]:
    """When each aggregate was first spoken of, by topic."""
    found: dict[str, dict[UUID, datetime]] = {topic: {} for topic in topics}
    database = Database(plan.databases[service], size=1)
    await database.open()
    try:
        async for event in everything_said(database, practice):
            if event.topic in found:
                at = datetime.fromisoformat(dict(event.headers)["ce_time"])
                found[event.topic].setdefault(UUID(event.key.rpartition("/")[2]), at)
    finally:
        await database.close()
    return list(found.values())


async def _rows(plan: Plan, service: str, query: str, *values: object) -> list[Any]:
    connection = await asyncpg.connect(plan.databases[service])
    try:
        await prepare_connection(connection)
        return list(await connection.fetch(query, *values))
    finally:
        await connection.close()


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
