"""I8: the audit chain verifies from its genesis to the anchored head, and has each unit with the digest of each of its events.

Computed here from the documented format alone: each hash is SHA-256 of the one before it and what is said of a unit (a line of JSON, the ids, the
digests) or of an entry (a line of JSON, its digest); a head is signed over service, number and hash. It shows rows that were changed,
dropped, swapped or cut off. Payloads are held against the digests where they are read, in `outbox.py`.
"""

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from ..case import Case
from ..evidence import Anchor, Mark, Row
from ..faults import SealedHead
from ..report import Finding
from ..topic_scan import scan_topics, sealed_head

GENESIS = sha256(b"claimstream audit chain").digest()
CHAIN = """
SELECT c.seq, c.hash, c.unit, c.entry, o.id AS kept_unit, o.practice AS unit_practice, o.era, o.number, o.at AS unit_at,
       o.actors::text AS actors, o.ids, o.digests, o.witnessed, e.id AS kept_entry, e.practice, e.actor, e.kind, e.subject, e.digest, e.at
FROM audit_chain c LEFT JOIN outbox o ON o.id = c.unit LEFT JOIN audit_entries e ON e.id = c.entry WHERE c.seq > $1 ORDER BY c.seq
"""
_HEADS = "SELECT head_seq, head_hash, key_id, signature FROM audit_heads ORDER BY head_seq"
_UNITS_NOT_CHAINED = """
SELECT o.id, o.era, o.number, o.at < $1 AS is_late FROM outbox o LEFT JOIN audit_chain c ON c.unit = o.id
WHERE c.seq IS NULL AND o.number IS NOT NULL AND since_outbox(o.id) AND mine(o.practice) ORDER BY o.era, o.number
"""
_ENTRIES_NOT_CHAINED = """
SELECT e.id, q.entry IS NOT NULL AS is_queued, e.at < $1 AS is_late FROM audit_entries e LEFT JOIN audit_chain c ON c.entry = e.id
LEFT JOIN audit_queue q ON q.entry = e.id WHERE c.seq IS NULL AND since_audit(e.id) AND mine(e.practice)
"""
_QUEUE = """
SELECT q.entry, e.id IS NULL AS is_nowhere FROM audit_queue q LEFT JOIN audit_entries e ON e.id = q.entry
LEFT JOIN audit_chain c ON c.entry = q.entry WHERE e.id IS NULL OR c.seq IS NOT NULL
"""
_KINDS = ("read", "act", "purge", "restore")
_RESTORED = re.compile(r"the chain ended at (\d+)\b")
_NO_UNIT = (0, 0)


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
    """Recompute each service's chain, verify its heads, and see that nothing that has its number was left out."""
    scan = await case.once(scan_topics)
    for fault in scan.faults:
        if fault.invariant == finding.invariant:
            finding.violate(fault.what, fault.where)
    for service in dict.fromkeys(service for topic in case.evidence.topics for service in topic.said_by):
        told = [head for head in scan.heads if head.service == service]
        await _Chain(case, service, finding, scan.head_units).check(told)


class _Chain:
    def __init__(self, case: Case, service: str, finding: Finding, head_units: set[tuple[str, int]]) -> None:
        self._case = case
        self._service = service
        self._finding = finding
        self._head_units = head_units
        self._hashes: dict[int, bytes | None] = {}
        """The hash at each number that a head is about."""
        self._last_unit = _NO_UNIT
        """Era and number of the unit that was chained last."""
        self._entries: set[int] = set()
        """The entries that were chained."""
        self._ends: list[int] = []
        """Where the chain ended, by the restores that are in it."""

    async def check(self, told: list[SealedHead]) -> None:
        """`told` are the heads that the topic has. An audit of one practice walks the chain alone: heads are everybody's."""
        mark = self._case.evidence.marks.get(self._service, Mark()) if self._case.practice is not None else Mark()
        anchor = self._case.evidence.anchors(self._service)
        keys = _Keys.of(anchor)
        heads = [*await self._kept_heads(), *self._anchored_heads(anchor.heads if anchor else b""), *told]
        heads = [head for head in heads if head.number >= mark.chained]
        self._hashes = {head.number: None for head in heads}
        length = await self._recompute(mark)
        self._check_heads(heads, keys, length, signed=anchor is not None)
        if anchor is not None and self._case.practice is None:
            self._check_put_aside(self._anchored_heads(anchor.before_restore), keys)
        await self._check_left_out()

    async def _recompute(self, mark: Mark) -> int:
        """Walk the chain; its length."""
        number, previous = mark.chained, mark.chain_hash or GENESIS
        self._note(number, previous)
        async for row in self._case.rows(self._service, CHAIN, mark.chained):
            number += 1
            self._finding.checked += 1
            if row["seq"] != number:
                self._finding.violate("the audit chain has a gap", self._service, f"before {row['seq']}")
                number = row["seq"]
            self._check_row(previous, row)
            previous = row["hash"]
            self._note(number, previous)
        return number

    def _check_row(self, previous: bytes, row: Row) -> None:
        """One row against the one before it."""
        is_unit = row["unit"] is not None
        where = (self._service, f"{row['seq']}, {'unit' if is_unit else 'entry'} {row['unit' if is_unit else 'entry']}")
        if row["kept_unit" if is_unit else "kept_entry"] is None:
            what = "a chained unit is not in the outbox" if is_unit else "a chained entry is not there"
            self._finding.violate(what, *where)
            return
        if row["hash"] != chained(previous, row):
            what = "a unit does not fit the chain" if is_unit else "an audit entry does not fit the chain"
            self._finding.violate(what, *where)
        if is_unit:
            self._check_order((row["era"] or 0, row["number"] or 0), where)
        else:
            self._check_entry(row, where)

    def _check_entry(self, row: Row, where: tuple[str, str]) -> None:
        if row["kind"] not in _KINDS:
            self._finding.violate("an audit entry is of a kind that is not known", *where)
        if row["entry"] in self._entries:
            self._finding.violate("an audit entry is in the chain twice", *where)
        self._entries.add(row["entry"])
        if row["kind"] == "restore" and (match := _RESTORED.match(row["subject"])):
            self._ends.append(int(match[1]))

    def _check_order(self, unit: tuple[int, int], where: tuple[str, str]) -> None:
        if unit == self._last_unit:
            self._finding.violate("a unit is in the chain twice", *where)
        elif unit < self._last_unit:
            self._finding.violate("a unit is chained behind one with a higher number", *where)
        self._last_unit = max(unit, self._last_unit)

    async def _check_left_out(self) -> None:
        """What is in no chain: it may wait for the sealer, but not while what came later is chained, and not when all is quiet."""
        late_before = self._case.evidence.now - self._case.bounds.unsent_after
        is_asked = self._case.bounds.at_rest and self._case.practice is None
        async for row in self._case.rows(self._service, _UNITS_NOT_CHAINED, late_before):
            if (row["era"], row["number"]) < self._last_unit:
                self._finding.violate("a unit was left out of the chain", self._service, row["id"])
            elif is_asked and row["is_late"] and (self._service, row["id"]) not in self._head_units:
                self._finding.violate("a unit is not in the chain although all is quiet", self._service, row["id"])
            else:
                self._finding.figures["not chained yet"] += 1
        async for row in self._case.rows(self._service, _ENTRIES_NOT_CHAINED, late_before):
            if not row["is_queued"]:
                self._finding.violate("an audit entry was left out of the chain", self._service, row["id"])
            elif is_asked and row["is_late"]:
                what = "an audit entry is not in the chain although all is quiet"
                self._finding.violate(what, self._service, row["id"])
            else:
                self._finding.figures["not chained yet"] += 1
        if self._case.practice is None:
            await self._check_queue()

    async def _check_queue(self) -> None:
        async for row in self._case.rows(self._service, _QUEUE):
            what = "an audit entry is to be chained that is not there"
            if not row["is_nowhere"]:
                what = "an audit entry is to be chained a second time"
            self._finding.violate(what, self._service, row["entry"])

    def _check_put_aside(self, heads: list[SealedHead], keys: _Keys) -> None:
        """Heads of a time that a restore took back: the chain itself says that it did."""
        for head in heads:
            self._finding.figures["heads before a restore"] += 1
            where = (self._service, f"head {head.number}")
            fault = keys.fault_of(head)
            if fault is not None:
                self._finding.violate(fault, *where)
            if not any(head.number > end for end in self._ends):
                self._finding.violate("a head was put aside, and the chain tells of no restore that did", *where)

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

    def _anchored_heads(self, file: bytes) -> list[SealedHead]:
        """The heads in a file outside the database."""
        heads = []
        for number, line in enumerate(file.splitlines(), start=1):
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
    """The hash of a row of the chain behind the one before it."""
    said: list[Any]
    if row["unit"] is not None:
        actors = json.loads(row["actors"])
        said = [row["seq"], "unit", row["unit_practice"], row["era"], row["number"], row["unit_at"].isoformat(), actors]
        rest = row["ids"] + row["digests"] + row["witnessed"]
    else:
        said = [row["seq"], row["kind"], row["practice"], row["actor"], row["subject"], row["at"].isoformat()]
        rest = row["digest"]
    return sha256(previous + json.dumps(said, separators=(",", ":")).encode() + b"\n" + rest).digest()
