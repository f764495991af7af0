"""linuxforhealth-x12: every set as Pydantic models (version 1 of Pydantic), one after another, none kept."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from linuxforhealth.x12.io import X12ModelReader
from measuring import asked_for, measure

if TYPE_CHECKING:
    from pathlib import Path


def models(path: Path) -> str:
    """The models of the whole file."""
    with X12ModelReader(str(path)) as reader:
        return f"{sum(1 for _ in reader.models())} models"


if __name__ == "__main__":
    measure(asked_for(__doc__, "models"), "linuxforhealth-x12", version("linuxforhealth-x12"), models)
