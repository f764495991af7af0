"""Waits for a process's end, however it ends, then ends the test servers of its folder: a killed test run leaves nothing behind."""

import sys
import time
from pathlib import Path

from .backends import backend
from .processes import OwnedProcess

POLL_SECONDS = 0.5


def main(pid: str, started: str, home: str) -> None:
    """Watch until the process has ended or the folder is gone."""
    watched = OwnedProcess(int(pid), float(started))
    folder = Path(home)
    while watched.is_alive():
        if not folder.exists():
            return
        time.sleep(POLL_SECONDS)
    if folder.exists():
        backend(folder).close()


if __name__ == "__main__":
    main(*sys.argv[1:])
