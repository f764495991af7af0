"""I4 and I5, tampered with."""

# ruff: noqa: S608  the SQL is the tampering itself

from datetime import timedelta
from hashlib import sha256

import pytest
from claimstream_auditor import Bounds

GATEWAY, REMIT = "clearinghouse-gw", "remit-svc"
A_POSTED = "id = (SELECT min(id::text)::uuid FROM remittances WHERE state = 'posted' AND amount_cents > 0)"
SECOND_JOURNALS = """
INSERT INTO journals SELECT practice, gen_random_uuid(), account_id, kind, remittance_id, entered_at FROM journals WHERE kind = 'remittance';
INSERT INTO entries SELECT j.practice, j.id, 1, 'suspense', j.account_id, 1 FROM journals j
    LEFT JOIN entries e ON e.journal_id = j.id WHERE e.journal_id IS NULL
"""
TWICE = """
INSERT INTO remittances SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid()))).* FROM remittances r WHERE
"""


async def change_inbound(desk, old, new):
    """A dropped 835 says something else, and everybody's digest of the file follows."""
    name, data = next((name, data) for name, data in desk.inbound.items() if name.startswith("0") and old in data)
    changed = data.replace(old, new, 1)
    desk.inbound[name] = desk.archive[sha256(changed).hexdigest()] = changed
    digests = sha256(changed).hexdigest(), sha256(data).hexdigest()
    await desk.tamper(GATEWAY, "UPDATE files SET digest = $1 WHERE digest = $2", *digests)


async def test_a_remittance_that_came_and_is_on_no_books_is_lost(desk):
    await desk.tamper(REMIT, f"DELETE FROM remittances WHERE {A_POSTED}")

    assert await desk.kinds("I4") == {"a remittance came and is on no books": 1}


async def test_a_remittance_that_is_on_the_books_twice_is_seen(desk):
    await desk.tamper(REMIT, "ALTER TABLE remittances DROP CONSTRAINT uq_remittances_practice_body_digest")
    await desk.tamper(REMIT, TWICE + A_POSTED)

    assert await desk.kinds("I4") == {
        "a remittance is on the books more than once": 1,
        "a paid trace was posted more than once": 1,
    }


async def test_a_remittance_on_the_books_that_no_payer_sent_is_seen(desk):
    await desk.tamper(REMIT, f"UPDATE remittances SET body_digest = 'x' WHERE {A_POSTED}")

    assert await desk.kinds("I4") == {
        "a remittance came and is on no books": 1,
        "a remittance is on the books and came in no file": 1,
    }


async def test_a_file_that_lies_in_inbound_and_was_not_taken_is_seen(desk):
    desk.inbound["late.835"] = next(iter(desk.inbound.values())) + b"\n"

    assert await desk.kinds("I4") == {"a file lies in inbound and was not taken": 1}


async def test_a_file_whose_bytes_were_not_kept_is_seen(desk):
    digest = await desk.value(GATEWAY, "SELECT digest FROM files WHERE direction = 'inbound' AND kind = '835' LIMIT 1")
    desk.archive[digest] += b" "

    assert "an inbound file's bytes are not in the archive" in await desk.kinds("I4")


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (
            "UPDATE sets SET state = 'refused', reason = 'no' WHERE kind = '835'",
            "a set was refused that came whole and can be read",
        ),
        ("DELETE FROM sets WHERE kind = '835'", "a set of a file has no outcome"),
        ("UPDATE sets SET digest = number || control_number || file_id", "a set was understood differently"),
        (
            "UPDATE files SET state = 'refused' WHERE state = 'processed' AND direction = 'inbound'",
            "a file is called a copy and is none",
        ),
        (
            "UPDATE sets SET state = 'duplicate' WHERE state = 'processed' AND kind = '835'",
            "a set is called a copy and is none",
        ),
    ],
)
async def test_what_the_gateway_says_of_a_set_is_held_against_its_bytes(desk, sql, kind):
    await desk.tamper(GATEWAY, sql)

    assert kind in await desk.kinds("I4")


THE_PRACTICES_NPI = "UPDATE practices SET npi = '1111111112', location_npis = '[]'"
CLAIM_ALL = """
INSERT INTO audit_entries (practice, actor, kind, subject, digest, at)
SELECT practice, 'someone', 'act', 'claim set ' || number || ' of file ' || file_id, '', now() FROM sets WHERE practice <> '-'
"""


async def test_what_is_paid_to_nobody_we_know_is_on_the_books_only_where_a_person_has_claimed_it(desk):
    await desk.tamper(GATEWAY, THE_PRACTICES_NPI)
    by_itself = await desk.kinds("I4")
    await desk.tamper(GATEWAY, CLAIM_ALL)

    assert set(by_itself) == {"a remittance is on the books and came in no file"}
    assert await desk.kinds("I4") == {}


async def test_what_waits_for_a_person_is_on_no_books_and_not_lost(desk):
    await desk.tamper(GATEWAY, "DELETE FROM sets WHERE kind = '835' AND state = 'duplicate'")
    await desk.tamper(GATEWAY, "DELETE FROM files WHERE state = 'duplicate'")
    await desk.tamper(GATEWAY, "UPDATE sets SET state = 'unclaimed' WHERE kind = '835' AND state = 'processed'")
    await desk.tamper(REMIT, "DELETE FROM remittances")

    assert "a remittance came and is on no books" not in await desk.kinds("I4")


async def test_a_set_that_was_cut_off_and_worked_on_all_the_same_is_found(desk):
    await desk.tamper(GATEWAY, "DROP INDEX uq_sets_digest")
    await desk.tamper(GATEWAY, "UPDATE sets SET state = 'processed' WHERE state = 'refused' AND kind = '835'")

    assert "a set that did not come whole was worked on" in await desk.kinds("I4")


async def test_without_its_unique_key_a_set_that_was_worked_on_twice_is_found(desk):
    await desk.tamper(GATEWAY, "DROP INDEX uq_sets_digest")
    await desk.tamper(GATEWAY, "UPDATE sets SET state = 'processed' WHERE state = 'duplicate'")

    assert "a set was worked on more than once" in await desk.kinds("I4")


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (
            "UPDATE remittances SET state = 'posted' WHERE state = 'quarantined'",
            "a remittance is posted although it does not balance",
        ),
        (
            f"UPDATE remittances SET state = 'quarantined' WHERE {A_POSTED}",
            "a remittance is quarantined although it balances",
        ),
        (
            f"UPDATE remittances SET state = 'quarantined' WHERE {A_POSTED}",
            "a remittance is not posted and is on the ledger",
        ),
        (f"UPDATE remittances SET state = 'conflict' WHERE {A_POSTED}", "a remittance is in conflict with none"),
        (f"UPDATE remittances SET state = 'staged' WHERE {A_POSTED}", "a remittance that came is still not settled"),
        (
            f"UPDATE remittances SET amount_cents = amount_cents + 1 WHERE {A_POSTED}",
            "a remittance is kept with another header than its file has",
        ),
        ("DELETE FROM payments WHERE ordinal = 1", "a remittance is not posted payment by payment"),
        ("UPDATE entries SET cents = cents + 1 WHERE account = 'cash'", "a remittance's cash is not its amount"),
        (
            "UPDATE provider_adjustments SET cents = cents + 1",
            "a remittance's provider adjustments are not what its file says",
        ),
        ("DELETE FROM provider_adjustments", "a remittance's provider adjustments are not what its file says"),
        (
            "UPDATE entries SET account = 'plb' WHERE account LIKE 'plb.%'",
            "provider adjustments are on other accounts than those of their reasons",
        ),
        (
            "UPDATE provider_adjustments SET account = 'plb.WO' WHERE reason <> 'WO'",
            "provider adjustments are on other accounts than those of their reasons",
        ),
        (
            "UPDATE payments SET suspense_cents = suspense_cents + 1, paid_cents = paid_cents - 1 WHERE ordinal = 1",
            "what a remittance has in suspense is not what its payments and adjustments say",
        ),
        (
            SECOND_JOURNALS,
            "a remittance has more than one journal of its own",
        ),
    ],
)
async def test_a_remittance_that_was_not_settled_as_its_bytes_say_is_found(desk, sql, kind):
    await desk.tamper(REMIT, sql)

    assert kind in await desk.kinds("I5", bounds=Bounds(stuck_after=timedelta(0)))


async def test_it_is_the_bytes_that_are_weighed(desk):
    """One cent less on a claim, and the set that was posted does not balance."""
    paid = await desk.value(
        REMIT, "SELECT paid_cents FROM payments WHERE outcome = 'paid' AND paid_cents % 100 <> 0 LIMIT 1"
    )
    number = await desk.value(
        REMIT,
        "SELECT a.control_number FROM payments p JOIN accounts a ON a.id = p.claim_id WHERE p.outcome = 'paid' AND p.paid_cents = $1 LIMIT 1",
        paid,
    )
    data = next(data for data in desk.inbound.values() if f"CLP*{number}*".encode() in data)
    segment = next(one for one in data.split(b"~") if one.strip().startswith(f"CLP*{number}*".encode())).strip()
    elements = segment.split(b"*")
    elements[4] = b"%d.%02d" % divmod(paid - 1, 100)
    await change_inbound(desk, segment, b"*".join(elements))
    await desk.tamper(REMIT, "UPDATE remittances SET body_digest = body_digest")

    kinds = await desk.kinds("I4")
    assert kinds["a remittance came and is on no books"] == 1
    assert kinds["a set was understood differently"] == 1
