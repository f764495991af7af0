"""All code sets behind one open file."""

import sqlite3
from datetime import date
from functools import cache
from pathlib import Path

from .coverage import CoveragePolicies
from .icd10cm import Icd10Cm
from .lists import Lists
from .locating import built_file
from .procedures import Procedures


class CodeSets:
    """The built file, open for reading; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        """Open ``file``; nothing is ever written to it."""
        self.file = file
        self._database = sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self.icd10cm = Icd10Cm(self._database)
        self.procedures = Procedures(self._database)
        self.lists = Lists(self._database)
        self.coverage = CoveragePolicies(self._database)

    def versions(self, on: date) -> dict[str, str]:
        """Which edition of each code set speaks for that day; «unchecked» where none does."""
        return {"icd10cm": self.icd10cm.edition(on) or "unchecked", "hcpcs": "2026Q3", "cpt": "unchecked"}

    def close(self) -> None:
        """Close the file."""
        self._database.close()


@cache
def open_code_sets() -> CodeSets:
    """The code sets of this installation, opened once for the process and built first where they are missing."""
    return CodeSets(built_file())
