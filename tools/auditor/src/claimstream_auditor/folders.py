"""Files on disk: the exchange, the journal, the anchors, the logs."""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from .evidence import Acknowledged, Anchor, Place

_UNFINISHED = (".part", ".tmp")


class DiskFolder:
    """A folder's files; those that are still being written are none yet."""

    def __init__(self, folder: Path) -> None:
        """It need not be there."""
        self._folder = folder
        self._odd: dict[str, Path] = {}
        """Files whose names are no UTF-8, by what the gateway calls them."""

    def names(self) -> Iterable[str]:
        """The names, sorted."""
        if not self._folder.is_dir():
            return
        for path in sorted(self._folder.iterdir()):
            shown = os.fsencode(path.name).decode("utf-8", "backslashreplace")
            if shown.startswith(".") or shown.endswith(_UNFINISHED) or not path.is_file():
                continue
            if shown != path.name:
                self._odd[shown] = path
            yield shown

    def read(self, name: str) -> bytes | None:
        """A file's bytes."""
        return _read(self._odd.get(name, self._folder / name))


class DiskArchive:
    """The gateway's archive: `aa/<digest>`."""

    def __init__(self, folder: Path) -> None:
        """It need not be there."""
        self._folder = folder

    def names(self) -> Iterable[str]:
        """The digests."""
        if self._folder.is_dir():
            yield from sorted(path.name for path in self._folder.glob("??/*") if not path.name.startswith("."))

    def read(self, name: str) -> bytes | None:
        """A file's bytes."""
        return _read(self._folder / name[:2] / name)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def read_journal(path: Path) -> Iterator[Acknowledged]:
    """The load generator's journal. A last line without its end was never acknowledged: it is left out."""
    with path.open("rb") as lines:
        for line in lines:
            if not line.endswith(b"\n"):
                return
            said = json.loads(line)
            if said["status"] in range(200, 300):
                yield Acknowledged(
                    said["practice"], said["source_system"], said["encounter_id"], str(said["id"]), said["version"]
                )


def read_places(path: Path) -> frozenset[Place]:
    """Records that were injected: a JSON object a line with topic, partition and offset."""
    with path.open("rb") as lines:
        said = [json.loads(line) for line in lines if line.strip()]
    return frozenset(Place(one["topic"], one["partition"], one["offset"]) for one in said)


def read_words(path: Path) -> list[bytes]:
    """Planted words, one a line."""
    return [line.strip() for line in path.read_bytes().splitlines() if line.strip()]


def read_anchor(folder: Path, service: str) -> Anchor | None:
    """What a service keeps outside its database; None when there is nothing."""
    if not folder.is_dir():
        return None
    keys = [path.read_bytes() for path in sorted(folder.glob("*.pub.pem"))]
    heads, aside = (_read(folder / f"{service}.heads{part}.jsonl") or b"" for part in ("", ".before-restore"))
    return Anchor(keys, heads, aside)


def read_logs(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every log, the older one that was cut off too."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_file():
                yield f"log {path.name}", path.read_bytes()
