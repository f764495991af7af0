"""What is kept how long, and one trace from the request to the last event."""

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from claimstream_kit.retention import INBOX_DAYS, OUTBOX_PAYLOAD_DAYS
from claimstream_kit.topics import read_topics

from .builders import a_hold

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TOPICS = Path(__file__).parents[3] / "deploy" / "topics.toml"


def test_a_topic_forgets_before_the_inbox_and_the_inbox_before_the_outbox():
    longest = max(topic.retention_days or 0 for topic in read_topics(TOPICS) if not topic.compacted)

    assert longest < INBOX_DAYS < OUTBOX_PAYLOAD_DAYS


async def test_what_is_past_its_time_is_purged_and_the_purge_is_in_the_audit(toy, owner):
    await toy.hears(a_hold(), a_hold())
    await toy.hears(a_hold())
    await toy.database.fetch("UPDATE inbox SET received_at = received_at - interval '22 days'")
    await lay_back(owner, days=31, unit=1)

    purged = await toy.running.retention.purge()

    assert purged == {"inbox rows": 3, "outbox payloads": 1}
    rows = await toy.database.fetch("SELECT subject FROM audit_entries WHERE kind = 'purge' ORDER BY id")
    assert [row["subject"] for row in rows] == ["1 outbox payloads", "3 inbox rows"]
    assert [event.topic for event in await toy.said()] == ["claim.released"]
    assert await toy.database.value("SELECT count(*) FROM outbox") == 2


async def lay_back(owner, *, days: int, unit: int) -> None:
    """As if a unit had been kept so many days ago, and sent since."""
    await owner.execute("UPDATE outbox SET day = day - $1::int WHERE id = $2", days, unit)
    day = await owner.fetchval("SELECT (now() AT TIME ZONE 'UTC')::date - $1::int", days)
    await owner.execute(
        f"CREATE TABLE outbox_payloads_{day:%Y_%m_%d} PARTITION OF outbox_payloads FOR VALUES FROM ('{day}') TO ('{day + timedelta(1)}')"
    )
    await owner.execute("UPDATE outbox_payloads SET day = day - $1::int WHERE id = $2", days, unit)
    await owner.execute("DELETE FROM outbox_queue WHERE id = $1", unit)


async def test_what_is_not_sent_is_not_purged_however_old_it_is(toy, owner):
    await toy.hears(a_hold())
    await lay_back(owner, days=40, unit=1)
    await toy.database.fetch("INSERT INTO outbox_queue (id, events, size) VALUES (1, 1, 1)")

    assert await toy.running.retention.purge() == {}
    assert len(await toy.said()) == 1


async def test_the_days_that_come_have_room_and_what_has_none_lies_with_all_else(toy):
    days = await toy.database.fetch("SELECT inhrelid::regclass::text AS name FROM pg_inherits ORDER BY 1")

    assert len([day for day in days if day["name"][-1].isdigit()]) == 8
    await toy.database.fetch(
        "INSERT INTO outbox_payloads (day, id, packing, payload) VALUES (current_date + 9, 9, 1, 'x')"
    )
    assert await toy.database.value("SELECT tableoid::regclass::text FROM outbox_payloads") == "outbox_payloads_else"


@pytest.mark.parametrize("days", ["NULL", "-5", "0", "20"])
async def test_nobody_drops_what_inboxes_may_still_ask_for(toy, days):
    await toy.hears(a_hold())

    with pytest.raises(asyncpg.RaiseError):
        await toy.database.fetch(f"SELECT keep_outbox_days({days})")
    assert len(await toy.said()) == 1


def test_what_is_cut_into_chunks_is_kept_for_ever_and_not_compacted():
    kept = {topic.name: topic.settings() for topic in read_topics(TOPICS)}

    assert kept["contract.changed"] == {"retention.ms": "-1"}
    assert kept["contract.changed.dead"] == kept["claim.held"]


def test_a_retention_that_is_no_number_of_days_is_refused(tmp_path):
    listed = tmp_path / "topics.toml"
    listed.write_text('[defaults]\npartitions = 1\nretention_days = "long"\n[topics]\nx = { to = [] }\n')

    with pytest.raises(ValueError, match=r"topics\.toml: x: retention_days"):
        read_topics(listed)


async def test_what_is_within_its_time_stays(toy):
    await toy.hears(a_hold())

    assert await toy.running.retention.purge() == {}


async def headers_of_outbox(toy) -> list[dict]:
    return [dict(event.headers) for event in await toy.said()]


async def test_an_event_goes_on_in_the_trace_of_its_cause(toy):
    event = a_hold()
    record = toy.record_of(event, event.claim_id)
    traced = [*record.headers, ("ce_traceparent", TRACE.encode())]

    await toy.hears_records(type(record)(record.topic, 0, 1, record.key, record.value, traced))

    (headers,) = await headers_of_outbox(toy)
    assert headers["ce_traceparent"].split("-")[1] == TRACE.split("-")[1]
    assert headers["ce_traceparent"] != TRACE


@pytest.mark.parametrize("given", [None, "nonsense", "00-" + "0" * 32 + "-00f067aa0ba902b7-01"])
async def test_an_event_without_a_good_trace_begins_one(toy, given):
    event = a_hold()
    record = toy.record_of(event, event.claim_id)
    traced = record.headers + ([("ce_traceparent", given.encode())] if given else [])

    await toy.hears_records(type(record)(record.topic, 0, 1, record.key, record.value, traced))

    (headers,) = await headers_of_outbox(toy)
    assert len(headers["ce_traceparent"]) == len(TRACE)
