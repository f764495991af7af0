"""Medical text as a set of stems, so that «Prenatal visits» and «prenatal visit» meet.

The same reading is used when the file is built and when it is searched; change it, and the file is rebuilt.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+")
_NON = re.compile(r"\bnon-(?=[a-z])", re.IGNORECASE)
_SEMANTIC_TAG = re.compile(
    r"\((?:disorder|finding|procedure|situation|regime/therapy|environment|morphologic abnormality|person|event)\)\s*$",
    re.IGNORECASE,
)
_STAGE = re.compile(r"\b(?:tnm|ajcc)\s+stage\s+\w+", re.IGNORECASE)

SILENT = frozenset(  # one string reads better here than thirty short ones
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "by",
        "and",
        "or",
        "to",
        "for",
        "from",
        "due",
        "as",
        "is",
        "was",
        "its",
        "nos",
        "nec",
        "unspecified",
        "with",
        "encounter",
        "health",
        "service",
        "patient",
        "disease-causing",
        "related",
        "following",
    ]
)
"""Words that do not tell one code from another."""

_NEGATIONS = {"no": "not", "without": "not", "non": "not", "absent": "not"}

_SAME = {
    "antenatal": "prenatal",
    "postnatal": "postpartum",
    "puerperal": "postpartum",
    "care": "management",
    "checkup": "examination",
    "immunization": "vaccination",
    "vaccine": "vaccination",
    "tumour": "neoplasm",
    "tumor": "neoplasm",
    "cancer": "malignant",
    "malignancy": "malignant",
    "kidney": "renal",
    "oesophageal": "esophageal",
    "anaemia": "anemia",
    "diarrhoea": "diarrhea",
    "oedema": "edema",
    "haemorrhage": "hemorrhage",
    "ii": "2",
    "i": "1",
}
"""Our own short list of words that office staff use for each other."""

_ENDINGS = (
    "ations", "ation", "ities", "ments", "ives", "ions", "ings", "ance", "ence", "ency", "ancy", "ment", "ical",
    "ive", "ion", "ing", "ity", "ous", "ant", "ent", "ics", "al", "ic", "ed", "es", "ly", "s", "y", "e",
)  # fmt: skip
_SHORTEST_STEM = 5


def stems(text: str) -> tuple[str, ...]:
    """The telling stems of ``text`` in order, each once."""
    whole = _NON.sub("non", _STAGE.sub(" ", _SEMANTIC_TAG.sub("", text)))
    plain = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore")
    words = (word for word in _WORD.findall(plain.decode().lower()) if word not in SILENT)
    return tuple(dict.fromkeys(_stem(word) for word in words))


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    word = _NEGATIONS.get(word, word)
    word = _SAME.get(word, word)
    if word.isdigit() or len(word) <= _SHORTEST_STEM - 1:
        return word
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST_STEM:
            return stem
    return word.removesuffix("s")
