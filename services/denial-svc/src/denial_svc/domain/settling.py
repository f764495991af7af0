"""What later decisions say of a refusal.

They come on another topic than the refusal itself, before it or after it, so that what they say is kept apart from the case: a case that
is opened late stands where it would stand had it been opened first.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from .case import Case

Why = Literal["paid", "decided_anew", "taken_back"]


@dataclass(frozen=True)
class Reversal:
    """A payment that its payer took back."""

    practice: str
    remittance_id: UUID
    payment_ordinal: int


@dataclass(frozen=True)
class Settlement:
    """What decisions have said of one refusal: how much of it stands, and why."""

    practice: str
    case_id: UUID
    standing: Decimal | None
    """0: it is settled; None: all of it stands."""
    why: Why
    remittance_id: UUID
    decisions: tuple[str, ...]
    """Each that spoke of it, in the order in which they were heard: the last one holds."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it stands."""
        return self.standing == 0

    def follow(self, said: Self) -> Self:
        """What holds after a further decision, which may be the refusing one itself. One that comes again says nothing new.

        What was taken back stays so.
        """
        is_taken_back = self.is_settled and self.why == "taken_back"
        if is_taken_back or set(said.decisions) <= set(self.decisions):
            return self
        return replace(said, decisions=(*self.decisions, *said.decisions))

    def settle(self, case: Case) -> Case:
        """The case where this leaves it."""
        if not self.is_settled:
            return case.stand(self.standing)
        if self.why == "taken_back":
            return case.withdraw()
        return case.close(self.why, self.remittance_id)
