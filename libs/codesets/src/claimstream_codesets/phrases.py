"""A phrase is one wording under which the code set names a code, split in words it needs and words it allows.

ICD-10-CM writes allowed words in round brackets: «Pharyngitis (acute) (viral)» is still J02.9 for a viral one.
"""

import re
from dataclasses import dataclass

from .words import stems

_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording of one code."""

    code: str
    needed: tuple[str, ...]
    allowed: tuple[str, ...]
    text: str
    source: str

    @property
    def key(self) -> str:
        """The needed stems in a fixed order: what an exact match is looked up by."""
        return key_of(self.needed)


def key_of(needed: tuple[str, ...] | frozenset[str]) -> str:
    """Stems as one string, the order of the words left out."""
    return " ".join(sorted(set(needed)))


def phrase(code: str, text: str, source: str, *, allowed: str = "") -> Phrase | None:
    """The phrase that ``text`` is; None where nothing telling is left of it."""
    bracketed = " ".join(_BRACKETED.findall(text))
    needed = stems(_BRACKETED.sub(" ", text))
    if not needed:
        return None
    extra = tuple(stem for stem in stems(f"{bracketed} {allowed}") if stem not in needed)
    return Phrase(code, needed, extra, text, source)
