"""Finding the codes that a text stands for.

Two ways, one score. A wording whose needed words are all in the text is found by their key, for each small subset of
the text's words; anything near it is found by the full-text index. The score weighs rare words more and is 1 exactly
when the text says all that the wording needs and nothing that the wording does not allow.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from .phrases import key_of
from .words import stems

_MOST_WORDS = 8
_LONGEST_KEY = 5
_NEAREST = 60
_KEPT = 1 << 12
SURE = 0.9
AHEAD = 0.1
_UNKNOWN_WEIGHT = 12.0
_COLUMNS = "needed, allowed, text, source, named, initial, subsequent"
_EPISODES = {"initial": 5, "subsequent": 6}

Row = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that a text may stand for. ``score`` is 1.0 when wording and text agree word for word."""

    code: str
    score: float
    matched: str
    source: str
    completed: bool
    """True when the wording names a shorter code, and the unspecified child stands in for it."""
    weight: float
    """How much of the text the wording needed rather than merely allowed: of two equal scores the heavier is meant."""

    @property
    def rank(self) -> tuple[float, float, bool, str]:
        """The order of candidates: smallest first."""
        return (-self.score, -self.weight, self.completed, self.code)


def confident(candidates: tuple[Candidate, ...]) -> Candidate | None:
    """The candidate that may stand without a person's look; None where there is none or two are as good.

    A wording that agrees word for word stands unless another code's wording agrees as well and needed as much of the
    text; a near one stands only when it is clearly ahead of the next.
    """
    if not candidates or candidates[0].score < SURE:
        return None
    first, *others = candidates
    if not others or others[0].rank[:2] == first.rank[:2]:
        return None if others else first
    if first.score < 1.0 and first.score - others[0].score < AHEAD:
        return None
    return first


class PhraseSearch:
    """Search over the wordings of one code set."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Read from the built file."""
        self._database = database
        self._weights: dict[str, float] = dict(database.execute("select stem, weight from word"))
        self.candidates = lru_cache(maxsize=_KEPT)(self._candidates)

    def _candidates(self, text: str, episode: str) -> tuple[Candidate, ...]:
        asked = frozenset(stems(text))
        if not asked:
            return ()
        best: dict[str, Candidate] = {}
        for row in (*self._exact(asked), *self._near(asked)):
            code = row[_EPISODES[episode]]
            score, weight = self._score(asked, row)
            found = Candidate(code, round(score, 4), row[2], row[3], code != row[4], round(weight, 4))
            if code and score > 0 and (code not in best or found.rank < best[code].rank):
                best[code] = found
        return tuple(sorted(best.values(), key=lambda candidate: candidate.rank))

    def _exact(self, asked: frozenset[str]) -> Iterator[Row]:
        rarest = sorted(asked, key=self._weight, reverse=True)[:_MOST_WORDS]
        sizes = range(1, min(len(rarest), _LONGEST_KEY) + 1)
        keys = {key_of(subset) for size in sizes for subset in combinations(rarest, size)} | {key_of(asked)}
        for some in _chunks(sorted(keys), 200):
            marks = ",".join("?" * len(some))
            yield from self._database.execute(f"select {_COLUMNS} from phrase where key in ({marks})", some)  # noqa: S608

    def _near(self, asked: frozenset[str]) -> Iterable[Row]:
        known = [stem for stem in asked if stem in self._weights]
        if not known:
            return ()
        sql = (
            f"select {_COLUMNS} from phrase where id in "  # noqa: S608  only column names
            "(select rowid from phrase_words where phrase_words match ? order by rank limit ?)"
        )
        return self._database.execute(sql, (" OR ".join(f'"{stem}"' for stem in known), _NEAREST)).fetchall()

    def _score(self, asked: frozenset[str], row: Row) -> tuple[float, float]:
        needed, allowed = frozenset(row[0].split()), frozenset(row[1].split())
        shared = self._sum(asked & needed)
        if shared == 0:
            return 0.0, 0.0
        said = shared / self._sum(needed)
        heard = (shared + self._sum(asked & allowed)) / self._sum(asked)
        return 2 * said * heard / (said + heard), shared

    def _sum(self, words: Iterable[str]) -> float:
        return sum(self._weight(word) for word in words)

    def _weight(self, stem: str) -> float:
        return self._weights.get(stem, _UNKNOWN_WEIGHT)


def _chunks(keys: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]
