"""Waits for the end of a demo or a bench, however it ends, and takes its stack down: what is killed leaves no process behind.

Run as `python -m claimstream_cli.guard HOME PID STARTED`. What ends by itself ends its guard first.
"""

import sys
import time
from pathlib import Path

from claimstream_local_servers import OwnedProcess

from . import stack
from .places import Home

POLL_SECONDS = 0.5


def main(home: str, pid: str, started: str) -> None:
    """Watch one process."""
    owner = OwnedProcess(int(pid), float(started))
    while owner.is_alive():
        time.sleep(POLL_SECONDS)
    stack.down(Home(Path(home)))


if __name__ == "__main__":
    main(*sys.argv[1:])
