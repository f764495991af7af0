"""The port of a mailbox. Its methods block: callers run them in a thread."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class Arrival:
    """An inbound file under its final name; a file that changed is another arrival."""

    name: str
    size: int
    changed_ns: int
    obstacle: str | None = field(default=None, compare=False)
    """What it is, if no file; such has neither size nor time, so that it is another arrival only when a file takes its place."""


def nothing(_name: str) -> bool:
    """No name is left out."""
    return False


class Mailbox(Protocol):
    """Files out, files in, and the archive of both."""

    def sent(self, name: str) -> bytes | None:
        """The bytes of the outbound file with that name, if it is there."""

    def send(self, name: str, data: bytes) -> None:
        """Make an outbound file appear whole under its name, durable before this returns."""

    def arrivals(self, *, but: Callable[[str], bool] = nothing) -> list[Arrival]:
        """The inbound files, in the order in which they changed; none under a temporary name, none whose name is among ``but``."""

    def receive(self, name: str) -> bytes:
        """The bytes of an inbound file.

        Raises FileNotFoundError when it was taken away, another OSError where it is no file, or none that we may read.
        """

    def archive(self, digest: str, data: bytes) -> None:
        """Keep a file's bytes under their SHA-256; nothing is written when they are there already."""

    def keep(self, name: str) -> str:
        """Put an inbound file into the archive piece by piece, however large it is; its SHA-256. Raises as `receive`."""

    def archived(self, digest: str) -> bytes | None:
        """The bytes with that digest."""

    def opened(self, digest: str) -> BinaryIO | None:
        """The same, to be read piece by piece."""
