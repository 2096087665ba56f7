"""Visits of each day, by location and service: small, however many visits there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

WEEK = 7
FEWEST_MONTHS = 3  # to see how much they differ
MOSTLY = 0.75  # of the visits


@dataclass(frozen=True)
class Daily:
    """Visits of each day.

    Attributes
    ----------
    first : date
    locations, services : dict of str to int
        The place of each in `visits`.
    visits : ndarray of int, shape (locations, services, days)
    """

    first: date
    locations: dict[str, int]
    services: dict[str, int]
    visits: np.ndarray

    def on_days(
        self, locations: Sequence[str], services: Sequence[str], first: date, last: date
    ) -> np.ndarray:
        """Return the visits of each day of an interval, at some services or, without, at all."""
        here = [self.locations[name] for name in locations if name in self.locations]
        at = [self.services[name] for name in services or self.services if name in self.services]
        places = np.arange((first - self.first).days, (last - self.first).days + 1)
        inside = (places >= 0) & (places < self.visits.shape[2])
        days = np.zeros_like(places)
        days[inside] = self.visits[np.ix_(here, at, places[inside])].sum(axis=(0, 1))
        return days


def blocks(first: date, days: np.ndarray) -> tuple[int, ...]:
    """Return the places of the days on which weeks begin, from the first of an interval on.

    Or months, where most visits are of one day in each: a group that meets once a month, or a
    register that is kept by month. Of such visits the weeks tell nothing.
    """
    dates = np.datetime64(first, "D") + np.arange(len(days))
    _, months = np.unique(dates.astype("datetime64[M]"), return_index=True)
    busiest = np.maximum.reduceat(days, months).sum()
    by_month = len(months) >= FEWEST_MONTHS and busiest > MOSTLY * days.sum()
    return tuple(months if by_month else range(0, len(days), WEEK))


def by_day(participations: pd.DataFrame) -> Daily:
    """Add up participations by location, service and day."""
    location, service = participations["locatie"].cat, participations["dienst"].cat
    first = participations["datum"].min()
    days = (participations["datum"] - first).dt.days.to_numpy()
    shape = len(location.categories), len(service.categories), int(days.max()) + 1
    places = np.ravel_multi_index((location.codes, service.codes, days), shape)
    amounts = participations["aantal"].to_numpy()
    visits = np.bincount(places, amounts, int(np.prod(shape))).astype("int32")
    locations, services = (
        {str(name): place for place, name in enumerate(column.categories)}
        for column in (location, service)
    )
    return Daily(first.date(), locations, services, visits.reshape(shape))
