"""I8, tampered with: flip, drop, swap and truncate are all caught, and so is a forger who chains everything anew."""

import json
from dataclasses import replace

import pytest
from claimstream_auditor.invariants.audit_chain import GENESIS, chained

SERVICE = "claim-svc"
SWAP = """
UPDATE audit_entries a SET subject = b.subject, digest = b.digest, actor = b.actor, at = b.at FROM audit_entries b
WHERE (a.chain_seq, b.chain_seq) IN ((10, 11), (11, 10))
"""


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE audit_entries SET actor = 'somebody' WHERE chain_seq = 10", "an audit entry does not fit the chain"),
        ("UPDATE audit_entries SET digest = sha256('x') WHERE chain_seq = 10", "an audit entry does not fit the chain"),
        (
            "UPDATE audit_entries SET chain_hash = sha256('x') WHERE chain_seq = 10",
            "an audit entry does not fit the chain",
        ),
        (SWAP, "an audit entry does not fit the chain"),
        ("DELETE FROM audit_entries WHERE chain_seq = 10", "the audit chain has a gap"),
        ("DELETE FROM audit_entries WHERE chain_seq = 1", "the audit chain has a gap"),
        ("DELETE FROM audit_entries WHERE chain_seq > 20", "the audit chain ends before a signed head"),
        ("UPDATE audit_heads SET head_hash = sha256('x')", "the audit chain is not the one whose head was signed"),
        ("UPDATE audit_heads SET signature = sha256('x') || sha256('y')", "a head's signature is false"),
        ("UPDATE audit_heads SET key_id = 'another'", "a head is signed with a key that is not known"),
        ("DELETE FROM audit_entries WHERE kind = 'event' AND chain_seq = 10", "an event has no audit entry"),
        ("DELETE FROM outbox WHERE topic = 'claim.held'", "an audit entry is of no event"),
        (
            "UPDATE outbox SET payload = payload || ' ' WHERE topic = 'claim.held'",
            "an audit entry has another digest than its event",
        ),
    ],
)
async def test_a_chain_that_was_tampered_with_is_found(desk, sql, kind):
    await desk.tamper(SERVICE, sql)

    assert kind in await desk.kinds("I8")


async def test_a_chain_cut_off_together_with_its_heads_is_shown_by_the_file_outside_the_database(desk):
    await desk.tamper(SERVICE, "DELETE FROM audit_entries WHERE chain_seq > 20")
    await desk.tamper(SERVICE, "DELETE FROM audit_heads")
    desk.records["audit.sealed"].clear()

    assert "the audit chain ends before a signed head" in await desk.kinds("I8")


async def test_a_chain_cut_off_together_with_heads_and_file_is_shown_by_the_topic(desk):
    await desk.tamper(SERVICE, "DELETE FROM audit_entries WHERE chain_seq > 20")
    await desk.tamper(SERVICE, "DELETE FROM audit_heads")
    desk.anchors[SERVICE] = replace(desk.anchors[SERVICE], heads=b"")

    assert "the audit chain ends before a signed head" in await desk.kinds("I8")


async def test_a_chain_that_a_forger_made_anew_is_not_the_one_that_was_signed(desk):
    await desk.tamper(SERVICE, "UPDATE audit_entries SET actor = 'somebody' WHERE chain_seq = 10")
    previous, hashes = GENESIS, []
    sql = "SELECT * FROM audit_entries WHERE chain_seq IS NOT NULL ORDER BY chain_seq"
    async for row in desk.evidence.databases.rows(SERVICE, sql):
        previous = chained(previous, row)
        hashes.append((row["chain_seq"], previous))
    await desk.tamper(
        SERVICE,
        "UPDATE audit_entries e SET chain_hash = n.hash FROM unnest($1::bigint[], $2::bytea[]) AS n(number, hash) WHERE chain_seq = number",
        [number for number, _ in hashes],
        [each for _, each in hashes],
    )

    assert set(await desk.kinds("I8")) == {"the audit chain is not the one whose head was signed"}


async def test_a_torn_line_in_the_heads_file_is_seen(desk):
    desk.anchors[SERVICE] = replace(desk.anchors[SERVICE], heads=desk.anchors[SERVICE].heads[:-20])

    assert await desk.kinds("I8") == {"a line of the heads' file cannot be read": 1}


async def test_a_head_of_another_service_is_no_anchor(desk):
    desk.anchors[SERVICE] = replace(desk.anchors[SERVICE], heads=desk.anchors["remit-svc"].heads)

    assert "a head in the file is of another service" in await desk.kinds("I8")


async def test_a_head_that_the_file_has_and_nobody_signed_is_false(desk):
    said = json.loads(desk.anchors[SERVICE].heads.splitlines()[-1])
    forged = json.dumps(said | {"head_seq": said["head_seq"] - 1}).encode() + b"\n"
    desk.anchors[SERVICE] = replace(desk.anchors[SERVICE], heads=forged)

    assert "a head's signature is false" in await desk.kinds("I8")


async def test_a_head_on_the_topic_that_is_no_head_is_seen(desk):
    desk.change("audit.sealed", 0, lambda record: record._replace(value=b"{}"))

    assert await desk.kinds("I8") == {"a head on the topic cannot be read": 1}
