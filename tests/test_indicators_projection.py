"""What a year may come to: worked out another way, laws, and years that were made up."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bwk.indicators import projection
from bwk.indicators.projection import Projection, Year, project
from bwk.indicators.rates import Spread

COUNTS = st.integers(0, 2000)
MONTHS = st.integers(1, 11)


def law(*strategies):
    """Make a test of what holds in all cases, without a time limit per case."""
    return lambda test: settings(deadline=None, max_examples=40)(given(*strategies)(test))


def spread(count, clustering=1.0):
    return Spread(clustering / (count + 0.5), clustering, 100.0)


def half(count, clustering=1.0, own=(), together=()):
    return project(count, 6, 6, spread(count, clustering), own, together)


def test_without_earlier_years_the_rate_goes_on():
    assert project(60, 4, 8, spread(60)).expected == pytest.approx(180)


@law(COUNTS, st.sampled_from([1.0, 3.0, 20.0]))
def test_the_margin_by_the_formula(count, clustering):
    # Between 12% with 4 degrees, season 8%, chance that of both halves.
    between, season = 0.12**2, 0.08**2
    variance = between + season + clustering * 2 / (count + 0.5)
    degrees = 4 * variance**2 / between**2
    reach = stats.t(degrees).ppf(0.9) * math.sqrt(variance)
    found = half(count, clustering)
    low, high = ((count + 0.5) * math.exp(sign * reach) - 0.5 for sign in (-1, 1))
    assert found.low == count + max(0, math.floor(low + 1e-9))
    assert found.high == count + math.ceil(high - 1e-9)


@law(COUNTS, MONTHS)
def test_lies_in_its_margin_and_above_the_count(count, observed):
    found = project(count, observed, 12 - observed, spread(count))
    assert count <= found.low <= round(found.expected) <= found.high


@law(COUNTS, st.floats(1, 50))
def test_clustering_widens_the_margin(count, clustering):
    narrow, wide = half(count), half(count, clustering)
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


def test_nothing_is_projected_from_nothing_observed():
    assert project(0, 0, 6, spread(0)) is None


def test_a_year_that_has_ended_is_its_own_projection():
    assert project(60, 12, 0, spread(60)) == (60.0, 60, 60)


@pytest.mark.parametrize("years", [1, 3, 40])
def test_a_season_is_shrunk_towards_none(years):
    # The rest of each year had half of its beginning: weighed by 12%, 8% and its chance.
    season = math.log(500.5 / 1000.5)
    weight = years / (0.12**2 + 1 / 500.5 + 1 / 1000.5)
    shrunk = season * weight / (weight + 1 / 0.08**2)
    found = half(1000, together=[Year(1000, 500)] * years)
    assert math.log(found.expected / 1000 - 1) == pytest.approx(shrunk, abs=0.025)
    assert found.expected > 1500


def test_a_season_is_rounded_so_that_no_other_location_follows_from_it():
    seasons = {half(1000, together=[Year(1000, rest)]).expected for rest in range(500, 1000)}
    assert len(seasons) < 8


def test_years_of_a_few_visits_hardly_tell_the_season():
    assert half(1000, together=[Year(4, 1)]).expected == pytest.approx(2000, rel=0.06)


def test_own_years_that_differ_widen_the_margin():
    steady = [Year(100, 100)] * 3
    unsteady = [Year(100, 300), Year(300, 100), Year(100, 300)]
    widths = [found.high - found.low for found in (half(100, own=steady), half(100, own=unsteady))]
    assert widths[0] < half(100).high - half(100).low < widths[1]


@pytest.mark.parametrize("mean", [20, 100, 800])
def test_the_margin_holds_about_80_percent_of_made_up_years(mean):
    rng = np.random.default_rng(2018)
    rates = mean * np.exp(rng.normal(0, 0.12, 2000))
    pairs = zip(rng.poisson(mean, 2000), rng.poisson(rates), strict=True)
    found = [(half(int(first)), int(first + rest)) for first, rest in pairs]
    held = np.mean([p.low <= total <= p.high for p, total in found])
    assert 0.77 <= held <= 0.93


@pytest.mark.parametrize(
    ("low", "high", "target", "count", "expected"),
    [
        (101, 150, 100, 50, "boven koers"),
        (100, 150, 100, 50, "op koers"),
        (60, 100, 100, 50, "op koers"),
        (60, 99, 100, 50, "onder koers"),
        (101, 150, 100, 9, "onzeker"),
        (101, 150, 100, 10, "boven koers"),
        (101, 150, None, 50, None),
    ],
)
def test_course_against_the_year_before(low, high, target, count, expected):
    found = Projection(float(low), low, high)
    assert projection.course(found, target, count) == expected


def test_course_is_unknown_without_a_projection():
    assert projection.course(None, 100, 50) is None


@law(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_rounded_number_stays_in_its_margin_or_near(low, width):
    step = Projection(low + width / 2, low, low + width).step
    assert step == 1 or step <= width / 4
