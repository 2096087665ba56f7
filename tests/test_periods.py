"""Periods: what a user may write, and how long a location was open in one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk import periods
from bwk.errors import UsageError

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018-H1", date(2018, 1, 1), date(2018, 6, 30)),
        ("2018-H2", date(2018, 7, 1), date(2018, 12, 31)),
        ("2018-Q1", date(2018, 1, 1), date(2018, 3, 31)),
        ("2018-Q4", date(2018, 10, 1), date(2018, 12, 31)),
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
        ("2017-04/2017-12", date(2017, 4, 1), date(2017, 12, 31)),
        ("2017-04-03/2018-02-14", date(2017, 4, 3), date(2018, 2, 14)),
        ("2020-02/2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        (" 2018-H1 ", date(2018, 1, 1), date(2018, 6, 30)),
    ],
)
def test_a_period_is_read_with_both_ends(text, first, last):
    period = periods.parse(text)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2018-H3",
        "2018-H0",
        "2018-Q5",
        "18-H1",
        "2018-13/2018-14",
        "2018-02-30/2018-03-01",
        "2018-H1/2018-H2",
        "2018-06/2018-01",
        "vorig jaar",
        "2018-h1",
        "0000",
    ],
)
def test_what_is_no_period_is_refused_with_the_remedy(text):
    with pytest.raises(UsageError, match=r"periode"):
        periods.parse(text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2018-H1", "eerste helft van 2018"),
        ("2018-Q3", "derde kwartaal van 2018"),
        ("2017", "2017"),
        ("2017-04/2017-12", "april tot en met december 2017"),
        ("2017-12/2018-01", "december 2017 tot en met januari 2018"),
        ("2018-05/2018-05", "mei 2018"),
        ("2018-05-02/2018-06-30", "2 mei tot en met 30 juni 2018"),
    ],
)
def test_a_period_reads_as_dutch(text, label):
    assert periods.parse(text).label == label


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2018-H1", "2017-H2"),
        ("2018-H2", "2018-H1"),
        ("2018", "2017-H2"),
        ("2018-Q2", "2017-H2"),
        ("2018-Q3", "2018-H1"),
        ("2018-02/2018-04", "2017-H2"),
    ],
)
def test_the_half_year_before_is_the_last_one_that_ended_before_the_period(text, before):
    assert periods.parse(text).before().name == before


@pytest.mark.parametrize(
    ("opened", "closed", "months"),
    [
        (date(2017, 4, 1), None, 6),
        (date(2018, 4, 1), None, 3),
        (date(2018, 4, 16), None, 2.5),
        (date(2018, 7, 1), None, 0),
        (date(2017, 4, 1), date(2018, 2, 14), 1.5),
        (date(2017, 4, 1), date(2017, 12, 31), 0),
        (date(2018, 6, 30), None, 1 / 30),
    ],
)
def test_exposure_is_the_part_of_the_period_that_a_location_was_open(opened, closed, months):
    period = periods.parse("2018-H1")
    assert periods.exposure(period, opened, closed) == pytest.approx(months)


@given(DAYS, DAYS, DAYS)
def test_exposure_of_two_adjoining_stretches_adds_up(a, b, c):
    first, middle, last = sorted((a, b, c))
    whole = periods.months(first, last)
    parts = periods.months(first, middle) + periods.months(middle + timedelta(days=1), last)
    assert parts == pytest.approx(whole)


@given(DAYS)
def test_a_day_lies_in_its_half_year_and_not_in_the_last_one_ended(day):
    assert periods.half_year_of(day).contains(day)
    assert periods.last_ended_half_year(day).last < day
