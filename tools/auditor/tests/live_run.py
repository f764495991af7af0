"""One small real run, from HTTP to posted money, and all that it leaves behind: the evidence that tests tamper with.

The demo's hand-written encounters go through a whole stack, and some are corrected and taken back; then a payer's file is dropped twice, once cut off, a record is sent
again, and one that nobody can read is put on a topic, with a good event of its key behind it.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import orjson
from aiokafka import AIOKafkaProducer
from claimstream_auditor import Acknowledged, Anchor, Place, Topic, TopicRecord, read_topics
from claimstream_auditor.evidence import SERVICES
from claimstream_auditor.folders import DiskArchive, DiskFolder, read_anchor, read_logs
from claimstream_auditor.kafka import client_of, topics_of
from claimstream_cli import stack
from claimstream_cli.client import NDJSON, client, token
from claimstream_cli.demo_biller import send_corrections, work_as_a_biller
from claimstream_cli.places import Home, checkout
from claimstream_cli.practice import load
from claimstream_cli.quiet import wait_until_quiet
from claimstream_cli.sites import Site
from claimstream_cli.state import Plan
from claimstream_kit.testing import access_of, users_of
from claimstream_local_servers.processes import silent

DAY = date(2026, 9, 16)
PRACTICE = "bay-state"
CANARY = "Quetzalcanary"
TOPICS = checkout() / "deploy" / "topics.toml"

Document = dict[str, Any]


@dataclass
class LiveRun:
    """What a run left behind."""

    home: Path
    databases: dict[str, str]
    topics: tuple[Topic, ...]
    now: datetime
    records: dict[str, list[TopicRecord]] = field(default_factory=dict)
    outbound: dict[str, bytes] = field(default_factory=dict)
    inbound: dict[str, bytes] = field(default_factory=dict)
    archive: dict[str, bytes] = field(default_factory=dict)
    anchors: dict[str, Anchor] = field(default_factory=dict)
    journal: list[Acknowledged] = field(default_factory=list)
    logs: list[tuple[str, bytes]] = field(default_factory=list)
    injected: set[Place] = field(default_factory=set)


@contextmanager
def a_live_run(postgres: Any, kafka: Any, folder: Path, prefix: str) -> Iterator[LiveRun]:
    """Run it; the services are gone when it is handed over, their databases stay until the end."""
    home = Home(folder)
    options = stack.Options(clock=DAY, fixed_ports=False, prefix=prefix)
    try:
        with _named(postgres, kafka, folder):
            plan = stack.up(home, options, silent)
        run = LiveRun(home.root, dict(plan.databases), read_topics(TOPICS), datetime.now(UTC))
        _Flow(home, plan, run).go()
        stack.down(home)
        run.now = datetime.now(UTC) + timedelta(seconds=plan.clock_offset_seconds)
        asyncio.run(_collect(home, plan, run))
        yield run
    finally:
        stack.down(home)
        for service in SERVICES:
            postgres.drop_database(prefix + service.replace("-", "_"))


class _Flow:
    """What happens."""

    def __init__(self, home: Home, plan: Plan, run: LiveRun) -> None:
        self._home = home
        self._plan = plan
        self._run = run

    def go(self) -> None:
        encounters = checkout() / "demo" / "encounters"
        documents = [orjson.loads(path.read_bytes()) for path in sorted(encounters.glob("*.json"))]
        documents[0]["patient"]["name"]["last"] = CANARY
        self._load()
        for first in range(0, len(documents), 20):
            self._post(*documents[first : first + 20])
        self._quiet()
        self._bill()
        self._drop_again()
        self._poison(documents[1])
        self._quiet()

    def _load(self) -> None:
        answer = load(Site.local(self._home, self._plan), checkout() / "demo" / "practice.json")
        assert answer.taken, answer.lines()

    def _post(self, *documents: Document) -> None:
        body = b"\n".join(map(orjson.dumps, documents))
        with self._http() as http:
            answer = http.post("/encounters", content=body, headers={"Content-Type": NDJSON})
        assert answer.status_code == 202, answer.text
        for document, taken in zip(documents, answer.json()["encounters"], strict=True):
            source, name = document["source_system"], document["encounter_id"]
            self._run.journal.append(Acknowledged(PRACTICE, source, name, taken["id"], taken["version"]))

    def _bill(self) -> None:
        """A biller corrects some claims and takes some back, and the payers answer that too."""
        work_as_a_biller(self._home, self._plan, PRACTICE)
        self._quiet()
        send_corrections(self._home, self._plan, PRACTICE)
        self._quiet()

    def _drop_again(self) -> None:
        """A payer's file once more under another name, and once cut off."""
        inbound = self._home.exchange / "inbound"
        path = next(path for path in sorted(inbound.glob("*.835")))
        data = path.read_bytes()
        for name, content in {"again.835": data, "cut-off.835": data[: data.rindex(b"IEA")]}.items():
            part = inbound / f"{name}.part"
            part.write_bytes(content)
            part.rename(inbound / name)

    def _poison(self, document: Document) -> None:
        """A record that cannot be read, behind it a new version of the same encounter, and an old record once more."""
        key = f"{PRACTICE}/{self._run.journal[1].id}"
        topic = self._plan.topic_prefix + "encounter.coded"
        place = asyncio.run(_send(self._plan, topic, key, b"{no json", []))
        self._run.injected.add(Place("encounter.coded", place[0], place[1]))
        time.sleep(1)
        self._post(document | {"diagnoses": [*document["diagnoses"], {"code": "I10"}]})
        asyncio.run(_send_again(self._plan, "claim.submitted"))

    def _quiet(self) -> None:
        wait_until_quiet(self._home, self._plan, seconds=120)

    def _http(self) -> httpx2.Client:
        return client(self._plan.url("coding-svc"), token(self._home, practice=PRACTICE, subject="test"))


async def _send(plan: Plan, topic: str, key: str, value: bytes, headers: list[tuple[str, bytes]]) -> tuple[int, int]:
    producer = AIOKafkaProducer(**plan.kafka_access().client())
    await producer.start()
    try:
        sent = await producer.send_and_wait(topic, value=value, key=key.encode(), headers=headers)
    finally:
        await producer.stop()
    return sent.partition, sent.offset


async def _send_again(plan: Plan, topic: str) -> None:
    async with topics_of(client_of(asdict(plan)), [topic], prefix=plan.topic_prefix) as kafka:
        record = await anext(aiter(kafka.records(topic)))
    await _send(plan, plan.topic_prefix + topic, record.key, record.value or b"", list(record.headers))


async def _collect(home: Home, plan: Plan, run: LiveRun) -> None:
    names = [topic.name for topic in run.topics]
    async with topics_of(client_of(asdict(plan)), names, prefix=plan.topic_prefix) as kafka:
        for name in names:
            run.records[name] = [record async for record in kafka.records(name)]
    for folder, files in (("outbound", run.outbound), ("inbound", run.inbound)):
        on_disk = DiskFolder(home.exchange / folder)
        files.update({name: on_disk.read(name) or b"" for name in on_disk.names()})
    archive = DiskArchive(home.exchange / "archive")
    run.archive.update({name: archive.read(name) or b"" for name in archive.names()})
    for service in SERVICES:
        anchor = read_anchor(home.audit(service), service)
        assert anchor is not None
        run.anchors[service] = anchor
    run.logs.extend(read_logs(home.logs))


@contextmanager
def _named(postgres: Any, kafka: Any, folder: Path) -> Iterator[None]:
    """Name the servers as a user names real ones."""
    given = {
        **access_of(kafka).environment(),
        "CLAIMSTREAM_KAFKA_USERS": str(users_of(kafka, folder)),
        "CLAIMSTREAM_POSTGRES_HOST": postgres.host,
        "CLAIMSTREAM_POSTGRES_PORT": str(postgres.port),
        "CLAIMSTREAM_POSTGRES_USER": postgres.user,
        "CLAIMSTREAM_POSTGRES_PASSWORD": postgres.password,
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
