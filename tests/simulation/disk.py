"""A disk in memory that knows what is durable: a power loss takes back what was not synced, or leaves it torn.

Files keep their bytes only after ``fsync`` of the file, and names (made, renamed, removed) only after ``fsync`` of their folder.
`SimulatedPath` and `SimulatedOs` stand in for ``pathlib.Path`` and ``os`` under the gateway's own folder mailbox.
"""

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from types import SimpleNamespace

EXCHANGE = "/exchange"


@dataclass(eq=False)
class File:
    """A file: its bytes as everybody sees them, and as the disk has them (None: never synced)."""

    data: bytes = b""
    changed_ns: int = 0
    durable: bytes | None = None


@dataclass(eq=False)
class Folder:
    """A folder: its names as everybody sees them, and as the disk has them."""

    entries: dict[str, "File | Folder"] = field(default_factory=dict)
    durable: dict[str, "File | Folder"] = field(default_factory=dict)


class Disk:
    """The disk that the gateway and its partner share."""

    def __init__(self) -> None:
        """Empty."""
        self.root = Folder()
        self.ticks = 0
        self.drops = 0
        """Files that the other side has written."""
        self.appeared: list[tuple[str, bytes]] = []
        """Each time that a file took its final name in outbound/: name and bytes."""

    def tick(self) -> int:
        """The next moment of the file system's own clock."""
        self.ticks += 1
        return self.ticks

    def folder(self, path: str) -> Folder | None:
        """The folder with that path."""
        here: File | Folder | None = self.root
        for part in filter(None, path.split("/")):
            here = here.entries.get(part) if isinstance(here, Folder) else None
        return here if isinstance(here, Folder) else None

    def files(self, path: str) -> dict[str, File]:
        """The files of a folder by name, without those under a temporary name."""
        folder = self.folder(path)
        entries = folder.entries if folder else {}
        return {
            name: one for name, one in sorted(entries.items()) if isinstance(one, File) and not name.startswith(".")
        }

    def drop(self, path: str, name: str, data: bytes) -> None:
        """The other side writes a file, and sees to it that it lasts."""
        folder = self.folder(path)
        if folder is None:
            raise FileNotFoundError(path)
        self.drops += 1
        file = File(data, self.tick(), data)
        folder.entries[name] = folder.durable[name] = file

    def sync_all(self) -> None:
        """Some time passes: the system writes by itself what nobody synced."""
        _sync(self.root)

    def lose_power(self, random: Random) -> None:
        """What was not synced is lost, kept or torn, each by itself."""
        _lose(self.root, random)


def _sync(node: File | Folder) -> None:
    if isinstance(node, File):
        node.durable = node.data
        return
    node.durable = dict(node.entries)
    for each in node.entries.values():
        _sync(each)


def _lose(node: File | Folder, random: Random) -> None:
    if isinstance(node, File):
        if node.durable != node.data:
            torn = node.data[: random.randrange(len(node.data) + 1)]
            node.data = random.choice((node.durable or b"", torn, node.data))
        node.durable = node.data
        return
    for name in sorted(node.entries.keys() | node.durable.keys()):
        now, kept = node.entries.get(name), node.durable.get(name)
        if now is not kept and random.random() < 0.5:
            if kept is None:
                del node.entries[name]
            else:
                node.entries[name] = kept
    node.durable = dict(node.entries)
    for name in sorted(node.entries):
        _lose(node.entries[name], random)


class SimulatedPath:
    """As much of ``pathlib.Path`` as a mailbox uses."""

    def __init__(self, disk: Disk, path: str) -> None:
        """A path on a disk."""
        self.disk = disk
        self.path = path

    def __truediv__(self, name: object) -> "SimulatedPath":
        return SimulatedPath(self.disk, f"{self.path}/{name}")

    @property
    def name(self) -> str:
        """Its last part."""
        return self.path.rsplit("/", 1)[1]

    @property
    def parent(self) -> "SimulatedPath":
        """The folder it is in."""
        return SimulatedPath(self.disk, self.path.rsplit("/", 1)[0])

    def with_name(self, name: str) -> "SimulatedPath":
        """A neighbour."""
        return self.parent / name

    def _home(self) -> Folder:
        folder = self.disk.folder(self.parent.path)
        if folder is None:
            raise FileNotFoundError(self.parent.path)
        return folder

    def node(self) -> File | Folder | None:
        """What is there."""
        if not self.path:
            return self.disk.root
        folder = self.disk.folder(self.parent.path)
        return folder.entries.get(self.name) if folder else None

    def exists(self) -> bool:
        """Whether something is there."""
        return self.node() is not None

    def mkdir(self, *, parents: bool = False, exist_ok: bool = False) -> None:
        """Make a folder; like any new name, it lasts once the folder that it is in is synced."""
        if self.exists():
            if not exist_ok:
                raise FileExistsError(self.path)
            return
        if parents and self.disk.folder(self.parent.path) is None:
            self.parent.mkdir(parents=True, exist_ok=True)
        self._home().entries[self.name] = Folder()

    def read_bytes(self) -> bytes:
        """The bytes of a file."""
        node = self.node()
        if not isinstance(node, File):
            raise FileNotFoundError(self.path)
        return node.data

    def open(self, mode: str) -> "OpenFile":
        """A new file, or an old one emptied."""
        if mode != "wb":
            raise ValueError(mode)
        file = File(changed_ns=self.disk.tick())
        self._home().entries[self.name] = file
        return OpenFile(self.disk, file)

    def rename(self, target: "SimulatedPath") -> None:
        """The file takes another name, over whatever has it."""
        node = self._home().entries.pop(self.name)
        target._home().entries[target.name] = node
        if isinstance(node, File) and target.parent.name == "outbound":
            self.disk.appeared.append((target.name, node.data))

    def unlink(self, *, missing_ok: bool = False) -> None:
        """The name goes."""
        if self._home().entries.pop(self.name, None) is None and not missing_ok:
            raise FileNotFoundError(self.path)

    def glob(self, pattern: str) -> Iterator["SimulatedPath"]:
        """The names that fit."""
        folder = self.disk.folder(self.path)
        return iter([self / name for name in sorted(folder.entries if folder else ()) if fnmatchcase(name, pattern)])

    def iterdir(self) -> Iterator["SimulatedPath"]:
        """All names."""
        return self.glob("*")


class OpenFile(io.BytesIO):
    """A file being written: its bytes are seen after a flush, as those of a buffered file are."""

    def __init__(self, disk: Disk, file: File) -> None:
        """Empty so far."""
        super().__init__()
        self._disk = disk
        self.file = file

    def flush(self) -> None:
        """Hand the bytes to the system."""
        self.file.data, self.file.changed_ns = self.getvalue(), self._disk.tick()

    def fileno(self) -> int:
        """Its descriptor."""
        return Descriptors.give(self.file)

    def close(self) -> None:
        """Flush, then close."""
        if not self.closed:
            self.flush()
        super().close()


class Descriptors:
    """Numbers of open files and folders."""

    _given: dict[int, File | Folder] = {}  # noqa: RUF012  the process has one table

    @classmethod
    def give(cls, node: File | Folder) -> int:
        """A number for it."""
        number = 1000 + len(cls._given)
        cls._given[number] = node
        return number

    @classmethod
    def node(cls, number: int) -> File | Folder:
        """What has the number."""
        return cls._given[number]

    @classmethod
    def forget(cls) -> None:
        """A new schedule begins."""
        cls._given.clear()


class SimulatedOs:
    """As much of ``os`` as a mailbox uses."""

    O_RDONLY, O_NOFOLLOW, O_NONBLOCK = os.O_RDONLY, os.O_NOFOLLOW, os.O_NONBLOCK
    stat_result = os.stat_result
    fsencode = staticmethod(os.fsencode)
    process = 1
    """The number of the process that runs now: a restart has another."""

    @classmethod
    def getpid(cls) -> int:
        """Who asks."""
        return cls.process

    @staticmethod
    def open(path: SimulatedPath, flags: int) -> int:
        """Open a folder, to sync it, or a file to read it."""
        del flags
        node = path.node()
        if node is None:
            raise FileNotFoundError(path.path)
        return Descriptors.give(node)

    @staticmethod
    def fdopen(number: int, mode: str) -> io.BytesIO:
        """A file that is read."""
        if mode != "rb":
            raise ValueError(mode)
        node = Descriptors.node(number)
        return io.BytesIO(node.data if isinstance(node, File) else b"")

    @staticmethod
    def fstat(number: int) -> SimpleNamespace:
        """Whether it is a file."""
        return SimpleNamespace(st_mode=_mode(Descriptors.node(number)))

    @staticmethod
    def fsync(number: int) -> None:
        """A file's bytes, or a folder's names, last from now on."""
        node = Descriptors.node(number)
        if isinstance(node, File):
            node.durable = node.data
        else:
            node.durable = dict(node.entries)

    @staticmethod
    def close(number: int) -> None:
        """Nothing is held."""

    @staticmethod
    @contextmanager
    def scandir(path: SimulatedPath) -> Iterator[list[SimpleNamespace]]:
        """The entries of a folder."""
        folder = path.node()
        entries = folder.entries if isinstance(folder, Folder) else {}
        yield [_entry(name, node) for name, node in sorted(entries.items())]


def _entry(name: str, node: File | Folder) -> SimpleNamespace:
    size, changed = (len(node.data), node.changed_ns) if isinstance(node, File) else (0, 0)
    return SimpleNamespace(
        name=name,
        stat=lambda **_: SimpleNamespace(st_mode=_mode(node), st_size=size, st_mtime_ns=changed),
    )


def _mode(node: File | Folder) -> int:
    return stat.S_IFREG if isinstance(node, File) else stat.S_IFDIR
