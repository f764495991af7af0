"""Procedures by date of service: HCPCS Level II from the published list, CPT by its shape alone.

CPT belongs to the AMA and no CPT content is shipped: a number of the right shape is «unchecked».
"""

import re
import sqlite3
from datetime import date
from functools import lru_cache

from .validity import Standing, Validity

_HCPCS = re.compile(r"[A-VX-Z]\d{4}")
_CPT = re.compile(r"\d{4}[0-9FTUMA]")
_FIRST_LIST_FROM, _FIRST_LIST_TO = date(2024, 7, 1), date(2024, 9, 30)
_LAST_LIST_FROM, _LAST_LIST_TO = date(2026, 7, 1), date(2026, 9, 30)
_KEPT = 1 << 14


class Procedures:
    """HCPCS Level II and the shape of CPT."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Read from the built file."""
        self._database = database
        self._row = lru_cache(maxsize=_KEPT)(self._read)

    def validity(self, code: str, *, on: date) -> Validity:
        """Whether the code may be billed for a service on that day, as far as it can be told."""
        code = code.strip().upper()
        if _CPT.fullmatch(code):
            return Validity(Standing.UNCHECKED, "has the shape of a CPT number; no CPT list is loaded")
        if not _HCPCS.fullmatch(code):
            return Validity(Standing.INVALID, f"{code} has the shape of neither a HCPCS nor a CPT code")
        return self._hcpcs(code, on)

    def text(self, code: str) -> str | None:
        """CMS's short text of a HCPCS Level II code."""
        row = self._row(code.strip().upper())
        return str(row[0]) if row and row[0] else None

    def _hcpcs(self, code: str, on: date) -> Validity:  # noqa: PLR0911  one answer for each thing that can be known
        row = self._row(code)
        if row is None:
            return self._unknown(code, on)
        _, added, ended, _, in_last = row
        if ended and on > date.fromisoformat(ended):
            return Validity(Standing.INVALID, f"{code} ended on {ended}")
        if added and on < date.fromisoformat(added):
            return Validity(Standing.INVALID, f"{code} began on {added}")
        if on > _LAST_LIST_TO:
            return Validity(Standing.UNCHECKED, f"no HCPCS list is loaded for {on.isoformat()}")
        if added:
            return Validity(Standing.VALID, f"in HCPCS since {added}")
        if in_last and on >= _LAST_LIST_FROM:
            return Validity(Standing.VALID, "in the HCPCS list of 2026 Q3")
        return Validity(Standing.UNCHECKED, f"it is not known when {code} began")

    def _unknown(self, code: str, on: date) -> Validity:
        if _FIRST_LIST_FROM <= on <= _FIRST_LIST_TO or _LAST_LIST_FROM <= on <= _LAST_LIST_TO:
            return Validity(Standing.INVALID, f"{code} is not in the HCPCS list of that quarter")
        if _FIRST_LIST_TO < on < _LAST_LIST_FROM:
            return Validity(Standing.INVALID, f"{code} is in neither the HCPCS list before nor after {on.isoformat()}")
        return Validity(Standing.UNCHECKED, f"no HCPCS list is loaded for {on.isoformat()}")

    def _read(self, code: str) -> tuple[str, str, str, int, int] | None:
        sql = "select text, added, ended, in_2024, in_2026 from hcpcs where code = ?"
        row: tuple[str, str, str, int, int] | None = self._database.execute(sql, (code,)).fetchone()
        return row
