"""The clock is passed in, so that a sandbox can start on a given day and a test needs no patching."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the day and the time."""

    def now(self) -> datetime:
        """The time, in UTC."""

    def today(self) -> date:
        """The day, in UTC."""


@dataclass(frozen=True)
class OffsetClock:
    """The wall clock, moved by a fixed number of seconds."""

    offset_seconds: int = 0

    def now(self) -> datetime:
        """The moved time, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds)

    def today(self) -> date:
        """The moved day, in UTC."""
        return self.now().date()


@dataclass
class FixedClock:
    """A clock for tests: it stands still until it is set."""

    at: datetime

    def now(self) -> datetime:
        """The time it stands at."""
        return self.at

    def today(self) -> date:
        """The day it stands at."""
        return self.at.date()
