"""Invented people. Each name, street and member number (but Medicare's) holds the run's canary, so that one search finds any that leaked."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

CANARY = "zqvane"
"""In no dictionary, no code set and no control number; whoever finds it in a log has found patient data."""

_LETTERS = "bcdfghklmnprstvw"
_STEMS = (
    "Abren", "Balto", "Cordi", "Dunmo", "Elswi", "Farro", "Galden", "Hesti", "Ilvar", "Jorun", "Kelde", "Lorim", "Mirsa", "Norvel",
    "Oster", "Pellin", "Quori", "Rusken", "Saltre", "Tervin", "Ulber", "Vosker", "Wendle", "Yarrin", "Zolde", "Ñandé", "Bröste",
    "O'Fal", "Saint-Mor", "Déva",
)  # fmt: skip
_FIRST = (
    "Alder", "Brin", "Cato", "Dree", "Emlyn", "Fenna", "Gale", "Hollis", "Indra", "Jory", "Kit", "Lark", "Merrin", "Nevis", "Oriel",
    "Perrin", "Quill", "Rowan", "Sorrel", "Tamsin", "Umber", "Vesper", "Wren", "Yarrow", "Zinnia", "Zoë", "Åse",
)  # fmt: skip
_STREETS = ("Lane", "Street", "Court", "Road", "Way", "Terrace", "Hill")
_BIRTH_DAYS = 28
_DIGITS, _CAPITALS = "0123456789", "ACDEFGHJKMNPQRTUVWXY"
_MBI = (_CAPITALS, _DIGITS, _DIGITS, _CAPITALS, _DIGITS, _DIGITS, _CAPITALS, _CAPITALS, _DIGITS, _DIGITS)
"""The places of a Medicare number after its first."""


def canary(seed: int) -> str:
    """The marker of one run, in lower case; search without regard to case, for X12 is written in capitals."""
    digest = hashlib.sha256(f"canary {seed}".encode()).digest()
    return CANARY + "".join(_LETTERS[byte % 16] for byte in digest[:4])


@dataclass(frozen=True)
class Person:
    """Somebody who does not exist."""

    last: str
    first: str
    relative: str
    street: str
    number: int
    younger_by: int

    def born(self, real: date) -> bytes:
        """A birth date near the real one, so that rules by age decide alike."""
        return (real - timedelta(self.younger_by)).isoformat().encode()

    def medicare_number(self, coverage: int) -> bytes:
        """An invented Medicare number in the form of an MBI, which has no room for the canary."""
        rest, made = self.number, f"{coverage}"
        for characters in _MBI:
            rest, place = divmod(rest, len(characters))
            made += characters[place]
        return made.encode()


def person(mark: str, number: int) -> Person:
    """The person with this number in a run with this canary."""
    return Person(
        last=_STEMS[number % len(_STEMS)] + mark,
        first=_FIRST[number // 7 % len(_FIRST)],
        relative=_FIRST[(number // 11 + 5) % len(_FIRST)],
        street=f"{number % 9973 + 1} {mark.capitalize()} {_STREETS[number % len(_STREETS)]}",
        number=number,
        younger_by=number // 3 % _BIRTH_DAYS,
    )
