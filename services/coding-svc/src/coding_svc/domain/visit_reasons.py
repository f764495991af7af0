"""Visits whose kind alone says the diagnosis, as the ICD-10-CM guidelines have it (section I.C.21, chapter 21).

A check-up without a reason is a general examination; age decides between the adult's code and the child's.
"""

import re
from collections.abc import Iterable
from datetime import date

_CHECK_UP = re.compile(
    r"\bcheck[- ]?up\b|\bgeneral (?:medical )?examination\b|\bwell[- ](?:child|baby|adult)\b|\bannual (?:physical|exam|wellness)\b"
    r"|\bpreventive\b|\bwellness visit\b",
    re.IGNORECASE,
)
_POSTPARTUM = re.compile(r"\bpost(?:natal|partum) (?:visit|check|follow)", re.IGNORECASE)
_PRENATAL = re.compile(r"\b(?:prenatal|antenatal) (?:initial )?(?:visit|care)", re.IGNORECASE)
_VACCINATION = re.compile(r"\badministration of vaccine\b|\bimmuni[sz]ation\b|\bvaccination\b", re.IGNORECASE)
_FOLLOW_UP = re.compile(r"\bfollow[- ]?up\b|\bcheck[- ]?up\b|\bsubsequent\b|\baftercare\b", re.IGNORECASE)

VACCINATION = "Z23"
_NEWBORN_DAYS = 28
_FIRST_WEEK = 7
_ADULT = 18


def is_check_up(texts: Iterable[str]) -> bool:
    """Whether the visit is a general examination by its kind."""
    return any(_CHECK_UP.search(text) for text in texts)


def is_follow_up(texts: Iterable[str]) -> bool:
    """Whether an injury seen at this visit is past its first treatment."""
    return any(_FOLLOW_UP.search(text) for text in texts)


def reason_of(texts: Iterable[str], *, vaccinated: bool) -> str | None:
    """The diagnosis that the kind of visit says by itself, the general examination apart."""
    said = list(texts)
    if any(_POSTPARTUM.search(text) for text in said):
        return "Z392"
    if any(_PRENATAL.search(text) for text in said):
        return "Z3490"
    if any(_VACCINATION.search(text) for text in said) and vaccinated:
        return VACCINATION
    return None


def general_examination(born: date, on: date, *, abnormal: bool) -> str:
    """The code of a general examination: newborn, child or adult, with or without abnormal findings."""
    days = (on - born).days
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if days <= _FIRST_WEEK:
        return "Z00110"
    if days <= _NEWBORN_DAYS:
        return "Z00111"
    if years < _ADULT:
        return "Z00121" if abnormal else "Z00129"
    return "Z0001" if abnormal else "Z0000"


_BANDS = ((0, "under-1"), (4, "1-4"), (11, "5-11"), (17, "12-17"), (39, "18-39"), (64, "40-64"))


def preventive_band(years: int) -> str:
    """The age band by which preventive visits are charged."""
    return next((name for last, name in _BANDS if years <= last), "65-up")
