import os
import sys
from uuid import uuid4

import asyncpg
import pytest
from claimstream_cli.places import Home
from claimstream_cli.state import Plan, Task

SLEEPER = "import time; time.sleep(600)"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "a home with spaces")


@pytest.fixture
def a_plan(home):
    """A plan of small programs, with no servers, written where the supervisor looks.

    Each has a run of its own: ending one run ends every process that carries its mark, also those of a test beside this one.
    """

    def make(run=None, **programs):
        run = run or f"run-{uuid4()}"
        environment = {"PATH": os.environ["PATH"], "CLAIMSTREAM_RUN": run}
        tasks = tuple(
            Task(name, (sys.executable, "-c", program), environment, str(home.logs / f"{name}.log"))
            for name, program in programs.items()
        )
        plan = Plan(run=run, tasks=tasks, bootstrap="127.0.0.1:1", postgres="127.0.0.1:1", databases={})
        plan.write(home.plan)
        return plan

    return make


@pytest.fixture
def as_owner(new_database):
    """Do in a service's database what the service may not."""

    async def do(service, statements):
        connection = await asyncpg.connect(new_database.as_owner(service.database.url))
        await connection.execute(statements)
        await connection.close()

    return do
