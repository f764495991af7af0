"""The table of what runs."""

from pathlib import Path

from claimstream_local_servers import LocalKafka, LocalPostgres, OwnedProcess
from claimstream_local_servers.places import answers
from rich.table import Table

from .members import SERVICES
from .places import Home
from .sites import Site
from .stack import why_not_ready
from .state import Plan, State

YES, NO = "[green]yes[/]", "[red]no[/]"


def table_of_site(site: Site) -> tuple[Table, bool]:
    """The table of services that are elsewhere, and whether all of them are ready; each says itself how its database and its broker are."""
    table = Table("", "address", "ready", title=f"Claimstream, {site.name}")
    faults = {service.name: why_not_ready(site.url(service.name), site.tls) for service in SERVICES}
    for name, why in faults.items():
        table.add_row(name, site.url(name), _said(why))
    return table, not any(faults.values())


def status_table(home: Home, plan: Plan) -> tuple[Table, bool]:
    """The table, and whether all of it is ready."""
    state = State.read(home.state)
    table = Table(
        "", "process", "address", "ready", "restarts", title=f"Claimstream in {home.root}, logs in {home.logs}"
    )
    ready = [_add_server(table, plan, state, name) for name in ("PostgreSQL", "Kafka")]
    for task in plan.tasks:
        now = state.tasks.get(task.name) if state else None
        alive = now is not None and now.process.is_alive()
        why = None if alive else "does not run"
        if alive and task.url is not None:
            why = why_not_ready(task.url)
        ready.append(why is None)
        pid = str(now.pid) if now and alive else "-"
        restarts = str(now.restarts) if now else "-"
        address = plan.url(task.service) if task.service else "-"
        table.add_row(task.name, pid, address, _said(why), restarts)
    return table, all(ready)


def table_of(home: Home, plan: Plan) -> Table:
    """The table alone."""
    return status_table(home, plan)[0]


def _said(why_not: str | None) -> str:
    return YES if why_not is None else f"{NO}: {why_not}"


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
