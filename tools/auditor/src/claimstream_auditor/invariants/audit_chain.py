"""I8: the audit chain verifies from its genesis to the anchored head, and has each event's digest.

Computed here from the documented format alone: each hash is SHA-256 of the one before it, the entry's fields joined by 0x1F, and its
digest; a head is signed over service, number and hash. It shows rows that were changed, dropped, swapped or cut off.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from ..case import Case
from ..evidence import Anchor, Mark
from ..faults import SealedHead
from ..report import Finding
from ..topic_scan import scan_topics, sealed_head

GENESIS = sha256(b"claimstream audit chain").digest()
_ENTRIES = """
SELECT seq, practice, actor, kind, subject, digest, at, chain_seq, chain_hash FROM audit_entries
WHERE chain_seq > $1 ORDER BY chain_seq
"""
_HEADS = "SELECT head_seq, head_hash, key_id, signature FROM audit_heads ORDER BY head_seq"
_UNCHAINED = "SELECT count(*) AS entries FROM audit_entries WHERE chain_seq IS NULL"
_UNTOLD = """
SELECT coalesce(o.event_id::text, a.subject) AS event,
       CASE WHEN a.seq IS NULL THEN 'an event has no audit entry' WHEN o.seq IS NULL THEN 'an audit entry is of no event'
            ELSE 'an audit entry has another digest than its event' END AS what
FROM (SELECT * FROM outbox WHERE sequence IS NOT NULL AND since_outbox(seq) AND keyed(key)) AS o
FULL JOIN (SELECT seq, subject, digest FROM audit_entries WHERE kind = 'event' AND since_audit(seq) AND mine(practice)) AS a
    ON a.subject = o.topic || ' ' || o.event_id::text
WHERE a.seq IS NULL OR o.seq IS NULL OR (o.payload <> '' AND a.digest <> sha256(o.payload))
"""


@dataclass
class _Keys:
    """Public keys by their id."""

    by_id: dict[str, Ed25519PublicKey] = field(default_factory=dict)

    @classmethod
    def of(cls, anchor: Anchor | None) -> "_Keys":
        keys = cls()
        for pem in anchor.public_keys if anchor else ():
            key = load_pem_public_key(pem)
            if isinstance(key, Ed25519PublicKey):
                raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
                keys.by_id[sha256(raw).hexdigest()[:16]] = key
        return keys

    def fault_of(self, head: SealedHead) -> str | None:
        """What is wrong with a head's signature."""
        key = self.by_id.get(head.key_id)
        if key is None:
            return "a head is signed with a key that is not known"
        try:
            key.verify(head.signature, f"{head.service}\x1f{head.number}\x1f{head.hash.hex()}".encode())
        except InvalidSignature:
            return "a head's signature is false"
        return None


async def chain_verifies(case: Case, finding: Finding) -> None:
    """Recompute each service's chain, verify its heads, and hold its entries against the outbox."""
    scan = await case.once(scan_topics)
    for fault in scan.faults:
        if fault.invariant == finding.invariant:
            finding.violate(fault.what, fault.where)
    for service in dict.fromkeys(service for topic in case.evidence.topics for service in topic.said_by):
        told = [head for head in scan.heads if head.service == service]
        await _Chain(case, service, finding).check(told)
        async for row in case.rows(service, _UNTOLD):
            finding.violate(row["what"], service, row["event"])


class _Chain:
    def __init__(self, case: Case, service: str, finding: Finding) -> None:
        self._case = case
        self._service = service
        self._finding = finding
        self._hashes: dict[int, bytes | None] = {}
        """The hash at each number that a head is about."""

    async def check(self, told: list[SealedHead]) -> None:
        """`told` are the heads that the topic has. An audit of one practice walks the chain alone: heads are everybody's."""
        mark = self._case.evidence.marks.get(self._service, Mark()) if self._case.practice is not None else Mark()
        anchor = self._case.evidence.anchors(self._service)
        heads = [*await self._kept_heads(), *self._anchored_heads(anchor), *told]
        heads = [head for head in heads if head.number >= mark.chained]
        self._hashes = {head.number: None for head in heads}
        length = await self._recompute(mark)
        self._check_heads(heads, _Keys.of(anchor), length, signed=anchor is not None)
        if self._case.practice is None:
            async for row in self._case.rows(self._service, _UNCHAINED):
                self._finding.figures["not chained yet"] += row["entries"]

    async def _recompute(self, mark: Mark) -> int:
        """Walk the chain; its length."""
        number, previous = mark.chained, mark.chain_hash or GENESIS
        self._note(number, previous)
        async for row in self._case.rows(self._service, _ENTRIES, mark.chained):
            number += 1
            self._finding.checked += 1
            if row["chain_seq"] != number:
                self._finding.violate("the audit chain has a gap", self._service, f"before {row['chain_seq']}")
                number = row["chain_seq"]
            previous = chained(previous, row)
            if row["chain_hash"] != previous:
                self._finding.violate("an audit entry does not fit the chain", self._service, f"entry {number}")
                previous = row["chain_hash"]
            self._note(number, previous)
        return number

    def _note(self, number: int, chain_hash: bytes) -> None:
        if number in self._hashes:
            self._hashes[number] = chain_hash

    def _check_heads(self, heads: list[SealedHead], keys: _Keys, length: int, *, signed: bool) -> None:
        for head in heads:
            self._finding.figures["heads"] += 1
            where = (self._service, f"head {head.number}")
            if head.number > length:
                self._finding.violate("the audit chain ends before a signed head", *where, f"at {length}")
            elif head.hash != self._hashes[head.number]:
                self._finding.violate("the audit chain is not the one whose head was signed", *where)
            fault = keys.fault_of(head) if signed else None
            if fault is not None:
                self._finding.violate(fault, *where)

    async def _kept_heads(self) -> list[SealedHead]:
        if self._case.practice is not None:
            return []
        rows = await self._case.table(self._service, _HEADS)
        return [
            SealedHead(self._service, row["head_seq"], row["head_hash"], row["key_id"], row["signature"])
            for row in rows
        ]

    def _anchored_heads(self, anchor: Anchor | None) -> list[SealedHead]:
        """The heads in the file outside the database."""
        heads = []
        for number, line in enumerate(anchor.heads.splitlines() if anchor else (), start=1):
            try:
                head = sealed_head(json.loads(line))
            except (ValueError, KeyError, TypeError):
                self._finding.violate("a line of the heads' file cannot be read", self._service, f"line {number}")
                continue
            if head.service != self._service:
                self._finding.violate("a head in the file is of another service", self._service, f"line {number}")
            heads.append(head)
        return heads


def chained(previous: bytes, row: Any) -> bytes:
    """The hash of an entry behind the one before it."""
    said = (str(row["chain_seq"]), row["practice"], row["actor"], row["kind"], row["subject"], row["at"].isoformat())
    return sha256(previous + "\x1f".join(said).encode() + row["digest"]).digest()
