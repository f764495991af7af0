"""The full replay: every consumer group is set back to the start of its topics, hears everything again, and nothing may change."""

import subprocess
import sys
from collections.abc import Callable
from signal import SIGTERM

from claimstream_cli.places import checkout

from .databases import contents
from .membership import heard_by
from .rig import SERVICES, Rig, until

PATIENCE_SECONDS = 90.0
IDLE = (sys.executable, "-c", "import signal; signal.pause()")
"""What runs in a service's place while it is held."""


def replay_everything(rig: Rig, quiet_seconds: float, told: Callable[[str], None]) -> int:
    """Replay every service's topics from offset 0; how many tables are not what they were."""
    before = {service.name: contents(rig.plan, service.name) for service in SERVICES}
    for service in SERVICES:
        if heard_by(service.name):
            told(f"replay: {service.name}")
            _replay(rig, service.name)
    rig.until_quiet(quiet_seconds)
    after = {service.name: contents(rig.plan, service.name) for service in SERVICES}
    changed = [
        f"{service} {table}"
        for service, tables in before.items()
        for table, digest in tables.items()
        if after[service][table] != digest
    ]
    for each in changed:
        told(f"replay changed {each}")
    return len(changed)


def _replay(rig: Rig, service: str) -> None:
    """As an operator does: the service is held, its group set back, and it goes on."""
    replicas = rig.plan.replicas(service)
    for task in replicas:
        rig.change(task.name, command=IDLE)
        _restart(rig, task.name)
    task = replicas[0]
    subprocess.run(  # noqa: S603  our own module
        [*task.command[:-1], "replay"], env=task.environment, cwd=checkout(), capture_output=True, check=True
    )
    for task in replicas:
        rig.change(task.name, command=task.command)
        _restart(rig, task.name)
    for task in replicas:
        until(lambda name=task.name: rig.works(name), task.name, seconds=PATIENCE_SECONDS)  # type: ignore[misc]


def _restart(rig: Rig, name: str) -> None:
    """End its process politely and wait for the next one."""
    before = rig.process(name)
    if before is not None:
        before.send(SIGTERM)
    until(lambda: rig.process(name) not in (None, before), name, seconds=PATIENCE_SECONDS)
