"""What intake acknowledged, on disk before anything else is asked: the yardstick of «nothing lost».

A line is written and fsynced for each encounter of a 202, all lines of an answer at once. A line that a crash tore is no promise:
its answer was not noted, and the next reading leaves it out.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson


@dataclass(frozen=True)
class Acknowledged:
    """One encounter that intake promised to keep."""

    at: str
    practice: str
    source_system: str
    encounter_id: str
    """The EHR's own."""
    id: str
    """Ours, from the 202."""
    version: int
    status: int = 202


class Journal:
    """An append-only file of acknowledged encounters."""

    def __init__(self, path: Path) -> None:
        """Open it, or go on with it; a torn last line is ended, so that the next one stands alone."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            self._write(b"\n")
        _sync_folder(path.parent)

    def add(self, entries: Iterable[Acknowledged]) -> None:
        """Write the encounters of one answer; they are on disk when this returns."""
        self._write(b"".join(orjson.dumps(asdict(entry), option=orjson.OPT_APPEND_NEWLINE) for entry in entries))

    def _write(self, content: bytes) -> None:
        while content:
            content = content[os.write(self._file, content) :]
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_journal(path: Path) -> Iterator[Acknowledged]:
    """Yield what was acknowledged, in the order of the answers; torn lines are left out."""
    with path.open("rb") as file:
        for line in file:
            try:
                facts = orjson.loads(line)
            except orjson.JSONDecodeError:
                continue
            if line.endswith(b"\n"):
                yield Acknowledged(**facts)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
