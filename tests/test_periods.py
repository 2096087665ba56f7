"""Periods: what a user may write, and how long a location was open in one."""

from datetime import date, timedelta
from itertools import pairwise

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
        "２０１８-H1",
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
        ("2018", "2017"),
        ("2018-Q2", "2018-Q1"),
        ("2018-Q1", "2017-Q4"),
        ("2018-02/2018-04", "2017-11/2018-01"),
        ("2018-02-10/2018-02-19", "2018-01-31/2018-02-09"),
    ],
)
def test_the_period_before_is_as_long_and_ends_on_the_day_before(text, before):
    assert periods.parse(text).before().name == before


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("2018-H2", "2017-H2"),
        ("2018-Q1", "2017-Q1"),
        ("2018", "2017"),
        ("2017-10/2018-03", "2016-10/2017-03"),
        ("2020-02/2020-03", "2019-02/2019-03"),
        ("2019-12-31/2020-02-29", "2018-12-31/2019-02-28"),
    ],
)
def test_a_year_earlier_is_the_same_part_of_the_year_before(text, earlier):
    assert periods.parse(text).a_year_earlier().name == earlier


SHORT = st.integers(0, 40)
SPANS = st.lists(st.tuples(SHORT, SHORT).map(sorted), max_size=5)
NEW_YEAR = date(2018, 1, 1)


def spans(pairs):
    return [periods.Span(*(NEW_YEAR + timedelta(n) for n in pair)) for pair in pairs]


def days(stretches):
    return {n for first, last in stretches for n in range(first.toordinal(), last.toordinal() + 1)}


@given(SPANS, SPANS)
def test_spans_agree_with_sets_of_days(one, two):
    left, right = spans(one), spans(two)
    assert days(periods.joined(left)) == days(left)
    assert days(periods.common(left, right)) == days(left) & days(right)


@given(SPANS)
def test_joined_spans_lie_apart(pairs):
    whole = periods.joined(spans(pairs))
    assert all((b.first - a.last).days > 1 for a, b in pairwise(whole))


def test_joined_spans_may_have_no_end():
    assert periods.joined([periods.ALWAYS, periods.Span(NEW_YEAR, date.max)]) == (periods.ALWAYS,)


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
