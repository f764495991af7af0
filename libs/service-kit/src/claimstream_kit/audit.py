"""The audit chain: what units said, event by event, reads of patient data and operators' acts, each behind what came before.

A sealer, independent of Kafka, chains units as soon as they have numbers, and entries, and signs the head every minute: into the database, into
a file outside it, and to ``audit.sealed``. A unit's digests outlive its payload. What a chain cannot show: that nothing was left out before it
was written.
"""

import asyncio
import base64
import hashlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from itertools import chain as all_of
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from claimstream_schemas import AuditSealed
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .clock import Clock
from .database import TRANSIENT, Connection, Database, Row
from .keys import key_id, load_or_make_key
from .outbox import DIGEST_BYTES, OUTBOX_PAYLOAD_DAYS, UnreadablePayload, unpack
from .witness import WitnessedTable, records_in, unlike
from .working_alone import pause

log = structlog.get_logger()

GENESIS = hashlib.sha256(b"claimstream audit chain").digest()
SEAL_EVERY_SECONDS = 60.0
CHAIN_EVERY_SECONDS = 0.5
LOCK = 0x6175646974  # "audit"
AT_ONCE = 1000

_UNITS = """
SELECT id AS unit, practice, era, number, at, actors, ids, digests, witnessed FROM outbox
WHERE number IS NOT NULL AND (era, number) > (
    SELECT coalesce(max(era), 0), coalesce(max(number), 0) FROM (
        SELECT o.era, o.number FROM audit_chain c JOIN outbox o ON o.id = c.unit WHERE c.unit IS NOT NULL ORDER BY c.seq DESC LIMIT 1) AS last)
ORDER BY era, number LIMIT $1
"""
"""Numbers are given in one transaction after the other, so that a unit whose number is below another's is never seen later than it."""

_ENTRIES = """
SELECT e.id AS entry, e.practice, e.actor, e.kind, e.subject, e.digest, e.at FROM audit_queue q JOIN audit_entries e ON e.id = q.entry
ORDER BY e.id LIMIT $1
"""
_CHAIN = """
WITH gone AS (DELETE FROM audit_queue WHERE entry = ANY($3::bigint[]))
INSERT INTO audit_chain (seq, unit, entry, hash) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[])
"""
_WHOLE = """
SELECT c.seq, c.hash, c.unit, c.entry, o.practice, o.era, o.number, o.at, o.actors, o.ids, o.digests, o.witnessed, o.id IS NOT NULL AS has_unit,
       o.day >= (now() AT TIME ZONE 'UTC')::date - $1::int AS is_young,
       p.packing, p.payload, e.practice AS e_practice, e.actor, e.kind, e.subject, e.digest, e.at AS e_at, e.id IS NOT NULL AS has_entry
FROM audit_chain c LEFT JOIN outbox o ON o.id = c.unit LEFT JOIN outbox_payloads p ON p.day = o.day AND p.id = o.id
LEFT JOIN audit_entries e ON e.id = c.entry ORDER BY c.seq
"""


_NOT_CHAINED = """
SELECT witnessed FROM outbox o WHERE witnessed <> '' AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.unit = o.id) ORDER BY o.id
"""


def of_unit(seq: int, row: Row) -> bytes:
    """What the chain says of a unit: its number, whose it is, who acted, id and digest of each event, and of each row that it witnesses."""
    said = [seq, "unit", row["practice"], row["era"], row["number"], row["at"].isoformat(), row["actors"]]
    return (
        json.dumps(said, separators=(",", ":")).encode()
        + b"\n"
        + bytes(row["ids"])
        + bytes(row["digests"])
        + bytes(row["witnessed"])
    )


def of_entry(seq: int, row: Row) -> bytes:
    """What the chain says of a read, an act, a purge or a restore."""
    said = [seq, row["kind"], row["practice"], row["actor"], row["subject"], row["at"].isoformat()]
    return json.dumps(said, separators=(",", ":")).encode() + b"\n" + bytes(row["digest"])


def linked(previous: bytes, said: bytes) -> bytes:
    """The chain's next hash."""
    return hashlib.sha256(previous + said).digest()


def signed_part(service: str, head_seq: int, head_hash: bytes) -> bytes:
    """The bytes that a head's signature is over."""
    return f"{service}\x1f{head_seq}\x1f{head_hash.hex()}".encode()


class Sealer:
    """Chains and signs one service's audit entries."""

    def __init__(
        self,
        database: Database,
        *,
        service: str,
        folder: Path,
        clock: Clock,
        keep: Callable[[AuditSealed], Awaitable[None]],
    ) -> None:
        """``folder`` holds the key and takes the heads; ``keep`` publishes one."""
        self._database = database
        self._service = service
        self._folder = folder
        self._clock = clock
        self._keep = keep
        self._key: Ed25519PrivateKey | None = None
        self.works = True
        """Whether its last try to chain and seal came to an end."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Chain and seal until told to stop; then once more."""
        last_seal = 0.0
        loop = asyncio.get_running_loop()
        while not stopping.is_set():
            try:
                while await self.chain() >= AT_ONCE:
                    continue
                if loop.time() - last_seal >= SEAL_EVERY_SECONDS:
                    await self.seal()
                    last_seal = loop.time()
            except TRANSIENT as error:
                self.works = False
                log.warning("sealer cannot seal", error=type(error).__name__)
            except Exception:
                self.works = False
                raise
            else:
                self.works = True
            await pause(CHAIN_EVERY_SECONDS, stopping)
        while await self.chain():
            continue
        await self.seal()

    async def chain(self) -> int:
        """Chain what is not chained yet; how many units and entries there were."""
        async with self._database.transaction() as connection:
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
                return 0
            units = await connection.fetch(_UNITS, AT_ONCE)
            entries = await connection.fetch(_ENTRIES, AT_ONCE)
            if not units and not entries:
                return 0
            number, previous = await _head(connection)
            links: list[tuple[int, int | None, int | None, bytes]] = []
            for row in all_of(units, entries):
                number += 1
                previous = linked(previous, (of_unit if "unit" in row else of_entry)(number, row))
                links.append((number, row.get("unit"), row.get("entry"), previous))
            await connection.execute(_CHAIN, *(list(column) for column in zip(*links, strict=True)))
            return len(links)

    async def seal(self) -> None:
        """Sign the head, unless it is signed already."""
        if self._key is None:
            self._key = load_or_make_key(self._folder / f"{self._service}.sealing-key.pem")
        identity = key_id(self._key.public_key())
        async with self._database.transaction() as connection:
            number, head = await _head(connection)
            signature = self._key.sign(signed_part(self._service, number, head))
            at = self._clock.now()
            status = await connection.execute(
                "INSERT INTO audit_heads (head_seq, head_hash, key_id, signature, sealed_at) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT DO NOTHING",
                number,
                head,
                identity,
                signature,
                at,
            )
        if status == "INSERT 0 0":
            return
        sealed = AuditSealed(
            practice_id="claimstream",
            service=self._service,
            head_seq=number,
            head_hash=head.hex(),
            key_id=identity,
            signature=base64.b64encode(signature).decode(),
            sealed_at=at,
        )
        with heads_file(self._folder, self._service).open("a") as heads:
            heads.write(json.dumps(sealed.model_dump(mode="json")) + "\n")
            heads.flush()
            os.fsync(heads.fileno())
        await self._keep(sealed)


async def _head(connection: Connection) -> tuple[int, bytes]:
    row = await connection.fetchrow("SELECT seq, hash FROM audit_chain ORDER BY seq DESC LIMIT 1")
    return (row["seq"], row["hash"]) if row else (0, GENESIS)


def heads_file(folder: Path, service: str) -> Path:
    """Where a service's signed heads are kept outside its database, a line of JSON each."""
    return folder / f"{service}.heads.jsonl"


def heads_before_restore(folder: Path, service: str) -> Path:
    """Where the heads are put that were signed after the moment that a restore went back to."""
    return folder / f"{service}.heads.before-restore.jsonl"


RESTORED = "the chain ended at "
"""How the entry of a restore begins: heads with higher numbers, signed before it, say nothing of this chain."""


async def verify(
    database: Database,
    *,
    service: str,
    public_key: Ed25519PublicKey,
    folder: Path,
    tables: Sequence[WitnessedTable] = (),
) -> str | None:
    """Recompute the chain and its heads; the first row that does not fit, or None.

    It shows changed, dropped, swapped and (up to the last signed head) truncated rows, payloads that are not what was said, and rows of these
    tables that are not as a unit wrote them. Heads that were put aside need a restore that says how far the chain went.
    """
    walk = _Walk()
    async with database.transaction() as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        async for fault in walk.faults(connection):
            return fault
        async for fault in _rows_unlike(connection, tables, walk.witnessed):
            return fault
    try:
        return await _heads_fault(database, service, public_key, folder, walk)
    except UnreadableHead as damage:
        return str(damage)


class UnreadableHead(Exception):
    """A line of a file of heads is none; the message names file and line."""


async def _heads_fault(
    database: Database, service: str, public_key: Ed25519PublicKey, folder: Path, walk: "_Walk"
) -> str | None:
    """What does not fit of the signed heads, in the database and beside it.

    A service signs a head as soon as it starts: a chain without heads, or heads without any beside the database, lost them.
    """
    hashes = walk.hashes
    signed = await database.fetch("SELECT * FROM audit_heads ORDER BY head_seq")
    beside = _heads_in(heads_file(folder, service))
    for head in [*signed, *beside]:
        number = head["head_seq"]
        if number not in hashes:
            return f"the chain ends at {len(hashes) - 1}, but head {number} was signed"
        if hashes[number] != head["head_hash"] or not _is_signed(public_key, service, head):
            return f"head {number} does not fit the chain"
    if len(hashes) > 1 and not signed:
        return f"none of the chain's {len(hashes) - 1} rows is under a signed head: the heads are gone"
    if len(signed) > 1 and not beside:
        return f"{heads_file(folder, service)} has no head, and {len(signed)} were signed"
    for head in _heads_in(heads_before_restore(folder, service)):
        if not _is_signed(public_key, service, head) or not any(head["head_seq"] > end for end in walk.restores):
            return f"head {head['head_seq']} was put aside without a restore"
    return None


class _Walk:
    """A walk along the chain, and what it came by."""

    def __init__(self) -> None:
        self.hashes = {0: GENESIS}
        self.restores: list[int] = []
        """How far the chain went, by each restore."""
        self.witnessed: dict[bytes, bytes] = {}
        """The newest digest of each row that units witnessed."""

    async def faults(self, connection: Connection) -> AsyncIterator[str]:
        """What does not fit."""
        number, previous = 0, GENESIS
        async for record in connection.cursor(_WHOLE, OUTBOX_PAYLOAD_DAYS, prefetch=50):
            row = dict(record)
            number += 1
            where = f"audit chain {number} ({'unit' if row['unit'] else 'entry'} {row['unit'] or row['entry']})"
            if row["seq"] != number or not (row["has_unit"] or row["has_entry"]):
                yield f"{where}: a row is missing"
            entry = {**row, "practice": row["e_practice"], "at": row["e_at"]}
            previous = linked(previous, of_unit(number, row) if row["has_unit"] else of_entry(number, entry))
            if row["hash"] != previous:
                yield f"{where} does not fit the chain"
            if row["has_unit"] and (fault := _payload_fault(row)):
                yield f"{where}: {fault}"
            self._note(row)
            self.hashes[number] = previous

    def _note(self, row: Row) -> None:
        """What the row says beside its place in the chain."""
        if row["has_unit"]:
            self.witnessed.update(records_in(row["witnessed"]))
        elif row["kind"] == "restore" and row["subject"].startswith(RESTORED):
            self.restores.append(int(row["subject"].removeprefix(RESTORED).split()[0]))


async def _rows_unlike(
    connection: Connection, tables: Sequence[WitnessedTable], witnessed: dict[bytes, bytes]
) -> AsyncIterator[str]:
    """Rows that are not as the chain's units wrote them; those of units that are not chained yet are taken from these."""
    async for unit in connection.cursor(_NOT_CHAINED):
        witnessed.update(records_in(unit["witnessed"]))
    for table in tables:
        async for fault in unlike(connection, table, witnessed):
            yield fault
    if tables and witnessed:
        yield f"the row {UUID(bytes=min(witnessed))} that a unit wrote is gone"


def _payload_fault(row: Row) -> str | None:
    if row["payload"] is None:
        return "its payload is gone before its time" if row["is_young"] else None
    try:
        is_as_said = list(_digests(row["packing"], row["payload"])) == list(_kept(row["digests"]))
    except UnreadablePayload as damage:
        return f"its payload cannot be read ({damage})"
    return None if is_as_said else "its payload is not what was said"


def _digests(packing: int, payload: bytes) -> Iterator[bytes]:
    for head, value in unpack(packing, payload):
        yield hashlib.sha256(head + b"\n" + value).digest()


def _kept(digests: bytes) -> Iterator[bytes]:
    return (digests[at : at + DIGEST_BYTES] for at in range(0, len(digests), DIGEST_BYTES))


def _heads_in(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text().splitlines() if path.exists() else []
    return [_head_in(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1)]


def _head_in(line: str, where: str) -> dict[str, Any]:
    try:
        head = AuditSealed.model_validate_json(line)
        return {
            "head_seq": head.head_seq,
            "head_hash": bytes.fromhex(head.head_hash),
            "signature": base64.b64decode(head.signature),
        }
    except ValueError as damage:
        raise UnreadableHead(f"{where} is no head") from damage


def _is_signed(key: Ed25519PublicKey, service: str, head: Row) -> bool:
    try:
        key.verify(head["signature"], signed_part(service, head["head_seq"], head["head_hash"]))
    except InvalidSignature:
        return False
    return True
