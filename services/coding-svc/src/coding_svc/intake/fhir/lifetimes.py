"""When a condition began and ended: a moment, an age, a range or words. An age is a span of days, counted from birth."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from . import elements as fhir
from .moments import earliest, latest

_YEARS = ("", "a", "y", "yr", "yrs", "year", "years")
_MONTHS = ("mo", "month", "months")
_DAYS = {"wk": 7, "week": 7, "weeks": 7, "d": 1, "day": 1, "days": 1}
_OLDEST = 150
_MONTHS_A_YEAR, _DAYS_A_YEAR = 12, 366


@dataclass(frozen=True)
class Days:
    """The days of a visit, and the birth from which ages are counted; ``last`` is None where no end is told."""

    born: date
    first: date
    last: date | None
    zone: ZoneInfo | None = None


def began_later(condition: fhir.Condition, days: Days) -> date | None:
    """The first day on which it may have begun, where that comes after the visit."""
    period = condition.onset_period or fhir.Period()
    begun = earliest(condition.onset_date_time or period.start, days.zone) or _from_age(condition.onset_age, days.born)
    return begun if begun is not None and days.last is not None and begun > days.last else None


def ended_before(condition: fhir.Condition, days: Days) -> date | None:
    """The last day on which it may have ended, where that comes before the visit."""
    period = condition.abatement_period or fhir.Period()
    ended = latest(condition.abatement_date_time or period.end or period.start, days.zone)
    if ended is None:
        ended = _to_age(condition.abatement_age or _range(condition).high, days.born)
    return ended if ended is not None and ended < days.first else None


def may_be_over(condition: fhir.Condition, days: Days) -> str | None:
    """What is said of its end in words, or as an age that lies about the visit."""
    if condition.abatement_string is not None or condition.abatement_boolean:
        return f"it ended «{condition.abatement_string}»" if condition.abatement_string else "it ended"
    age, ages = condition.abatement_age, _range(condition)
    if age is None and condition.abatement_range is None:
        return None
    begins = _from_age(age or ages.low, days.born)
    return "it ended at an age" if begins is None or begins < days.first else None


def _range(condition: fhir.Condition) -> fhir.Range:
    return condition.abatement_range or fhir.Range()


def _from_age(age: fhir.Quantity | None, born: date) -> date | None:
    """The first day of an age; without a unit it may be one of days."""
    if age is None:
        return None
    return born if not age.measure else _reached(age, born, 0)


def _to_age(age: fhir.Quantity | None, born: date) -> date | None:
    """The last day of an age; without a unit it is taken for years, the longest."""
    reached = _reached(age, born, 1) if age else None
    return reached - timedelta(days=1) if reached else None


def _reached(age: fhir.Quantity, born: date, more: int) -> date | None:
    """The birthday of an age, and so many units later; None where no unit of ours measures it, or nobody is so old."""
    if age.value is None or not 0 <= age.value <= _OLDEST * _DAYS_A_YEAR:
        return None
    count, unit = int(age.value) + more, age.measure
    if unit in _DAYS:
        return _later(born, days=count * _DAYS[unit])
    if unit in _MONTHS:
        return _later(born, months=count)
    return _later(born, months=count * _MONTHS_A_YEAR) if unit in _YEARS else None


def _later(born: date, *, months: int = 0, days: int = 0) -> date | None:
    """A day so long after a birth; None beyond what anybody lives to see."""
    years, month = divmod(born.month - 1 + months, _MONTHS_A_YEAR)
    year = born.year + years
    if year - born.year > _OLDEST or days > _OLDEST * _DAYS_A_YEAR or year + days // 365 >= date.max.year:
        return None
    return date(year, month + 1, min(born.day, monthrange(year, month + 1)[1])) + timedelta(days=days)
