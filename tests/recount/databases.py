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

from .outbox import Said, read_outbox

CASES = "SELECT kind, state, count(*) AS n FROM cases GROUP BY kind, state"
PROVIDER_ACCOUNTS = "SELECT DISTINCT account FROM entries WHERE account LIKE 'plb.%'"
REFUSED_BY_US = "SELECT control_number FROM submissions WHERE ordinal = 1 AND state = 'refused'"
UNCODED = "SELECT id::text, outcome FROM encounters WHERE state = 'awaiting_coder'"
OPEN_LETTERS = "SELECT count(*) FROM dead_letters WHERE state IN ('dead', 'parked')"
SPAN = "SELECT min(at) AS first, max(at) AS last FROM outbox WHERE practice <> 'claimstream'"


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
    uncoded_charges: dict[str, Decimal | None]
    """Encounter that waits for a coder to what its lines come to so far; None where it has none."""
    claims: dict[str, tuple[str, str]]
    """CLM01 to encounter and state."""
    on_books: dict[str, Decimal]
    """CLM01 to what the claim charges, as it was told to the ledger last."""
    held_at_first: set[str]
    """CLM01 of each claim that was told to be held before it was told to be submitted."""
    refused_by_us: set[str]
    """CLM01 of each claim whose first submission the gateway did not put into a file."""
    expected: dict[str, Decimal]
    """REF*6R to the allowed amount that was expected of the line when it was submitted."""
    expected_paid: dict[str, Decimal]
    """REF*6R to what of it the payer was to pay."""
    told: set[tuple[str, int]]
    """CLM01 and ordinal of each submission that was told to the gateway."""
    kept_as_sent: int
    unsettled_sets: int
    cases: dict[tuple[str, str], int]
    """Kind and state to number."""
    """State to number."""
    dead_letters: int
    ledger_cents: int
    provider_accounts: set[str]
    """The reasons by which the ledger keeps provider adjustments apart."""
    seconds: float
    """From the first event to the last."""


def read_databases(demo: Path) -> Facts:
    """Read all five, starting the demo's PostgreSQL for the while when it does not run."""
    plan = json.loads((demo / "run" / "plan.json").read_text())
    with served(plan) as address:
        return asyncio.run(_read({name: at(url, address) for name, url in plan["databases"].items()}))


@contextmanager
def served(plan: dict[str, Any]) -> Iterator[str]:
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


def at(url: str, address: str) -> str:
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
    coded = _events(await read_outbox(coding), "encounter.coded")
    versions = {event["encounter_id"]: event for event in coded}
    rows = await claim.fetch(
        "SELECT id::text, control_number, encounter_id::text AS encounter, state FROM claims WHERE state <> 'withdrawn'"
    )
    claims = {row["control_number"]: (row["encounter"], row["state"]) for row in rows}
    numbers = {row["id"]: row["control_number"] for row in rows}
    told = await read_outbox(claim)
    assembled = {event["account_id"]: event for event in _events(told, "claim.assembled")}
    submitted = _events(told, "claim.submitted")
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
        uncoded_charges=dict(map(_charges, await coding.fetch(UNCODED))),
        claims=claims,
        on_books={
            numbers[each["account_id"]]: Decimal(each["total_charge"])
            for each in assembled.values()
            if each["account_id"] in numbers
        },
        held_at_first=_held(told, numbers),
        refused_by_us={row[0] for row in await connections["clearinghouse-gw"].fetch(REFUSED_BY_US)},
        expected=_expected(submitted, "allowed"),
        expected_paid=_expected(submitted, "paid"),
        told={(event["control_number"], event["submission_ordinal"]) for event in submitted},
        kept_as_sent=await connections["clearinghouse-gw"].fetchval(
            "SELECT count(*) FROM submissions WHERE state = 'sent'"
        ),
        unsettled_sets=await remit.fetchval("SELECT count(*) FROM remittances WHERE state IN ('staged', 'conflict')"),
        cases={(row["kind"], row["state"]): row["n"] for row in await connections["denial-svc"].fetch(CASES)},
        dead_letters=sum([await connection.fetchval(OPEN_LETTERS) for connection in connections.values()]),
        ledger_cents=int(await remit.fetchval("SELECT coalesce(sum(cents), 0) FROM entries")),
        provider_accounts={row[0].partition(".")[2] for row in await remit.fetch(PROVIDER_ACCOUNTS)},
        seconds=(last - first).total_seconds(),
    )


def _held(told: list[Said], numbers: dict[str, str]) -> set[str]:
    """Of the claims that were held or left, those that were held first."""
    first: dict[str, Said] = {}
    for event in told:
        if event.topic in {"claim.held", "claim.submitted"}:
            first.setdefault(event.key, event)
    held = [event.value["claim_id"] for event in first.values() if event.topic == "claim.held"]
    return {numbers[claim] for claim in held if claim in numbers}


def _charges(row: Any) -> tuple[str, Decimal | None]:
    lines = json.loads(row["outcome"]).get("lines", [])
    return row["id"], sum((Decimal(line["charge"]) for line in lines), Decimal(0)) if lines else None


def _expected(submitted: list[dict[str, Any]], what: str) -> dict[str, Decimal]:
    return {
        line["line_control_number"]: Decimal(line["expected"][what])
        for event in submitted
        for line in event["lines"]
        if line.get("expected", {}).get(what) is not None
    }


def _at_desk(coded: list[dict[str, Any]]) -> dict[str, Decimal]:
    paid: dict[str, Decimal] = {}
    for event in coded:
        said = event["facts"].get("patient_paid")
        if said is not None or not event.get("ended"):
            paid[event["encounter_id"]] = Decimal(said or 0)
    return paid


def _events(told: list[Said], topic: str) -> list[dict[str, Any]]:
    """What was said on a topic; of one key the latest comes last."""
    return [event.value for event in told if event.topic == topic]
