"""Codes that others keep lists of, asked by date through a small port (SNIP 5).

The library knows only what a code must look like, the states and the countries; a fuller port (`claimstream_codesets`
fills one) says whether a code was in force on a day. Lists that change several times a year (CARC, RARC, status codes,
taxonomies) warn about an unknown code and never reject (pyx12 issue 64).
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Protocol

from claimstream_x12.code_lists.places import COUNTRIES, CURRENCIES, STATES


class Standing(StrEnum):
    """What is known of a code on a day."""

    VALID = "valid"
    INVALID = "invalid"
    UNCHECKED = "unchecked"


class CodeSets(Protocol):
    """Where codes are looked up; a code set is named as the guides' tables name it: icd10cm, procedure, carc and so on."""

    def standing(self, code_set: str, code: str, on: date | None) -> Standing:
        """Whether a code was in force on a day; unchecked where the list or the day is not known."""
        ...


_SHAPES = {
    "icd10cm": re.compile(r"[A-Z][0-9][0-9AB][0-9A-Z]{0,4}"),
    "icd10pcs": re.compile(r"[0-9A-HJ-NP-Z]{7}"),
    "procedure": re.compile(r"[0-9]{4}[0-9AFMTU]|[A-V][0-9]{4}"),
    "ndc": re.compile(r"[0-9]{11}"),
    "pos": re.compile(r"[0-9]{2}"),
    "taxonomy": re.compile(r"[0-9A-Z]{10}"),
    "revenue": re.compile(r"0?[0-9]{3}"),
    "carc": re.compile(r"[A-Z]{0,2}[0-9]{1,3}"),
    "rarc": re.compile(r"[A-Z]{1,2}[0-9]{1,3}"),
    "status": re.compile(r"[0-9]{1,3}"),
    "status_category": re.compile(r"[A-Z][0-9]{0,2}"),
}
_SINCE_2015 = frozenset({"icd10cm", "icd10pcs"})
_ICD10 = date(2015, 10, 1)
_LISTS = {"state": STATES, "country": COUNTRIES, "currency": CURRENCIES}


class ShapesOnly:
    """The port that needs no data: a code that cannot be one is invalid, every other is unchecked."""

    def standing(self, code_set: str, code: str, on: date | None) -> Standing:
        """Invalid when the code has not the shape of its list."""
        if code_set in _SINCE_2015 and on is not None and on < _ICD10:
            return Standing.UNCHECKED
        known = _LISTS.get(code_set)
        if known is not None:
            return Standing.VALID if code in known else Standing.INVALID
        shape = _SHAPES.get(code_set)
        if shape is not None and not shape.fullmatch(code):
            return Standing.INVALID
        return Standing.UNCHECKED


_ICD9 = ("BF", "BJ", "BK", "BN", "BQ", "BR", "PR")
_BY_QUALIFIER = {
    **{("icd10cm", qualifier): "icd9cm" for qualifier in _ICD9},
    **{("icd10pcs", qualifier): "icd9pcs" for qualifier in _ICD9},
    ("icd10cm", "TQ"): "other",
    ("icd10pcs", "CAH"): "other",
    ("procedure", "AD"): "cdt",
    ("procedure", "ER"): "other",
    ("procedure", "HP"): "hipps",
    ("procedure", "IV"): "other",
    ("procedure", "N4"): "ndc",
    ("procedure", "N6"): "other",
    ("procedure", "NU"): "revenue",
    ("procedure", "RB"): "revenue",
    ("procedure", "UI"): "other",
    ("procedure", "WK"): "other",
}


def list_of(external: str, qualifier: str) -> str:
    """The list that a code is from, where a qualifier before it chooses: BK is ICD-9, ABK is ICD-10."""
    return _BY_QUALIFIER.get((external, qualifier), external)


WARNS = frozenset({"carc", "rarc", "status", "status_category", "entity", "taxonomy", "revenue", "drg", "hipps", "cdt"})
"""Lists whose unknown codes are told of and taken."""
