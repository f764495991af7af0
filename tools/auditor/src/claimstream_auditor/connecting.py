"""The evidence of a running stack: from the plan that `claimstream up` wrote, and the folders of its home."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from .evidence import Evidence, read_topics, sent_before
from .folders import DiskArchive, DiskFolder, read_anchor, read_journal, read_logs, read_places, read_words
from .kafka import client_of, topics_of
from .postgres import connected, snapshots

_PATIENCE_SECONDS = 5.0


@asynccontextmanager
async def evidence_of(  # noqa: PLR0913  each is a place of its own
    plan: Mapping[str, Any],
    home: Path,
    topics: Path,
    *,
    journal: Path | None = None,
    canaries: Path | None = None,
    injected: Path | None = None,
    answers: Path | None = None,
) -> AsyncIterator[Evidence]:
    """What there is to look at, for as long as the audit lasts.

    Args:
        plan: `run/plan.json` as it was read: databases, bootstrap, kafka, topic_prefix, clock_offset_seconds, tasks.
        home: the stack's folder, with exchange/, log/ and audit/.
        topics: `deploy/topics.toml`.
        journal: the load generator's journal.
        canaries: planted words, one a line.
        injected: places of records that a fault injector put on topics, as JSON lines.
        answers: a folder with answers that clients got (problems, pages), searched as the logs are.
    """
    listed = read_topics(topics)
    prefix = plan.get("topic_prefix", "")
    exchange = home / "exchange"
    # Read before the databases: a head that is signed meanwhile must not be missed there.
    anchors = {service: read_anchor(home / "audit" / service, service) for service in plan["databases"]}

    def sinks() -> Iterator[tuple[str, bytes]]:
        yield from read_logs(home / "log")
        yield from metrics_of(plan)
        if answers is not None:
            yield from ((f"answer {path.name}", path.read_bytes()) for path in sorted(answers.iterdir()))

    # And how far the outboxes were sent, before the ends of the topics are noted: what was sent by then must be there.
    async with connected(plan["databases"]) as databases:
        sent = await sent_before(databases, plan["databases"])
    async with (
        topics_of(client_of(plan), [topic.name for topic in listed], prefix=prefix) as kafka,
        snapshots(plan["databases"]) as databases,
    ):
        yield Evidence(
            databases=databases,
            topics=listed,
            records=kafka.records,
            outbound=DiskFolder(exchange / "outbound"),
            inbound=DiskFolder(exchange / "inbound"),
            archive=DiskArchive(exchange / "archive"),
            journal=(lambda: read_journal(journal)) if journal is not None else None,
            anchors=anchors.get,
            sinks=sinks,
            canaries=await asyncio.to_thread(read_words, canaries) if canaries is not None else (),
            injected=await asyncio.to_thread(read_places, injected) if injected is not None else frozenset(),
            now=datetime.now(UTC) + timedelta(seconds=plan.get("clock_offset_seconds", 0)),
            sent_before=sent,
        )


def metrics_of(plan: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """What each task that serves HTTP says of itself; one that does not run now says nothing."""
    for task in plan.get("tasks", ()):
        if not task.get("port"):
            continue
        try:
            with urlopen(f"http://127.0.0.1:{task['port']}/metrics", timeout=_PATIENCE_SECONDS) as answer:
                yield f"metrics {task['name']}", answer.read()
        except (URLError, OSError):
            continue
