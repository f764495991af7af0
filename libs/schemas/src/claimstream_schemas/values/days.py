"""Days as people write them in requests: 2026-08-03 and nothing else, in years that a claim can have."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_WRITTEN = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)


def written_day(value: object) -> date:
    """A day as JSON writes it; a number or a moment is no day.

    Raises:
        ValueError: it is none, or not from 1900 to 2199.
    """
    day = value
    if isinstance(value, str) and _WRITTEN.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    if type(day) is not date:
        msg = "a day is written as 2026-08-03, with its year, month and day"
        raise ValueError(msg)
    if not _FIRST <= day <= _LAST:
        msg = "a day lies in the years 1900 to 2199"
        raise ValueError(msg)
    return day


Day = Annotated[
    date,
    BeforeValidator(written_day),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "pattern": "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        },
        mode="validation",
    ),
]
