"""The table of what runs."""

from dataclasses import dataclass
from pathlib import Path

from claimstream_local_servers import LocalKafka, LocalPostgres, OwnedProcess
from claimstream_local_servers.places import answers
from rich.table import Table

from .members import SERVICES
from .places import Home
from .sites import Site
from .stack import why_not_ready
from .state import Plan, Running, State
from .watched import Watched, look_at

WATCHED = ("letters", "unsent", "sealed")
YES, NO = "[green]yes[/]", "[red]no[/]"


@dataclass(frozen=True)
class Standing:
    """The table, whether all of it is ready, and what somebody has to look at all the same."""

    table: Table
    is_ready: bool
    faults: tuple[str, ...]


def status_of_site(site: Site) -> Standing:
    """Of services that are elsewhere: each says itself how its database and its broker are."""
    table = _table("", "address", "ready", *WATCHED, title=f"Claimstream, {site.name}")
    ready, faults = [], []
    for name in (service.name for service in SERVICES):
        why = why_not_ready(site.url(name), site.tls)
        watched = look_at(site.url(name), site.tls)
        ready.append(why is None)
        faults += _faults(name, why, watched)
        table.add_row(name, site.url(name), YES if why is None else NO, *_cells(watched))
    return Standing(table, all(ready), tuple(faults))


def status_of(home: Home, plan: Plan) -> Standing:
    """Of the stack that runs here."""
    state = State.read(home.state)
    title = f"Claimstream in {home.root}, logs in {home.logs}"
    table = _table("", "process", "address", "ready", "restarts", *WATCHED, title=title)
    ready = [_add_server(table, plan, state, name) for name in ("PostgreSQL", "Kafka")]
    faults: list[str] = []
    for task in plan.tasks:
        now = state.tasks.get(task.name) if state else None
        alive = now is not None and now.process.is_alive()
        why = None if alive else "does not run"
        if alive and task.url is not None:
            why = why_not_ready(task.url)
        ready.append(why is None)
        pid = str(now.pid) if now and alive else "-"
        restarts = _restarts(now) if now else "-"
        address = plan.url(task.service).removeprefix("http://") if task.service else "-"
        watched = look_at(task.url) if task.url is not None and alive else None
        faults += _faults(task.name, why, watched)
        table.add_row(task.name, pid, address, YES if why is None else NO, restarts, *_cells(watched))
    return Standing(table, all(ready), tuple(faults))


def _table(*columns: str, title: str) -> Table:
    """Narrow enough for eighty columns; no name and no address is cut."""
    table = Table(title=title, box=None, padding=(0, 1, 0, 0), pad_edge=False, title_justify="left")
    for name in columns:
        table.add_column(name, no_wrap=name in ("", "process", "address"), overflow="fold")
    return table


def _restarts(now: Running) -> str:
    return f"{now.restarts}, last by {now.ended}" if now.ended else str(now.restarts)


def _faults(name: str, why_not: str | None, watched: Watched | None) -> list[str]:
    not_ready = [f"{name} is not ready: {why_not}"] if why_not is not None else []
    return not_ready + ([f"{name}: {fault}" for fault in watched.faults()] if watched else [])


def _cells(watched: Watched | None) -> tuple[str, str, str]:
    return watched.cells if watched else ("-", "-", "-")


def _add_server(table: Table, plan: Plan, state: State | None, name: str) -> bool:
    address = plan.bootstrap.split(",")[0] if name == "Kafka" else plan.postgres
    host, _, port = address.rpartition(":")
    home = plan.kafka_home if name == "Kafka" else plan.postgres_home
    process = _process(home, name)
    there = answers(host, int(port))
    restarts = str(state.server_restarts.get(name, 0)) if state and home else "-"
    pid = "elsewhere" if home is None else str(process.pid) if process else "-"
    table.add_row(name, pid, address, YES if there else NO, restarts)
    return there


def _process(home: str | None, name: str) -> OwnedProcess | None:
    if home is None:
        return None
    server = LocalKafka(Path(home)) if name == "Kafka" else LocalPostgres(Path(home))
    return server.process()
