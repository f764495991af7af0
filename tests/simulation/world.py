"""One process's databases and services, migrated and built once, and used by one schedule after the other."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from unittest.mock import patch

import jwt
import orjson
import structlog
from claimstream_kit.app import build_app
from claimstream_kit.auth import AUDIENCE, ISSUER, ROLES
from claimstream_kit.keys import key_id, load_or_make_key
from claimstream_kit.migrations import migrate
from claimstream_kit.unit import Unit
from claimstream_local_servers.testing import NewDatabase
from claimstream_schemas.values.practice import PracticeDocument
from clearinghouse_gw.mailbox import FolderMailbox
from coding_svc.handlers.load_practice import load_practice
from remit_svc.guardrail_file import load_guardrails

from .bus import Bus
from .clients import use
from .clock import SimulatedClock, simulated
from .database import SimulatedDatabase
from .disk import EXCHANGE, Disk, SimulatedPath
from .documents import a_practice, practice_name
from .faults import Faults, watch
from .members import CODING, MODULES, NAMES, Around, Member, settings_of

T = TypeVar("T")

PRACTICES_AT_ONCE = 50


@contextmanager
def _silence() -> Iterator[None]:
    """What is made to go wrong is not worth a line in a log."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


class World:
    """The five services of this process."""

    def __init__(
        self, new_database: NewDatabase, folder: Path, loop: asyncio.AbstractEventLoop, *, socket: str | None = None
    ) -> None:
        """Make and migrate the databases, build the services."""
        self.loop = loop
        self.folder = folder
        self.faults = Faults()
        self.random = Random(0)  # noqa: S311  a seed is to be repeated
        self.clock = SimulatedClock()
        self._stack = ExitStack()
        self._stack.enter_context(_silence())
        self._stack.enter_context(simulated(lambda: self.clock, lambda: self.random))
        self._stack.callback(watch(self.faults))
        self._stack.enter_context(patch.object(Unit, "checks_locks", new=True))
        databases: dict[str, SimulatedDatabase] = {}
        self._disk = Disk()
        for name, stand_in in (
            ("claimstream_kit.service.Database", lambda url, **_: databases[url]),
            ("clearinghouse_gw.main.FolderMailbox", lambda _: FolderMailbox(SimulatedPath(self._disk, EXCHANGE))),  # type: ignore[arg-type]
            ("remit_svc.main.load_guardrails", cache(load_guardrails)),
        ):
            self._stack.enter_context(patch(name, stand_in))
        self._key = load_or_make_key(folder / "keys" / "issuer.pem")
        (folder / "audit").mkdir(parents=True, exist_ok=True)
        self.members: dict[str, Member] = {}
        for name in NAMES:
            url = new_database(name.replace("-", "_"))
            migrate(MODULES[name][0].MIGRATIONS, new_database.as_owner(url))
            settings = settings_of(name, url, folder)
            databases[str(settings.database_url)] = SimulatedDatabase(url, self.faults, socket=socket)
            self.members[name] = Member(name, databases[str(settings.database_url)], settings, self.faults)
        self._app: Any = None
        self.members[CODING].began = self._serve
        self._loaded: set[int] = set()
        self.last_rows: dict[str, int] = dict.fromkeys(NAMES, 0)
        """The last row of each outbox that belongs to no schedule that is still to come."""
        self.chains: dict[str, tuple[int, bytes, int]] = {}
        """How far each service's audit chain was verified: its last link, the hash there, and the number of the last unit in it."""

    def _serve(self, running: Any) -> None:
        """The HTTP application answers from the process that runs now."""
        if self._app is None:
            self._app = build_app(running)
        self._app.state.running = running

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do one thing to its end."""
        return self.loop.run_until_complete(work)

    def begin(self, number: int, bus: Bus, disk: Disk) -> None:
        """A schedule begins: its practice is known to all, its topics and disk are empty."""
        self.clock = SimulatedClock()
        self.random = Random(number)  # noqa: S311  a seed is to be repeated
        use(bus)
        self._disk = disk
        around = Around(self.clock, bus, disk)
        for member in self.members.values():
            member.begin(around)
            member.has_more = member.database.has_waiting = False
            member.sent_up_to = member.database.commits
            member.database.said.clear()

    def load_practices(self, numbers: list[int]) -> None:
        """Make practices known to all services, many in one unit: it is not what a schedule is about."""
        wanted = [number for number in numbers if number not in self._loaded]
        for first in range(0, len(wanted), PRACTICES_AT_ONCE):
            self._load(wanted[first : first + PRACTICES_AT_ONCE])

    def _load(self, numbers: list[int]) -> None:
        bus = Bus(self.faults)
        self.begin(0, bus, Disk())
        self.run(self._tell(numbers, bus))
        self._loaded.update(numbers)

    async def _tell(self, numbers: list[int], bus: Bus) -> None:
        coding = self.members[CODING]
        async with coding.running.unit("simulation") as unit:
            for number in numbers:
                await load_practice(PracticeDocument.model_validate(a_practice(number)), unit)
        await coding.relay()
        for member in self.members.values():
            heard = [record for topic in member.topics for record in bus.records(topic)]
            if heard:
                await member.deliver(heard)
        await self.note_last_rows()

    async def note_last_rows(self) -> None:
        """What comes after these belongs to the next schedule."""
        for name, member in self.members.items():
            self.last_rows[name] = int(await member.database.value("SELECT coalesce(max(id), 0) FROM outbox"))

    def token(self, number: int) -> str:
        """A token for a schedule's practice, as the local issuer signs them."""
        claims: dict[str, Any] = {
            "sub": "ehr",
            "practice": practice_name(number),
            "roles": ROLES,
            "iss": ISSUER,
            "aud": AUDIENCE,
        }
        claims["exp"] = datetime.now(UTC) + timedelta(days=1)
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": key_id(self._key.public_key())})

    async def request(self, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        """A request to coding-svc, answered by its application: status and document."""
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
            "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http",
            "headers": [(b"host", b"coding"), (b"content-length", str(len(content)).encode()), *raw],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1), "state": {},
        }  # fmt: skip
        answered: dict[str, Any] = {"status": 0, "body": b""}
        requests = iter([{"type": "http.request", "body": content, "more_body": False}])
        done = asyncio.Event()

        async def receive() -> dict[str, Any]:
            message = next(requests, None)
            if message is None:
                await done.wait()
                return {"type": "http.disconnect"}
            return message

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answered["status"] = message["status"]
            else:
                answered["body"] += message.get("body", b"")

        try:
            await self._app(scope, receive, send)
        finally:
            done.set()
        document = orjson.loads(answered["body"]) if answered["body"] else None
        return int(answered["status"]), document

    def close(self) -> None:
        """End what was opened."""
        self.run(self._close())
        self._stack.close()

    async def _close(self) -> None:
        async with AsyncExitStack() as stack:
            for member in self.members.values():
                stack.push_async_callback(member.close)
