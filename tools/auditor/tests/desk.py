"""A copy of the run's evidence on the desk: open to be tampered with, and clean again for the next test."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

from claimstream_auditor import Bounds, Evidence, MemoryFolder, Report, TopicRecord, audit
from claimstream_auditor.postgres import PostgresDatabases

from .live_run import LiveRun


class Desk:
    """One test's evidence."""

    def __init__(self, run: LiveRun, connections: dict[str, Any]) -> None:
        self._connections = connections
        self.run = run
        self.records = {topic: list(records) for topic, records in run.records.items()}
        self.outbound = dict(run.outbound)
        self.inbound = dict(run.inbound)
        self.archive = dict(run.archive)
        self.anchors = dict(run.anchors)
        self.journal = list(run.journal)
        self.logs = list(run.logs)
        self.evidence = Evidence(
            databases=PostgresDatabases(connections, streaming=True),
            topics=run.topics,
            records=self._records,
            outbound=MemoryFolder(self.outbound),
            inbound=MemoryFolder(self.inbound),
            archive=MemoryFolder(self.archive),
            journal=lambda: self.journal,
            anchors=self.anchors.get,
            sinks=lambda: self.logs,
            injected=frozenset(run.injected),
            now=run.now,
        )

    async def _records(self, topic: str) -> AsyncIterator[TopicRecord]:
        for record in self.records[topic]:
            yield record

    async def tamper(self, service: str, sql: str, *values: Any) -> None:
        """Change rows; SQL that changes nothing is a mistake of the test."""
        connection = self._connections[service]
        if service == "remit-svc":  # its ledger refuses every change; who has the disk in hand does not ask it
            await connection.execute("ALTER TABLE entries DISABLE TRIGGER USER")
            await connection.execute("ALTER TABLE journals DISABLE TRIGGER USER")
        status = await connection.execute(sql, *values)
        assert not status.endswith(" 0"), sql

    async def value(self, service: str, sql: str, *values: Any) -> Any:
        """What a query answers."""
        return await self._connections[service].fetchval(sql, *values)

    def change(self, topic: str, number: int, changed: Callable[[TopicRecord], TopicRecord]) -> TopicRecord:
        """Change a record of a topic; the record that it was."""
        before = self.records[topic][number]
        self.records[topic][number] = changed(before)
        return before

    async def audit(self, *only: str, **choices: Any) -> Report:
        """Audit what lies on the desk."""
        given = {
            name: choices.pop(name)
            for name in ("canaries", "now", "marks", "injected", "sent_before")
            if name in choices
        }
        choices.setdefault("bounds", Bounds())
        return await audit(replace(self.evidence, **given), only=set(only) or None, **choices)

    async def kinds(self, invariant: str, **choices: Any) -> dict[str, int]:
        """What violates an invariant, and how often."""
        return dict((await self.audit(invariant, **choices))[invariant].kinds)
