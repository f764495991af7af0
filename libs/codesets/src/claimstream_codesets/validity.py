"""What can be said of a code on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ALWAYS = date(1900, 1, 1)
NEVER = date(9999, 12, 31)


class Standing(StrEnum):
    """Whether a code may be billed on a day. ``UNCHECKED`` is neither good nor bad: we hold no list for that day."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_BILLABLE = "not_billable"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Validity:
    """A code's standing on a day, with the reason in words that a person can act on."""

    standing: Standing
    reason: str

    @property
    def refused(self) -> bool:
        """True when a list of that day speaks against the code."""
        return self.standing in (Standing.INVALID, Standing.NOT_BILLABLE)


@dataclass(frozen=True, slots=True)
class Edition:
    """One published list and the days for which it speaks."""

    name: str
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether the list speaks for this day."""
        return self.first <= day <= self.last
