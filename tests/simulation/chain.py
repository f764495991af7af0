"""I8: the audit chain, computed once more by this file's own arithmetic, from where it was verified last to its signed head."""

import hashlib
import json
from typing import Any

from claimstream_kit.keys import load_public_keys

from .schedule import Schedule

GENESIS = hashlib.sha256(b"claimstream audit chain").digest()


_LINKS = """
SELECT c.seq, c.hash, o.era, o.number, o.actors, o.ids, o.digests, o.witnessed, e.kind, e.subject, e.actor, e.digest,
       coalesce(o.practice, e.practice) AS practice, coalesce(o.at, e.at) AS at
FROM audit_chain c LEFT JOIN outbox o ON o.id = c.unit LEFT JOIN audit_entries e ON e.id = c.entry WHERE c.seq > $1 ORDER BY c.seq
"""


def chain_faults(schedule: Schedule, service: str) -> list[str]:
    """What does not fit in one service's chain, from where it was verified last."""
    return schedule.world.run(_faults(schedule, service))


async def _faults(schedule: Schedule, service: str) -> list[str]:
    world, member = schedule.world, schedule.members[service]
    number, previous, unit = world.chains.get(service, (0, GENESIS, 0))
    rows = await member.database.fetch(_LINKS, number)
    heads = await member.database.fetch("SELECT * FROM audit_heads WHERE head_seq > $1 ORDER BY head_seq", number)
    signed = {row["head_seq"]: row for row in heads}
    keys = load_public_keys(world.folder / "audit" / f"{service}.sealing-key.pub.pem") if heads else {}
    faults = []
    for row in rows:
        number += 1
        previous = hashlib.sha256(previous + _said(number, row)).digest()
        if (row["seq"], row["hash"]) != (number, previous):
            faults.append(f"I8: entry {number} of {service} does not fit")
        if row["number"] is not None and row["number"] != unit + 1:
            faults.append(f"I8: in the chain of {service} unit {row['number']} follows {unit}")
        unit = row["number"] or unit
        head = signed.pop(number, None)
        if head is not None:
            if head["head_hash"] != previous:
                faults.append(f"I8: head {number} of {service} does not fit")
            said = f"{service}\x1f{number}\x1f{previous.hex()}".encode()
            keys[head["key_id"]].verify(head["signature"], said)
    faults += [f"I8: head {number} of {service} has no entry" for number in signed]
    world.chains[service] = (number, previous, unit)
    return faults


def _said(number: int, row: Any) -> bytes:
    """What the chain says of a unit or an entry: a line of JSON, and bytes."""
    if row["kind"] is not None:
        words = [number, row["kind"], row["practice"], row["actor"], row["subject"], row["at"].isoformat()]
        return _line(words) + bytes(row["digest"])
    words = [number, "unit", row["practice"], row["era"], row["number"], row["at"].isoformat(), row["actors"]]
    return _line(words) + bytes(row["ids"]) + bytes(row["digests"]) + bytes(row["witnessed"])


def _line(words: list[Any]) -> bytes:
    return json.dumps(words, separators=(",", ":")).encode() + b"\n"
