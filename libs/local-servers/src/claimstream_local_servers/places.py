"""Where things are kept and which ports are free."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_folder() -> Path:
    """What is downloaded once and used by every checkout: CLAIMSTREAM_CACHE, else ~/.cache/claimstream."""
    given = os.environ.get("CLAIMSTREAM_CACHE")
    return Path(given).absolute() if given else Path.home() / ".cache" / "claimstream"


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process at a time through; the system drops the lock when its holder dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def free_port(preferred: int | None = None, *, only: bool = False) -> int:
    """A port of 127.0.0.1 that nobody uses: the preferred one if it is still free, else (unless `only` that will do) any."""
    for port in ([preferred] if preferred else []) + ([] if only else [0]):
        with socket.socket() as probe:
            if port:
                # A port in TIME_WAIT is free for a server; one with a listener is not, SO_REUSEADDR or not.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    message = f"port {preferred} of 127.0.0.1 is not free" if only else "no free port on 127.0.0.1"
    raise OSError(message)


def answers(host: str, port: int, seconds: float = 1.0) -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), seconds):
            return True
    except OSError:
        return False
