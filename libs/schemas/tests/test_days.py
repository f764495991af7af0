"""A day in a request is written as a day."""

from datetime import date

import pytest
from claimstream_schemas.values.days import Day
from pydantic import TypeAdapter, ValidationError

DAYS = TypeAdapter(Day)


@pytest.mark.parametrize("said", ["2026-08-03", date(2026, 8, 3)])
def test_a_day_is_a_day(said):
    assert DAYS.validate_python(said) == date(2026, 8, 3)


@pytest.mark.parametrize(
    "said",
    [
        "0",
        0,
        1754179200,
        "2026-08-03T00:00:00",
        "20260803",
        "2026-W32-1",
        "2026-02-30",
        "1899-12-31",
        "2200-01-01",
        None,
    ],
)
def test_a_number_a_moment_and_a_day_of_no_claim_are_none(said):
    with pytest.raises(ValidationError):
        DAYS.validate_python(said)
