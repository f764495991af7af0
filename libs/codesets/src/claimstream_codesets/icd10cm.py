"""ICD-10-CM by date of service: is a code billable on a day, and which codes does a text stand for."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from .searching import Candidate, PhraseSearch, confident
from .validity import Edition, Standing, Validity

FIRST_DAY = date(2015, 10, 1)
"""From this day on US claims carry ICD-10-CM; before it they carried ICD-9-CM (45 CFR 162.1002)."""

_FY2025 = Edition("FY2025", date(2024, 10, 1), date(2025, 9, 30))
_FY2026 = Edition("FY2026", date(2025, 10, 1), date(2026, 9, 30))
EDITIONS = (_FY2025, _FY2026)
_CATEGORY = 3
_KEPT = 1 << 16


class Icd10Cm:
    """The ICD-10-CM editions that are loaded. Codes are taken with or without their dot."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Read from the built file."""
        self._database = database
        self._search = PhraseSearch(database)
        self._row = lru_cache(maxsize=_KEPT)(self._read)

    def validity(self, code: str, *, on: date) -> Validity:
        """Whether the code may be billed for a service on that day."""
        if on < FIRST_DAY:
            return Validity(Standing.UNCHECKED, f"ICD-10-CM was not in force before {FIRST_DAY.isoformat()}")
        edition = next((edition for edition in EDITIONS if edition.covers(on)), None)
        if edition is None:
            return Validity(Standing.UNCHECKED, f"no ICD-10-CM list is loaded for {on.isoformat()}")
        billable = self._row(bare(code))[edition.name]
        if billable is None:
            return Validity(Standing.INVALID, f"{dotted(code)} is not in ICD-10-CM {edition.name}")
        if not billable:
            return Validity(
                Standing.NOT_BILLABLE, f"{dotted(code)} has more specific codes in ICD-10-CM {edition.name}"
            )
        return Validity(Standing.VALID, f"billable in ICD-10-CM {edition.name}")

    def in_force(self, on: date) -> bool:
        """Whether claims for that day carry ICD-10-CM at all."""
        return on >= FIRST_DAY

    def edition(self, on: date) -> str | None:
        """The name of the edition that speaks for that day, e.g. ``FY2026``."""
        return next((edition.name for edition in EDITIONS if edition.covers(on)), None)

    def text(self, code: str) -> str | None:
        """The official text of a code of the newest edition."""
        return str(self._row(bare(code))["text"] or "") or None

    def search(self, text: str, *, on: date, episode: str = "initial", most: int = 10) -> tuple[Candidate, ...]:
        """Codes for a text, best first; only codes that are billable on that day.

        ``episode`` is «initial» or «subsequent»: it picks the seventh character of an injury.
        """
        found = self._search.candidates(text, episode)
        standing = (candidate for candidate in found if self.validity(candidate.code, on=on).standing is Standing.VALID)
        return tuple(candidate for candidate, _ in zip(standing, range(most), strict=False))

    def propose(self, text: str, *, on: date, episode: str = "initial") -> Candidate | None:
        """The one code that the text surely stands for on that day; None where a person must decide."""
        return confident(self.search(text, on=on, episode=episode))

    def _read(self, code: str) -> Mapping[str, object]:
        sql = "select text, in_2025, in_2026 from icd10cm where code = ?"
        text, in_2025, in_2026 = self._database.execute(sql, (code,)).fetchone() or ("", None, None)
        return {"text": text, _FY2025.name: in_2025, _FY2026.name: in_2026}


def bare(code: str) -> str:
    """A code as claims carry it: upper case, no dot."""
    return code.strip().upper().replace(".", "")


def dotted(code: str) -> str:
    """A code as people write it."""
    plain = bare(code)
    return f"{plain[:_CATEGORY]}.{plain[_CATEGORY:]}" if len(plain) > _CATEGORY else plain
