"""A whole stack at work, as `claimstream up` starts it, for the tests of the journey: how to talk to it, look into it, hurt it."""

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import orjson
from claimstream_cli import stack
from claimstream_cli.client import NDJSON, client, token
from claimstream_cli.members import CLAIM, CODING, DENIAL, GATEWAY, REMIT, SERVICES, SIMULATOR
from claimstream_cli.places import Home, checkout
from claimstream_cli.quiet import wait_until_quiet
from claimstream_cli.state import Plan, State, Task
from claimstream_kit.auth import INSTALLATION, ROLES
from claimstream_kit.database import Database
from claimstream_kit.outbox import Told, everything_said
from claimstream_kit.testing import access_of, users_of
from claimstream_local_servers import KafkaServer, OwnedProcess, PostgresServer
from claimstream_local_servers.processes import silent

from .recount.claims import SentClaim, sent_claims
from .recount.remittances import Remittance, read_remittances
from .recount.segments import read_folder

__all__ = ["CLAIM", "CODING", "DENIAL", "GATEWAY", "REMIT", "SERVICES", "SIMULATOR", "RunningStack"]

QUIET_SECONDS = 240.0
PATIENCE_SECONDS = 60.0
BOOKKEEPING = frozenset(
    {
        "inbox",
        "inbox_foreign",
        "outbox_queue",
        "relay_state",
        "audit_entries",
        "audit_queue",
        "audit_chain",
        "audit_heads",
    }
)
"""Tables that say how the work went, not what came of it."""
PAYLOADS = "outbox_payloads"
"""It lies in partitions; the outbox has the digests of what is in it."""
ALL = 'SELECT t::text AS row FROM "{}" t ORDER BY 1'
CONTENT = {
    "outbox": "SELECT concat_ws(' ', practice, at, actors, ids, digests) AS row FROM {} WHERE practice <> 'claimstream' ORDER BY id"
}
"""The sealer publishes by the clock, whatever happens."""

TO_PARTNERS = "*.837"
FROM_PARTNERS = "0*.835"
"""The simulator's names begin with a control number; those of a test that plays the partner do not."""

Row = dict[str, Any]


@dataclass
class RunningStack:
    """Five services and the payer simulator under their supervisor, on the run's PostgreSQL and Kafka."""

    home: Home
    options: stack.Options
    postgres: PostgresServer
    kafka: KafkaServer
    plan: Plan | None = None

    def start(self) -> None:
        """Start what does not run."""
        with _environment(self.postgres, self.kafka, self.home.root):
            self.plan = stack.up(self.home, self.options, silent)

    def stop(self) -> None:
        """End all of its processes; the databases and topics stay."""
        stack.down(self.home)

    def remove(self) -> None:
        """End it and drop its databases."""
        self.stop()
        for service in SERVICES:
            self.postgres.drop_database(self.options.prefix + service.module)

    @property
    def outbound(self) -> Path:
        """What the partners take."""
        return self.home.exchange / "outbound"

    @property
    def inbound(self) -> Path:
        """Where they answer."""
        return self.home.exchange / "inbound"

    def http(self, service: str, practice: str, *roles: str) -> httpx2.Client:
        """A client of one service, with a token of the practice; all roles where none is named."""
        bearer = token(self.home, practice=practice, subject="test", roles=roles or ROLES, sources=["some-ehr"])
        return client(self._plan.url(service), bearer)

    def get(self, service: str, practice: str, path: str, **query: Any) -> Any:
        """The answer's body."""
        with self.http(service, practice) as http:
            answer = http.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def load(self, practice: Row) -> None:
        """Make a practice known."""
        with self.http(CODING.name, INSTALLATION, "practice-admin") as http:
            http.put(f"/practices/{practice['id']}", json=practice).raise_for_status()

    def post(self, practice: str, *encounters: Row) -> list[str]:
        """Post native encounters in one request, and return their ids in the same order."""
        return taken(self.send(practice, b"\n".join(map(orjson.dumps, encounters)), NDJSON))

    def send(self, practice: str, content: bytes, content_type: str, **headers: str) -> httpx2.Response:
        """Post a body to intake."""
        with self.http(CODING.name, practice) as http:
            return http.post("/encounters", content=content, headers={"Content-Type": content_type, **headers})

    def until_quiet(self) -> None:
        """Wait until nothing is left to do and nothing moves any more."""
        wait_until_quiet(self.home, self._plan, seconds=QUIET_SECONDS)

    def rows(self, service: str, query: str, *values: Any) -> list[Row]:
        """What a service's database answers."""
        return asyncio.run(self._rows(service, query, values))

    def value(self, service: str, query: str, *values: Any) -> Any:
        """The one value that a service's database answers."""
        (row,) = self.rows(service, query, *values)
        (value,) = row.values()
        return value

    async def _rows(self, service: str, query: str, values: Sequence[Any]) -> list[Row]:
        connection = await asyncpg.connect(self._as_owner(service))
        try:
            return [dict(row) for row in await connection.fetch(query, *values)]
        finally:
            await connection.close()

    def _as_owner(self, service: str) -> str:
        """A test may do what the service may not."""
        name = self.options.prefix + service.replace("-", "_")
        return self.postgres.owner_url(name, name)

    def said(self, service: str, practice: str) -> list[Told]:
        """All that a service said for a practice, in the order in which it was kept."""
        return asyncio.run(self._said(service, practice))

    async def _said(self, service: str, practice: str) -> list[Told]:
        async with self._database(service) as database:
            return [event async for event in everything_said(database, practice)]

    @asynccontextmanager
    async def _database(self, service: str) -> AsyncIterator[Database]:
        database = Database(self._as_owner(service), size=2)
        await database.open()
        try:
            yield database
        finally:
            await database.close()

    def everything(self) -> set[tuple[str, str, str]]:
        """Every row of every table, in all databases, that says what came of the work: service, table, row as text."""
        return {
            (service.name, table, row)
            for service in SERVICES
            for table, rows in self._contents(service.name).items()
            for row in rows
        }

    def _contents(self, service: str) -> dict[str, list[str]]:
        names = [
            row["name"]
            for row in self.rows(
                service, "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
            )
        ]
        return {
            name: [row["row"] for row in self.rows(service, CONTENT.get(name, ALL).format(name))]
            for name in sorted(set(names) - BOOKKEEPING)
            if not name.startswith(PAYLOADS)
        }

    def run(self, service: str, *words: str) -> str:
        """Run a service's own command, as an operator does, and return what it prints."""
        done = self._service_command(service, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _service_command(self, service: str, *words: str) -> "subprocess.CompletedProcess[str]":
        task = self._task(service)
        return subprocess.run(  # noqa: S603  our own module
            [*task.command[:-1], *words],
            env=task.environment,
            cwd=checkout(),
            capture_output=True,
            text=True,
            check=False,
        )

    def audit_fault(self, service: str) -> str | None:
        """The first row of a service's audit chain that does not fit, or None."""
        done = self._service_command(service, "verify-audit")
        return None if done.returncode == 0 else done.stdout.strip()

    def process(self, name: str) -> OwnedProcess:
        """The process that a service, or the simulator, runs in now."""
        return self._state.tasks[name].process

    def restarts(self, name: str) -> int:
        """How often the supervisor had to start it again."""
        return self._state.tasks[name].restarts

    def until_back(self, name: str, restarts: int) -> None:
        """Wait until the supervisor has started it again and it takes work."""
        until(lambda: self.restarts(name) >= restarts and self.process(name).is_alive(), f"{name} to be restarted")
        task = self._task(name)
        if task.url:
            until(lambda: stack.is_ready(str(task.url)), f"{name} to be ready")

    def sent(self, numbers: set[str]) -> list[SentClaim]:
        """Each CLM in the outbound files of the claims with these control numbers, read by the recount's own reader."""
        return [claim for claim in sent_claims(read_folder(self.outbound, TO_PARTNERS)) if claim.number in numbers]

    def remitted(self, numbers: set[str]) -> list[Remittance]:
        """The 835 sets in the inbound files that pay any of these claims."""
        return [
            each
            for each in read_remittances(read_folder(self.inbound, FROM_PARTNERS))
            if any(payment.number in numbers for payment in each.payments)
        ]

    def claims(self, practice: str) -> list[Row]:
        """A practice's claims, as claim-svc lists them."""
        found: list[Row] = self.get(CLAIM.name, practice, "/claims", limit=500)["claims"]
        return found

    def claim_of(self, practice: str, encounter: str) -> Row:
        """The claim of an encounter, whole."""
        (claim,) = [each for each in self.claims(practice) if each["encounter_id"] == encounter]
        found: Row = self.get(CLAIM.name, practice, f"/claims/{claim['claim_id']}")
        return found

    def account(self, practice: str, account: str) -> Row:
        """A claim's or a self-pay visit's account."""
        found: Row = self.get(REMIT.name, practice, f"/accounts/{account}")
        return found

    @property
    def _plan(self) -> Plan:
        if self.plan is None:
            raise LookupError("the stack is not started")
        return self.plan

    @property
    def _state(self) -> State:
        state = State.read(self.home.state)
        if state is None:
            raise LookupError("the stack is not started")
        return state

    def _task(self, name: str) -> Task:
        return next(task for task in self._plan.tasks if task.name == name)


def changes(before: set[tuple[str, str, str]], after: set[tuple[str, str, str]]) -> list[str]:
    """The rows that are not the same, each with what it was in."""
    gone = [f"- {' '.join(each)}"[:1000] for each in before - after]
    new = [f"+ {' '.join(each)}"[:1000] for each in after - before]
    return sorted((*gone, *new), key=lambda line: line[2:])


def taken(answer: httpx2.Response) -> list[str]:
    """The ids of the encounters that an answer takes."""
    assert answer.status_code == 202, answer.text
    return [each["id"] for each in answer.json()["encounters"]]


def until(holds: Callable[[], Any], what: str, *, pause: float = 0.05) -> Any:
    """Wait until something holds, and return it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(pause)
    raise TimeoutError(f"waited {PATIENCE_SECONDS:.0f} s for {what}")


@contextmanager
def _environment(postgres: PostgresServer, kafka: KafkaServer, folder: Path) -> Iterator[None]:
    """Name the run's servers as a user names real ones."""
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
