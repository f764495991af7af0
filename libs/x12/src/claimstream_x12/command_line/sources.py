"""Files, gzipped files and standard input as one kind of stream."""

from __future__ import annotations

import gzip
import sys
import zlib
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

STANDARD_INPUT = "-"
_GZIP = b"\x1f\x8b"
OK, REJECTED, UNREADABLE = 0, 1, 2
"""Exit codes: all well, something is refused or no X12 was found, a file cannot be read."""


def each(names: Iterable[str], command: Callable[[str, BinaryIO], int]) -> int:
    """Run a command over each source and give the worst exit code; one that cannot be read stops no others."""
    worst = OK
    for name in names:
        try:
            with _opened(name) as stream:
                worst = max(worst, command(name, stream))
        except BrokenPipeError:
            raise
        except (OSError, EOFError, zlib.error) as broken:
            print(f"{name}: {_why(broken)}", file=sys.stderr)
            worst = UNREADABLE
    return worst


def nothing_in(name: str) -> int:
    """Say that a source holds no X12; the exit code for it."""
    print(f"{name}: no X12 was found in it", file=sys.stderr)
    return REJECTED


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """The bytes as a stream, unpacked when they are gzip."""
    if name == STANDARD_INPUT:
        yield _unpacked(BufferedReader(cast("BufferedReader", sys.stdin.buffer)))
        return
    with Path(name).open("rb") as stream:
        yield _unpacked(stream)


def _unpacked(stream: BufferedReader) -> BinaryIO:
    if stream.peek(len(_GZIP))[: len(_GZIP)] == _GZIP:
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    return stream


def _why(broken: BaseException) -> str:
    if isinstance(broken, OSError) and broken.strerror:
        return broken.strerror.lower()
    return "is not a whole gzip file"
