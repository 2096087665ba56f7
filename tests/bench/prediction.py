"""Simulate years: how often does the 80% prediction interval hold the total of the year?

Prints a table and ends with status 1 where the share of a flat year lies outside 79 to 85%.
"""

import sys
from functools import cache

import numpy as np

from bwk.indicators import rates

EXPECTED = (10, 15, 20, 30, 50, 100, 200, 400, 600)
YEARS, SEASONAL_YEARS = 20_000, 1_000
BOUNDS = (0.79, 0.85)
FIRST_PART = 0.6


def cover_flat(generator: np.random.Generator, mean: float) -> tuple[float, float]:
    """Share of flat years held by the interval, and the mean error of the expected rest."""
    project = cache(rates.project)
    first, rest = generator.poisson(mean, (2, YEARS))
    projections = [project(int(count), 6, 6) for count in first]
    held = [p.low <= total <= p.high for p, total in zip(projections, first + rest, strict=True)]
    expected = np.array([p.expected for p in projections])
    return float(np.mean(held)), float(np.mean(expected - first - rest))


def cover_seasonal(generator: np.random.Generator, mean: float) -> float:
    """Share of years with a season, known from two earlier years alone."""
    rest_mean = mean * (1 - FIRST_PART) / FIRST_PART
    firsts = generator.poisson(mean, (SEASONAL_YEARS, 3))
    rests = generator.poisson(rest_mean, (SEASONAL_YEARS, 3))
    held = 0
    for first, rest in zip(firsts, rests, strict=True):
        season = rates.seasonal_share(first[1:], first[1:] + rest[1:])
        found = rates.project(first[0], 6, 6, season)
        held += found.low <= first[0] + rest[0] <= found.high
    return held / SEASONAL_YEARS


def main() -> int:
    generator = np.random.default_rng(2018)
    print("expected in first half | flat year | error of expected | season of 2 years")
    good = True
    for mean in EXPECTED:
        flat, error = cover_flat(generator, mean)
        seasonal = cover_seasonal(generator, mean)
        good &= BOUNDS[0] <= flat <= BOUNDS[1]
        print(f"{mean:>22} | {flat:>9.1%} | {error:>17.2f} | {seasonal:>17.1%}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
