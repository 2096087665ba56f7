"""Who was seen at which service and when, marked in one pass over the participations.

A count of people is a union: over services, over days, over locations. In a grid of marks each is
one reduction, so ten million participations are gone through once for all intervals together.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pandas as pd


class Interval(Protocol):
    """The first and the last day, both included."""

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


UNPLACED = ""


@dataclass(frozen=True)
class Attendance:
    """Who was seen at one location, or at several together.

    Time is cut into stretches of days; what is asked of an interval must begin and end with one.

    Attributes
    ----------
    firsts : tuple of date
        The first day of each stretch.
    services : tuple of str
    people : Categorical
        Everybody who is known by a pseudonym, once.
    times : ndarray of int, shape (stretches, services, people)
        Participations of each.
    near : ndarray of bool, shape (stretches, people)
        Seen at a location in whose surroundings they live.
    visits, heads : ndarray of int, shape (stretches, services)
        `aantal` added up: of all participations, of anonymous ones.
    """

    firsts: tuple[date, ...]
    services: tuple[str, ...]
    people: pd.Categorical
    times: np.ndarray
    near: np.ndarray
    visits: np.ndarray
    heads: np.ndarray

    @cached_property
    def used(self) -> np.ndarray:
        """Who used which service at any time: bool, shape (services, people)."""
        return self.times.max(axis=0, initial=0) > 0

    @cached_property
    def present(self) -> np.ndarray:
        """Who was there at all: bool, shape (people,)."""
        return np.logical_or.reduce(self.used, axis=0)

    @cached_property
    def often(self) -> np.ndarray:
        """How often each came, at all services together: int, shape (people,)."""
        return self.times.sum(axis=0, dtype="uint32").sum(axis=0)

    def within(self, interval: Interval) -> "Attendance":
        """Cut to the stretches of an interval."""
        return self._cut(interval.first, interval.last + timedelta(days=1))

    def before(self, day: date) -> "Attendance":
        """Cut to the stretches before a day."""
        return self._cut(date.min, day)

    def at(self, services: Sequence[str]) -> "Attendance":
        """Cut to some services."""
        own: Any = self.places_of(services)
        left = tuple(self.services[place] for place in own)
        if len(own) == 1:  # of one service nothing needs to be copied
            own = slice(own[0], own[0] + 1)
        cut = {name: getattr(self, name)[:, own] for name in ("times", "visits", "heads")}
        return replace(self, services=left, **cut)

    def places_of(self, services: Sequence[str]) -> list[int]:
        """Return the places of some services in the grids."""
        return [place for place, name in enumerate(self.services) if name in services]

    def _cut(self, first: date, end: date) -> "Attendance":
        own = slice(bisect_left(self.firsts, first), bisect_left(self.firsts, end))
        names = ("firsts", "times", "near", "visits", "heads")
        return replace(self, **{name: getattr(self, name)[own] for name in names})


def mark(participations: pd.DataFrame, firsts: Sequence[date]) -> Attendance:
    """Mark who was seen.

    Parameters
    ----------
    participations : DataFrame
        With the columns `stretch` of `with_stretch` and `omgeving` of `with_surroundings`.
    firsts : sequence of date
        The first day of each stretch.
    """
    stretch = participations["stretch"].to_numpy()
    service, everybody = participations["dienst"].cat, participations["deelnemer"].cat
    known, person = _renumbered(everybody.codes.to_numpy(), len(everybody.categories))
    shape = len(firsts), len(service.categories), len(known) + 1  # the last one has no name
    near = np.zeros((shape[0], shape[2]), dtype=bool)
    at_home = np.flatnonzero(participations["omgeving"])
    near[stretch[at_home], person[at_home]] = True
    times = np.zeros(shape, dtype="uint16")  # once a day at a service: no more than that holds
    places = np.ravel_multi_index((service.codes, person), shape[1:])
    for number, own in enumerate(times):  # one stretch at a time, for bincount is wide
        own[:] = np.bincount(places[stretch == number], minlength=own.size).reshape(own.shape)
    cells = stretch.astype("int64") * shape[1] + service.codes.to_numpy()
    nameless = np.flatnonzero(person == len(known))
    amounts = participations["aantal"].to_numpy()
    visits, heads = (
        np.bincount(cells[rows], amounts[rows], shape[0] * shape[1]).astype("int64")
        for rows in (slice(None), nameless)
    )
    people = pd.Categorical.from_codes(known, categories=everybody.categories)
    sums = (visits.reshape(shape[:2]), heads.reshape(shape[:2]))
    return Attendance(
        tuple(firsts),
        tuple(map(str, service.categories)),
        people,
        times[:, :, :-1],
        near[:, :-1],
        *sums,
    )


def with_stretch(participations: pd.DataFrame, firsts: Sequence[date]) -> pd.DataFrame:
    """Add `stretch`: the place of the last of the ascending days that is not after `datum`."""
    days = participations["datum"].to_numpy()
    later = np.array(firsts[1:], dtype=days.dtype)
    return participations.assign(stretch=np.searchsorted(later, days, side="right").astype("int16"))


def homes(participants: pd.DataFrame, people: pd.Index) -> pd.Categorical:
    """Return the neighbourhood of each of the people, `UNPLACED` where it is not known."""
    known = participants.set_index("deelnemer")["buurt"].astype(object)
    return pd.Categorical(known.reindex(people).fillna(UNPLACED))


def with_surroundings(
    participations: pd.DataFrame, living: pd.Categorical, neighbourhoods: pd.DataFrame
) -> pd.DataFrame:
    """Add `omgeving`: does this participant live in the surroundings of this location?

    `living` is the home of each category of `deelnemer`, from `homes`.
    """
    location, person = participations["locatie"].cat, participations["deelnemer"].cat
    surrounds = neighbourhoods.set_index("buurt")["omgeving_van"].astype(object)
    beside = location.categories.get_indexer(pd.Index(surrounds.reindex(living.categories)))
    codes = np.append(beside[living.codes], -1)[person.codes]  # the last one has no name
    return participations.assign(omgeving=codes == location.codes)


def _renumbered(codes: np.ndarray, categories: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the codes that occur, and each code's place among them; -1 gets the last place."""
    occurs = np.zeros(categories + 1, dtype=bool)
    occurs[codes] = True
    known = np.flatnonzero(occurs[:-1])
    place = np.full(categories + 1, len(known), dtype="int32")
    place[known] = np.arange(len(known))
    return known, place[codes]
