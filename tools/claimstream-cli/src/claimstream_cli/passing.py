"""A stack that passes: fresh when it is started, ended with who started it, whatever happens."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType

from claimstream_local_servers import LocalKafka, LocalPostgres, OwnedProcess
from claimstream_local_servers.processes import spawn

from . import stack, topics
from .members import SERVICES
from .places import Home
from .progress import Steps
from .servers import Given
from .state import Plan


@contextmanager
def ending(home: Home) -> Iterator[None]:
    """What is started under the home within it ends with it; SIGTERM interrupts it as Ctrl-C does."""
    previous = signal.signal(signal.SIGTERM, _interrupt)
    guard = _start_guard(home)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stack.down(home)
        guard.end()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, previous)


def _start_guard(home: Home) -> OwnedProcess:
    """Whoever kills this process finds nothing left a moment later."""
    me = OwnedProcess.of(os.getpid())
    command = [sys.executable, "-m", "claimstream_cli.guard", str(home.root), str(me.pid), str(me.started)]
    return spawn(command, home.root.parent / f"{home.root.name}-guard.log", environment=dict(os.environ))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def fresh_stack(home: Home, prefix: str, day: date, progress: Steps) -> Plan:
    """End and remove what an earlier run left, then start a new stack; ``prefix``: of its databases and topics on real servers."""
    stack.down(home)
    LocalKafka(home.kafka).remove()
    LocalPostgres(home.postgres).remove()
    shutil.rmtree(home.root, ignore_errors=True)
    _remove_from_real_servers(prefix)
    options = stack.Options(clock=day, fixed_ports=False, prefix=prefix if Given.by_environment().anything else "")
    return stack.up(home, options, progress)


def _remove_from_real_servers(prefix: str) -> None:
    given = Given.by_environment()
    if given.postgres is not None:
        for service in SERVICES:
            given.postgres.drop_database(prefix + service.module)
    if given.kafka is not None:
        topics.delete(given.kafka.as_user(), prefix.replace("_", "."))
