"""By when a payer takes an answer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from denial_svc.domain.deadlines import Clock, business_days_after, days_after, years_after

from ..builders import CATALOGUE, refused

PAID_ON, SERVICE_FROM = date(2026, 4, 1), date(2026, 3, 2)
CLOCK = Clock(paid_on=PAID_ON, service_from=SERVICE_FROM, appeal_days=90, filing_days=180)
APPEAL_BY, FILE_BY, NEGOTIATE_BY = date(2026, 6, 30), date(2026, 8, 29), date(2026, 5, 13)


def last_day(route: str = "A", *remarks: str, filing_indicator: str | None = "CI", clock: Clock = CLOCK) -> date:
    return clock.answer_by(refused("16", *remarks, filing_indicator=filing_indicator), route, CATALOGUE)


@pytest.mark.parametrize(
    ("day", "days", "later"),
    [
        (date(2026, 4, 1), 90, date(2026, 6, 30)),
        (date(2026, 4, 1), 0, date(2026, 4, 1)),
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
        (date(2027, 2, 28), 1, date(2027, 3, 1)),
        (date(2026, 12, 31), 365, date(2027, 12, 31)),
        (date(9999, 12, 31), 120, date(9999, 12, 31)),
        (date(9999, 12, 1), 30, date(9999, 12, 31)),
    ],
)
def test_days_are_counted_to_the_end_of_time_and_no_further(day, days, later):
    assert days_after(day, days) == later


@pytest.mark.parametrize("route", "CAIPONW")
def test_the_payers_days_are_counted_from_the_remittances_date(route):
    assert last_day(route) == APPEAL_BY


def test_what_is_sent_as_new_has_the_payers_filing_limit_from_the_service():
    assert last_day("R") == FILE_BY


@pytest.mark.parametrize("filing_indicator", ["MA", "MB"])
def test_original_medicare_takes_it_for_a_calendar_year_whatever_the_practice_says(filing_indicator):
    assert last_day("R", filing_indicator=filing_indicator) == date(2027, 3, 2)
    assert last_day("R", filing_indicator=filing_indicator, clock=replace(CLOCK, filing_days=None)) == date(2027, 3, 2)


def test_a_payer_whose_filing_days_nobody_told_is_answered_within_its_appeal_days():
    assert last_day("R", clock=replace(CLOCK, filing_days=None)) == APPEAL_BY


def test_a_filing_limit_that_is_over_is_told_as_it_is():
    assert last_day("R", clock=replace(CLOCK, filing_days=10)) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 3, 2), date(2027, 3, 2)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 28)),
        (date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_calendar_year_after_a_day(day, later):
    assert years_after(day, 1) == later


@pytest.mark.parametrize(
    ("day", "days", "later"),
    [
        (date(2026, 4, 1), 30, date(2026, 5, 13)),  # a Wednesday
        (date(2026, 4, 3), 1, date(2026, 4, 6)),  # over a weekend
        (date(2026, 4, 4), 1, date(2026, 4, 6)),  # from a Saturday
        (date(2026, 4, 5), 5, date(2026, 4, 10)),  # from a Sunday
        (date(2026, 4, 5), 0, date(2026, 4, 5)),
        (date(9999, 12, 30), 30, date(9999, 12, 31)),
    ],
)
def test_business_days_leave_the_weekends_out(day, days, later):
    assert business_days_after(day, days) == later


@pytest.mark.parametrize("start", range(7))
@pytest.mark.parametrize("days", range(1, 31))
def test_business_days_are_those_that_one_counts_on_the_fingers(start, days):
    first = date(2026, 4, 1) + timedelta(days=start)
    counted = [day for day in (first + timedelta(days=each) for each in range(1, 60)) if day.weekday() < 5]

    assert business_days_after(first, days) == counted[days - 1]


def test_n830_is_answered_while_its_negotiation_can_be_opened():
    assert last_day("A", "N830") == NEGOTIATE_BY
    assert last_day("R", "N830") == NEGOTIATE_BY


def test_the_earlier_of_both_holds_beside_n830():
    assert last_day("A", "N830", clock=replace(CLOCK, appeal_days=20)) == date(2026, 4, 21)


def test_the_catalogue_and_not_the_code_knows_the_days_of_the_negotiation():
    notes = tuple(replace(note, business_days=1) for note in CATALOGUE.notes)

    assert CLOCK.answer_by(refused("50", "N830"), "A", replace(CATALOGUE, notes=notes)) == date(2026, 4, 2)
