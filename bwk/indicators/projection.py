"""What the year may come to, from the part that has passed and earlier years."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

from bwk.indicators.rates import ADDED, Spread

INTERVAL = 0.8
FEWEST_FOR_COURSE = 10
# Of the logarithm of the rest of a year against its beginning, both per month. Learned from the
# monthly loans and visits of libraries and museums: see the README.
SPREAD, DEGREES = 0.12, 4
SEASON_SPREAD = 0.08
# Of a season: so that a projection, held back with the counts of earlier years, tells less of them.
STEP = 0.05


class Year(NamedTuple):
    """An earlier year: visits until the same day, and in the rest of it."""

    so_far: int
    rest: int


class Projection(NamedTuple):
    """The expected total at the end of the calendar year, and its 80% prediction interval."""

    expected: float
    low: int
    high: int

    @property
    def step(self) -> int:
        """To what it is rounded: a power of ten of at most a quarter of the margin.

        >>> Projection(1006, 830, 1240).step, Projection(330, 290, 382).step
        (100, 10)
        """
        width = self.high - self.low
        return 10 ** int(np.log10(width / 4)) if width > 4 else 1


def project(
    count: int,
    observed_months: float,
    remaining_months: float,
    spread: Spread,
    own: Sequence[Year] = (),
    together: Sequence[Year] = (),
) -> Projection | None:
    """Project the total of the calendar year from the count so far; None without observed months.

    The rest of the year is log-normal about the rate so far times a season. The season is learned
    from the years of the locations together, and shrunk towards none: one of two years as it is
    predicts worse than none. The spread between the parts of a year is learned from the own
    years, from 12% with four degrees of freedom on.

    Parameters
    ----------
    count : int
    observed_months, remaining_months : float
        That the location was and will be open this year.
    spread : Spread
        Of the count so far.
    own, together : sequence of Year
        Earlier years in which the location, or those together, were open all the time.
    """
    if observed_months <= 0:
        return None
    if remaining_months <= 0:
        return Projection(float(count), int(count), int(count))
    months = np.log(remaining_months / observed_months)
    season, season_variance = _season(together, months)
    degrees = DEGREES + len(own)
    between = _between(own, months, season, spread.clustering) / degrees
    rest = count * np.exp(months + season)
    chance = spread.clustering * (1 / (count + ADDED) + 1 / (rest + ADDED))
    variance = between + season_variance + chance
    t = special.stdtrit(degrees * (variance / between) ** 2, (1 + INTERVAL) / 2)
    low, high = (rest + ADDED) * np.exp([-t * np.sqrt(variance), t * np.sqrt(variance)]) - ADDED
    return Projection(
        float(count + rest), count + max(int(np.floor(low)), 0), count + int(np.ceil(high))
    )


def course(projection: Projection | None, target: float | None, count: int) -> str | None:
    """Judge a projection against the year before, as many months of it; None without either."""
    if projection is None or target is None:
        return None
    if count < FEWEST_FOR_COURSE:
        return "onzeker"
    if projection.low > target:
        return "boven koers"
    return "onder koers" if projection.high < target else "op koers"


def _season(years: Sequence[Year], months: float) -> tuple[float, float]:
    """Return the logarithm of the season, shrunk towards none, and its variance."""
    known = [1 / (SPREAD**2 + _chance(year)) for year in years]
    precision = 1 / SEASON_SPREAD**2 + sum(known)
    mean = sum(w * _shift(year, months) for w, year in zip(known, years, strict=True)) / precision
    return STEP * round(mean / STEP), 1 / precision


def _between(years: Sequence[Year], months: float, season: float, clustering: float) -> float:
    """Add up the squares of what the parts of years differ, beyond season and chance."""
    apart = [(_shift(year, months) - season) ** 2 - clustering * _chance(year) for year in years]
    return float(DEGREES * SPREAD**2 + sum(max(square, 0.0) for square in apart))


def _shift(year: Year, months: float) -> float:
    return float(np.log((year.rest + ADDED) / (year.so_far + ADDED)) - months)


def _chance(year: Year) -> float:
    return 1 / (year.so_far + ADDED) + 1 / (year.rest + ADDED)
