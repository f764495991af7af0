"""Codes that cannot both be true of one visit: one says «with» and the other «without» the same thing on the same side and site."""

import re
from collections.abc import Callable, Collection, Sequence

_WITH = re.compile(r"\b(with|without)\b(?! mention)", re.IGNORECASE)
_COMPLICATIONS = re.compile(r"complications?$", re.IGNORECASE)
_ENCOUNTER = re.compile(r",? (?:initial|subsequent) encounter.*$|, sequela$", re.IGNORECASE)
_SITE = re.compile(r"\b(?:of|in|at) (?:the )?\w")
_UNSPECIFIED_INJURY = "T148"
_INJURIES = tuple("ST")
_LAST_INJURY_BLOCK = 34
"""S00 to T34 name injuries of a site; what follows are poisonings and other effects, which say nothing of a site."""

Text = Callable[[str], str | None]


def without_contradictions(codes: Sequence[str], made: Collection[str], text: Text) -> set[str]:
    """The codes without those of ``made`` (by the encoder) that contradict another one or say less than it.

    Of two that the encoder made, the one that says «with» stays: the record tells of it somewhere.
    """
    said = {code: text(code) or "" for code in codes}
    left = set(codes)
    for code in dict.fromkeys(codes):
        for other in codes:
            if code == other or code not in left or other not in left:
                continue
            if _contradict(said[code], said[other]):
                left.discard(_giving_way(code, other, said, made))
    if any(_is_specific_injury(code) for code in left):
        left -= {code for code in made if code.startswith(_UNSPECIFIED_INJURY)}
    return left


def _giving_way(code: str, other: str, said: dict[str, str], made: Collection[str]) -> str | None:
    if code in made and other in made:
        return code if _first_word(said[code]) == "without" else other
    return next((each for each in (code, other) if each in made), None)


def _contradict(one: str, other: str) -> bool:
    return any(
        mine[1] != theirs[1] and mine[0] == theirs[0] and _same_thing(*_thing_first(mine, theirs))
        for mine in _splits(one)
        for theirs in _splits(other)
    )


def _splits(text: str) -> list[tuple[str, str, str]]:
    """What stands before a «with» or «without», the word, and what comes after it, for each of them."""
    plain = _ENCOUNTER.sub("", text).lower()
    return [(plain[: m.start()].strip(" ,"), m[1], plain[m.end() :].strip()) for m in _WITH.finditer(plain)]


def _first_word(text: str) -> str | None:
    match = _WITH.search(text)
    return match[1].lower() if match else None


def _thing_first(mine: tuple[str, str, str], theirs: tuple[str, str, str]) -> tuple[str, str]:
    """The thing that is absent, and the thing that is there."""
    return (mine[2], theirs[2]) if mine[1] == "without" else (theirs[2], mine[2])


def _same_thing(absent: str, present: str) -> bool:
    """«Without complications» denies every one; else the same words, the site among them, to which more may be added."""
    if _COMPLICATIONS.search(absent) and not _SITE.search(present):
        return True
    return absent == present or present.startswith(absent + " ")


def _is_specific_injury(code: str) -> bool:
    if not code.startswith(_INJURIES) or code.startswith("T14"):
        return False
    return code[0] == "S" or (code[1:3].isdigit() and int(code[1:3]) <= _LAST_INJURY_BLOCK)
