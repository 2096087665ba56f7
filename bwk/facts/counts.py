"""Whole numbers with the people behind them, and where each stands among what a reader can add up.

A count is known by its scope, interval and name, so that one number that serves twice (the
baseline of this half-year, the year before of the next) is one number for the disclosure rule.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from bwk import formats, periods
from bwk.indicators import attendance, counting
from bwk.indicators.attendance import Attendance
from bwk.indicators.counting import Tally
from bwk.periods import Period
from bwk.registrations import Registrations


class Key(NamedTuple):
    """What makes a count one and the same: the locations, the interval and what is counted."""

    scope: str
    first: date
    last: date
    name: str


@dataclass(frozen=True)
class Count:
    """A whole number, the people behind it, and the unknown cells that it adds up."""

    key: Key
    value: int
    people: int
    terms: Mapping[Hashable, float]


class Attended:
    """The participations as attendance, of one scope at a time: all at once would be too large."""

    def __init__(self, participations: pd.DataFrame, starts: Sequence[date]) -> None:
        self._firsts = (date.min, *starts)
        rows = attendance.with_stretch(participations, self._firsts)
        self._rows = rows[["locatie", "stretch", "dienst", "deelnemer", "aantal", "omgeving"]]
        self._last: tuple[tuple[str, ...], Attendance] | None = None

    def of(self, locations: tuple[str, ...]) -> Attendance:
        """Return who was seen at some locations."""
        if self._last is None or self._last[0] != locations:
            self._last = locations, attendance.mark(self._rows_of(locations), self._firsts)
        return self._last[1]

    def _rows_of(self, locations: tuple[str, ...]) -> pd.DataFrame:
        own = [self._places[place] for place in locations if place in self._places]
        if len(own) == len(self._places):
            return self._rows
        return self._rows.take(np.concatenate(own) if own else [])

    @cached_property
    def _places(self) -> dict[str, np.ndarray]:
        """The rows of each location where somebody came."""
        rows = self._rows.groupby("locatie", observed=True).indices
        return {str(place): np.asarray(own) for place, own in rows.items()}


@dataclass(frozen=True, eq=False)
class Scope:
    """One location, or all reported locations together."""

    slug: str
    locations: tuple[str, ...]
    registrations: Registrations
    attended: Attended
    living: pd.Categorical

    @property
    def attendance(self) -> Attendance:
        """Who was seen there."""
        return self.attended.of(self.locations)

    @property
    def key(self) -> str:
        """The locations themselves: a city of other locations is another city."""
        return "+".join(self.locations)

    def rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table that belong to the scope's locations."""
        return table[table["locatie"].isin(self.locations)]

    def months(self, period: Period) -> float:
        """Add up the months that the scope's locations were open in the period."""
        return sum(
            periods.exposure(period, begin.date(), None if pd.isna(end) else end.date())
            for begin, end in self._opened
        )

    @cached_property
    def _opened(self) -> list[tuple]:
        own = self.rows(self.registrations.locations)
        return list(zip(own["geopend_op"], own["gesloten_op"], strict=True))


class Calendar:
    """Cuts the intervals of a report into stretches, so that sums over time can be compared.

    Attributes
    ----------
    starts : list of date
        The first days of all stretches.
    """

    def __init__(self, intervals: Iterable[Period]) -> None:
        edges = {edge for i in intervals for edge in (i.first, i.last + timedelta(days=1))}
        self.starts = sorted(edges)

    def stretches(self, interval: Period) -> list[date]:
        """Return the first days of the stretches that make up the interval."""
        return [start for start in self.starts if interval.contains(start)]


def count_visits(scope: Scope, interval: Period, calendar: Calendar) -> Iterator[Count]:
    """Count participants and participations, in all and per service."""
    seen = scope.attendance.within(interval)
    services = scope.registrations.services["dienst"]
    yield _own(scope, interval, "deelnemers", counting.participants(seen))
    found = defaultdict(Tally, counting.by_service(seen))
    for service in services:
        yield _own(scope, interval, f"deelnemers.{service}", found[service].participants)
    cells = {service: _cells(scope, interval, calendar, service) for service in services}
    for service, terms in cells.items():
        key = _key(scope, interval, f"deelnames.{service}")
        yield Count(key, found[service].participations, found[service].people_behind, terms)
    everything = {cell: 1.0 for terms in cells.values() for cell in terms}
    total = _key(scope, interval, "deelnames")
    yield Count(total, counting.participations(seen), counting.people_behind(seen), everything)


def count_domains(counts: Mapping[str, Count], scope: Scope, interval: Period) -> Iterator[Count]:
    """Add up the participations per life domain."""
    seen = scope.attendance.within(interval)
    for domain, slugs in scope.registrations.domains.items():
        parts = [counts[f"deelnames.{slug}"] for slug in slugs]
        terms = {cell: 1.0 for part in parts for cell in part.terms}
        key = _key(scope, interval, f"leefgebied.{formats.slug(domain)}")
        people = counting.people_behind(seen.at(slugs))
        yield Count(key, sum(part.value for part in parts), people, terms)


def count_people(scope: Scope, period: Period) -> Iterator[Count]:
    """Count what the people of a period have in common: roles, origin, return, services."""
    data = scope.registrations
    seen = scope.attendance.within(period)
    new, returning = counting.newcomers(scope.attendance, period)
    yield _own(scope, period, "nieuwe_deelnemers", new)
    yield _own(scope, period, "terugkerende_deelnemers", returning)
    several = counting.users_of_several_services(seen)
    yield _own(scope, period, "meer_diensten", several)
    roles = scope.rows(data.roles)
    yield _own(scope, period, "wederkerig", counting.reciprocal(seen, roles, period))
    yield from _count_roles(scope, period, roles, counting.participants(seen))
    if len(data.neighbourhoods):
        yield from _count_origins(scope, period, seen)
    services = list(data.services["dienst"])
    shared = counting.mixing(seen).reindex(index=services, columns=services, fill_value=0)
    values = shared.to_numpy().tolist()
    for (row, one), (column, other) in combinations(enumerate(services), 2):
        yield _own(scope, period, f"samen.{one}.{other}", values[row][column])


def count_referrals(scope: Scope, interval: Period, calendar: Calendar) -> Iterator[Count]:
    """Count the referrals to and from each partner."""
    counted = counting.referrals_by(scope.rows(scope.registrations.referrals), interval)
    for direction in ("naar", "van"):
        for partner in scope.registrations.partners["partner"]:
            row = (direction, partner)
            value, people = counted.get(row, (0, 0))
            key = _key(scope, interval, f"verwijzingen.{direction}.{partner}")
            yield Count(key, value, people, _cells(scope, interval, calendar, *row))


def _count_roles(
    scope: Scope, period: Period, roles: pd.DataFrame, participants: int
) -> Iterator[Count]:
    held = counting.people_by_role(roles, period)
    counts = [_own(scope, period, "deelnemers", participants)]
    for role in scope.registrations.role_names["rol"]:
        if role == "deelnemers":
            yield replace(counts[0], key=_key(scope, period, "rol.deelnemers"))
        else:
            counts.append(_own(scope, period, f"rol.{role}", int(held.get(role, 0))))
            yield counts[-1]
    total = sum(count.value for count in counts)
    terms = {cell: 1.0 for count in counts for cell in count.terms}
    yield Count(_key(scope, period, "rollen"), total, total, terms)


def _count_origins(scope: Scope, period: Period, seen: Attendance) -> Iterator[Count]:
    data = scope.registrations
    homes = counting.origins(seen, scope.living)
    for place in data.neighbourhoods["buurt"]:
        yield _own(scope, period, f"herkomst.{place}", int(homes.get(place, 0)))
    yield _own(scope, period, "omgeving", counting.from_surroundings(seen))


def _cells(scope: Scope, interval: Period, calendar: Calendar, *what: str) -> dict[Hashable, float]:
    """Return the cells of what was registered: one for each location and stretch."""
    stretches = calendar.stretches(interval)
    return {(place, *what, stretch): 1.0 for place in scope.locations for stretch in stretches}


def _own(scope: Scope, interval: Period, name: str, value: int) -> Count:
    key = _key(scope, interval, name)
    return Count(key, value, value, {key: 1.0})


def _key(scope: Scope, interval: Period, name: str) -> Key:
    return Key(scope.key, interval.first, interval.last, name)


def by_name(counts: Iterable[Count]) -> dict[str, Count]:
    """Return the counts of one scope and interval by their name."""
    return {count.key.name: count for count in counts}
