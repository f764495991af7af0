import uuid

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
async def desk(live_run):
    """The run's evidence; what a test does to the databases is rolled back."""
    connections = {service: await asyncpg.connect(address) for service, address in live_run.databases.items()}
    transactions = [connection.transaction() for connection in connections.values()]
    for transaction in transactions:
        await transaction.start()
    yield Desk(live_run, connections)
    for transaction in transactions:
        await transaction.rollback()
    for connection in connections.values():
        await connection.close()
