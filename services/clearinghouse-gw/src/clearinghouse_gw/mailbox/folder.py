"""A mailbox in a folder: outbound/, inbound/ and archive/aa/<digest>.

A file appears by rename after its bytes are on disk, and the folder is synced after that: a crash leaves the whole file or none.
"""

import hashlib
import os
import stat
import threading
from collections.abc import Callable, Sequence
from glob import escape
from pathlib import Path
from typing import BinaryIO

from claimstream_kit.failpoints import Failpoint, failpoint

from .port import Arrival, nothing

AFTER_TEMPORARY = failpoint(
    "gateway.after-temp-write", "an outbound file is written under a temporary name, not synced"
)
AFTER_FSYNC = failpoint("gateway.after-fsync", "an outbound file is on disk under a temporary name")
AFTER_RENAME = failpoint("gateway.after-rename", "an outbound file has its name, the database does not know")
PIECE_BYTES = 1 << 20
OUTBOUND = (AFTER_TEMPORARY, AFTER_FSYNC, AFTER_RENAME)

_TEMPORARY = (".part", ".tmp")


class FolderMailbox:
    """The folder that we share with the other side."""

    def __init__(self, folder: Path) -> None:
        """The three folders are made when they are missing."""
        self.outbound, self.inbound, self._archive = folder / "outbound", folder / "inbound", folder / "archive"
        for each in (self.outbound, self.inbound, self._archive):
            each.mkdir(parents=True, exist_ok=True)
        self._lasting: set[str] = set()
        """Folders of the archive that this process knows to be on disk."""

    def sent(self, name: str) -> bytes | None:
        """The bytes of the outbound file with that name, if it is there; it stays from now on.

        Whoever wrote it may have been killed between its rename and the folder's sync.
        """
        data = _read(self.outbound / name)
        if data is not None:
            _sync(self.outbound)
        return data

    def send(self, name: str, data: bytes) -> None:
        """Write a temporary name, sync, rename, sync the folder; what a crash left half written goes."""
        _write(self.outbound / name, data, OUTBOUND)
        for half in self.outbound.glob(f".{escape(name)}.*.tmp"):
            half.unlink(missing_ok=True)

    def arrivals(self, *, but: Callable[[str], bool] = nothing) -> list[Arrival]:
        """The inbound files, in the order in which they changed."""
        found = []
        with os.scandir(self.inbound) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.endswith(_TEMPORARY) or but(entry.name):
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                found.append(_arrival(_shown(entry.name), status))
        return sorted(found, key=lambda arrival: (arrival.changed_ns, arrival.name))

    def receive(self, name: str) -> bytes:
        """The bytes of an inbound file."""
        with _opened_regular(self._place_of(name)) as file:
            return file.read()

    def _place_of(self, name: str) -> Path:
        place = self.inbound / name
        if "\\" in name and not place.exists():
            return next((one for one in self.inbound.iterdir() if _shown(one.name) == name), place)
        return place

    def archive(self, digest: str, data: bytes) -> None:
        """Keep the bytes under their digest."""
        place = self._lasting_place(digest)
        if place.exists():
            _sync(place.parent)
        else:
            _write(place, data)

    def keep(self, name: str) -> str:
        """Copy an inbound file into the archive; what a crash left half written there goes with the next."""
        for half in self._archive.glob(".incoming.*.tmp"):
            half.unlink(missing_ok=True)
        temporary = self._archive / f".incoming.{os.getpid()}-{threading.get_native_id()}.tmp"
        hashed = hashlib.sha256()
        with _opened_regular(self._place_of(name)) as source, temporary.open("wb") as file:
            while piece := source.read(PIECE_BYTES):
                hashed.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        place = self._lasting_place(hashed.hexdigest())
        temporary.replace(place)  # the same bytes, where they are there already
        _sync(place.parent)
        return hashed.hexdigest()

    def _lasting_place(self, digest: str) -> Path:
        place = self._archive / digest[:2] / digest
        if place.parent.name not in self._lasting:
            place.parent.mkdir(exist_ok=True)
            _sync(self._archive)
            self._lasting.add(place.parent.name)
        return place

    def archived(self, digest: str) -> bytes | None:
        """The bytes with that digest."""
        return _read(self._archive / digest[:2] / digest)

    def opened(self, digest: str) -> BinaryIO | None:
        """The same, to be read piece by piece."""
        try:
            return (self._archive / digest[:2] / digest).open("rb")
        except FileNotFoundError:
            return None


def _shown(name: str) -> str:
    """A file's name as text; bytes that are no UTF-8 are written as escapes, because a database takes no such name."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


_OBSTACLES = ((stat.S_ISLNK, "a symbolic link"), (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"))


def _arrival(name: str, status: os.stat_result) -> Arrival:
    if stat.S_ISREG(status.st_mode):
        return Arrival(name, status.st_size, status.st_mtime_ns)
    obstacle = next((what for is_such, what in _OBSTACLES if is_such(status.st_mode)), "a device or socket")
    return Arrival(name, 0, 0, obstacle)


class NoFile(OSError):
    """A link, a pipe or a folder took the place of a file since the folder was listed."""


def _opened_regular(place: Path) -> BinaryIO:
    """A file to read: no link is followed, and nobody is waited for who might write into a pipe."""
    handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NoFile(place.name)
    return os.fdopen(handle, "rb")


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None


def _write(place: Path, data: bytes, places: Sequence[Failpoint] = ()) -> None:
    """``places`` are reached after the write, the sync and the rename."""
    after = [each.reached for each in places] or [_nothing] * 3
    temporary = place.with_name(f".{place.name}.{os.getpid()}-{threading.get_native_id()}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        after[0]()
        os.fsync(file.fileno())
    after[1]()
    temporary.rename(place)
    after[2]()
    _sync(place.parent)


def _sync(folder: Path) -> None:
    """What a folder lists is on disk: without it a file, or a folder in it, may be gone after a power failure, however well it was written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _nothing() -> None:
    """Where no failpoint is."""
