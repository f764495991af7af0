"""I9, I10 and I11, tampered with."""

import uuid
from collections import defaultdict

import pytest
from claimstream_auditor import Bounds
from claimstream_auditor.evidence import sent_before

from .units import Event, age, change_unit, forget, opened, place_of, queue, said_anew, unit_of

TOPIC = "claim.assembled"
QUEUED = "a unit stands in the queue although all is quiet"
OTHER_BYTES = "a record has other bytes or headers than its outbox row"
ONE_ROW = (
    "WHERE (source, number, slot) = (SELECT source, number, slot FROM inbox ORDER BY source, number, slot LIMIT 1)"
)
LETTERS = (
    "(consumer, event_id, topic, partition, record_offset, key, headers, payload, fact, due, since) SELECT consumer, event_id, topic,"
    " partition, record_offset, key, headers, coalesce(payload, ''), 'a fact', now()"
)


def header(record, name):
    return dict(record.headers)[name].decode()


def said_in(record, service):
    return dict(record.headers).get("ce_source") == f"/{service}".encode() and not record.topic.endswith(".dead")


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

    assert await desk.kinds("I9") == {"a key's events are first seen out of order": 1}


async def test_an_event_that_is_missing_before_another_of_its_key_is_a_loss(desk):
    del desk.records["account.changed"][places_of_a_pair(desk, "account.changed")[0]]

    report = await desk.audit("I9", "I10")
    assert report["I9"].kinds == {}
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


async def test_a_number_that_the_outbox_skipped_is_missing(desk):
    await desk.tamper(
        "remit-svc", "UPDATE outbox SET number = number + 1 WHERE number = (SELECT max(number) FROM outbox)"
    )

    kinds = await desk.kinds("I9")
    assert kinds["numbers are missing in an outbox"] == 1
    assert kinds["an outbox ends elsewhere than its numbers"] == 1


@pytest.mark.parametrize(
    ("which", "kind"),
    [
        ("SELECT 1", "numbers are missing in an outbox"),
        ("SELECT 2", "numbers are missing in an outbox"),
        ("SELECT max(number) FROM outbox", "an outbox ends elsewhere than its numbers"),
    ],
)
async def test_a_unit_that_is_gone_leaves_its_number(desk, which, kind):
    await desk.tamper("remit-svc", "DELETE FROM outbox WHERE number = $1", await desk.value("remit-svc", which))

    report = await desk.audit("I9", "I10")
    assert report["I9"].kinds == {kind: 1}
    assert set(report["I10"].kinds) == {"a record is on a topic that no outbox row put there"}


async def test_a_number_that_was_given_twice_is_seen(desk):
    await desk.tamper("remit-svc", "ALTER TABLE outbox DROP CONSTRAINT uq_outbox_era_number")
    await desk.tamper("remit-svc", "UPDATE outbox SET number = 2 WHERE number = 3")

    report = await desk.audit("I8", "I9")
    assert report["I9"].kinds["a number stands twice in an outbox"] == 1
    assert report["I9"].kinds["numbers are missing in an outbox"] == 1
    assert report["I9"].kinds["a record has another place than its outbox row"] > 0
    assert "a unit does not fit the chain" in report["I8"].kinds


async def test_an_outbox_without_its_relays_state_is_seen(desk):
    await desk.tamper("remit-svc", "DELETE FROM relay_state")

    assert await desk.kinds("I9") == {"an outbox ends elsewhere than its numbers": 1}


async def test_an_era_that_follows_a_restore_begins_with_one_again(desk):
    await desk.tamper("denial-svc", "UPDATE relay_state SET era = era + 1, last = 0")

    assert await desk.kinds("I9") == {}


async def test_an_outbox_of_an_era_that_its_relay_does_not_know_is_seen(desk):
    await desk.tamper("denial-svc", "ALTER TABLE relay_state DROP CONSTRAINT ck_relay_state_era")
    await desk.tamper("denial-svc", "UPDATE relay_state SET era = era - 1, last = 0")

    assert await desk.kinds("I9") == {"an outbox ends elsewhere than its numbers": 1}


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("ce_place", b"1.1.999", "a record has another place than its outbox row"),
        ("ce_place", b"somewhere", "a record has another place than its outbox row"),
        ("ce_sequence", b"7", "a record has another sequence than follows from its place"),
    ],
)
async def test_a_record_that_stands_elsewhere_than_its_row_is_seen(desk, name, value, kind):
    desk.change(TOPIC, 0, lambda record: with_header(record, name, value))

    report = await desk.audit("I9", "I10")
    assert report["I9"].kinds == {kind: 1}
    assert report["I10"].kinds == {}


async def test_two_records_that_have_each_others_places_are_seen(desk):
    one, two = (dict(record.headers)["ce_place"] for record in desk.records[TOPIC][:2])
    desk.change(TOPIC, 0, lambda record: with_header(record, "ce_place", two))
    desk.change(TOPIC, 1, lambda record: with_header(record, "ce_place", one))

    assert await desk.kinds("I9") == {"a record has another place than its outbox row": 2}


async def test_a_record_that_is_sent_again_with_another_place_is_seen_too(desk):
    desk.records[TOPIC].append(with_header(desk.records[TOPIC][0], "ce_place", b"1.1.999"))

    assert await desk.kinds("I9") == {"a record has another place than its outbox row": 1}


async def test_a_record_whose_unit_has_no_number_came_too_early(desk):
    record = desk.records[TOPIC][-1]
    unit = await unit_of(desk, "claim-svc", record)
    await desk.tamper("claim-svc", "UPDATE outbox SET era = NULL, number = NULL WHERE id = $1", unit)

    assert "a record is on its topic and its unit has no number" in await desk.kinds("I9")


async def test_a_record_that_no_outbox_row_put_there_is_a_ghost(desk):
    ghost = with_header(desk.records[TOPIC][0], "ce_id", str(uuid.uuid4()).encode())
    desk.records[TOPIC].append(with_header(ghost, "ce_place", b"1.999999.0"))

    report = await desk.audit("I10", "I11")
    assert report["I10"].kinds == {"a record is on a topic that no outbox row put there": 1}
    assert report["I11"].kinds == {"an event was not taken although all is quiet": 1}


async def test_an_id_in_two_rows_was_said_twice(desk):
    first, last = desk.records[TOPIC][0], desk.records[TOPIC][-1]
    (said, *_) = await opened(desk, "claim-svc", await unit_of(desk, "claim-svc", first))
    await change_unit(desk, "claim-svc", await unit_of(desk, "claim-svc", last), lambda events: events.append(said))

    assert await desk.kinds("I10") == {"an event was said twice": 1}


async def test_an_id_that_stands_twice_in_one_row_was_said_twice(desk):
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC][0])
    await change_unit(desk, "claim-svc", unit, lambda events: events.append(events[0]))

    assert await desk.kinds("I10") == {"an event was said twice": 1}


async def test_a_head_that_two_services_said_was_said_twice(desk):
    sealed = [record for record in desk.records["audit.sealed"] if header(record, "ce_source") == "/claim-svc"]
    (head, *_) = await opened(desk, "claim-svc", await unit_of(desk, "claim-svc", sealed[0]))
    unit = await desk.value("remit-svc", "SELECT min(id) FROM outbox")
    await change_unit(desk, "remit-svc", unit, lambda events: events.append(head))

    assert await desk.kinds("I10") == {"an event was said twice": 1}


async def test_what_is_another_practices_stands_not_in_a_practices_row(desk):
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC][0])
    count = len(await opened(desk, "claim-svc", unit))
    await desk.tamper("claim-svc", "UPDATE outbox SET practice = 'another' WHERE id = $1", unit)

    assert await desk.kinds("I10") == {"an event stands in another practice's outbox row": count}


async def test_what_is_not_a_services_to_say_is_seen(desk):
    said = Event(uuid.uuid4().bytes, [TOPIC, "claimstream/1", [["ce_practice", "claimstream"]]], b"{}")
    unit = await desk.value("remit-svc", "SELECT min(id) FROM outbox")
    await change_unit(desk, "remit-svc", unit, lambda events: events.append(said))

    assert await desk.kinds("I10") == {"an outbox row is for a topic that its service does not say": 1}


async def test_an_event_that_its_unit_said_and_no_topic_has_is_a_loss(desk):
    said = Event(uuid.uuid4().bytes, [TOPIC, "bay-state/1", [["ce_practice", "bay-state"]]], b"{}")
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC][0])
    await change_unit(desk, "claim-svc", unit, lambda events: events.append(said))

    assert await desk.kinds("I10") == {"an event that was sent is not on its topic": 1}


async def test_what_a_fault_injector_put_there_is_no_ghost_when_it_is_told(desk):
    assert await desk.kinds("I10", injected=frozenset()) == {"a record is on a topic that no outbox row put there": 1}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda record: record._replace(value=record.value + b" "), OTHER_BYTES),
        (lambda record: record._replace(value=None), OTHER_BYTES),
        (lambda record: with_header(record, "ce_actor", b"somebody"), OTHER_BYTES),
        (lambda record: record._replace(headers=[*record.headers, ("more", b"")]), OTHER_BYTES),
        (lambda record: record._replace(key=record.key + "0"), "a record has another key than its outbox row"),
    ],
)
async def test_a_record_that_changed_on_its_way_is_seen(desk, change, kind):
    desk.change(TOPIC, 0, change)

    assert await desk.kinds("I10") == {kind: 1}


async def test_a_row_that_was_never_sent_is_seen_once_all_is_quiet(desk):
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC].pop())
    await queue(desk, "claim-svc", unit, seconds=6)

    assert await desk.kinds("I10") == {QUEUED: 1}


async def test_a_queue_that_still_has_what_was_sent_is_seen_once_all_is_quiet(desk):
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC][0])
    await queue(desk, "claim-svc", unit, seconds=6)

    assert await desk.kinds("I10") == {QUEUED: 1}
    assert await desk.kinds("I10", bounds=Bounds(at_rest=False)) == {}


async def test_a_queue_that_knows_another_number_than_the_outbox_is_seen(desk):
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC][0])
    await queue(desk, "claim-svc", unit, seconds=0)
    await desk.tamper("claim-svc", "UPDATE outbox_queue SET number = number + 1")

    assert await desk.kinds("I10") == {"the queue has another number than the outbox": 1}


async def test_a_row_that_was_just_written_may_still_be_sent(desk):
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC].pop())
    await queue(desk, "claim-svc", unit, seconds=0)

    report = await desk.audit("I10")
    assert report["I10"].kinds == {}
    assert report["I10"].figures["unsent"] == 1


async def test_what_was_sent_after_the_ends_of_the_topics_were_noted_is_not_missed(desk):
    era, number, _ = place_of(desk.records[TOPIC].pop())

    assert await desk.kinds("I10", sent_before={"claim-svc": (era, number)}) == {}
    assert await desk.kinds("I10", sent_before={"claim-svc": (era, number + 1)}) == {
        "an event that was sent is not on its topic": 1
    }


async def test_a_service_at_rest_has_sent_all_that_has_a_number(desk):
    last = await desk.value("claim-svc", "SELECT last FROM relay_state")
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC][0])

    assert (await sent_before(desk.evidence.databases))["claim-svc"] == (1, last + 1)
    await queue(desk, "claim-svc", unit, seconds=0)
    assert (await sent_before(desk.evidence.databases))["claim-svc"] == place_of(desk.records[TOPIC][0])[:2]


async def test_a_row_without_a_number_that_no_relay_will_find_is_seen(desk):
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC][-1])
    await desk.tamper("claim-svc", "UPDATE outbox SET era = NULL, number = NULL WHERE id = $1", unit)

    assert "an outbox row has no number and is not in the queue" in await desk.kinds("I10")


async def test_a_queue_with_more_than_the_outbox_has_is_seen(desk):
    await desk.tamper("claim-svc", "INSERT INTO outbox_queue (id, events, size) VALUES (999999, 1, 1)")

    assert await desk.kinds("I10") == {"the queue has a unit that the outbox has not": 1}


async def test_what_retention_took_from_a_topic_is_not_missed(desk):
    units = {await unit_of(desk, "remit-svc", record) for record in desk.records["payment.variance"]}
    for record in [record for topic in desk.records.values() for record in topic if said_in(record, "remit-svc")]:
        if await unit_of(desk, "remit-svc", record) in units:
            desk.records[record.topic].remove(record)
    await age(desk, "remit-svc", list(units), days=15)

    report = await desk.audit("I9", "I10", "I11")
    assert [str(each) for finding in report.findings for each in finding.violations] == []
    assert report["I9"].figures["gaps: taken by retention"] > 0


async def test_what_retention_took_from_topic_and_outbox_is_not_missed_either(desk):
    units = {await unit_of(desk, "remit-svc", record) for record in desk.records["payment.variance"]}
    for record in [record for topic in desk.records.values() for record in topic if said_in(record, "remit-svc")]:
        if await unit_of(desk, "remit-svc", record) in units:
            desk.records[record.topic].remove(record)
    await age(desk, "remit-svc", list(units), days=31)
    await desk.tamper("remit-svc", "DELETE FROM outbox_payloads WHERE id = ANY($1)", list(units))

    report = await desk.audit("I9", "I10", "I11")
    assert [str(each) for finding in report.findings for each in finding.violations] == []


async def test_what_a_compacted_topic_has_newer_is_not_missed(desk):
    before = desk.records["practice.changed"].pop()
    desk.records["practice.changed"].append(await said_anew(desk, "coding-svc", before))

    report = await desk.audit("I9", "I10", "I11")
    assert (report["I9"].kinds, report["I10"].kinds) == ({}, {})
    assert report["I9"].figures["gaps: replaced by a newer event"] == 1
    assert report["I11"].kinds == {"an event was not taken although all is quiet": 3}


async def test_offsets_that_a_topic_skips_are_counted(desk):
    desk.records[TOPIC] = [
        record._replace(offset=record.offset + 5) if record.partition == 0 else record for record in desk.records[TOPIC]
    ]

    report = await desk.audit("I9")
    assert report["I9"].kinds == {}
    assert report["I9"].figures["offsets skipped"] == 5


async def test_what_a_topic_keeps_longer_than_the_outbox_is_known_by_its_digest(desk):
    units = [row["id"] async for row in desk.evidence.databases.rows("coding-svc", "SELECT id FROM outbox")]
    await age(desk, "coding-svc", units, days=31)
    await desk.tamper("coding-svc", "DELETE FROM outbox_payloads")
    desk.change("contract.changed", 0, lambda record: record._replace(value=b"{}"))

    assert await desk.kinds("I10") == {OTHER_BYTES: 1}


async def test_a_payload_that_is_gone_too_early_is_seen(desk):
    unit = await unit_of(desk, "claim-svc", desk.records[TOPIC][0])
    await desk.tamper("claim-svc", "DELETE FROM outbox_payloads WHERE id = $1", unit)
    await desk.tamper("claim-svc", "UPDATE outbox SET day = day - 20 WHERE id = $1", unit)

    assert await desk.kinds("I10") == {"an outbox row has no payload any more, and is not old": 1}


async def test_a_copy_of_a_dead_letter_that_is_missing_or_changed_is_seen(desk):
    copies = desk.records["encounter.coded.dead"]
    copies[0] = copies[0]._replace(value=b"else")
    copies.pop()

    assert await desk.kinds("I10") == {
        "a dead letter's copy has other bytes or headers than its outbox row": 1,
        "a dead letter's copy that was sent is not on its topic": 1,
    }


async def test_a_copy_whose_payload_retention_took_is_known_by_its_digest(desk):
    sql = "SELECT id FROM outbox"
    units = [row["id"] async for row in desk.evidence.databases.rows("claim-svc", sql)]
    await age(desk, "claim-svc", units, days=31)
    await desk.tamper("claim-svc", "DELETE FROM outbox_payloads")

    assert await desk.kinds("I10") == {}


async def test_a_copy_of_no_dead_letter_is_a_ghost(desk):
    copies = desk.records["encounter.coded.dead"]
    copies.append(with_header(copies[0], "dead_offset", b"999"))

    assert await desk.kinds("I10") == {"a copy is on a .dead topic that no outbox row put there": 1}


async def test_an_event_that_its_consumer_never_took_is_seen(desk):
    await forget(desk, "remit-svc", desk.records[TOPIC][0])

    assert await desk.kinds("I11") == {"an event was not taken although all is quiet": 1}


async def test_a_topic_of_which_a_consumer_takes_nothing_is_seen_once(desk):
    for record in desk.records[TOPIC]:
        await forget(desk, "remit-svc", record)

    assert await desk.kinds("I11") == {"a service takes nothing of a topic that it is listed to hear": 1}


async def test_a_letter_that_the_inbox_forgot_is_found(desk):
    parked = await desk.value("claim-svc", "SELECT record_offset FROM dead_letters WHERE state = 'parked'")
    place = await desk.value("claim-svc", "SELECT partition FROM dead_letters WHERE state = 'parked'")
    (record,) = (each for each in desk.records["encounter.coded"] if (each.partition, each.offset) == (place, parked))
    await forget(desk, "claim-svc", record)

    assert await desk.kinds("I11") == {
        "an event was not taken although all is quiet": 1,
        "an event was put aside that the inbox does not know": 1,
    }


async def test_a_letter_that_retention_took_from_the_inbox_is_no_fault(desk):
    await desk.tamper("claim-svc", "DELETE FROM inbox_foreign")
    await desk.tamper("claim-svc", "UPDATE dead_letters SET created_at = now() - interval '15 days'")

    assert await desk.kinds("I11") == {"an event was not taken although all is quiet": 1}


async def test_what_an_inbox_has_of_a_topic_that_was_cut_is_not_missed(desk):
    desk.records["encounter.coded"] = desk.records["encounter.coded"][-1:]

    assert await desk.kinds("I11") == {}


async def test_an_event_that_was_taken_and_is_on_no_topic_is_seen(desk):
    desk.records[TOPIC].pop()

    assert await desk.kinds("I11") == {"the inbox has an event that none of its topics has": 1}


async def test_what_somebody_else_said_in_another_cluster_is_another_record(desk):
    await desk.tamper("claim-svc", "UPDATE inbox_foreign SET cluster = 'lost', record_offset = 7777")

    assert await desk.kinds("I11") == {}


async def test_what_somebody_else_said_is_known_by_where_it_lies(desk):
    await desk.tamper("claim-svc", "UPDATE inbox_foreign SET event_id = gen_random_uuid()")

    assert await desk.kinds("I11") == {}


@pytest.mark.parametrize(
    ("service", "sql", "kind"),
    [
        ("remit-svc", "DELETE FROM inbox {one_row}", "an event was not taken although all is quiet"),
        (
            "remit-svc",
            "UPDATE inbox SET places = places || '\\x0063000000000000' {one_row}",
            "the inbox has an event that none of its topics has",
        ),
        (
            "remit-svc",
            "UPDATE inbox SET number = number + 100000 {one_row}",
            "the inbox has an event that none of its topics has",
        ),
        (
            "remit-svc",
            "UPDATE inbox SET places = places || substring(places from 1 for 8) {one_row}",
            "the inbox has an event twice",
        ),
        (
            "remit-svc",
            "INSERT INTO inbox SELECT consumer, source, era, number, slot + 12, places FROM inbox {one_row}",
            "the inbox has an event twice",
        ),
        ("remit-svc", "UPDATE inbox SET places = places || '\\x00' {one_row}", "an inbox row cannot be read"),
        (
            "claim-svc",
            "UPDATE inbox_foreign SET record_offset = record_offset + 5000",
            "the inbox has a record that is on no topic",
        ),
        (
            "claim-svc",
            "UPDATE inbox_foreign SET topic = 'claim.held'",
            "the inbox has a topic that its service does not hear",
        ),
        ("claim-svc", "DELETE FROM inbox_foreign", "an event was put aside that the inbox does not know"),
        ("claim-svc", "DELETE FROM inbox_foreign", "an event was not taken although all is quiet"),
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
    await desk.tamper(service, sql.replace("{one_row}", ONE_ROW))

    assert kind in await desk.kinds("I11")
