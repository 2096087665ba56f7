"""How sure a change is, and what the year may come to: statistics on counts and months."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import special  # scipy.stats holds the same by other names, and takes 0.3 s to load

SIGNIFICANCE = 0.05
PREDICTION_QUANTILES = (0.1, 0.9)
FEWEST_FOR_COURSE = 10
EQUALLY_LIKELY = (np.arange(200) + 0.5) / 200

Season = tuple[int, int]


class RateChange(NamedTuple):
    """The change of a rate per month (0.5: half as much again), and whether it is clear."""

    growth: float
    p_value: float
    verdict: str


class Projection(NamedTuple):
    """The expected total at the end of the calendar year, and its 80% prediction interval."""

    expected: float
    low: int
    high: int


def rate_change(
    count: int, exposure: float, base_count: int, base_exposure: float
) -> RateChange | None:
    """Compare two rates per month by the exact conditional test for two Poisson counts.

    Exposures are months, for several locations the sum of theirs; None where one of them or the
    count of the baseline is 0. Given their sum, each count is binomial under equal rates
    (Przyborowski and Wilenski 1940). The p-value is twice the smaller tail: unlike least
    likelihood, it always agrees with the exact interval (Clopper and Pearson 1934).
    """
    if base_count <= 0 or exposure <= 0 or base_exposure <= 0:
        return None
    total, share = int(count + base_count), exposure / (exposure + base_exposure)
    tails = special.bdtr(count, total, share), special.bdtrc(count - 1, total, share)
    p_value = min(1.0, 2 * float(min(tails)))
    growth = float(count / base_count * base_exposure / exposure - 1)
    verdict = "meer" if growth > 0 else "minder"
    clear = p_value < SIGNIFICANCE
    return RateChange(growth, p_value, verdict if clear else "geen duidelijk verschil")


def seasonal_share(first_parts: Sequence[int], totals: Sequence[int]) -> Season | None:
    """Pool earlier years, each open all year, into participations of the first part and the rest.

    None with fewer than two years, or where all participations fell in one part.
    """
    first = int(sum(first_parts))
    rest = int(sum(totals)) - first
    return (first, rest) if len(totals) >= 2 and first > 0 and rest > 0 else None


@lru_cache(1000)  # five facts ask for the same
def project(
    count: int, observed_months: float, remaining_months: float, season: Season | None = None
) -> Projection | None:
    """Project the total of the calendar year from the count so far; None without observed months.

    The rate has the posterior Gamma(count + 1/2, observed) (Jeffreys), so the rest of the year is
    negative binomial; `low` and `high` are the first counts at which it reaches 10% and 90%.
    `expected` carries the observed rate on, which is unbiased: the mean of that distribution is
    too high by half of remaining / observed. Participations are taken as independent.

    Months are those that the location is open. `season`, from `seasonal_share`, replaces them
    where it is open all year; its share is an estimate too: Beta(first + 1/2, rest + 1/2).
    """
    if observed_months <= 0:
        return None
    if remaining_months <= 0:
        return Projection(float(count), int(count), int(count))
    first, rest = season or (observed_months, remaining_months)
    shares = np.array([first / (first + rest)])
    if season:
        shares = special.betaincinv(first + 0.5, rest + 0.5, EQUALLY_LIKELY)
    low, high = (int(count) + _future(q, count, shares) for q in PREDICTION_QUANTILES)
    return Projection(float(count + count * rest / first), low, high)


def course(projection: Projection | None, year_before: float | None, count: int) -> str | None:
    """Judge a projection against the total of the calendar year before; None without either."""
    if projection is None or year_before is None:
        return None
    if count < FEWEST_FOR_COURSE:
        return "onzeker"
    if projection.low > year_before:
        return "boven koers"
    return "onder koers" if projection.high < year_before else "op koers"


def _future(quantile: float, count: int, shares: np.ndarray) -> int:
    """Find the quantile of nbinom(count + 1/2, share), averaged over equally likely shares."""
    ends = (special.nbdtrik(quantile, count + 0.5, x) for x in (shares.max(), shares.min()))
    least, most = map(int, ends)
    return bisect_left(
        range(most + 2),
        quantile,
        least,
        key=lambda k: special.betainc(count + 0.5, k + 1, shares).mean(),
    )
