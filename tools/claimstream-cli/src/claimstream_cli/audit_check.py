"""Recomputes each service's audit chain, as the services themselves do it: `python -m <service> verify-audit`."""

import os
import subprocess

from .members import SERVICES
from .state import Plan


def verify(plan: Plan) -> dict[str, tuple[bool, str]]:
    """Whether each service's chain holds, and what was said of it: the first row that does not fit, where one does not."""
    found = {}
    for service in SERVICES:
        task = next(task for task in plan.tasks if task.name == service.name)
        command = [*task.command[:-1], "verify-audit"]
        environment = {**os.environ, **task.environment}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        found[service.name] = (done.returncode == 0, (done.stdout or done.stderr).strip().splitlines()[-1])
    return found
