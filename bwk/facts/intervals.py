"""The intervals of a report, and of years and parts of years around them."""

from datetime import date, timedelta

import pandas as pd

from bwk import periods
from bwk.facts.expressions import Interval, When
from bwk.periods import Period

QUARTER = 3  # months


def intervals_of(period: Period, baseline: Period) -> dict[When, Interval]:
    """Return the interval of each blank, as a report on a period fills it."""
    last = period.last
    has_ended = (last.month, last.day) == (12, 31)
    year = last.year if has_ended else last.year - 1
    number = min(_calendar_months(period), _calendar_months(baseline))
    quarter = Interval(periods.months_before(last.replace(day=1), QUARTER - 1), last)
    before = periods.months_before(quarter.first, QUARTER)
    return {
        When.PERIOD: interval_of(period),
        When.BASELINE: interval_of(baseline),
        When.YEAR_SO_FAR: Interval(date(last.year, 1, 1), last),
        When.YEAR_BEFORE: interval_of(period.year_before()),
        When.HALFWAY: Interval(date(year, 1, 1), date(year, 6, 30)),
        When.LAST_WHOLE_YEAR: whole_year(year),
        When.WINDOW_NOW: _last_months(period, number),
        When.WINDOW_THEN: _last_months(baseline, number),
        When.LAST_QUARTER: quarter,
        When.QUARTER_BEFORE: Interval(before, quarter.first - timedelta(days=1)),
    }


def interval_of(period: Period) -> Interval:
    """Return all of a period."""
    return Interval(period.first, period.last)


def whole_year(year: int) -> Interval:
    """Return a calendar year."""
    return Interval(date(year, 1, 1), date(year, 12, 31))


def so_far(day: date, year: int) -> Interval:
    """Return an earlier year as far as a day."""
    same_day = pd.Timestamp(day) - pd.DateOffset(years=day.year - year)
    return Interval(date(year, 1, 1), same_day.date())


def _calendar_months(period: Period) -> int:
    first, last = period.first, period.last
    return 12 * (last.year - first.year) + last.month - first.month + 1


def _last_months(period: Period, number: int) -> Interval:
    first = periods.months_before(period.last.replace(day=1), number - 1)
    return Interval(max(first, period.first), period.last)
