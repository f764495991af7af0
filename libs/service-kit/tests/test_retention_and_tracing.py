"""What is kept how long, and one trace from the request to the last event."""

from pathlib import Path

import pytest
from claimstream_kit.retention import INBOX_DAYS, OUTBOX_PAYLOAD_DAYS
from claimstream_kit.topics import read_topics

from .builders import a_hold

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TOPICS = Path(__file__).parents[3] / "deploy" / "topics.toml"


def test_a_topic_forgets_before_the_inbox_and_the_inbox_before_the_outbox():
    longest = max(topic.retention_days or 0 for topic in read_topics(TOPICS) if not topic.compacted)

    assert longest < INBOX_DAYS < OUTBOX_PAYLOAD_DAYS


async def test_what_is_past_its_time_is_purged_and_the_purge_is_in_the_audit(toy):
    await toy.hears(a_hold(), a_hold())
    await toy.database.fetch("UPDATE inbox SET received_at = received_at - interval '22 days'")
    await toy.database.fetch("UPDATE outbox SET sent_at = now() - interval '31 days' WHERE seq = 1")

    purged = await toy.running.retention.purge()

    assert purged == {"inbox": 2, "outbox payloads": 1}
    rows = await toy.database.fetch("SELECT subject FROM audit_entries WHERE kind = 'purge' ORDER BY seq")
    assert [row["subject"] for row in rows] == ["2 inbox", "1 outbox payloads"]
    assert await toy.database.value("SELECT count(*) FROM outbox WHERE payload <> ''") == 1


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
    rows = await toy.database.fetch("SELECT headers FROM outbox ORDER BY seq")
    return [dict(row["headers"]) for row in rows]


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
