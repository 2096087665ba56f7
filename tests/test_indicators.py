"""How sure a change is and what a year may come to: by hand, worked out another way, and laws."""

import math
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from bwk.indicators import rates

TRUTH = Path(__file__).parent / "ground_truth" / "indicators"


@pytest.mark.parametrize("row", pd.read_csv(TRUTH / "rates.csv").to_dict("records"))
def test_rate_change_by_hand(row):
    found = rates.rate_change(row["count"], row["months"], row["base_count"], row["base_months"])
    assert found.growth == pytest.approx(row["growth"])
    assert found.p_value == pytest.approx(row["p_numerator"] / row["p_denominator"])
    assert found.verdict == row["verdict"]


@pytest.mark.parametrize("row", pd.read_csv(TRUTH / "projections.csv").to_dict("records"))
def test_projection_by_hand(row):
    found = rates.project(row["count"], row["observed"], row["remaining"])
    assert (found.expected, found.low, found.high) == (
        pytest.approx(row["expected"]),
        row["low"],
        row["high"],
    )


def law(*strategies):
    """Make a test of what holds in all cases, without a time limit per case."""
    return lambda test: settings(deadline=None, max_examples=40)(given(*strategies)(test))


# Rates: the exact test, worked out another way

COUNTS = st.integers(0, 60)
BASES = st.integers(1, 60)
MONTHS = st.integers(1, 12)


def tail(total: int, chance: Fraction, outcomes: range) -> Fraction:
    """Add up exact binomial chances."""
    return sum(
        (math.comb(total, k) * chance**k * (1 - chance) ** (total - k) for k in outcomes),
        Fraction(0),
    )


@law(COUNTS, MONTHS, BASES, MONTHS)
def test_p_value_agrees_with_exact_fractions(count, months, base, base_months):
    total, chance = count + base, Fraction(months, months + base_months)
    lower, upper = range(count + 1), range(count, total + 1)
    exact = min(1, 2 * min(tail(total, chance, lower), tail(total, chance, upper)))
    found = rates.rate_change(count, months, base, base_months)
    assert found.p_value == pytest.approx(float(exact), rel=1e-9)


@law(COUNTS, MONTHS, BASES, MONTHS)
def test_verdict_says_which_way_a_clear_change_goes(count, months, base, base_months):
    found = rates.rate_change(count, months, base, base_months)
    way = "meer" if Fraction(count, months) > Fraction(base, base_months) else "minder"
    assert found.verdict == (way if found.p_value < 0.05 else "geen duidelijk verschil")


@law(COUNTS, MONTHS, BASES, MONTHS)
def test_double_exposure_halves_the_rate(count, months, base, base_months):
    once = rates.rate_change(count, months, base, base_months)
    twice = rates.rate_change(count, 2 * months, base, base_months)
    assert 1 + twice.growth == pytest.approx((1 + once.growth) / 2)


@law(BASES, MONTHS, BASES, MONTHS)
def test_exchange_of_period_and_baseline_turns_the_change_around(count, months, base, base_months):
    there = rates.rate_change(count, months, base, base_months)
    back = rates.rate_change(base, base_months, count, months)
    assert back.p_value == pytest.approx(there.p_value)
    assert (1 + back.growth) * (1 + there.growth) == pytest.approx(1 if count else 0)


@pytest.mark.parametrize("numbers", [(5, 6, 0, 6), (5, 0, 5, 6), (0, 6, 5, 0)])
def test_no_rate_change_without_baseline_or_exposure(numbers):
    assert rates.rate_change(*numbers) is None


def mixture(future: int, count: int, observed: float, remaining: float) -> float:
    """Integrate Poisson chances over the posterior of the rate."""
    rate = stats.gamma(count + 0.5, scale=1 / observed)

    def density(share: float) -> float:
        return stats.poisson.cdf(future, rate.ppf(share) * remaining)

    return integrate.quad(density, 0, 1, limit=200)[0]


@law(st.integers(0, 200), st.integers(1, 11))
def test_interval_ends_are_the_tenths_of_the_predictive_distribution(count, observed):
    found = rates.project(count, observed, 12 - observed)
    for tenth, end in ((0.1, found.low - count), (0.9, found.high - count)):
        assert mixture(end, count, observed, 12 - observed) > tenth - 1e-4
        assert end == 0 or mixture(end - 1, count, observed, 12 - observed) < tenth + 1e-4


@law(st.integers(0, 200), st.integers(1, 400), st.integers(1, 400))
def test_season_of_earlier_years_stays_uncertain(count, first, rest):
    found = rates.project(count, 6, 6, (first, rest))
    share = stats.beta(first + 0.5, rest + 0.5)

    def chance(future: int) -> float:
        def given_share(rank: float) -> float:
            return stats.nbinom.cdf(future, count + 0.5, share.ppf(rank))

        return integrate.quad(given_share, 0, 1, limit=200)[0]

    for tenth, end in ((0.1, found.low - count), (0.9, found.high - count)):
        assert chance(end) > tenth - 2e-3
        assert end == 0 or chance(end - 1) < tenth + 2e-3


@pytest.mark.parametrize("mean", [10, 11.5, 14, 30, 100, 600])
def test_interval_holds_the_truth_in_80_percent_of_years(mean):
    counts = range(int(stats.poisson.ppf(1e-9, mean)), int(stats.poisson.isf(1e-9, mean)) + 1)
    coverage = 0.0
    for count in counts:
        found = rates.project(count, 6, 6)
        ends = stats.poisson.cdf([found.low - count - 1, found.high - count], mean)
        coverage += stats.poisson.pmf(count, mean) * (ends[1] - ends[0])
    assert 0.79 <= coverage <= 0.85


@law(st.integers(0, 2000), st.integers(1, 12), st.integers(0, 11))
def test_projection_lies_in_its_interval_and_above_the_count(count, observed, remaining):
    found = rates.project(count, observed, remaining)
    assert count <= found.low <= round(found.expected) <= found.high


def test_nothing_is_projected_from_nothing_observed():
    assert rates.project(0, 0, 6) is None


def test_season_moves_the_projection():
    assert rates.project(100, 6, 6).expected == 200
    assert rates.project(100, 6, 6, season=(800, 200)).expected == 125


@pytest.mark.parametrize(
    ("first_parts", "totals", "season"),
    [
        ([30, 50], [100, 100], (80, 120)),
        ([30], [100], None),
        ([], [], None),
        ([0, 0], [10, 10], None),
        ([10, 10], [10, 10], None),
    ],
)
def test_season_pools_two_or_more_years(first_parts, totals, season):
    assert rates.seasonal_share(first_parts, totals) == season


@pytest.mark.parametrize(
    ("low", "high", "year_before", "count", "expected"),
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
def test_course_against_the_year_before(low, high, year_before, count, expected):
    projection = rates.Projection(float(low), low, high)
    assert rates.course(projection, year_before, count) == expected


def test_course_is_unknown_without_a_projection():
    assert rates.course(None, 100, 50) is None
