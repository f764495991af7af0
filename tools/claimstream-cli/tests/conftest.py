import os
import sys

import pytest
from claimstream_cli.places import Home
from claimstream_cli.state import Plan, Task

SLEEPER = "import time; time.sleep(600)"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "a home with spaces")


@pytest.fixture
def a_plan(home):
    """A plan of small programs, with no servers, written where the supervisor looks."""

    def make(run="run-1", **programs):
        environment = {"PATH": os.environ["PATH"], "CLAIMSTREAM_RUN": run}
        tasks = tuple(
            Task(name, (sys.executable, "-c", program), environment, str(home.logs / f"{name}.log"))
            for name, program in programs.items()
        )
        plan = Plan(run=run, tasks=tasks, bootstrap="127.0.0.1:1", postgres="127.0.0.1:1", databases={})
        plan.write(home.plan)
        return plan

    return make
