"""What an answer of the other side means for a submission, in our own words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["gateway", "ta1", "999", "277ca"]

_CATEGORIES = {
    "A0": "received, passed on",
    "A1": "received",
    "A2": "accepted into adjudication",
    "A3": "returned as unprocessable",
    "A4": "not found",
    "A5": "accepted and split",
    "A6": "rejected: information is missing",
    "A7": "rejected: information is not valid",
    "A8": "rejected: information does not fit together",
}
"""Health care claim status categories of the 277CA (X12 external code source 507), in our own words."""

_REMEDIES = {
    "A3": "Read the status code, correct the claim and send it again; it was never filed.",
    "A6": "Add what the status code names and send the claim again; it was never filed.",
    "A7": "Correct what the status code names and send the claim again; it was never filed.",
    "A8": "Make the named fields agree and send the claim again; it was never filed.",
}


@dataclass(frozen=True)
class Code:
    """One code of an answer, with the place that it names."""

    category: str | None = None
    code: str | None = None
    entity: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What one answer says of one submission."""

    level: Level
    accepted: bool
    message: str
    remedy: str | None = None
    payer_level: bool = False
    codes: tuple[Code, ...] = ()
    payer_claim_number: str | None = None
    segments: tuple[str, ...] = ()  # verbatim; identifying


def status_message(codes: Iterable[Code]) -> str:
    """What the codes of a 277CA say."""
    said = []
    for code in codes:
        words = _CATEGORIES.get(code.category or "", f"category {code.category}")
        entity = f", entity {code.entity}" if code.entity else ""
        said.append(f"{words} ({code.category} {code.code}{entity})")
    return "; ".join(said) or "no status given"


def status_remedy(codes: Iterable[Code]) -> str | None:
    """What to do about a refusal."""
    return next((_REMEDIES[code.category] for code in codes if code.category in _REMEDIES), None)
