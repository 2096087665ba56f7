"""How sure a change is: of visits, which come together and come back, and of people."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from scipy import special  # scipy.stats holds the same by other names, and takes 0.3 s to load

SIGNIFICANCE = 0.05
FEWEST_MONTHS = 0.9  # four weeks
# Weeks: a few without visits bear most of the variance, and are known better than by chance. With
# this many the error rates in the README hold.
FEWEST_BEARING = 9.0
Name = TypeVar("Name", bound=Hashable)
ADDED = 0.5  # to a count, so that none has a logarithm too


@dataclass(frozen=True)
class Visits:
    """Visits in an interval.

    Attributes
    ----------
    of_people : ndarray of int, shape (people,)
        How often each person came; the same people in all that is compared.
    heads : int
        Visits of which it is not known by whom.
    in_weeks : ndarray of int, shape (weeks,)
        Or in months, where they were counted by month.
    months : ndarray of float, shape (weeks,)
        How long it was open in each week.
    rounded : int, optional
        What is told of their number, where that is not the number itself.
    """

    of_people: np.ndarray
    heads: int
    in_weeks: np.ndarray
    months: np.ndarray
    rounded: int | None = None

    @property
    def told(self) -> int:
        """All visits, as far as a reader knows."""
        return self.number if self.rounded is None else self.rounded

    @property
    def number(self) -> int:
        """All visits."""
        return int(self.in_weeks.sum())

    @property
    def can_tell(self) -> bool:
        """Whether it was long enough to see how much weeks, or months, differ."""
        return float(self.months.sum()) >= FEWEST_MONTHS


class Spread(NamedTuple):
    """The variance of the logarithm of a number of visits, or of the ratio of two.

    Attributes
    ----------
    variance : float
    clustering : float
        How much larger it is than if each visit came on its own.
    degrees : float
        Degrees of freedom with which it is known.
    """

    variance: float
    clustering: float
    degrees: float


class Clusters(NamedTuple):
    """How visits hang together: by the people who make them, or by their weeks.

    Attributes
    ----------
    factor : float
        How much larger the variance is than if each visit came on its own; 1 or more.
    bearing : float
        How many people, or weeks, bear that variance.
    """

    factor: float
    bearing: float


class Change(NamedTuple):
    """The change of a rate per month (0.5: half as much again), its 95% margin, and its chance.

    The chance is that of a change as large as this where nothing changed.
    """

    growth: float
    low: float
    high: float
    chance: float

    def beside(self, other: "Change | None") -> "Change":
        """Return the change as sure as it is where another may be the true one.

        >>> Change(0.5, 0.2, 1.0, 0.01).beside(Change(-0.1, -0.3, 0.2, 0.6))
        Change(growth=0.5, low=-0.3, high=1.0, chance=1.0)
        """
        if not other:
            return self
        agree = self.growth * other.growth > 0
        chance = max(self.chance, other.chance) if agree else 1.0
        return Change(self.growth, min(self.low, other.low), max(self.high, other.high), chance)


def change(now: Visits, then: Visits) -> Change | None:
    """Compare the visits per month of two intervals; None where it cannot be said.

    The logarithm of the ratio of two rates against its clustered variance, with a t quantile. The
    margin holds the ratios that this does not tell apart from what was counted.
    """
    if not (then.told and now.can_tell and then.can_tell):
        return None
    exposures = [visits.months.sum() for visits in (now, then)]
    growth = float(now.told / then.told * exposures[1] / exposures[0] - 1)
    rates = [(v.told + ADDED) / months for v, months in zip((now, then), exposures, strict=True)]
    ratio, about = np.log(rates[0] / rates[1]), spread(now, then)
    error = np.sqrt(about.variance)
    chance = 2 * special.stdtr(about.degrees, -abs(ratio) / error)
    reach = special.stdtrit(about.degrees, 1 - SIGNIFICANCE / 2) * error
    low, high = np.expm1([ratio - reach, ratio + reach])
    return Change(growth, float(min(low, growth)), float(max(high, growth)), float(chance))


def spread(*flows: Visits) -> Spread:
    """Return how sure a number of visits is, or the ratio of two.

    Clustered both ways (Cameron, Gelbach and Miller 2011): by people, who come back, and by weeks,
    in which people come together. The two factors are multiplied where that paper adds the
    variances: families come together *and* come back.
    """
    by_people, by_weeks = returning(*flows), together(*flows)
    clustering = by_people.factor * by_weeks.factor
    degrees = max(min(by_people.bearing, by_weeks.bearing) - 1, 1.0)
    told = sum(1 / (flow.told + ADDED) for flow in flows)
    return Spread(told * clustering, clustering, degrees)


def returning(*flows: Visits) -> Clusters:
    """Return how much larger the variance is because people come back."""
    parts = [flow.of_people / (flow.number + ADDED) for flow in flows]
    people = np.subtract(*parts) if len(parts) == 2 else parts[0]
    square, fourth = (
        moment + sum(flow.heads / (flow.number + ADDED) ** power for flow in flows)
        for power, moment in _moments(people).items()
    )
    return Clusters(max(square / _alone(flows), 1.0), square**2 / fourth if fourth else 1.0)


def together(*flows: Visits) -> Clusters:
    """Return how much larger the variance is because people come at the same time."""
    weeks = np.concatenate([_apart(flow) for flow in flows])
    square, fourth = _moments(weeks).values()
    fewest = min(FEWEST_BEARING, len(weeks) - 1.0)
    bearing = max(square**2 / fourth, fewest) if fourth else len(weeks)
    return Clusters(max(square / _alone(flows), 1.0), bearing)


def sign_chance(only_then: int, only_now: int, clusters: Clusters) -> float:
    """Return the chance of numbers as unequal as these where each person was as likely in either.

    The sign test on who came in one of two equal windows alone (McNemar 1947): exact where each
    came on their own; those who come together count as one, as `clusters` from `together` tells.
    """
    if only_then == only_now:
        return 1.0
    fewer, more = (n / clusters.factor for n in sorted([only_then, only_now]))
    tail = min(0.5, float(special.betainc(more, fewer + 1, 0.5)))
    if clusters.factor > 1:
        degrees = max(clusters.bearing - 1, 1.0)
        tail = float(special.stdtr(degrees, float(special.ndtri(tail))))
    return 2 * tail


def clear(chances: Mapping[Name, float]) -> frozenset[Name]:
    """Return which of many comparisons are clear together (Benjamini and Hochberg 1995).

    Of the changes that are called clear, 5% or fewer are none, on average.
    """
    in_order = sorted(chances, key=lambda name: chances[name])
    passed = [
        place
        for place, name in enumerate(in_order, start=1)
        if chances[name] <= SIGNIFICANCE * place / len(in_order)
    ]
    return frozenset(in_order[: max(passed, default=0)])


def _alone(flows: Sequence[Visits]) -> float:
    """Return the variance if each visit came on its own."""
    return sum(1 / (flow.number + ADDED) for flow in flows)


def _apart(flow: Visits) -> np.ndarray:
    """Return how far the visits of each week are from what they would be, as a part of all."""
    weeks = len(flow.months)
    expected = flow.number * flow.months / flow.months.sum()
    inflated = np.sqrt(weeks / max(weeks - 1, 1))  # as their mean is of the same weeks
    return inflated * (flow.in_weeks - expected) / (flow.number + ADDED)


def _moments(deviations: np.ndarray) -> dict[int, float]:
    """Add up the squares and the fourth powers."""
    squares = deviations * deviations
    return {2: float(squares.sum()), 4: float((squares * squares).sum())}
