"""Fixtures for tests that need a real PostgreSQL or a real Kafka; pytest loads this module by itself once the package is installed.

One server of each kind serves a whole run, all pytest-xdist workers included: it is started when a test first asks for it, under
a lock in the run's folder, and ended by the process that began the run. A watcher ends it too when that process is killed.
"""

import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .backends import Backend, backend
from .kafka import KafkaServer
from .postgres import PostgresServer
from .processes import OwnedProcess, spawn

HOME = "CLAIMSTREAM_TEST_HOME"
_ours = pytest.StashKey[Path]()


class NewDatabase:
    """Makes an empty database, or a copy of another one (migrate once, copy often)."""

    def __init__(self, server: PostgresServer) -> None:
        """On this server."""
        self.server = server
        self._made: list[str] = []

    def __call__(self, prefix: str, *, template: str | None = None) -> str:
        """The address of a new database whose name begins with `prefix`, for a service's role of that name; it is dropped at the end of the session."""
        name = f"{prefix}_{uuid.uuid4().hex[:12]}"
        self._made.append(name)
        return self.server.create_database(name, prefix, "for-tests", template)

    def as_owner(self, url: str) -> str:
        """The address of the same database for its owner: who migrates, and who may do what the service may not."""
        parts = urlsplit(url)
        return self.server.owner_url(parts.path.removeprefix("/"), str(parts.username))

    def drop_all(self) -> None:
        """Remove what was made."""
        for name in self._made:
            self.server.drop_database(name)


@pytest.fixture(scope="session")
def servers() -> Backend:
    """The run's servers; nothing starts before it is asked for."""
    return backend(Path(os.environ[HOME]))


@pytest.fixture(scope="session")
def postgres_server(servers: Backend) -> PostgresServer:
    """A real PostgreSQL 18 with fsync off."""
    return servers.postgres()


@pytest.fixture(scope="session")
def kafka_server(servers: Backend) -> KafkaServer:
    """A real Kafka; give topics and groups of a test a prefix of their own (`unique_prefix`)."""
    return servers.kafka()


@pytest.fixture
def unique_prefix() -> str:
    """Words that no other test's topics and groups begin with."""
    return f"t{uuid.uuid4().hex[:10]}."


@pytest.fixture(scope="session")
def new_database(postgres_server: PostgresServer) -> Iterator[NewDatabase]:
    """Make databases; see `NewDatabase`."""
    databases = NewDatabase(postgres_server)
    yield databases
    databases.drop_all()


def pytest_configure(config: pytest.Config) -> None:
    """The process that begins the run makes the run's folder; workers inherit its name."""
    if hasattr(config, "workerinput") or HOME in os.environ:
        return
    home = Path(tempfile.mkdtemp(prefix="claimstream-test-"))
    home.chmod(0o711)  # PostgreSQL may have to pass through as another account
    config.stash[_ours] = home
    os.environ[HOME] = str(home)
    me = OwnedProcess.of(os.getpid())
    watcher = [sys.executable, "-m", "claimstream_local_servers.watch", str(me.pid), str(me.started), str(home)]
    spawn(watcher, home / "watch.log", environment=dict(os.environ))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run ends the servers."""
    home = config.stash.get(_ours, None)
    if home is None:
        return
    del os.environ[HOME]
    close: Callable[[], None] = backend(home).close
    try:
        close()
    finally:
        shutil.rmtree(home, ignore_errors=True)
