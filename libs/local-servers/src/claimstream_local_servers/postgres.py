"""A PostgreSQL of our own: `initdb`, start, one role and one database per service, stop."""

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from .places import closed_folder, free_port, only_one
from .postgres_binaries import account, give, maker, place_for, programs
from .processes import (
    Account,
    OwnedProcess,
    Progress,
    ServerFailed,
    last_lines,
    read_object,
    recall,
    remember,
    silent,
    spawn,
    write_json,
)

START_SECONDS = 60.0
CONNECT_SECONDS = 10.0
ADMIN = "postgres"
OWNER = "_owner"
"""Behind a service's role: who owns its database and all that is in it, and gives the service what it needs. Nobody logs in as it."""

_ROLES = 0x726F6C65  # "role": two processes that make roles at once do so one after the other

# Error details and statements hold patients' data, so the server's log keeps to error messages without them.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "wal_compression": "on",  # of the whole pages after a checkpoint: keys are random, and a page is dirty for one row
    "default_statistics_target": "20",  # rows are found by their keys: to know their spread well costs more than it brings
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_line_prefix": "%m [%p] ",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class PostgresServer:
    """How to reach a PostgreSQL as the one who may create databases."""

    host: str
    port: int
    user: str
    password: str
    options: str = ""
    """What stands behind the `?` of each address, as for TLS."""

    def url(self, database: str, user: str | None = None, password: str | None = None) -> str:
        """The address of one database, for the given role or the administrator."""
        who, secret = (user, password) if user is not None else (self.user, self.password)
        place = f"{self.host}:{self.port}/{quote(database, safe='')}"
        url = f"postgresql://{quote(who, safe='')}:{quote(secret or '', safe='')}@{place}"
        return f"{url}?{self.options}" if self.options else url

    def owner_url(self, database: str, role: str) -> str:
        """The address of a service's database for the administrator in the name of its owner, as for migrations; ``role``: the service's."""
        url = self.url(database)
        return f"{url}{'&' if '?' in url else '?'}role={quote(role + OWNER, safe='')}"

    def run_sql(self, *statements: str, database: str = ADMIN) -> None:
        """Run statements as the administrator, each by itself.

        Raises:
            ServerFailed: the server refuses one, or does not answer.
        """
        self._with_connection(database, lambda connection: _each(connection, statements))

    def ask(self, question: str, database: str = ADMIN) -> Any:
        """The one value that a query of the administrator's has for an answer; raises as `run_sql`."""
        return self._with_connection(database, lambda connection: connection.fetchval(question))

    def _with_connection(self, database: str, do: Callable[["asyncpg.Connection"], Awaitable[Any]]) -> Any:
        async def connected() -> Any:
            connection = await asyncpg.connect(self.url(database), timeout=CONNECT_SECONDS)
            try:
                return await do(connection)
            finally:
                await connection.close()

        try:
            with ThreadPoolExecutor(1) as pool:  # who asks may be in an event loop
                return pool.submit(asyncio.run, connected()).result()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as failed:
            raise ServerFailed(f"PostgreSQL at {self.host}:{self.port}: {failed or type(failed).__name__}") from failed

    def create_database(self, name: str, role: str, password: str, template: str | None = None) -> str:
        """Make sure that role, owner and database exist, and nobody but the role may enter; returns its address for the role."""
        known = f"EXISTS (SELECT FROM pg_roles WHERE rolname = {_literal(role)})"
        owned = f"EXISTS (SELECT FROM pg_roles WHERE rolname = {_literal(role + OWNER)})"
        owner = _name(role + OWNER)
        secret = f"ROLE {_name(role)} LOGIN PASSWORD {_literal(password)}"
        self.run_sql(
            f"DO $$ BEGIN PERFORM pg_advisory_xact_lock({_ROLES});"
            f" IF {known} THEN ALTER {secret}; ELSE CREATE {secret}; END IF;"
            f" GRANT {_name(role)} TO {_name(self.user)};"
            f" IF NOT {owned} THEN CREATE ROLE {owner} NOLOGIN; END IF;"
            f" GRANT {owner} TO {_name(self.user)}; END $$"
        )
        found = self.ask(f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = {_literal(name)}")  # noqa: S608 - quoted
        if found == role:  # an earlier release made the service the owner
            self.run_sql(f"REASSIGN OWNED BY {_name(role)} TO {owner}", database=name)
        if not found:
            source = f" TEMPLATE {_name(template)}" if template else ""
            self.run_sql(f"CREATE DATABASE {_name(name)} OWNER {owner}{source}")
            self.run_sql(f"REVOKE ALL ON DATABASE {_name(name)} FROM PUBLIC")
            self.run_sql(f"GRANT CONNECT ON DATABASE {_name(name)} TO {_name(role)}")
        return self.url(name, role, password)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.run_sql(f"DROP DATABASE IF EXISTS {_name(name)} WITH (FORCE)")


class LocalPostgres:
    """A PostgreSQL 18 whose data lie in `home`; it survives the process that started it, and a second start finds it running."""

    def __init__(
        self, home: Path, *, durable: bool = True, same_port: bool = False, progress: Progress = silent
    ) -> None:
        self.home = home.absolute()
        self._durable = durable
        self._progress = progress
        self._same_port = same_port
        self._record = self.home / "postgres.json"
        self._passwords = self.home / "passwords.json"
        self.log = self.home / "postgres.log"

    def start(self) -> PostgresServer:
        """Start it unless it runs, wait until it takes connections, and say how to reach it."""
        with only_one(closed_folder(self.home) / "lock"):
            running = self.running()
            return running if running is not None else self._start()

    def running(self) -> PostgresServer | None:
        """How to reach the running server, or None."""
        noted = recall(self._record)
        if noted is None or not noted[0].is_alive():
            return None
        port = noted[1]["port"]
        return PostgresServer("127.0.0.1", int(str(port)), ADMIN, self._password(ADMIN))

    def is_running(self) -> bool:
        """Whether our server runs."""
        return self.running() is not None

    def process(self) -> OwnedProcess | None:
        """The server's main process while it lives."""
        noted = recall(self._record)
        return noted[0] if noted and noted[0].is_alive() else None

    def database(self, name: str) -> str:
        """The address of a service's own database: made on first use, with a role of the same name and a password of its own."""
        server = self.start()
        return server.create_database(name, name, self._password(name))

    def stop(self) -> None:
        """End the server: connections are closed, transactions rolled back, a checkpoint written."""
        process = self.process()
        if process is not None:
            steps = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
            if not process.end(steps):
                message = f"PostgreSQL (process {process.pid}) does not end; see {self.log}"
                raise ServerFailed(message)

    def remove(self) -> None:
        """End the server and remove everything it kept, wherever that lies."""
        self.stop()
        place = place_for(self.home, account(self.home))
        shutil.rmtree(place, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self) -> PostgresServer:
        who = account(self.home)
        place = closed_folder(place_for(self.home, who))
        bin_folder = programs(place, who)
        data = place / "data"
        if not (data / "PG_VERSION").exists():
            self._progress("Preparing PostgreSQL", 0, 1)
            self._initialize(bin_folder, data, who)
        elif who is not None and data.stat().st_uid != who.user:
            give(data, who)
            self._progress("Preparing PostgreSQL", 1, 1)
        self._progress("Starting PostgreSQL", 1, 2)
        noted = recall(self._record)
        port = free_port(int(str(noted[1]["port"])) if noted else None, only=self._same_port and noted is not None)
        settings = {**SETTINGS, "port": str(port), **({} if self._durable else NOT_DURABLE)}
        command = [str(bin_folder / "postgres"), "-D", str(data)]
        command += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        process = spawn(command, self.log, environment=_plain_environment(), folder=data.parent, account=who)
        remember(self._record, process, port=port)
        self._wait_until_ready(process, data)
        self._progress("Starting PostgreSQL", 2, 2)
        return PostgresServer("127.0.0.1", port, ADMIN, self._password(ADMIN))

    def _initialize(self, bin_folder: Path, data: Path, who: Account | None) -> None:
        unfinished = data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        secret = unfinished.with_name("initial-password")
        secret.unlink(missing_ok=True)
        with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self._password(ADMIN))
        makes = maker(who)
        if makes is not None:
            for path in (unfinished, secret):
                os.chown(path, makes.user, makes.group)
        command = [
            str(bin_folder / "initdb"),
            "-D",
            str(unfinished),
            "-U",
            ADMIN,
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
        ]
        command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if self._durable else ["--no-sync"]
        process = subprocess.run(  # noqa: S603 - our own program, no shell
            command,
            env=_plain_environment(),
            cwd=data.parent,
            capture_output=True,
            text=True,
            check=False,
            user=makes.user if makes else None,
            group=makes.group if makes else None,
            extra_groups=[] if makes else None,
        )
        secret.unlink()
        if process.returncode:
            message = f"initdb failed: {process.stderr.strip()}"
            raise ServerFailed(message)
        if who is not None:
            give(unfinished, who)
        unfinished.rename(data)

    def _wait_until_ready(self, process: OwnedProcess, data: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while process.is_alive() and time.monotonic() < deadline:
            if _status(data, process) == "ready":
                return
            time.sleep(0.02)
        process.end(((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)))
        message = f"PostgreSQL did not start. The end of {self.log}:\n{last_lines(self.log)}"
        raise ServerFailed(message)

    def _password(self, role: str) -> str:
        known: dict[str, str] = {}
        if self._passwords.exists():
            known = read_object(self._passwords)
        if role not in known:
            known[role] = secrets.token_urlsafe(24)
            write_json(self._passwords, known)
        return known[role]


def _status(data: Path, process: OwnedProcess) -> str:
    """What the server says of itself in postmaster.pid, provided that the file is this process's."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    status_line = 7
    return lines[status_line].strip() if len(lines) > status_line and lines[0] == str(process.pid) else ""


def _plain_environment() -> dict[str, str]:
    """No PG* variable of the caller, no locale of the caller."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


async def _each(connection: "asyncpg.Connection", statements: Iterable[str]) -> None:
    for statement in statements:
        await connection.execute(statement)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
