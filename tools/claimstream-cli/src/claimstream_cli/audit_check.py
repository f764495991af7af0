"""Recomputes each service's audit chain beside its signed heads, as `python -m <service> verify-audit` does; or lets it be done where they lie."""

import asyncio
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from claimstream_kit.audit import verify as verify_chain
from claimstream_kit.database import Database
from claimstream_kit.keys import load_public_keys
from claimstream_kit.witness import WitnessedTable

from .members import SERVICES, Service
from .sites import UNREACHABLE, Lacks, NotReached, Program, Site, said_by


def verify(site: Site) -> dict[str, tuple[bool, str]]:
    """Whether each service's chain holds, and what was said of it: the first row that does not fit, where one does not.

    Raises:
        Lacks: it is not said where databases and heads are.
        NotReached: they cannot be read.
    """
    if site.audit is None:
        raise Lacks(f"{site.name} does not say where the signed heads lie: name [audit] in the profile")
    if isinstance(site.audit, Program):
        return {service.name: _asked(site.audit, service) for service in SERVICES}
    return asyncio.run(verified(site, site.audit))


def _asked(program: Program, service: Service) -> tuple[bool, str]:
    done = program.run(service=service.name, module=service.module)
    return done.returncode == 0, said_by(done)


async def verified(site: Site, audit: Path) -> dict[str, tuple[bool, str]]:
    """The same, in an event loop, beside heads that lie here."""
    databases = site.every_database()
    try:
        return {name: await _verify_one(name, url, audit / name) for name, url in databases.items()}
    except UNREACHABLE as failed:
        why = str(failed) or f"the database does not answer ({type(failed).__name__})"
        raise NotReached(f"the audit cannot be read: {why}") from failed


def _witnessed_by(name: str) -> Sequence[WitnessedTable]:
    """The tables whose rows a service witnesses: those in its module `witnessed`, where it has one."""
    module = f"{name.replace('-', '_')}.witnessed"
    tables: Sequence[WitnessedTable] = import_module(module).TABLES if find_spec(module) else ()
    return tables


async def _verify_one(name: str, url: str, folder: Path) -> tuple[bool, str]:
    keys = load_public_keys(folder / f"{name}.sealing-key.pub.pem")
    database = Database(url, size=2)
    await database.open()
    try:
        fault = await verify_chain(
            database, service=name, public_key=next(iter(keys.values())), folder=folder, tables=_witnessed_by(name)
        )
    finally:
        await database.close()
    return fault is None, f"{name}: {fault or 'the audit chain holds'}"
