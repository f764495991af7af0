"""oxedi, for the 835 alone: `whole` holds the file and its tables, `stream` a transaction at a time; both validate."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import oxedi
from measuring import asked_for, measure

if TYPE_CHECKING:
    from pathlib import Path


def whole(path: Path) -> str:
    """Parse, check and project the whole file."""
    parsed = oxedi.parse(path.read_bytes())
    return f"{parsed.count_claims()} claims, {len(parsed.diagnostics)} diagnostics"


def stream(path: Path) -> str:
    """The same, a transaction at a time."""
    batches = diagnostics = 0
    for batch in oxedi.stream(path.read_bytes()):
        batches += 1
        diagnostics += len(batch.diagnostics)
    return f"{batches} batches, {diagnostics} diagnostics"


if __name__ == "__main__":
    asked = asked_for(__doc__, "whole", "stream")
    measure(asked, "oxedi", version("oxedi"), whole if asked.what == "whole" else stream)
