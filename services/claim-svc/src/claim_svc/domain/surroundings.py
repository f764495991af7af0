"""What a check may know beside the claim itself, and the shape of every check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.practice import Payer, Practice

from .claim import ClaimContent
from .codes import CodeSets
from .rules import Rule


@dataclass(frozen=True)
class Surroundings:
    """The day, the code sets, who bills whom, and what is billed already."""

    today: date
    codes: CodeSets
    practice: Practice
    payer: Payer
    billed_elsewhere: dict[int, UUID]
    """Line ordinal to the other claim that has the same service already."""
    visits_elsewhere: dict[int, UUID] = field(default_factory=dict)
    """Line ordinal to the other claim that has an office visit of the same day and provider already."""
    place: int = 0
    """Which of the coverages is billed: 0 is the first."""


Check = Callable[[Rule, ClaimContent, Surroundings], Iterator[RuleFinding]]
"""What a rule finds on a claim's content: each finding with its place. Messages hold no patient data."""
