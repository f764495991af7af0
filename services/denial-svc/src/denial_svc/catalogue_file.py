"""``playbooks/catalogue.toml`` to ``domain/catalogue.py``."""

import tomllib
from pathlib import Path

from .domain.catalogue import Catalogue, Cause


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue of a file.

    Raises:
        TypeError: a row lacks cause, scenario or route, or has something else.
    """
    written = tomllib.loads(path.read_text())
    return Catalogue(
        by_carc={code: Cause(**row) for code, row in written["carc"].items()},
        by_remark={code: Cause(**row) for code, row in written["remark"].items()},
    )
