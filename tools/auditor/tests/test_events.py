"""I9, I10 and I11, tampered with."""

import uuid
from collections import defaultdict

import pytest

TOPIC = "claim.assembled"
LETTERS = (
    "(consumer, event_id, topic, partition, record_offset, key, headers, payload, fact, due, since) SELECT consumer, event_id, topic,"
    " partition, record_offset, key, headers, coalesce(payload, ''), 'a fact', now()"
)


def header(record, name):
    return dict(record.headers)[name].decode()


def with_header(record, name, value):
    return record._replace(headers=[(each, value if each == name else said) for each, said in record.headers])


def places_of_a_pair(desk, topic):
    """Where the two records of a key lie that has two, neither at its partition's beginning."""
    places = defaultdict(list)
    for place, record in enumerate(desk.records[topic]):
        places[record.key].append(place)
    return next(
        found
        for found in places.values()
        if len(found) == 2 and all(desk.records[topic][place].offset > 0 for place in found)
    )


async def test_two_events_of_a_key_that_changed_places_are_out_of_order(desk):
    one, two = places_of_a_pair(desk, "account.changed")
    first = desk.change("account.changed", one, lambda _: desk.records["account.changed"][two])
    desk.change("account.changed", two, lambda _: first)

    assert await desk.kinds("I9") == {"a key's events have a gap": 1, "a key's events are first seen out of order": 1}


async def test_an_event_that_is_missing_before_another_of_its_key_is_a_gap_and_a_loss(desk):
    del desk.records["account.changed"][places_of_a_pair(desk, "account.changed")[0]]

    report = await desk.audit("I9", "I10")
    assert report["I9"].kinds == {"a key's events have a gap": 1}
    assert report["I10"].kinds == {"an event that was sent is not on its topic": 1}


async def test_a_record_that_is_sent_again_late_is_nothing(desk):
    desk.records["account.changed"] += desk.records["account.changed"][:30]

    report = await desk.audit("I9", "I10", "I11")
    assert report.violated == 0
    assert report["I10"].figures["sent again"] == 31


async def test_a_key_in_two_partitions_has_no_order(desk):
    place = places_of_a_pair(desk, "account.changed")[1]
    desk.change("account.changed", place, lambda record: record._replace(partition=record.partition + 1))

    assert await desk.kinds("I9") == {"a key is in two partitions": 1}


async def test_a_number_that_the_outbox_skipped_is_a_gap(desk):
    await desk.tamper(
        "remit-svc",
        "UPDATE outbox SET sequence = sequence + 1 WHERE seq = (SELECT max(seq) FROM outbox WHERE topic = 'account.changed')",
    )

    assert "a key's numbers in the outbox have a gap" in await desk.kinds("I9")


async def test_a_record_that_no_outbox_row_put_there_is_a_ghost(desk):
    ghost = str(uuid.uuid4()).encode()
    desk.records[TOPIC].append(with_header(desk.records[TOPIC][0], "ce_id", ghost))

    report = await desk.audit("I10", "I11")
    assert report["I10"].kinds == {"a record is on a topic that no outbox row put there": 1}
    assert report["I11"].kinds == {"an event was not taken although all is quiet": 1}


async def test_what_a_fault_injector_put_there_is_no_ghost_when_it_is_told(desk):
    assert await desk.kinds("I10", injected=frozenset()) == {"a record is on a topic that no outbox row put there": 1}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda record: record._replace(value=record.value + b" "), "a record has other bytes than its outbox row"),
        (lambda record: record._replace(key=record.key + "0"), "a record has another key than its outbox row"),
        (lambda record: with_header(record, "ce_sequence", b"7"), "a record has another sequence than its outbox row"),
    ],
)
async def test_a_record_that_changed_on_its_way_is_seen(desk, change, kind):
    desk.change(TOPIC, 0, change)

    assert kind in await desk.kinds("I10")


async def test_a_row_that_was_never_sent_is_seen_once_all_is_quiet(desk):
    event = uuid.UUID(header(desk.records[TOPIC].pop(), "ce_id"))
    late = "UPDATE outbox SET sent_at = NULL, created_at = now() - interval '6 seconds' WHERE event_id = $1"
    await desk.tamper("claim-svc", late, event)

    assert await desk.kinds("I10") == {"an event is not sent although all is quiet": 1}


async def test_a_row_that_was_just_written_may_still_be_sent(desk):
    event = uuid.UUID(header(desk.records[TOPIC].pop(), "ce_id"))
    await desk.tamper("claim-svc", "UPDATE outbox SET sent_at = NULL, created_at = now() WHERE event_id = $1", event)

    assert await desk.kinds("I10") == {}


async def test_what_retention_took_from_a_topic_is_not_missed(desk):
    desk.records[TOPIC].clear()
    await desk.tamper("claim-svc", "UPDATE outbox SET sent_at = now() - interval '15 days' WHERE topic = $1", TOPIC)

    assert await desk.kinds("I10") == {}


async def test_a_copy_of_a_dead_letter_that_is_missing_or_changed_is_seen(desk):
    copies = desk.records["encounter.coded.dead"]
    copies[0] = copies[0]._replace(value=b"else")
    copies.pop()

    assert await desk.kinds("I10") == {
        "a dead letter's copy has other bytes than its outbox row": 1,
        "a dead letter's copy that was sent is not on its topic": 1,
    }


async def test_a_copy_of_no_dead_letter_is_a_ghost(desk):
    copies = desk.records["encounter.coded.dead"]
    copies.append(with_header(copies[0], "dead_offset", b"999"))

    assert await desk.kinds("I10") == {"a copy is on a .dead topic that no outbox row put there": 1}


async def test_an_event_that_its_consumer_never_took_is_seen(desk):
    await desk.tamper("remit-svc", "DELETE FROM inbox WHERE event_id = (SELECT min(event_id::text)::uuid FROM inbox)")

    assert await desk.kinds("I11") == {"an event was not taken although all is quiet": 1}


@pytest.mark.parametrize(
    ("service", "sql", "kind"),
    [
        (
            "remit-svc",
            "INSERT INTO inbox VALUES ('remit-svc', gen_random_uuid(), 'era.received')",
            "the inbox has an event that is on no topic",
        ),
        (
            "remit-svc",
            "INSERT INTO inbox VALUES ('remit-svc', gen_random_uuid(), 'claim.held')",
            "the inbox has a topic that its service does not hear",
        ),
        (
            "remit-svc",
            "DELETE FROM inbox WHERE topic = 'claim.assembled'",
            "a service takes nothing of a topic that it is listed to hear",
        ),
        (
            "claim-svc",
            "DELETE FROM inbox WHERE event_id IN (SELECT event_id FROM dead_letters)",
            "an event was put aside that the inbox does not know",
        ),
        (
            "claim-svc",
            f"INSERT INTO waiting {LETTERS}, now() - interval '2 minutes' FROM dead_letters",
            "an event waits and waits",
        ),
        (
            "claim-svc",
            f"INSERT INTO waiting {LETTERS}, now() FROM dead_letters",
            "an event waits and is dead",
        ),
        (
            "clearinghouse-gw",
            "DELETE FROM submissions WHERE place = 1",
            "a submission was told and the gateway has it not",
        ),
        (
            "clearinghouse-gw",
            "UPDATE submissions SET ordinal = ordinal + 7",
            "the gateway has another submission than was told",
        ),
        ("claim-svc", "DELETE FROM submissions WHERE ordinal = 1", "the gateway has a submission that was not told"),
        ("claim-svc", "DELETE FROM submissions WHERE ordinal = 1", "the ledger expects a submission that was not told"),
        (
            "remit-svc",
            "UPDATE accounts SET document = jsonb_set(document, '{submissions}', '[]')",
            "a submission was told and the ledger does not expect it",
        ),
        (
            "claim-svc",
            "UPDATE submissions SET file_name = NULL",
            "a submission left and its claim does not know, or the reverse",
        ),
        (
            "claim-svc",
            "UPDATE submissions SET state = 'sent' WHERE state IN ('file_accepted', 'payer_accepted')",
            "a file was accepted and its claim does not know",
        ),
        (
            "claim-svc",
            "UPDATE claims SET document = jsonb_set(document, '{decisions}', '[]')",
            "a decision was posted and its claim does not know",
        ),
        ("remit-svc", "DELETE FROM payments WHERE outcome = 'paid'", "a claim has a decision that was not posted"),
        ("denial-svc", "UPDATE payers SET version = 0", "a service has not the newest version of a practice"),
        (
            "claim-svc",
            "UPDATE contracts SET is_complete = false",
            "a contract was told and claim-svc has it not, or not whole",
        ),
    ],
)
async def test_an_event_that_was_taken_without_effect_or_twice_is_found(desk, service, sql, kind):
    await desk.tamper(service, sql)

    assert kind in await desk.kinds("I11")
