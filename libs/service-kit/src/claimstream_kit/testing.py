"""A service under test: its handlers, store and routes on a real PostgreSQL; the bus and the clock have stand-ins."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx2
import orjson
from claimstream_schemas import Envelope, Event, Place

from .app import build_app
from .audit import verify
from .auth import ROLES, generate_keys, issue_token
from .bus.access import KafkaAccess
from .bus.in_memory import InMemoryBus
from .bus.port import Record
from .clock import FixedClock
from .keys import load_public_keys
from .migrations import migrate
from .outbox import Told, everything_said
from .problems import CONTENT_TYPE, UNEXPECTED
from .relay import LOCK as RELAY_LOCK
from .service import Running, Service
from .settings import ServiceSettings
from .unit import Unit

E = TypeVar("E", bound=Event)

TOPICS = Path(__file__).parents[4] / "deploy" / "topics.toml"


class Idle:
    """A subscriber that brings nothing: a test hands events over itself."""

    is_assigned = True

    async def run(self, work: object) -> None:
        """Nothing comes."""

    async def stop(self) -> None:
        """Nothing to stop."""

    async def lag(self) -> int:
        """Nothing is behind."""
        return 0


class ServiceUnderTest:
    """A service that hears what a test says, and whose answers a test reads."""

    def __init__(self, running: Running[Any], client: httpx2.AsyncClient, keys: Path) -> None:
        """Made by ``under_test``."""
        self.running = running
        self.client = client
        self.clock = running.clock
        self.database = running.database
        self._keys = keys
        self._offset = 0
        self._numbers: dict[UUID, int] = {}

    async def hears(self, *events: Event, ids: Sequence[UUID] | None = None) -> list[UUID]:
        """Work on events as one batch, as from the bus; the ids they had, so that a test can say them again."""
        given = list(ids) if ids is not None else [uuid4() for _ in events]
        await self.running.worker.work(
            [self.record_of(event, event_id) for event, event_id in zip(events, given, strict=True)]
        )
        while await self.running.waiting.complete_due():
            continue
        return given

    async def hears_records(self, *records: Record) -> None:
        """Work on raw records: for what is not an event at all."""
        await self.running.worker.work(list(records))

    def record_of(self, event: Event, event_id: UUID) -> Record:
        """An event as a record with the envelope that another service would give it."""
        self._offset += 1
        number = self._numbers.setdefault(event_id, len(self._numbers) + 1)
        envelope = Envelope(
            id=event_id,
            source="/test",
            type=event.event_type(),
            time=datetime.now(UTC),
            practice=event.practice_id,
            sequence=self._offset,
            place=str(Place(1, number, 0)),
            actor="test",
        )
        return Record(event.topic, 0, self._offset, event.key, event.to_bytes(), envelope.to_headers())

    async def told(self, kind: type[E]) -> list[E]:
        """What the service published of one kind, in order."""
        return [kind.from_bytes(event.value) for event in await self.said() if event.topic == kind.topic]

    async def told_topics(self) -> list[str]:
        """The topics of all that was published, in order."""
        return [event.topic for event in await self.said()]

    async def said(self) -> list[Told]:
        """All that the service said, in order.

        Raises:
            AssertionError: it said an event twice.
        """
        events = [event async for event in everything_said(self.database)]
        ids = Counter(event.event_id for event in events)
        twice = [f"{event.topic} {event.key}" for event in events if ids[event.event_id] > 1]
        assert not twice, f"said twice: {', '.join(twice)}"
        return events

    async def audit_fault(self) -> str | None:
        """What does not fit the audit chain, nor the rows that it witnesses, once all that was said has been numbered and sealed."""
        connection = await self.database.connect_alone()
        try:
            await connection.fetchval("SELECT pg_advisory_lock($1)", RELAY_LOCK)
            epoch = await self.running.relay.lead(connection)
            while epoch is not None and await self.running.relay.number_some(connection, epoch):
                continue
        finally:
            await connection.close()
        while await self.running.sealer.chain():
            continue
        await self.running.sealer.seal()
        service, folder = self.running.service, self.running.settings.audit_dir
        (key,) = load_public_keys(folder / f"{service.name}.sealing-key.pub.pem").values()
        return await verify(
            self.database, service=service.name, public_key=key, folder=folder, tables=service.witnessed
        )

    def as_(
        self, *roles: str, practice: str = "bay-state", subject: str = "someone", sources: Sequence[str] = ("bay-ehr",)
    ) -> dict[str, str]:
        """Request headers with a token; one of an EHR alone speaks for ``sources``."""
        token = issue_token(self._keys, subject=subject, practice=practice, roles=roles or ROLES, sources=sources)
        return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def under_test(
    build: Callable[[Any], Service[Any]],
    settings_class: type[ServiceSettings],
    database_url: str,
    folder: Path,
    *,
    now: datetime = datetime(2026, 9, 16, 12, tzinfo=UTC),
    **settings: Any,
) -> AsyncIterator[ServiceUnderTest]:
    """A service on a migrated database, without background work: a test says what happens, and when."""
    keys = folder / "keys"
    generate_keys(keys)
    made = settings_class(
        database_url=database_url,
        kafka="127.0.0.1:1",
        topics=TOPICS,
        token_keys=keys,
        audit_dir=folder / "audit",
        port=1,
        **settings,
    )
    Unit.checks_locks = True
    running = Running(build(made), made, clock=FixedClock(now), publisher=InMemoryBus(), subscriber=Idle())
    made.audit_dir.mkdir(parents=True, exist_ok=True)
    await running.database.open()
    app = build_app(running)
    transport = httpx2.ASGITransport(app=app)
    hooks: dict[str, list[Callable[..., Any]]] = {"response": [partial(_is_described, app.openapi)]}
    async with httpx2.AsyncClient(transport=transport, base_url="http://service", event_hooks=hooks) as client:
        under = ServiceUnderTest(running, client, keys)
        yield under
        if not running.is_draining:
            await under.said()
    await running.database.close()


async def _is_described(openapi: Callable[[], dict[str, Any]], answer: httpx2.Response) -> None:
    """Every answer that a test gets is one that the API's description names."""
    description = openapi()
    found = next(filter(None, (_responses(description, answer.request, path) for path in description["paths"])), None)
    if found is None or answer.status_code == UNEXPECTED.status:
        return
    said = found.get(str(answer.status_code), {})
    if "$ref" in said:
        await answer.aread()
        said = description["components"]["responses"][said["$ref"].rpartition("/")[2]]
        types = said["content"][CONTENT_TYPE]["schema"]["properties"]["type"]["enum"]
        assert answer.json()["type"] in types, f"not described: {answer.request.url.path}: {answer.json()['type']}"
    assert said, f"not described: {answer.request.method} {answer.request.url.path}: {answer.status_code}"


def _responses(description: dict[str, Any], request: httpx2.Request, path: str) -> dict[str, Any] | None:
    if not re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), request.url.path):
        return None
    responses: dict[str, Any] | None = description["paths"][path].get(request.method.lower(), {}).get("responses")
    return responses


def access_of(server: Any, user: str = "admin") -> KafkaAccess:
    """How to reach the Kafka of the fixture ``kafka_server`` as one of its users."""
    if not server.passwords:
        return KafkaAccess(server.bootstrap)
    return KafkaAccess(server.bootstrap, "SASL_PLAINTEXT", user=user, password=server.passwords[user])


def users_of(server: Any, folder: Path) -> Path:
    """A file with the users of the Kafka of the fixture ``kafka_server``, for a stack that is told of it."""
    file = folder / "kafka-users.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(orjson.dumps(dict(server.passwords)))
    return file


def migrated_template(new_database: Any, name: str, migrations: Path) -> str:
    """The name of a database that the migrations made; copy it for each test (``new_database(name, template=…)``)."""
    url: str = new_database(name)
    migrate(migrations, new_database.as_owner(url))
    return urlsplit(url).path.removeprefix("/")
