"""Where things are kept and which ports are free."""

import fcntl
import os
import secrets
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice
from pathlib import Path


def cache_folder() -> Path:
    """What is downloaded once and used by every checkout: CLAIMSTREAM_CACHE, else ~/.cache/claimstream."""
    given = os.environ.get("CLAIMSTREAM_CACHE")
    return Path(given).absolute() if given else Path.home() / ".cache" / "claimstream"


UMASK = 0o077
"""What our processes make is their account's alone."""


def closed_folder(folder: Path) -> Path:
    """A folder of ours, and those above it that are not there yet: closed to others from the first moment, whatever the umask.

    Started by root they can be passed through, by who knows a name in them, for PostgreSQL runs under an account of its own; nobody can list them. One that
    was open is closed with all that lies in it.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for one in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        one.mkdir(mode=0o700, exist_ok=True)
        one.chmod(mode)
    found = folder.stat()
    if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != mode:
        folder.chmod(mode)
        if found.st_mode & 0o066:
            _close(folder)
    return folder


def _close(folder: Path) -> None:
    for path in folder.rglob("*"):
        facts = path.lstat()
        if facts.st_uid == os.geteuid() and not stat.S_ISLNK(facts.st_mode) and facts.st_mode & 0o066:
            path.chmod(facts.st_mode & ~0o066 & 0o7777)


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process at a time through; the system drops the lock when its holder dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(lock, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def free_port(preferred: int | None = None, *, only: bool = False) -> int:
    """A port of 127.0.0.1 that nobody uses: the preferred one if it is still free, else (unless `only` that will do) another.

    The others are below those that systems give to outgoing connections (from 32768 or 49152 on): until a server listens
    on it no connection takes it away. A process is given each of them once.
    """
    if preferred and _is_free(preferred):
        return preferred
    for step in () if only else islice(_STEPS, _MOST_TRIED):
        port = _BELOW_OUTGOING[step % len(_BELOW_OUTGOING)]
        if _is_free(port):
            return port
    message = f"port {preferred} of 127.0.0.1 is not free" if only else "no free port on 127.0.0.1"
    raise OSError(message)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # A port in TIME_WAIT is free for a server; one with a listener is not, SO_REUSEADDR or not.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


_BELOW_OUTGOING = range(18_000, 32_000)
_MOST_TRIED = 1_000
_STEPS = count(secrets.randbelow(len(_BELOW_OUTGOING)))  # from a port on that no other process is likely to begin with


def answers(host: str, port: int, seconds: float = 1.0) -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), seconds):
            return True
    except OSError:
        return False
