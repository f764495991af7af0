"""What only the databases can tell. They are read as they lie in the demo's folder, after the services have ended."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from claimstream_local_servers import LocalPostgres

EVENTS = "SELECT payload FROM outbox WHERE topic = $1 ORDER BY key, sequence"
OPEN_LETTERS = "SELECT count(*) FROM dead_letters WHERE state IN ('dead', 'parked')"
SPAN = "SELECT min(created_at) AS first, max(created_at) AS last FROM outbox WHERE topic <> 'audit.sealed'"


@dataclass(frozen=True)
class Facts:
    """What the services have on record."""

    encounters: dict[str, str]
    """Encounter to its state."""
    coded: dict[str, str]
    """Coded encounter to its source system, as it was told to the others."""
    self_pay: dict[str, Decimal]
    """Encounter to its charge, as it was told to the ledger."""
    at_desk: dict[str, Decimal]
    """Coded encounter to what its patient paid at the desk, as its newest version says; a visit that was called off keeps what it had."""
    claims: dict[str, tuple[str, str]]
    """CLM01 to encounter and state."""
    expected: dict[str, Decimal]
    """REF*6R to the allowed amount that was expected of the line when it was submitted."""
    told: set[tuple[str, int]]
    """CLM01 and ordinal of each submission that was told to the gateway."""
    kept_as_sent: int
    unsettled_sets: int
    denial_cases: int
    dead_letters: int
    ledger_cents: int
    seconds: float
    """From the first event to the last."""


def read_databases(demo: Path) -> Facts:
    """Read all five, starting the demo's PostgreSQL for the while when it does not run."""
    plan = json.loads((demo / "run" / "plan.json").read_text())
    with _server(plan) as address:
        return asyncio.run(_read({name: _at(url, address) for name, url in plan["databases"].items()}))


@contextmanager
def _server(plan: dict[str, Any]) -> Iterator[str]:
    if plan["postgres_home"] is None:
        yield plan["postgres"]
        return
    postgres = LocalPostgres(Path(plan["postgres_home"]))
    found_running = postgres.is_running()
    server = postgres.start()
    try:
        yield f"{server.host}:{server.port}"
    finally:
        if not found_running:
            postgres.stop()


def _at(url: str, address: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@{address}"))


async def _read(addresses: dict[str, str]) -> Facts:
    connections = {name: await asyncpg.connect(url) for name, url in addresses.items()}
    try:
        return await _facts(connections)
    finally:
        for connection in connections.values():
            await connection.close()


async def _facts(connections: dict[str, Any]) -> Facts:
    coding, claim, remit = connections["coding-svc"], connections["claim-svc"], connections["remit-svc"]
    coded = await _events(coding, "encounter.coded")
    versions = {event["encounter_id"]: event for event in coded}
    claims = {
        row["control_number"]: (row["encounter"], row["state"])
        for row in await claim.fetch(
            "SELECT control_number, encounter_id::text AS encounter, state FROM claims WHERE state <> 'withdrawn'"
        )
    }
    assembled = {event["account_id"]: event for event in await _events(claim, "claim.assembled")}
    submitted = await _events(claim, "claim.submitted")
    live = {
        row["id"] for row in await claim.fetch("SELECT encounter_id::text AS id FROM self_pay_visits WHERE is_live")
    }
    spans = [await connection.fetchrow(SPAN) for connection in connections.values()]
    first = min(span["first"] for span in spans if span["first"])
    last = max(span["last"] for span in spans if span["last"])
    return Facts(
        encounters=dict(await coding.fetch("SELECT id::text, state FROM encounters")),
        coded={encounter: each["source_system"] for encounter, each in versions.items()},
        self_pay={
            each["encounter_id"]: Decimal(each["total_charge"])
            for each in assembled.values()
            if each["state"] == "self_pay" and each["account_id"] in live
        },
        at_desk=_at_desk(coded),
        claims=claims,
        expected={
            line["line_control_number"]: Decimal(line["expected"]["allowed"])
            for event in submitted
            for line in event["lines"]
            if line.get("expected", {}).get("allowed") is not None
        },
        told={(event["control_number"], event["submission_ordinal"]) for event in submitted},
        kept_as_sent=await connections["clearinghouse-gw"].fetchval(
            "SELECT count(*) FROM submissions WHERE state = 'sent'"
        ),
        unsettled_sets=await remit.fetchval("SELECT count(*) FROM remittances WHERE state IN ('staged', 'conflict')"),
        denial_cases=await connections["denial-svc"].fetchval("SELECT count(*) FROM cases"),
        dead_letters=sum([await connection.fetchval(OPEN_LETTERS) for connection in connections.values()]),
        ledger_cents=int(await remit.fetchval("SELECT coalesce(sum(cents), 0) FROM entries")),
        seconds=(last - first).total_seconds(),
    )


def _at_desk(coded: list[dict[str, Any]]) -> dict[str, Decimal]:
    paid: dict[str, Decimal] = {}
    for event in coded:
        said = event["facts"].get("patient_paid")
        if said is not None or not event.get("ended"):
            paid[event["encounter_id"]] = Decimal(said or 0)
    return paid


async def _events(connection: Any, topic: str) -> list[dict[str, Any]]:
    """What a service said on a topic; of one key the latest comes last."""
    return [json.loads(row["payload"]) for row in await connection.fetch(EVENTS, topic)]
