"""pyx12: `validate` checks a file and writes its 999; `segments` only reads the segments and checks the envelope."""

from __future__ import annotations

import io
import logging
from importlib.metadata import version
from typing import TYPE_CHECKING

from measuring import asked_for, measure
from pyx12 import params, x12file, x12n_document

if TYPE_CHECKING:
    from pathlib import Path


def validate(path: Path) -> str:
    """The whole check, with the 999 that it answers."""
    acknowledgment = io.StringIO()
    valid = x12n_document.x12n_document(params.params(), str(path), acknowledgment, None)
    return f"{'valid' if valid else 'invalid'}, a 999 of {len(acknowledgment.getvalue())} characters"


def segments(path: Path) -> str:
    """Every segment, none kept."""
    return f"{sum(1 for _ in x12file.X12Reader(str(path)))} segments"


if __name__ == "__main__":
    logging.getLogger("pyx12").setLevel(logging.CRITICAL + 1)
    asked = asked_for(__doc__, "validate", "segments")
    measure(asked, "pyx12", version("pyx12"), validate if asked.what == "validate" else segments)
