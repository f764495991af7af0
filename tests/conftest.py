"""One stack serves all tests of the journey; practices and ids of their own keep them apart."""

import uuid
from datetime import date
from pathlib import Path

import pytest
from claimstream_cli.places import Home
from claimstream_cli.stack import Options

from .builders import a_practice
from .running_stack import RunningStack

HERE = Path(__file__).parent
DAY = date(2026, 9, 16)


def pytest_collection_modifyitems(items):
    """With xdist, one worker runs them all: they share a stack."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def stack(postgres_server, kafka_server, tmp_path_factory):
    options = Options(clock=DAY, fixed_ports=False, prefix=f"t{uuid.uuid4().hex[:8]}_")
    running = RunningStack(Home(tmp_path_factory.mktemp("stack")), options, postgres_server, kafka_server)
    running.start()
    yield running
    running.remove()


@pytest.fixture(scope="module")
def practice(stack, request):
    """A practice that only this file's tests bill for."""
    name = request.module.__name__.rpartition("test_")[2].replace("_", "-")
    stack.load(a_practice(name))
    return name
