"""Where the built file lies, and who builds it: the first who asks, while the others wait."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .building import build
from .published import digest, folder


def built_file() -> Path:
    """The built file for today's data and code; it is built first where it is missing."""
    data = folder()
    target = _cache() / f"codesets-{digest(data)}.sqlite"
    if target.is_file():
        return target
    with _one_at_a_time(target.with_suffix(".lock")):
        if not target.is_file():
            build(data, target)
            _forget_older(target)
        return target


def _forget_older(target: Path) -> None:
    """Beside the package only this checkout's file is of use; a shared cache may hold those of other checkouts."""
    if target.parent == Path(__file__).parent:
        for older in target.parent.glob("codesets-*.sqlite"):
            if older != target:
                older.unlink(missing_ok=True)


def _cache() -> Path:
    """``CLAIMSTREAM_CACHE``, else beside the package, else ``CLAIMSTREAM_HOME``/cache, else the temporary files."""
    given = os.environ.get("CLAIMSTREAM_CACHE")
    if given:
        return Path(given)
    beside = Path(__file__).parent
    if os.access(beside, os.W_OK):
        return beside
    home = os.environ.get("CLAIMSTREAM_HOME")
    return Path(home) / "cache" if home else Path(tempfile.gettempdir()) / f"claimstream-{os.getuid()}"


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
        lock.unlink(missing_ok=True)
