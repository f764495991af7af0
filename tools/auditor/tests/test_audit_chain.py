"""I8, tampered with: flip, drop, swap and truncate are all caught, and so is a forger who chains everything anew."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from claimstream_auditor.invariants.audit_chain import CHAIN, GENESIS, chained

from .units import opened, repack

SERVICE = "claim-svc"
UNIT = "(SELECT unit FROM audit_chain WHERE unit IS NOT NULL ORDER BY seq LIMIT 1 OFFSET 4)"
ENTRY = "(SELECT entry FROM audit_chain WHERE entry IS NOT NULL ORDER BY seq LIMIT 1)"
TWO_LINKS = "SELECT seq FROM audit_chain WHERE unit IS NOT NULL ORDER BY seq LIMIT 2 OFFSET 4"
LAST = "(SELECT max(seq) FROM audit_chain)"
UNFIT_UNIT = "a unit does not fit the chain"
UNFIT_ENTRY = "an audit entry does not fit the chain"
OTHER_DIGESTS = "a payload is not what its row's digests say"
CUT_OFF = "the audit chain ends before a signed head"
CUT = "DELETE FROM audit_chain WHERE seq > 3"
KEEP = (
    "INSERT INTO audit_entries (practice, actor, kind, subject, digest, at)"
    " VALUES ('claimstream', 'operator', $1, $2, sha256(''), $3) RETURNING id"
)


async def an_entry(desk, kind="act", subject="something", *, age=timedelta(minutes=1)):
    """An entry that is neither chained nor queued; its number."""
    return await desk.value(SERVICE, KEEP, kind, subject, desk.run.now - age)


async def chain_anew(desk):
    """What a forger does: every hash fits the one before it."""
    previous, hashes = GENESIS, []
    async for row in desk.evidence.databases.rows(SERVICE, CHAIN, 0):
        previous = chained(previous, row)
        hashes.append((row["seq"], previous))
    await desk.tamper(
        SERVICE,
        "UPDATE audit_chain c SET hash = n.hash FROM unnest($1::bigint[], $2::bytea[]) AS n(number, hash) WHERE seq = number",
        [number for number, _ in hashes],
        [each for _, each in hashes],
    )


async def chain_behind(desk, entry):
    """Chain an entry behind all that there is, as the sealer does."""
    await desk.tamper(SERVICE, f"INSERT INTO audit_chain SELECT {LAST} + 1, NULL, $1, ''", entry)
    await chain_anew(desk)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("""UPDATE outbox SET actors = '["somebody"]' WHERE id = {unit}""", UNFIT_UNIT),
        ("UPDATE outbox SET at = at + interval '1 second' WHERE id = {unit}", UNFIT_UNIT),
        ("UPDATE outbox SET practice = 'another' WHERE id = {unit}", UNFIT_UNIT),
        ("UPDATE outbox SET number = number + 100000 WHERE id = {unit}", UNFIT_UNIT),
        ("UPDATE outbox SET ids = set_byte(ids, 0, 255 - get_byte(ids, 0)) WHERE id = {unit}", UNFIT_UNIT),
        ("UPDATE outbox SET digests = set_byte(digests, 0, 255 - get_byte(digests, 0)) WHERE id = {unit}", UNFIT_UNIT),
        (
            "UPDATE outbox SET digests = set_byte(digests, 0, 255 - get_byte(digests, 0)) WHERE id = {unit}",
            OTHER_DIGESTS,
        ),
        ("UPDATE audit_entries SET actor = 'somebody' WHERE id = {entry}", UNFIT_ENTRY),
        ("UPDATE audit_entries SET subject = 'something' WHERE id = {entry}", UNFIT_ENTRY),
        ("UPDATE audit_entries SET digest = sha256('x') WHERE id = {entry}", UNFIT_ENTRY),
        ("UPDATE audit_entries SET kind = 'purge' WHERE id = {entry}", UNFIT_ENTRY),
        ("UPDATE audit_chain SET hash = sha256('x') WHERE unit = {unit}", UNFIT_UNIT),
        ("DELETE FROM audit_chain WHERE unit = {unit}", "the audit chain has a gap"),
        ("DELETE FROM audit_chain WHERE seq = 1", "the audit chain has a gap"),
        ("DELETE FROM audit_chain WHERE unit = {unit}", "a unit was left out of the chain"),
        ("DELETE FROM audit_chain WHERE entry = {entry}", "an audit entry was left out of the chain"),
        (CUT, CUT_OFF),
        (CUT, "a unit is not in the chain although all is quiet"),
        ("DELETE FROM outbox WHERE id = {unit}", "a chained unit is not in the outbox"),
        ("DELETE FROM audit_entries WHERE id = {entry}", "a chained entry is not there"),
        ("INSERT INTO audit_queue SELECT {entry}", "an audit entry is to be chained a second time"),
        ("INSERT INTO audit_queue VALUES (999999)", "an audit entry is to be chained that is not there"),
        ("UPDATE audit_heads SET head_hash = sha256('x')", "the audit chain is not the one whose head was signed"),
        ("UPDATE audit_heads SET signature = sha256('x') || sha256('y')", "a head's signature is false"),
        ("UPDATE audit_heads SET key_id = 'another'", "a head is signed with a key that is not known"),
    ],
)
async def test_a_chain_that_was_tampered_with_is_found(desk, sql, kind):
    await desk.tamper(SERVICE, sql.format(unit=UNIT, entry=ENTRY))

    assert kind in await desk.kinds("I8")


async def test_two_links_that_changed_places_are_seen(desk):
    one, two = [row["seq"] async for row in desk.evidence.databases.rows(SERVICE, TWO_LINKS)]
    for before, after in ((one, -1), (two, one), (-1, two)):
        await desk.tamper(SERVICE, "UPDATE audit_chain SET seq = $2 WHERE seq = $1", before, after)
    await chain_anew(desk)

    assert set(await desk.kinds("I8")) == {
        "a unit is chained behind one with a higher number",
        "the audit chain is not the one whose head was signed",
    }


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        ("unit IS NOT NULL", "a unit is in the chain twice"),
        ("entry IS NOT NULL", "an audit entry is in the chain twice"),
    ],
)
async def test_what_is_chained_twice_is_seen(desk, link, kind):
    await desk.tamper(
        SERVICE, "ALTER TABLE audit_chain DROP CONSTRAINT uq_audit_chain_unit, DROP CONSTRAINT uq_audit_chain_entry"
    )
    again = "INSERT INTO audit_chain SELECT {last} + 1, unit, entry, '' FROM audit_chain WHERE {link} ORDER BY seq DESC LIMIT 1"
    await desk.tamper(SERVICE, again.replace("{last}", LAST).replace("{link}", link))
    await chain_anew(desk)

    assert await desk.kinds("I8") == {kind: 1}


async def test_an_entry_of_a_kind_that_nobody_knows_is_seen(desk):
    await desk.tamper(SERVICE, "ALTER TABLE audit_entries DROP CONSTRAINT ck_audit_entries_kind")
    await chain_behind(desk, await an_entry(desk, "unit"))

    assert await desk.kinds("I8") == {"an audit entry is of a kind that is not known": 1}


async def test_a_payload_that_was_altered_is_not_what_was_chained(desk):
    unit = await desk.value(SERVICE, f"SELECT {UNIT}")
    events = await opened(desk, SERVICE, unit)
    events[0].value += b" "
    await repack(desk, SERVICE, unit, events)

    assert await desk.kinds("I8") == {OTHER_DIGESTS: 1}


async def test_a_payload_with_an_event_more_or_less_is_seen(desk):
    unit = await desk.value(SERVICE, f"SELECT {UNIT}")
    events = await opened(desk, SERVICE, unit)
    await repack(desk, SERVICE, unit, [*events, events[0]])

    assert await desk.kinds("I8") == {"a payload has not as many events as its row": 1}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE outbox_payloads SET payload = substring(payload from 2) WHERE id = $1",
        "UPDATE outbox_payloads SET packing = 9 WHERE id = $1",
    ],
)
async def test_a_payload_that_nobody_can_read_is_seen(desk, sql):
    await desk.tamper(SERVICE, sql, await desk.value(SERVICE, f"SELECT {UNIT}"))

    assert await desk.kinds("I8") == {"a payload cannot be read": 1}


async def test_digests_outlive_a_payload_whose_time_is_over(desk):
    unit = await desk.value(SERVICE, f"SELECT {UNIT}")
    await desk.tamper(SERVICE, "DELETE FROM outbox_payloads WHERE id = $1", unit)

    assert await desk.kinds("I8") == {}
    await desk.tamper(SERVICE, "UPDATE outbox SET digests = digests || digests, ids = ids || ids, events = events * 2")
    assert UNFIT_UNIT in await desk.kinds("I8")


async def test_an_entry_that_waits_for_the_sealer_is_no_fault_while_it_is_new(desk):
    late, new = await an_entry(desk), await an_entry(desk, age=timedelta(0))
    before = (await desk.audit("I8"))["I8"].figures["not chained yet"]
    await desk.tamper(SERVICE, "INSERT INTO audit_queue SELECT unnest($1::bigint[])", [late, new])

    report = await desk.audit("I8")
    assert report["I8"].kinds == {"an audit entry is not in the chain although all is quiet": 1}
    assert report["I8"].figures["not chained yet"] == before + 1


async def test_an_entry_that_nobody_will_chain_is_seen_at_once(desk):
    await an_entry(desk, age=timedelta(0))

    assert await desk.kinds("I8") == {"an audit entry was left out of the chain": 1}


async def test_a_chain_cut_off_together_with_its_heads_is_shown_by_the_file_outside_the_database(desk):
    await desk.tamper(SERVICE, CUT)
    await desk.tamper(SERVICE, "DELETE FROM audit_heads")
    desk.records["audit.sealed"].clear()

    assert CUT_OFF in await desk.kinds("I8")


async def test_a_chain_cut_off_together_with_heads_and_file_is_shown_by_the_topic(desk):
    await desk.tamper(SERVICE, CUT)
    await desk.tamper(SERVICE, "DELETE FROM audit_heads")
    desk.anchors[SERVICE] = replace(desk.anchors[SERVICE], heads=b"")

    assert CUT_OFF in await desk.kinds("I8")


async def test_a_chain_that_a_forger_made_anew_is_not_the_one_that_was_signed(desk):
    unit = await desk.value(SERVICE, f"SELECT {UNIT}")
    await desk.tamper(SERVICE, """UPDATE outbox SET actors = '["somebody"]' WHERE id = $1""", unit)
    await chain_anew(desk)

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


@pytest.mark.parametrize(
    ("subject", "kinds"),
    [
        ("the chain ended at 3", {}),
        ("the chain ended at 3, by the backup of last night", {}),
        ("the chain ended at 99999999", {"a head was put aside, and the chain tells of no restore that did": 1}),
        ("something else", {"a head was put aside, and the chain tells of no restore that did": 1}),
        (None, {"a head was put aside, and the chain tells of no restore that did": 1}),
    ],
)
async def test_heads_that_were_put_aside_need_a_restore_that_says_so(desk, subject, kinds):
    aside = desk.anchors[SERVICE].heads.splitlines(keepends=True)[-1]
    desk.anchors[SERVICE] = replace(desk.anchors[SERVICE], before_restore=aside)
    if subject is not None:
        await chain_behind(desk, await an_entry(desk, "restore", subject))

    report = await desk.audit("I8")
    assert report["I8"].kinds == kinds
    assert report["I8"].figures["heads before a restore"] == 1


async def test_a_head_that_was_put_aside_must_be_signed_too(desk):
    said = json.loads(desk.anchors[SERVICE].heads.splitlines()[-1])
    forged = json.dumps(said | {"head_hash": "00" * 32}).encode() + b"\n"
    desk.anchors[SERVICE] = replace(desk.anchors[SERVICE], before_restore=forged)
    await chain_behind(desk, await an_entry(desk, "restore", "the chain ended at 3"))

    assert await desk.kinds("I8") == {"a head's signature is false": 1}
