import uuid
from urllib.parse import urlsplit

import asyncpg
import pytest

from .desk import Desk
from .live_run import a_live_run


def pytest_collection_modifyitems(items):
    """With xdist, one worker runs them all: they share a run."""
    for item in items:
        if {"desk", "live_run"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("auditor"))


@pytest.fixture(scope="session")
def live_run(postgres_server, kafka_server, tmp_path_factory):
    with a_live_run(postgres_server, kafka_server, tmp_path_factory.mktemp("run"), f"a{uuid.uuid4().hex[:8]}_") as run:
        yield run


@pytest.fixture
async def desk(live_run, postgres_server):
    """The run's evidence, for who owns the databases; what a test does to them is rolled back."""
    connections = {
        service: await asyncpg.connect(_as_owner(postgres_server, url)) for service, url in live_run.databases.items()
    }
    transactions = [connection.transaction() for connection in connections.values()]
    for transaction in transactions:
        await transaction.start()
    yield Desk(live_run, connections)
    for transaction in transactions:
        await transaction.rollback()
    for connection in connections.values():
        await connection.close()


def _as_owner(server, url):
    parts = urlsplit(url)
    return server.owner_url(parts.path.removeprefix("/"), parts.username)
