"""The alphabetic index and the neoplasm table as phrases, with «see» followed to the code it stands for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .phrases import Phrase, phrase
from .words import stems

_MOST_HOPS = 4
_TABLE = {
    "MalignantPrimary": "malignant neoplasm",
    "MalignantSecondary": "secondary malignant neoplasm",
    "CaInSitu": "carcinoma in situ",
    "Benign": "benign neoplasm",
    "UncertainBehavior": "neoplasm of uncertain behavior",
    "UnspecifiedBehavior": "neoplasm of unspecified behavior",
}
_MORPHOLOGY = {"MalignantPrimary": "primary small large cell squamous carcinoma adenocarcinoma tumor"}
"""The index sends these carcinomas to «Neoplasm, malignant, by site», so they may stand beside the site."""


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the index with the lines above it."""

    path: tuple[str, ...]
    modifiers: str
    code: str
    see: str


def index_phrases(rows: Iterable[Mapping[str, str]]) -> Iterator[Phrase]:
    """Every index line that leads to a code, itself or by «see»."""
    terms = list(_terms(rows))
    by_path = {_path_key(term.path): term for term in reversed(terms)}
    for term in terms:
        code = _code_behind(term, by_path)
        if code:
            found = phrase(code, " ".join(_first_names(term.path)), "index", allowed=_allowed(term))
            if found:
                yield Phrase(found.code, found.needed, found.allowed, ", ".join(term.path), "index")


def neoplasm_phrases(rows: Iterable[Mapping[str, str]]) -> Iterator[Phrase]:
    """Each site of the neoplasm table under each behaviour."""
    path: list[str] = []
    for row in rows:
        level = int(row["Level"])
        path = [*path[:level], row["Term"]]
        if level == 0:
            continue
        site = " ".join(_first_names(tuple(path[1:])))
        for column, behaviour in _TABLE.items():
            if row[column]:
                allowed = f"{row['NonEssModif']} {_MORPHOLOGY.get(column, '')}"
                found = phrase(row[column], f"{behaviour} {site}", "neoplasm table", allowed=allowed)
                if found:
                    yield found


def _terms(rows: Iterable[Mapping[str, str]]) -> Iterator[Term]:
    path: list[str] = []
    modifiers: list[str] = []
    for row in rows:
        level = int(row["Level"])
        path = [*path[:level], row["Term"]]
        modifiers = [*modifiers[:level], row["NonEssModif"]]
        yield Term(tuple(path), " ".join(modifiers), row["Code"], row["See"])


def _first_names(path: tuple[str, ...]) -> tuple[str, ...]:
    """«Prediabetes, prediabetic» is one term under two names: the first is needed, the others are allowed."""
    return tuple(part.split(",")[0] for part in path)


def _allowed(term: Term) -> str:
    return " ".join([term.modifiers, *(part.partition(",")[2] for part in term.path)])


def _path_key(path: Iterable[str]) -> tuple[str, ...]:
    return tuple(" ".join(stems(part.split(",")[0])) for part in path)


def _code_behind(term: Term, by_path: Mapping[tuple[str, ...], Term]) -> str:
    for _ in range(_MOST_HOPS):
        if term.code or not term.see:
            return term.code
        target = by_path.get(_path_key(term.see.split(", ")))
        if target is None:
            return ""
        term = target
    return ""
