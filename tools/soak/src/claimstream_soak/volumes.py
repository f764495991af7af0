"""A file system of its own for a folder, so that it can be full while the machine's is not."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claimstream_local_servers.places import closed_folder

FILLER = "filler"
MKFS = "mkfs.ext4"
PIECE = 1 << 20


class Volume:
    """A folder on an ext4 image, which takes room on the disk only as it is filled."""

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        """Nothing is mounted yet."""
        self._folder = folder
        self._image = folder.with_name(f"{folder.name}.ext4")
        self._megabytes = megabytes

    @staticmethod
    def is_possible() -> bool:
        """Whether we may mount."""
        return os.geteuid() == 0 and shutil.which(MKFS) is not None

    def mount(self) -> None:
        """Make the image anew and mount it."""
        closed_folder(self._folder)
        with self._image.open("wb") as file:
            file.truncate(self._megabytes << 20)
        # Without reserved blocks root finds it as full as anybody does.
        _do(MKFS, "-q", "-F", "-m", "0", str(self._image))
        _do("mount", "-o", "loop", str(self._image), str(self._folder))
        shutil.rmtree(self._folder / "lost+found")

    def unmount(self) -> None:
        """Take it away; what lies in it stays in the image."""
        if self._folder.is_mount():
            _do("umount", "--lazy", str(self._folder))

    def remove(self) -> None:
        """Take it away, with all that lies in it; nothing to do when it is not there."""
        self.unmount()
        self._image.unlink(missing_ok=True)

    @contextmanager
    def full(self) -> Iterator[None]:
        """Leave no byte free for a while."""
        filler = self._folder / FILLER
        try:
            with filler.open("wb", buffering=0) as file:
                _fill(file.fileno())
            yield
        finally:
            filler.unlink(missing_ok=True)


def _fill(file: int) -> None:
    """Take all that is free: as one piece, then in smaller ones, for others write meanwhile."""
    size, piece = 0, os.fstatvfs(file).f_bavail * os.fstatvfs(file).f_frsize
    while piece >= os.fstatvfs(file).f_frsize:
        try:
            os.posix_fallocate(file, size, piece)
        except OSError:
            piece //= 2
        else:
            size += piece


def _do(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  a tool of the system
