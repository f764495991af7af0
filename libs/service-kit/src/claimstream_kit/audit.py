"""The audit chain: one digest per event published, per read of patient data and per operator's act.

Units write entries; a sealer, independent of Kafka, chains them within a second and signs the head every minute, into the database,
into a file outside it, and to ``audit.sealed``. What a chain cannot show: that nothing was left out before it was written.
"""

import asyncio
import base64
import hashlib
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog
from claimstream_schemas import AuditSealed
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .clock import Clock
from .database import TRANSIENT, Connection, Database, Row
from .keys import key_id, load_or_make_key

log = structlog.get_logger()

GENESIS = hashlib.sha256(b"claimstream audit chain").digest()
SEAL_EVERY_SECONDS = 60.0
CHAIN_EVERY_SECONDS = 0.5
LOCK = 0x6175646974  # "audit"


def chained(previous: bytes, row: Row) -> bytes:
    """The chain's next hash: of the one before it and of all that the entry says."""
    said = "\x1f".join(
        [str(row["chain_seq"]), row["practice"], row["actor"], row["kind"], row["subject"], row["at"].isoformat()]
    )
    return hashlib.sha256(previous + said.encode() + row["digest"]).digest()


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

    async def run(self, stopping: asyncio.Event) -> None:
        """Chain and seal until told to stop; then once more."""
        last_seal = 0.0
        loop = asyncio.get_running_loop()
        while not stopping.is_set():
            try:
                while await self.chain():
                    continue
                if loop.time() - last_seal >= SEAL_EVERY_SECONDS:
                    await self.seal()
                    last_seal = loop.time()
            except TRANSIENT as error:
                log.warning("sealer lost its database", error=type(error).__name__)
            try:
                await asyncio.wait_for(stopping.wait(), CHAIN_EVERY_SECONDS)
            except TimeoutError:
                continue
        await self.chain()
        await self.seal()

    async def chain(self) -> int:
        """Chain the entries that are not chained yet; how many there were."""
        async with self._database.transaction() as connection:
            if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
                return 0
            # A bitmap scan would visit every entry chained since the last vacuum, and never mark its place in the index as dead.
            await connection.execute("SET LOCAL enable_bitmapscan = off")
            rows = await connection.fetch("SELECT * FROM audit_entries WHERE chain_seq IS NULL ORDER BY seq LIMIT 2000")
            if not rows:
                return 0
            number, previous = await _head(connection)
            numbers, hashes = [], []
            for row in rows:
                number += 1
                previous = chained(previous, {**dict(row), "chain_seq": number})
                numbers.append(number)
                hashes.append(previous)
            await connection.execute(
                "UPDATE audit_entries AS e SET chain_seq = c.chain_seq, chain_hash = c.chain_hash"
                " FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS c(seq, chain_seq, chain_hash) WHERE e.seq = c.seq",
                [row["seq"] for row in rows],
                numbers,
                hashes,
            )
            return len(rows)

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
        with (self._folder / f"{self._service}.heads.jsonl").open("a") as heads:
            heads.write(json.dumps(sealed.model_dump(mode="json")) + "\n")
            heads.flush()
            os.fsync(heads.fileno())
        await self._keep(sealed)


async def _head(connection: Connection) -> tuple[int, bytes]:
    row = await connection.fetchrow(
        "SELECT chain_seq, chain_hash FROM audit_entries WHERE chain_seq IS NOT NULL ORDER BY chain_seq DESC LIMIT 1"
    )
    return (row["chain_seq"], row["chain_hash"]) if row else (0, GENESIS)


async def verify(database: Database, *, service: str, public_key: Ed25519PublicKey) -> str | None:
    """Recompute the chain and the heads; the first row that does not fit, or None.

    It shows changed, dropped, swapped and (up to the last signed head) truncated rows.
    """
    previous, number = GENESIS, 0
    heads = {row["head_seq"]: row for row in await database.fetch("SELECT * FROM audit_heads ORDER BY head_seq")}
    async with database.transaction() as connection:
        async for record in connection.cursor(
            "SELECT * FROM audit_entries WHERE chain_seq IS NOT NULL ORDER BY chain_seq"
        ):
            row = dict(record)
            number += 1
            previous = chained(previous, row)
            if row["chain_seq"] != number or row["chain_hash"] != previous:
                return f"audit entry {number} (seq {row['seq']}) does not fit the chain"
            head = heads.pop(number, None)
            if head is not None:
                public_key.verify(head["signature"], signed_part(service, number, previous))
    heads.pop(0, None)
    if heads:
        return f"the chain ends at {number}, but head {max(heads)} was signed"
    return None
