"""What a person has to settle before a visit can be billed."""

from typing import Literal

from claimstream_schemas.values.base import Value
from pydantic import Field

Question = Literal[
    "diagnosis",
    "service",
    "payer",
    "coverage",
    "newborn",
    "place_of_service",
    "stay",
    "procedure",
    "authorization",
    "record",
    "failed",
]
"""``record``: something in the EHR's record is not understood, or contradicts itself."""

SETTLED_BY_A_WORD: frozenset[Question] = frozenset({"coverage", "newborn", "procedure", "record"})
"""Questions that a person may answer by letting them pass with a reason; the others need a fact."""


class Asked(Value):
    """One thing to settle."""

    question: Question
    detail: str
    about: str | None = Field(default=None, description="What it is about: a location, a service, a coverage")
