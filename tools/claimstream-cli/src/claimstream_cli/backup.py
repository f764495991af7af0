"""Backup and restore of a whole stack: PostgreSQL to one moment, the exchanged files, the keys; topics are made again from the outboxes."""

import asyncio
import json
import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit

from claimstream_kit.clock import OffsetClock
from claimstream_local_servers import LocalKafka, LocalPostgres, PostgresServer, ServerFailed, postgres_backup
from claimstream_local_servers.places import closed_folder
from claimstream_local_servers.processes import write_json

from .after_restore import CameBack, next_era, say_again
from .members import GATEWAY
from .places import Home
from .sites import Lacks, Program, Site, said_by
from .stack import clock_offset
from .state import Plan, read_json

FILES = "files"
PASSWORDS = "postgres/passwords.json"
KEPT = ("exchange", "audit", "keys", "clock-offset", "run/passwords.json", PASSWORDS)
"""What belongs to a backup beside the databases, below the stack's folder."""

NOTHING_TO_BACK_UP = (
    "there is no PostgreSQL to back up. A profile names it under [backup]; the one of this stack does not run, or is one"
    " of yours: back that up with its own means, and the folders of docs/operations.md"
)

ABOUT = "backup.json"
RECEIVER = slice(54, 69)
"""Where ISA08 stands in a file of ours."""


class NotPossible(Exception):
    """A backup or a restore cannot be made here; the message says why and what to do."""


@dataclass(frozen=True)
class Taken:
    """What a backup is."""

    at: str
    databases: dict[str, str]
    is_new: bool
    files: int
    size: int


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    moment: str
    events: int
    """Events that go to Kafka again."""
    left_after: tuple[str, ...]
    """Files that had left after that moment: the payers have them, the databases do not know of them."""


def take(site: Site, folder: Path) -> Taken:
    """Back a running stack up into a folder; the first time all of it, then what came since.

    Raises:
        Lacks: it is not known what a backup is to be taken of.
        NotPossible: its files cannot be had, or the folder is no place for it.
        ServerFailed: its PostgreSQL cannot be backed up.
    """
    kept, databases = site.kept, {service: _database_of(url) for service, url in site.every_database().items()}
    if kept is None:
        raise Lacks(f"{site.name}: {NOTHING_TO_BACK_UP}")
    _check_folder(folder)
    is_new = postgres_backup.take(kept.postgres, folder, kept.programs)
    files = _fetch(kept.files, folder / FILES)
    _keep_password(kept.postgres, folder / FILES / PASSWORDS)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    taken = Taken(datetime.now(UTC).isoformat(), databases, is_new, files, size)
    (folder / ABOUT).write_text(json.dumps(asdict(taken), indent=1) + "\n")
    return taken


def _check_folder(folder: Path) -> None:
    """A folder that is a backup's alone, made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        names = {path.name for path in folder.iterdir()}
    except OSError as odd:
        raise NotPossible(f"no backup can be kept in {folder}: {odd.strerror}") from odd
    if any(name not in (ABOUT, FILES) and not postgres_backup.is_part(name) for name in names):
        raise NotPossible(f"{folder} holds something else: name an empty folder, or one that has a backup")


def _database_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _keep_password(server: PostgresServer, file: Path) -> None:
    """Who brings the databases back asks them as their administrator, whose password came with them."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_json(file, {**(read_json(file) or {}), server.user: server.password})


def _fetch(files: Path | Program, target: Path) -> int:
    if isinstance(files, Program):
        return _unpack(files, target)
    return sum(_copy_new(files / name, target / name) for name in KEPT)


def _unpack(program: Program, target: Path) -> int:
    """What the command writes as a tar, below the folder; how many files."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryFile(dir=target) as out:
        done = program.run(into=out)
        if done.returncode:
            raise NotPossible(f"the command for files ended with {done.returncode}: {said_by(done)}")
        out.seek(0)
        try:
            with tarfile.open(fileobj=out) as tar:
                wanted = [each for each in tar.getmembers() if _is_whole(Path(each.name))]
                tar.extractall(target, wanted, filter="data")
        except tarfile.TarError as odd:
            raise NotPossible(f"the command for files writes no tar of them: {odd}") from odd
    return sum(each.isfile() for each in wanted)


def restore(home: Home, folder: Path, *, until: datetime | None) -> Restored:
    """Bring a backup back into a stack that does not run; its next `up` sends every event to a new Kafka, where each consumer knows what it has seen."""
    try:
        about = json.loads((folder / ABOUT).read_text())
    except (FileNotFoundError, ValueError) as missing:
        raise NotPossible(f"{folder} is no backup: {missing}") from missing
    _check_moment(folder, about, until)
    heads = {service: CameBack(service, "", home.audit(service)).heads() for service in about["databases"]}
    for ours in (home.root, home.postgres):  # where PostgreSQL's data lie depends on whether it can pass through these
        closed_folder(ours)
    for name in KEPT:
        _copy_new(folder / FILES / name, home.root / name)
    postgres = LocalPostgres(home.postgres)
    postgres_backup.bring_back(postgres, folder, until=until)
    try:
        server = postgres_backup.finish(postgres)
        left_after = _reconcile(home, server, about["databases"][GATEWAY.name])
        services = [
            CameBack(service, server.url(database), home.audit(service))
            for service, database in about["databases"].items()
        ]
        events = asyncio.run(_go_on(home, folder, services, heads))
    except ServerFailed as failed:
        raise NotPossible(f"the databases did not come back: {failed}") from failed
    finally:
        postgres.stop()
    LocalKafka(home.kafka).remove()
    moment = until.isoformat() if until is not None else about["at"]
    return Restored(moment, events, left_after)


def _check_moment(folder: Path, about: dict[str, str], until: datetime | None) -> None:
    """A base made later cannot be brought back to an earlier moment; nor a log to one that it does not reach."""
    first, last = postgres_backup.begun_at(folder), datetime.fromisoformat(about["at"])
    if until is not None and not first <= until <= last:
        raise NotPossible(
            f"{folder} goes from {first.isoformat()} to {last.isoformat()}; {until.isoformat()} is not in it"
        )


async def _go_on(home: Home, folder: Path, services: list[CameBack], heads: dict[str, list[str]]) -> int:
    """Begin an era in every database, and let each say again what it keeps; how many events there are. ``heads`` are those that lay here before."""
    era = next_era([await each.newest_era() for each in services], home.root, folder)
    clock = OffsetClock(clock_offset(home, None))
    for each in services:
        await each.begin_era(era, heads=[*each.heads(), *heads[each.service]], clock=clock)
    return await _say_all_again(each.url for each in services)


def rebuild_topics(home: Home) -> int:
    """Let every event go to a new Kafka, whose log was lost; the stack must not run. How many events there are."""
    plan = Plan.read(home.plan)
    if plan is None:
        raise NotPossible(f"there was never a stack in {home.root}")
    if plan.postgres_home is None:
        events = asyncio.run(_say_all_again(plan.databases.values()))
    else:
        postgres = LocalPostgres(Path(plan.postgres_home))
        try:
            server = postgres.start()
            names = [url.rsplit("/", 1)[1] for url in plan.databases.values()]
            events = asyncio.run(_say_all_again(map(server.url, names)))
        finally:
            postgres.stop()
    LocalKafka(home.kafka).remove()
    return events


async def _say_all_again(urls: Iterable[str]) -> int:
    return sum([await say_again(url) for url in urls])


def _reconcile(home: Home, server: PostgresServer, database: str) -> tuple[str, ...]:
    """No control number is given twice, whatever left after the moment that came back; those files are put aside and named."""
    names = "SELECT coalesce(array_agg(name), '{}') FROM files WHERE direction = 'outbound'"
    known = set(server.ask(names, database))
    outbound, aside = home.exchange / "outbound", home.exchange / "outbound-after-restore"
    unknown = sorted(path for path in outbound.glob("*.837") if path.name not in known)
    highest: dict[str, int] = {}
    for path in unknown:
        receiver = path.read_bytes()[:106][RECEIVER].decode("ascii", "replace").strip()
        highest[receiver] = max(highest.get(receiver, 0), int(path.name.partition(".")[0]))
        aside.mkdir(exist_ok=True)
        path.rename(aside / path.name)
    for receiver, number in highest.items():
        quoted = receiver.replace("'", "''")
        server.run_sql(
            f"INSERT INTO partners (receiver_id, last_control_number) VALUES ('{quoted}', {number})"  # noqa: S608  quoted
            " ON CONFLICT (receiver_id) DO UPDATE SET last_control_number ="
            " greatest(partners.last_control_number, EXCLUDED.last_control_number)",
            database=database,
        )
    return tuple(path.name for path in unknown)


def _is_whole(path: Path) -> bool:
    return path.suffix not in (".part", ".tmp")


def _copy_new(source: Path, target: Path) -> int:
    """Copy a file, or what a folder has that is not there yet or has changed; how many files. Files on their way (.part, .tmp) are left out."""
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
        return 1
    copied = 0
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if not path.is_file() or not _is_whole(path):
            continue
        if (
            there.exists()
            and there.stat().st_size == path.stat().st_size
            and there.stat().st_mtime_ns == path.stat().st_mtime_ns
        ):
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, there)
        copied += 1
    return copied
