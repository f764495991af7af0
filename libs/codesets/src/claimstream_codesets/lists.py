"""The small lists: adjustment and remark codes, claim status, places of service, revenue codes and the like.

Most are bare codes: their official texts belong to X12, the AHA or the AMA, and are not shipped.
"""

import sqlite3
from collections.abc import Mapping
from datetime import date

from .validity import NEVER

Span = tuple[date, date, str]


class Lists:
    """Small lists held in memory: a code's first and last day, and its text where it may be shipped."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Read from the built file."""
        self._lists: dict[str, dict[str, Span]] = {}
        for name, code, first, last, text in database.execute("select list, code, first, last, text from listed"):
            span = (date.fromisoformat(first), date.fromisoformat(last), text)
            self._lists.setdefault(name, {})[code] = span

    def is_carc(self, code: str, *, on: date) -> bool:
        """Whether it is a claim adjustment reason code on that day. An unknown one is a warning, never a refusal."""
        return self._listed("carc", code, on)

    def is_rarc(self, code: str, *, on: date) -> bool:
        """Whether it is a remittance advice remark code on that day."""
        return self._listed("rarc", code, on)

    def is_group_code(self, code: str) -> bool:
        """Whether it is one of CO, OA, PI, PR, CR."""
        return self._listed("group", code, NEVER)

    def is_status_category(self, code: str) -> bool:
        """Whether it is a 277 claim status category, e.g. A2."""
        return self._listed("claim_status_cat", code, NEVER)

    def is_status(self, code: str) -> bool:
        """Whether it is a 277 claim status code, e.g. 20."""
        return self._listed("claim_status", code, NEVER)

    def is_place_of_service(self, code: str) -> bool:
        """Whether it is an assigned place of service."""
        return self._listed("place_of_service", code, NEVER)

    def place_of_service(self, code: str) -> str | None:
        """CMS's name of a place of service."""
        span = self._lists["place_of_service"].get(code)
        return span[2] if span else None

    def is_taxonomy(self, code: str) -> bool:
        """Whether it is a NUCC provider taxonomy code."""
        return self._listed("taxonomy", code, NEVER)

    def is_revenue_code(self, code: str) -> bool:
        """Whether it is a four-digit revenue code."""
        return self._listed("revenue", code, NEVER)

    def is_discharge_status(self, code: str) -> bool:
        """Whether it is a patient discharge status."""
        return self._listed("discharge_status", code, NEVER)

    def is_admission_type(self, code: str) -> bool:
        """Whether it is a priority of admission."""
        return self._listed("admission_type", code, NEVER)

    def is_admission_source(self, code: str) -> bool:
        """Whether it is a point of origin of an admission."""
        return self._listed("admission_source", code, NEVER)

    def is_modifier(self, code: str) -> bool:
        """Whether it is a known procedure modifier."""
        return self._listed("modifier", code, NEVER)

    def codes(self, name: str) -> Mapping[str, Span]:
        """A whole list by its name, ``carc``, ``rarc`` or ``place_of_service`` for instance."""
        return self._lists[name]

    def _listed(self, name: str, code: str, on: date) -> bool:
        span = self._lists[name].get(code)
        return span is not None and span[0] <= on <= span[1]
