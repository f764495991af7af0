"""I8: the audit chain, computed once more by this file's own arithmetic, from where it was verified last to its signed head."""

import hashlib

from claimstream_kit.keys import load_public_keys

from .schedule import Schedule

GENESIS = hashlib.sha256(b"claimstream audit chain").digest()


def chain_faults(schedule: Schedule, service: str) -> list[str]:
    """What does not fit in one service's chain, from where it was verified last."""
    return schedule.world.run(_faults(schedule, service))


async def _faults(schedule: Schedule, service: str) -> list[str]:
    world, member = schedule.world, schedule.members[service]
    number, previous = world.chains.get(service, (0, GENESIS))
    rows = await member.database.fetch(
        "SELECT chain_seq, chain_hash, practice, actor, kind, subject, at, digest FROM audit_entries"
        " WHERE chain_seq > $1 ORDER BY chain_seq",
        number,
    )
    heads = await member.database.fetch("SELECT * FROM audit_heads WHERE head_seq > $1 ORDER BY head_seq", number)
    signed = {row["head_seq"]: row for row in heads}
    keys = load_public_keys(world.folder / "audit" / f"{service}.sealing-key.pub.pem") if heads else {}
    faults = []
    for row in rows:
        number += 1
        words = (number, row["practice"], row["actor"], row["kind"], row["subject"], row["at"].isoformat())
        previous = hashlib.sha256(previous + "\x1f".join(map(str, words)).encode() + row["digest"]).digest()
        if (row["chain_seq"], row["chain_hash"]) != (number, previous):
            faults.append(f"I8: entry {number} of {service} does not fit")
        head = signed.pop(number, None)
        if head is not None:
            if head["head_hash"] != previous:
                faults.append(f"I8: head {number} of {service} does not fit")
            said = f"{service}\x1f{number}\x1f{previous.hex()}".encode()
            keys[head["key_id"]].verify(head["signature"], said)
    faults += [f"I8: head {number} of {service} has no entry" for number in signed]
    unsealed = await member.database.value("SELECT count(*) FROM outbox o WHERE seq > $1 AND sequence IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM audit_entries e WHERE e.kind = 'event' AND e.subject = o.topic || ' ' || o.event_id)", schedule.first_rows[service])  # fmt: skip
    if unsealed:
        faults.append(f"I8: {unsealed} events of {service} have no entry")
    world.chains[service] = (number, previous)
    return faults
