"""The same schedules before a second judge: the auditor, which shares no code with the services, on the evidence of one schedule at rest."""

from collections.abc import AsyncIterator
from typing import Any

from claimstream_auditor import (
    Acknowledged,
    Evidence,
    Mark,
    MemoryFolder,
    Place,
    TopicRecord,
    audit,
    marks_of,
    read_topics,
)
from claimstream_auditor.folders import read_anchor
from claimstream_kit.testing import TOPICS

from .clock import CLUSTER
from .disk import File, Folder
from .members import NAMES, Member
from .payer import INBOUND, OUTBOUND
from .schedule import Schedule

ONE_IN = 32
"""The auditor asks many small questions: so many schedules pass for one that it sees."""

_TOPICS = read_topics(TOPICS)


class Databases:
    """The auditor's way to the databases of this process."""

    def __init__(self, members: dict[str, Member]) -> None:
        """Over the services' own connections: everything is at rest."""
        self._members = members

    async def rows(self, service: str, sql: str, *arguments: Any) -> AsyncIterator[Any]:
        """The rows of a query."""
        async with self._members[service].database.connection() as connection:
            rows = await connection.real.fetch(sql, *arguments)
        for row in rows:
            yield row


def is_audited(number: int) -> bool:
    """Whether this schedule is one of the sample."""
    return number % ONE_IN == 0


def marks(schedule: Schedule) -> dict[str, Mark]:
    """How far the services had come before the schedule."""
    return schedule.world.run(marks_of(Databases(schedule.members), NAMES))


def faults_found(schedule: Schedule, since: dict[str, Mark]) -> list[str]:
    """What the auditor finds wrong with a schedule at rest."""
    report = schedule.world.run(audit(_evidence(schedule, since), practice=schedule.practice))
    return [
        f"auditor, {finding.invariant}: {violation}" for finding in report.findings for violation in finding.violations
    ]


def _evidence(schedule: Schedule, since: dict[str, Mark]) -> Evidence:
    bus, disk = schedule.bus, schedule.disk

    async def records(topic: str) -> AsyncIterator[TopicRecord]:
        for one in bus.records(topic):
            yield TopicRecord(one.topic, one.partition, one.offset, one.key, one.value, one.headers, CLUSTER)

    return Evidence(
        Databases(schedule.members),
        topics=_TOPICS,
        records=records,
        outbound=_files(disk.folder(OUTBOUND)),
        inbound=MemoryFolder(
            {name: data for name, data in _contents(disk.folder(INBOUND)).items() if not name.endswith(".part")}
        ),
        archive=_archive(disk.folder("/exchange/archive")),
        journal=lambda: [_line(schedule, each.document, each.answer) for each in schedule.ehr.posted if each.answer],
        anchors=lambda service: read_anchor(schedule.world.folder / "audit", service),
        injected=frozenset(
            Place(one.topic, one.partition, one.offset) for one in bus.records() if id(one) in bus.foreign
        ),
        marks=since,
        now=schedule.world.clock.now(),
    )


def _line(schedule: Schedule, document: dict[str, Any], answer: dict[str, Any]) -> Acknowledged:
    return Acknowledged(
        schedule.practice, document["source_system"], document["encounter_id"], answer["id"], answer["version"]
    )


def _contents(folder: Folder | None) -> dict[str, bytes]:
    entries = folder.entries if folder else {}
    return {
        name: one.data for name, one in sorted(entries.items()) if isinstance(one, File) and not name.startswith(".")
    }


def _files(folder: Folder | None) -> MemoryFolder:
    return MemoryFolder(_contents(folder))


def _archive(folder: Folder | None) -> MemoryFolder:
    kept: dict[str, bytes] = {}
    for each in (folder.entries if folder else {}).values():
        kept |= _contents(each) if isinstance(each, Folder) else {}
    return MemoryFolder(kept)
