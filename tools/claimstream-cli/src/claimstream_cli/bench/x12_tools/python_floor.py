"""What Python itself takes for the splitting that no reader in Python can do without; nothing is checked.

`segments` is one `bytes.split`; `elements` splits each segment again and keeps none.
"""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from measuring import asked_for, measure

if TYPE_CHECKING:
    from pathlib import Path


def split_segments(path: Path) -> str:
    """One split over the whole file."""
    return f"{len(path.read_bytes().split(b'~'))} segments"


def split_elements(path: Path) -> str:
    """A split for each segment as well; each list is dropped at once."""
    elements = 0
    for segment in path.read_bytes().split(b"~"):
        elements += len(segment.split(b"*"))
    return f"{elements} elements"


if __name__ == "__main__":
    asked = asked_for(__doc__, "elements", "segments")
    measure(asked, "python", platform.python_version(), split_elements if asked.what == "elements" else split_segments)
