"""Brings a whole stack up and takes it down: servers, topics, migrations, services, simulator, and the supervisor over them."""

import os
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from signal import SIGKILL as _KILL
from signal import SIGTERM as _TERM

import httpx2
from claimstream_kit.auth import generate_keys
from claimstream_kit.bus.access import KafkaAccess
from claimstream_local_servers import PostgresServer, ServerFailed
from claimstream_local_servers.places import closed_folder, free_port, only_one
from claimstream_local_servers.processes import Progress, damaged, last_lines, spawn

from . import topics
from .brokers import Broker
from .ending import MARK, end_tasks, stop_servers, supervisors_of
from .members import SERVICES, SIMULATOR, Service
from .places import Home, checkout
from .servers import Given, database, start_kafka, start_postgres
from .state import Plan, State, Task

READY_SECONDS = 90.0
SUPERVISOR_END_SECONDS = 60.0
MIGRATIONS_AT_ONCE = 3
NOON = time_of_day(12, tzinfo=UTC)
SECRETS = ("CLAIMSTREAM_POSTGRES_", "CLAIMSTREAM_DATABASE_", "CLAIMSTREAM_KAFKA")
"""How the names of settings begin that no process inherits: each is told its own."""


class NotStarted(Exception):
    """Something did not come up; the message says what, and the end of its log."""


@dataclass(frozen=True)
class Options:
    """How a stack shall run."""

    clock: date | None = None
    simulator: bool = True
    fixed_ports: bool = True
    prefix: str = ""
    rules: Path | None = None
    seed: int = 1
    replicas: int = 1


def up(home: Home, options: Options, progress: Progress) -> Plan:
    """Start what does not run yet, wait until all of it is ready, and return what runs."""
    closed_folder(home.root)
    with only_one(home.lock):
        plan = current(home)
        if plan is None:
            _end_leftovers(home)
            plan = _prepared_or_stopped(home, options, progress)
            plan.write(home.plan)
            _start_supervisor(home)
        _wait_until_ready(home, plan, progress)
        return plan


def current(home: Home) -> Plan | None:
    """What runs under a living supervisor, or None."""
    state, plan = State.read(home.state), Plan.read(home.plan)
    if state is None or plan is None or state.run != plan.run or not state.supervisor.is_alive():
        return None
    return plan


def is_orphaned(home: Home) -> bool:
    """Whether processes of a supervisor that is gone still run."""
    state = State.read(home.state)
    return (
        state is not None
        and not state.supervisor.is_alive()
        and any(task.process.is_alive() for task in state.tasks.values())
    )


def down(home: Home) -> bool:
    """End everything that `up` started; False when nothing of it was running."""
    with only_one(home.lock):
        state, plan = State.read(home.state), Plan.read(home.plan)
        was_running = is_orphaned(home) or any(supervisors_of(home))
        was_running = was_running or (state is not None and state.supervisor.is_alive())
        _end_leftovers(home)
        stop_servers(home, plan)
        return was_running


def _end_leftovers(home: Home) -> None:
    """End what an earlier run left: its supervisor, which ends the rest, or the rest itself where the supervisor was killed.

    One that nobody remembers any more would keep its services running beside those of the next.
    """
    for supervisor in supervisors_of(home):
        supervisor.end(((_TERM, SUPERVISOR_END_SECONDS), (_KILL, 10.0)))
    state = State.read(home.state)
    if state is None:
        return
    state.supervisor.end(((_TERM, SUPERVISOR_END_SECONDS), (_KILL, 10.0)))
    # Read again: the supervisor may have restarted something on its way out.
    end_tasks(State.read(home.state) or state)


def _prepare(home: Home, options: Options, progress: Progress) -> Plan:
    given = Given.by_environment()
    offset = clock_offset(home, options.clock)
    try:
        generate_keys(home.keys)
    except ValueError as damage:
        raise damaged(home.keys / "issuer.pem") from damage
    for folder in (home.logs, home.exchange / "outbound", home.exchange / "inbound"):
        folder.mkdir(parents=True, exist_ok=True)
    run = uuid.uuid4().hex
    with ThreadPoolExecutor(2) as pool:
        broker = pool.submit(_start_broker, home, given, options, progress)
        code_sets = pool.submit(_build_code_sets, progress)
        server = start_postgres(home, given, progress)
        names = [options.prefix + service.module for service in SERVICES]
        addresses = [database(server, home.passwords, name) for name in names]
        kafka = broker.result()
        code_sets.result()
    doors = {service.name: free_port(service.port if options.fixed_ports else None) for service in SERVICES}
    tasks = tuple(
        _service_task(
            home, service, replica, options, kafka=kafka.as_user(service.name), address=address, offset=offset, run=run
        )
        for replica in range(options.replicas)
        for service, address in zip(SERVICES, addresses, strict=True)
    )
    owners = [server.owner_url(name, name) for name in names]
    _migrate(list(zip(tasks, owners, strict=False)), progress)
    if options.simulator:
        tasks += (_simulator_task(home, options, offset, run),)
    return Plan(
        run=run,
        tasks=tasks,
        bootstrap=kafka.access.servers,
        kafka=kafka.to_json(),
        postgres=_described(server),
        databases=dict(zip([service.name for service in SERVICES], addresses, strict=True)),
        doors=doors,
        clock_offset_seconds=offset,
        topic_prefix=options.prefix.replace("_", "."),
        kafka_home=None if given.kafka else str(home.kafka),
        postgres_home=None if given.postgres else str(home.postgres),
    )


def _prepared_or_stopped(home: Home, options: Options, progress: Progress) -> Plan:
    """Prepare; a stack that cannot be prepared leaves no server behind."""
    try:
        return _prepare(home, options, progress)
    except BaseException:
        stop_servers(home, None)
        raise


def _described(server: PostgresServer) -> str:
    return f"{server.host}:{server.port}"


def _build_code_sets(progress: Progress) -> None:
    """Make the code sets' file before anybody waits for it; nothing to do when it is there."""
    progress("Preparing code sets", 0, 1)
    command = [sys.executable, "-c", "from claimstream_codesets.locating import built_file; built_file()"]
    done = subprocess.run(command, cwd=checkout(), capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        message = f"the code sets could not be built:\n{done.stderr.strip()}"
        raise NotStarted(message)
    progress("Preparing code sets", 1, 1)


def _start_broker(home: Home, given: Given, options: Options, progress: Progress) -> Broker:
    broker = start_kafka(home, given, progress)
    topics.create(broker, checkout() / "deploy" / "topics.toml", options.prefix.replace("_", "."))
    return broker


def _environment(home: Home, offset: int, run: str) -> dict[str, str]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(SECRETS)}
    return {
        **inherited,
        MARK: run,
        "CLAIMSTREAM_HOME": str(home.root),
        "CLAIMSTREAM_EXCHANGE_DIR": str(home.exchange),
        "CLAIMSTREAM_CLOCK_OFFSET_SECONDS": str(offset),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",  # a restart that compiles every module again takes twice as long
    }


def _service_task(  # noqa: PLR0913 - each is a fact of its own
    home: Home,
    service: Service,
    replica: int,
    options: Options,
    *,
    kafka: KafkaAccess,
    address: str,
    offset: int,
    run: str,
) -> Task:
    port = free_port()
    name = service.name if replica == 0 else f"{service.name}-{replica + 1}"
    audit = home.audit(service.name)
    audit.mkdir(parents=True, exist_ok=True)
    environment = {
        **_environment(home, offset, run),
        "CLAIMSTREAM_DATABASE_URL": address,
        **kafka.environment(),
        "CLAIMSTREAM_TOPICS": str(checkout() / "deploy" / "topics.toml"),
        "CLAIMSTREAM_TOPIC_PREFIX": options.prefix.replace("_", "."),
        "CLAIMSTREAM_TOKEN_KEYS": str(home.keys),
        "CLAIMSTREAM_AUDIT_DIR": str(audit),
        "CLAIMSTREAM_HOST": "127.0.0.1",
        "CLAIMSTREAM_PORT": str(port),
        "CLAIMSTREAM_REPLICA": str(replica),
    }
    command = (sys.executable, "-m", service.module, "serve")
    return Task(name, command, environment, str(home.logs / f"{name}.log"), port, service.name)


def _simulator_task(home: Home, options: Options, offset: int, run: str) -> Task:
    rules = options.rules or checkout() / "demo" / "payer-rules.json"
    command = (sys.executable, "-m", "payer_simulator", "serve")
    arguments = ("--exchange", str(home.exchange), "--rules", str(rules), "--seed", str(options.seed))
    return Task(SIMULATOR, command + arguments, _environment(home, offset, run), str(home.logs / f"{SIMULATOR}.log"))


def _migrate(services: Sequence[tuple[Task, str]], progress: Progress) -> None:
    """Bring each service's database to the newest revision, at the address for its owner."""
    progress("Migrating databases", 0, len(services))
    with ThreadPoolExecutor(MIGRATIONS_AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(_migrate_one, services), start=1):
            progress("Migrating databases", done, len(services))


def _migrate_one(service: tuple[Task, str]) -> None:
    task, owner = service
    command = [*task.command[:-1], "migrate"]
    environment = {**task.environment, "CLAIMSTREAM_DATABASE_URL": owner}
    done = subprocess.run(  # noqa: S603 - our own module, no shell
        command, env=environment, cwd=checkout(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        message = f"the migration of {task.name} failed:\n{end}"
        raise NotStarted(message)


def _start_supervisor(home: Home) -> None:
    command = [sys.executable, "-m", "claimstream_cli.supervisor", str(home.root)]
    process = spawn(command, home.logs / "supervisor.log", environment={**os.environ}, folder=checkout())
    plan = Plan.read(home.plan)
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.is_alive():
        state = State.read(home.state)
        if plan and state and state.run == plan.run:
            return
        time.sleep(0.02)
    message = f"the supervisor did not start:\n{last_lines(home.logs / 'supervisor.log')}"
    raise NotStarted(message)


def is_ready(url: str) -> bool:
    """Whether a service says that it is ready."""
    return why_not_ready(url) is None


def why_not_ready(url: str, tls: ssl.SSLContext | None = None) -> str | None:
    """What a service that is not ready says of it, such as ``database hangs``; None where it is ready. ``tls`` checks its certificate."""
    try:
        answer = httpx2.get(f"{url}/health/ready", timeout=2.0, verify=tls or True)
    except httpx2.HTTPError as failed:
        return f"does not answer: {failed}" if "CERTIFICATE" in str(failed) else "does not answer"
    if answer.status_code == httpx2.codes.OK:
        return None
    try:
        said = answer.json()
    except ValueError:
        return f"answers {answer.status_code}"  # what stands before it does
    faults = [f"{part} {state}" for part, state in said.get("parts", {}).items() if state != "answers"]
    faults += ["audit cannot be sealed"] if said.get("audit", "sealed") != "sealed" else []
    return ", ".join(faults) or ("draining" if said.get("draining") else "not ready yet")


def _wait_until_ready(home: Home, plan: Plan, progress: Progress) -> None:
    waiting = {task.name: task for task in plan.tasks}
    deadline = time.monotonic() + READY_SECONDS
    while waiting:
        progress("Starting services", len(plan.tasks) - len(waiting), len(plan.tasks))
        for task in list(waiting.values()):
            if _is_up(home, task):
                del waiting[task.name]
        if waiting and time.monotonic() > deadline:
            task = next(iter(waiting.values()))
            message = f"{', '.join(waiting)} did not become ready. The end of {task.log}:\n{last_lines(Path(task.log))}"
            raise NotStarted(message)
        time.sleep(0.05)
    progress("Starting services", len(plan.tasks), len(plan.tasks))


def _is_up(home: Home, task: Task) -> bool:
    if task.url:
        return is_ready(task.url)
    state = State.read(home.state)
    return bool(state and task.name in state.tasks and state.tasks[task.name].process.is_alive())


def today(plan: Plan) -> date:
    """The day at which a stack is."""
    return (datetime.now(UTC) + timedelta(seconds=plan.clock_offset_seconds)).date()


def clock_offset(home: Home, day: date | None) -> int:
    """Seconds between the stack's clock and the wall clock: given by a day (its noon, UTC) or remembered from the last `up`."""
    if day is not None:
        offset = round((datetime.combine(day, NOON) - datetime.now(UTC)).total_seconds())
        closed_folder(home.root)
        home.clock.write_text(str(offset))
        return offset
    try:
        return int(home.clock.read_text())
    except FileNotFoundError:
        return 0
    except ValueError as damage:
        raise damaged(home.clock) from damage


__all__ = [
    "NotStarted",
    "Options",
    "ServerFailed",
    "clock_offset",
    "current",
    "down",
    "is_ready",
    "today",
    "up",
    "why_not_ready",
]
