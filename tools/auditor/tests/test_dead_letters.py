"""I12 and I14, tampered with."""

import pytest

from .live_run import CANARY

SERVICE = "claim-svc"


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE dead_letters SET payload = payload || ' '", "a dead letter has not the record's bytes"),
        ("UPDATE dead_letters SET payload = NULL", "a dead letter has not the record's bytes"),
        ("UPDATE dead_letters SET key = key || '0'", "a dead letter has not the record's key"),
        ("UPDATE dead_letters SET headers = '[]' WHERE state = 'parked'", "a dead letter has not the record's headers"),
        ("UPDATE dead_letters SET event_id = gen_random_uuid()", "a dead letter has not the record's id"),
        (
            "UPDATE dead_letters SET record_offset = record_offset + 1000",
            "a dead letter is of a record that is not on its topic",
        ),
        ("UPDATE dead_letters SET partition = partition + 1", "a dead letter has no copy on the .dead topic"),
        ("UPDATE dead_letters SET reason = NULL", "a dead letter does not say whose it is and why"),
        ("UPDATE dead_letters SET consumer = 'remit-svc'", "a dead letter does not say whose it is and why"),
        ("UPDATE dead_letters SET state = 'redriven'", "a dead letter is settled by nobody, or open and settled"),
        (
            "UPDATE dead_letters SET settled_at = now(), settled_by = 'me'",
            "a dead letter is settled by nobody, or open and settled",
        ),
        ("DELETE FROM dead_letters WHERE state = 'dead'", "an event is parked behind nothing"),
        ("UPDATE dead_letters SET aggregate = 'shelf' WHERE state = 'dead'", "an event is parked behind nothing"),
    ],
)
async def test_a_letter_that_is_not_the_record_is_found(desk, sql, kind):
    await desk.tamper(SERVICE, sql)

    assert kind in await desk.kinds("I12")


async def test_a_letter_whose_copy_never_reached_the_topic_is_found(desk):
    desk.records["encounter.coded.dead"].clear()

    assert await desk.kinds("I12") == {"a dead letter has no copy on the .dead topic": 2}


async def test_a_letter_outlives_its_record(desk):
    first = desk.records["encounter.coded"][0]
    desk.records["encounter.coded"] = [first._replace(offset=5000)]

    assert await desk.kinds("I12") == {}


async def test_a_planted_word_in_a_log_is_told_by_its_place_and_number_alone(desk):
    desk.logs.append(("log remit-svc.log", b"fine\nfine\n{'who': '" + CANARY.upper().encode() + b"'}\n"))

    (violation,) = (await desk.audit("I14", canaries=[b"nobody", CANARY.encode()]))["I14"].violations
    assert violation.where == "log remit-svc.log line 3 word 2"


async def test_a_planted_word_in_a_dead_letters_header_leaks(desk):
    copies = desk.records["encounter.coded.dead"]
    copies[0] = copies[0]._replace(headers=[*copies[0].headers, ("dead_reason", CANARY.encode())])

    assert await desk.kinds("I14", canaries=[CANARY.encode()]) == {"a planted word leaked": 1}


@pytest.mark.parametrize(
    ("service", "sql"),
    [
        (SERVICE, "UPDATE dead_letters SET reason = $1 WHERE state = 'dead'"),
        (SERVICE, "UPDATE audit_entries SET subject = $1"),
        (SERVICE, "UPDATE outbox SET actors = to_jsonb(ARRAY[$1::text])"),
        ("clearinghouse-gw", "UPDATE files SET reason = $1 WHERE direction = 'inbound'"),
        ("remit-svc", "UPDATE remittances SET reason = $1 WHERE state = 'quarantined'"),
    ],
)
async def test_a_planted_word_in_what_people_without_a_right_read_leaks(desk, service, sql):
    await desk.tamper(service, sql, f"of {CANARY}")

    assert set(await desk.kinds("I14", canaries=[CANARY.encode()])) == {"a planted word leaked"}


async def test_without_planted_words_nothing_was_looked_for(desk):
    report = await desk.audit("I14", required={"I14"})

    assert not report.holds
