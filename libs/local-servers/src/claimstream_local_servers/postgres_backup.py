"""Backups of our own PostgreSQL: a base and the write-ahead log since, so that every database comes back to one and the same moment.

A replication slot keeps the log on the server until it was fetched, one for each folder that backups go to; what they may hold back is bounded, so
that a backup that is never taken again does not fill the disk. A base whose log was lost that way says so when it is to be brought back.
"""

import os
import re
import secrets
import shutil
import subprocess
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

from .places import closed_folder, only_one
from .postgres import LocalPostgres, PostgresServer
from .postgres_binaries import account, give, place_for, programs
from .processes import POLL_SECONDS, ServerFailed

SLOTS = "claimstream_backup_"
REPLAY_SECONDS = 3600.0
BASE, LOG, SLOT, EARLIER = "base", "log", "slot", "earlier"


def take(server: PostgresServer, folder: Path, programs_in: Path | None = None) -> bool:
    """Fetch a base where there is none, and the log up to now; True when a base was fetched.

    A server that was brought back from a backup, or that could keep its log no longer, does not go on where the folder ends: what is there is put
    by in `earlier-1`, and a new base is fetched. ``programs_in``: where PostgreSQL's programs are, if not those of the wheel.

    Raises:
        ServerFailed: a program of PostgreSQL says why it could not.
    """
    if server.options and programs_in is None:
        raise ServerFailed("PostgreSQL's programs of the wheel have no TLS: name the folder of others (`programs`)")
    base, log = folder / BASE, folder / LOG
    run = partial(_run, server, programs_in)
    log.mkdir(parents=True, exist_ok=True)
    slot = _slot_of(folder)
    is_new = not (base / "backup_manifest").exists()
    if not is_new and not _goes_on(server, slot):
        _put_by(folder)
        log.mkdir()
        is_new = True
    if is_new:
        shutil.rmtree(base, ignore_errors=True)
        _make_slot(server, slot)
        run("pg_basebackup", "-D", str(base), "-X", "stream", "-c", "fast")
    position = server.ask("SELECT pg_current_wal_insert_lsn()::text")
    server.run_sql("SELECT pg_switch_wal()")
    run("pg_receivewal", "-D", str(log), "--slot", slot, "--endpos", position, "--no-loop")
    return is_new


def is_part(name: str) -> bool:
    """Whether a backup's folder has something of this name by our own hand."""
    return name in (BASE, LOG, SLOT) or name.startswith(f"{EARLIER}-")


def _slot_of(folder: Path) -> str:
    """The name of the folder's own slot."""
    file = folder / SLOT
    name = file.read_text() if file.exists() else ""
    if not re.fullmatch(SLOTS + "[0-9a-f]{8}", name):
        name = SLOTS + secrets.token_hex(4)
        file.write_text(name)
    return name


def _make_slot(server: PostgresServer, slot: str) -> None:
    """Make it anew; those that hold nothing any more go."""
    server.run_sql(
        "ALTER SYSTEM SET max_slot_wal_keep_size = '8GB'",
        "SELECT pg_reload_conf()",
        f"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '{slot}'",  # noqa: S608  our own name
        f"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name LIKE '{SLOTS}%' AND wal_status = 'lost'",  # noqa: S608
        f"SELECT pg_create_physical_replication_slot('{slot}', true)",
    )


def _goes_on(server: PostgresServer, slot: str) -> bool:
    """Whether the server still has all that came since the log was fetched last."""
    asked = (
        f"SELECT coalesce(bool_or(wal_status <> 'lost'), false) FROM pg_replication_slots WHERE slot_name = '{slot}'"  # noqa: S608  our own name
    )
    return bool(server.ask(asked))


def begun_at(folder: Path) -> datetime:
    """When the base was begun: what was before, a backup cannot bring back."""
    label = (folder / BASE / "backup_label").read_text()
    said = next(line.removeprefix("START TIME: ") for line in label.splitlines() if line.startswith("START TIME: "))
    return datetime.strptime(said, "%Y-%m-%d %H:%M:%S %Z").replace(tzinfo=UTC)


def bring_back(server: LocalPostgres, folder: Path, *, until: datetime | None = None) -> None:
    """Put a backup where the server keeps its data; it begins with it at its next start, and what was there lies beside it.

    Raises:
        ServerFailed: the server runs, or there is no base.
    """
    base = folder / BASE
    if not (base / "backup_manifest").exists():
        raise ServerFailed(f"there is no base in {base}")
    with only_one(server.home / "lock"):
        if server.process() is not None:
            raise ServerFailed("PostgreSQL runs; end it first")
        who = account(server.home)
        place = closed_folder(place_for(server.home, who))
        programs(place, who)
        data, log = place / "data", place / "log-to-replay"
        _put_aside(data)
        shutil.copytree(base, data)
        shutil.rmtree(log, ignore_errors=True)
        shutil.copytree(folder / LOG, log)
        for part in log.glob("*.partial"):
            part.rename(part.with_suffix(""))
        settings = [f'restore_command = \'cp "{log}/%f" "%p"\'', "recovery_target_action = 'promote'"]
        if until is not None:
            settings.append(f"recovery_target_time = '{until.isoformat()}'")
        with (data / "postgresql.auto.conf").open("a") as out:
            out.write("".join(f"{line}\n" for line in settings))
        (data / "recovery.signal").touch()
        data.chmod(0o700)
        if who is not None:
            give(data, who)
            give(log, who)


def finish(server: LocalPostgres) -> PostgresServer:
    """Start the server, wait until it has replayed the log, and let it forget how the data came back: a next start must not look for the log again.

    Raises:
        ServerFailed: it did not come to the moment, as when the log does not reach it.
    """
    running = server.start()
    deadline = time.monotonic() + REPLAY_SECONDS
    while running.ask("SELECT pg_is_in_recovery()"):
        if time.monotonic() > deadline or server.process() is None:
            raise ServerFailed(f"the log was not replayed to its end; see {server.log}")
        time.sleep(POLL_SECONDS)
    settings = ("restore_command", "recovery_target_time", "recovery_target_action")
    running.run_sql(*(f"ALTER SYSTEM RESET {name}" for name in settings))
    shutil.rmtree(place_for(server.home, account(server.home)) / "log-to-replay", ignore_errors=True)
    return running


def _put_by(folder: Path) -> None:
    """Base and log stay, for who wants to go back to a moment before."""
    earlier = _next(folder, EARLIER)
    earlier.mkdir()
    for part in (BASE, LOG):
        (folder / part).rename(earlier / part)


def _next(folder: Path, name: str) -> Path:
    number = 1
    while (free := folder / f"{name}-{number}").exists():
        number += 1
    return free


def _put_aside(data: Path) -> None:
    if not data.exists():
        return
    data.rename(_next(data.parent, f"{data.name}.before-restore"))


def _run(server: PostgresServer, programs_in: Path | None, program: str, *words: str) -> None:
    environment = {
        **{f"PG{name.upper()}": value for name, value in parse_qsl(server.options)},
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LC_ALL": "C",
        "PGHOST": server.host,
        "PGPORT": str(server.port),
        "PGUSER": server.user,
        "PGPASSWORD": server.password,
        "PGCONNECT_TIMEOUT": "10",
    }
    # A client runs as ourselves, so the wheel's own copy will do even where PostgreSQL needs another.
    command = [str((programs_in or programs(Path("/"), None)) / program), "--no-password", *words]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as failed:
        raise ServerFailed(f"{command[0]} cannot be run: {failed}") from failed
    if done.returncode:
        raise ServerFailed(f"{program}: {done.stderr.strip()}")
