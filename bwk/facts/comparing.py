"""How counts of visits compare, and what they may come to: each worked out once."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from bwk.facts.counting import Census
from bwk.facts.expressions import VISITED, Count, Interval
from bwk.facts.registry import Place, Registry
from bwk.indicators import daily, projection, rates
from bwk.indicators.projection import Projection, Year
from bwk.indicators.rates import Change, Clusters, Visits

DAY = timedelta(days=1)


class Season(NamedTuple):
    """An earlier year of a count: as far as now, and whole."""

    so_far: Count
    whole: Count


class Comparing:
    """Compares visits by who made them, and in which weeks or months.

    Parameters
    ----------
    census : Census
        Knows who came how often.
    participations : DataFrame
    registry : Registry
        Knows how long locations were open and registered.
    told : function
        Returns what is shown of a count: of rounded numbers no more may follow from a comparison.
    """

    def __init__(
        self,
        census: Census,
        participations: pd.DataFrame,
        registry: Registry,
        told: Callable[[Count], int],
    ) -> None:
        self._census, self._registry, self._told = census, registry, told
        self._daily = daily.by_day(participations)
        self.change = cache(self._change)
        self.projection = cache(self._projection)

    def together(self, now: Count, then: Count) -> Clusters | None:
        """Return how much people came together in two intervals; None where they are too short."""
        flows = [self._visits(count) for count in (now, then)]
        return rates.together(*flows) if all(flow.can_tell for flow in flows) else None

    def _change(self, now: Count, then: Count, open_at: Place = ()) -> Change | None:
        return rates.change(self._visits(now, open_at), self._visits(then, open_at))

    def _projection(
        self,
        count: Count,
        months_left: float,
        own: tuple[Season, ...],
        together: tuple[Season, ...],
    ) -> Projection | None:
        return projection.project(
            self._told(count),
            self._registry.months(count.where, count.when, VISITED, count.of.services),
            months_left,
            rates.spread(self._visits(count)),
            [self._year(season) for season in own],
            [self._year(season) for season in together],
        )

    def _year(self, season: Season) -> Year:
        so_far, whole = map(self._told, season)
        return Year(so_far, max(whole - so_far, 0))

    def _on_days(self, count: Count) -> np.ndarray:
        return self._daily.on_days(count.where, count.of.services, *count.when)

    def _visits(self, count: Count, open_at: Place = ()) -> Visits:
        of_people, heads = self._census.visits_of_each(count)
        services = self._registry.limiting(count.of.services)
        days = self._on_days(count)
        starts = daily.blocks(count.when.first, days)
        edges = [count.when.first + timedelta(int(place)) for place in (*starts, len(days))]
        blocks = [Interval(begin, end - DAY) for begin, end in pairwise(edges)]
        where = open_at or count.where
        months = np.array(
            [self._registry.months(where, block, VISITED, services) for block in blocks]
        )
        in_blocks = np.add.reduceat(days, starts)
        counts = (months > 0) | (in_blocks > 0)  # a month is noted on its last day, open or not
        return Visits(of_people, heads, in_blocks[counts], months[counts], self._told(count))
