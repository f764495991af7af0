"""FHIR dates: a year or a month is no day, and none is made of it; a moment belongs to the day of the place where it was."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2})"
    r"(T(?P<time>[0-9]{2}:[0-9]{2}(:[0-9]{2})?)([.][0-9]+)?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)


def _moment(text: str) -> str:
    match = _MOMENT.fullmatch(text)
    if match is None:
        msg = "must be a FHIR date or dateTime, such as 2026-09-01 or 2026-09-01T10:00:00-04:00"
        raise ValueError(msg)
    _read(match)
    return text


Moment = Annotated[str, AfterValidator(_moment)]
"""A date or dateTime as written; it may be a year or a month alone."""


def is_day(moment: Moment) -> bool:
    """Whether it says a day, not a month or a year alone."""
    match = _MOMENT.fullmatch(moment)
    return match is not None and match["day"] is not None


def day_of(moment: Moment, zone: ZoneInfo | None = None) -> date:
    """The day of a moment at a place in that zone; as written where there is no zone, or no time of day.

    Raises:
        ValueError: it is a year or a month alone.
    """
    if not is_day(moment):
        msg = f"{moment} is no day"
        raise ValueError(msg)
    return _local(moment, zone).date()


def hour_of(moment: Moment | None, zone: ZoneInfo | None = None) -> int | None:
    """The hour of a moment at a place in that zone; None where no time of day is told."""
    match = _MOMENT.fullmatch(moment or "")
    if moment is None or match is None or match["time"] is None:
        return None
    return _local(moment, zone).hour


def earliest(moment: Moment | None, zone: ZoneInfo | None = None) -> date | None:
    """The first day that a moment may mean: a year begins on 1 January."""
    if moment is None:
        return None
    if is_day(moment):
        return day_of(moment, zone)
    year, month = _year_and_month(moment)
    return date(year, month or 1, 1)


def latest(moment: Moment | None, zone: ZoneInfo | None = None) -> date | None:
    """The last day that a moment may mean."""
    if moment is None:
        return None
    if is_day(moment):
        return day_of(moment, zone)
    year, month = _year_and_month(moment)
    return date(year, month or 12, monthrange(year, month or 12)[1])


def holds(start: Moment | None, end: Moment | None, on: date | None) -> bool:
    """Whether a period may hold on a day; where no day is told, it does."""
    begins, ends = earliest(start), latest(end)
    return on is None or ((begins is None or begins <= on) and (ends is None or on <= ends))


def instant_of(moment: object) -> datetime | None:
    """A moment in UTC, to be compared with others; None for what has no time of day or no zone."""
    match = _MOMENT.fullmatch(moment) if isinstance(moment, str) else None
    if match is None or match["zone"] is None:
        return None
    try:
        return _moved(_read(match), UTC)
    except ValueError:
        return None


def is_before(one: Moment, other: Moment) -> bool:
    """Whether a moment comes before another; where one has no time of day or no zone, by their days as written."""
    first, second = instant_of(one), instant_of(other)
    if first is not None and second is not None:
        return first < second
    return day_of(one) < day_of(other)


def _year_and_month(moment: Moment) -> tuple[int, int | None]:
    year, _, month = moment.partition("-")
    return int(year), int(month) if month else None


def _local(moment: Moment, zone: ZoneInfo | None) -> datetime:
    match = _MOMENT.fullmatch(moment)
    if match is None:
        msg = f"{moment} is no FHIR date"
        raise ValueError(msg)
    return _moved(_read(match), zone)


def _moved(moment: datetime, zone: tzinfo | None) -> datetime:
    """The moment in a zone; at the first and last hours that there are («for ever»), as it is written."""
    try:
        return moment.astimezone(zone) if zone is not None and moment.tzinfo is not None else moment
    except OverflowError:
        return moment


def _read(match: re.Match[str]) -> datetime:
    """The moment as it is written; of a year or a month alone the first day, which only checks that it exists."""
    day = date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    if match["time"] is None:
        return datetime.combine(day, time())
    return datetime.fromisoformat(f"{day.isoformat()}T{match['time']}{(match['zone'] or '').replace('Z', '+00:00')}")
