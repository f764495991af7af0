"""By when a payer takes an answer: an appeal's days, the filing limit of what is sent as new, and what a remark opens."""

from dataclasses import dataclass
from datetime import date, timedelta

from .catalogue import Catalogue, Filing
from .refusal import Refusal

SEND_AS_NEW = "R"
_WEEK, _WORKDAYS = 7, 5


@dataclass(frozen=True)
class Clock:
    """The days from which a payer counts, and how many it gives; ``filing_days`` is None where nobody has told them."""

    paid_on: date
    service_from: date
    appeal_days: int
    filing_days: int | None

    def answer_by(self, refusal: Refusal, route: str, catalogue: Catalogue) -> date:
        """The last day to answer: of the route's own limit and what the remarks open, whichever ends first."""
        opened = [
            business_days_after(self.paid_on, note.business_days)
            for note in catalogue.notes
            if note.business_days is not None and note.is_beside(refusal)
        ]
        return min([self._of_route(refusal, route, catalogue.filing), *opened])

    def _of_route(self, refusal: Refusal, route: str, filing: Filing) -> date:
        """What is sent as new was never filed, so that its limit runs from the service; all else is counted from the notice."""
        if route == SEND_AS_NEW and filing.is_of(refusal):
            return years_after(self.service_from, filing.calendar_years)
        if route == SEND_AS_NEW and self.filing_days is not None:
            return days_after(self.service_from, self.filing_days)
        return days_after(self.paid_on, self.appeal_days)


def days_after(day: date, days: int) -> date:
    """Calendar days later, or the last day that there is."""
    return day + min(timedelta(days=days), date.max - day)


def years_after(day: date, years: int) -> date:
    """The same day of a later year; of a February 29 the 28th where that year has none."""
    year = day.year + years
    if year > date.max.year:
        return date.max
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def business_days_after(day: date, days: int) -> date:
    """So many days later without Saturdays and Sundays. Federal holidays are not known here: the true day may be later, never earlier."""
    if days == 0:
        return day
    monday_to_friday = min(day.weekday(), _WORKDAYS - 1)
    weeks, left = divmod(monday_to_friday + days, _WORKDAYS)
    return days_after(day, weeks * _WEEK + left - day.weekday())
