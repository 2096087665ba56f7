"""Whole numbers with the people behind them, and where each stands among what a reader can add up.

A count is known by its scope, interval and name, so that one number that serves twice (the
baseline of this half-year, the year before of the next) is one number for the disclosure rule.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import combinations
from typing import NamedTuple

import pandas as pd

from bwk import formats, indicators, periods
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


@dataclass(frozen=True, eq=False)
class Scope:
    """One location, or all reported locations together, with its rows of the registrations.

    The `people` are the rows of the participants who were ever seen there.
    """

    slug: str
    locations: tuple[str, ...]
    participations: pd.DataFrame
    people: pd.DataFrame
    registrations: Registrations

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
    """Cuts the intervals of a report into stretches, so that sums over time can be compared."""

    def __init__(self, intervals: Iterable[Period]) -> None:
        edges = {edge for i in intervals for edge in (i.first, i.last + timedelta(days=1))}
        self._starts = sorted(edges)

    def stretches(self, interval: Period) -> list[date]:
        """Return the first days of the stretches that make up the interval."""
        return [start for start in self._starts if interval.contains(start)]


def count_visits(scope: Scope, interval: Period, calendar: Calendar) -> Iterator[Count]:
    """Count participants and participations, in all and per service."""
    rows = _rows(scope, interval)
    services = scope.registrations.services["dienst"]
    yield _own(scope, interval, "deelnemers", indicators.participants(rows))
    found = indicators.tally(rows, "dienst").reindex(services, fill_value=0).to_dict()
    for service in services:
        yield _own(scope, interval, f"deelnemers.{service}", found["deelnemers"][service])
    cells = {service: _cells(scope, interval, calendar, service) for service in services}
    for service, terms in cells.items():
        key = _key(scope, interval, f"deelnames.{service}")
        yield Count(key, found["deelnames"][service], found["personen"][service], terms)
    everything = {cell: 1.0 for terms in cells.values() for cell in terms}
    total = _key(scope, interval, "deelnames")
    visits = sum(found["deelnames"].values())
    yield Count(total, visits, indicators.people_behind(rows), everything)


def count_domains(counts: Mapping[str, Count], scope: Scope, interval: Period) -> Iterator[Count]:
    """Add up the participations per life domain."""
    domains = scope.registrations.services.dropna(subset="leefgebied").groupby("leefgebied")
    behind = indicators.tally(_rows(scope, interval), "leefgebied")["personen"]
    for domain, slugs in domains["dienst"]:
        parts = [counts[f"deelnames.{slug}"] for slug in slugs]
        terms = {cell: 1.0 for part in parts for cell in part.terms}
        key = _key(scope, interval, f"leefgebied.{formats.slug(str(domain))}")
        yield Count(key, sum(part.value for part in parts), int(behind.get(domain, 0)), terms)


def count_people(scope: Scope, period: Period) -> Iterator[Count]:
    """Count what the people of a period have in common: roles, origin, return, services."""
    data = scope.registrations
    rows = _rows(scope, period)
    new, returning = indicators.newcomers(scope.participations, period)
    yield _own(scope, period, "nieuwe_deelnemers", new)
    yield _own(scope, period, "terugkerende_deelnemers", returning)
    several = indicators.users_of_several_services(rows)
    yield _own(scope, period, "meer_diensten", several)
    roles = scope.rows(data.roles)
    yield _own(scope, period, "wederkerig", indicators.reciprocal(rows, roles, period))
    yield from _count_roles(scope, period, roles, indicators.participants(rows))
    if len(data.neighbourhoods):
        yield from _count_origins(scope, period, rows)
    services = list(data.services["dienst"])
    shared = indicators.mixing(rows).reindex(index=services, columns=services, fill_value=0)
    values = shared.to_numpy().tolist()
    for (row, one), (column, other) in combinations(enumerate(services), 2):
        yield _own(scope, period, f"samen.{one}.{other}", values[row][column])


def count_referrals(scope: Scope, interval: Period, calendar: Calendar) -> Iterator[Count]:
    """Count the referrals to and from each partner."""
    counted = indicators.referrals_by(scope.rows(scope.registrations.referrals), interval)
    for direction in ("naar", "van"):
        for partner in scope.registrations.partners["partner"]:
            row = (direction, partner)
            value, people = counted.loc[row] if row in counted.index else (0, 0)
            key = _key(scope, interval, f"verwijzingen.{direction}.{partner}")
            yield Count(key, int(value), int(people), _cells(scope, interval, calendar, *row))


def _count_roles(
    scope: Scope, period: Period, roles: pd.DataFrame, participants: int
) -> Iterator[Count]:
    held = indicators.people_by_role(roles, period)
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


def _count_origins(scope: Scope, period: Period, rows: pd.DataFrame) -> Iterator[Count]:
    data = scope.registrations
    homes = indicators.origins(rows, scope.people)
    for place in data.neighbourhoods["buurt"]:
        yield _own(scope, period, f"herkomst.{place}", int(homes.get(place, 0)))
    near = indicators.from_surroundings(rows, scope.people, data.neighbourhoods)
    yield _own(scope, period, "omgeving", near)


@lru_cache(maxsize=1)
def _rows(scope: Scope, interval: Period) -> pd.DataFrame:
    """Return the participations of an interval; several functions want the same, one by one."""
    return indicators.within(scope.participations, interval)


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
