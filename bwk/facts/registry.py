"""Which locations were open, and kept their registers, when; where they moved, and what followed.

A location that moved is one with where it moved to: a *unit*, known by the location that it is in
the period. A count that nobody registered is not a count of nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from itertools import chain

import pandas as pd

from bwk import formats, periods
from bwk.facts.expressions import HOMES, PERSONS, VISITED, Interval
from bwk.facts.intervals import interval_of
from bwk.periods import ALWAYS, Period, Span, Spans, common, joined
from bwk.registrations import Registrations

Place = tuple[str, ...]
ALIKE = 0.9  # of the months of the location that was registered longest
REACH = 6  # months that a register goes back before people can be new


class Registry:
    """The registers of all locations, seen from one period.

    Attributes
    ----------
    names : tuple of str
        The locations, in display order.
    called : mapping of str to str
        What people call them.
    opened : mapping of str to Span
        When each location was open.
    offered : mapping of str to Span
        When each service was there.
    units : mapping of str to tuple of str
        The locations of each unit, by the location that it is in the period.
    """

    def __init__(self, data: Registrations, period: Period) -> None:
        self._data, self._period = data, period
        self.called = dict(_pairs(data.locations, "locatie", "naam"))
        self.names = tuple(self.called)
        self.opened = _spans(data.locations, "locatie", "geopend_op", "gesloten_op")
        self.offered = _spans(data.services, "dienst", "van", "tot")
        # The same is asked for each fact of a sheet.
        self.compared = cache(self._compared)
        self.kept = cache(self._kept)
        self.months = cache(self._months)
        self.registered = cache(self._registered)
        self._heirs = {location: self._heir(location) for location in self.names}

    @cached_property
    def units(self) -> Mapping[str, Place]:
        """The locations of each unit."""
        return {
            heir: tuple(sorted(name for name, own in self._heirs.items() if own == heir))
            for heir in dict.fromkeys(self._heirs.values())
        }

    @cached_property
    def renamed(self) -> Mapping[str, Place]:
        """Each service to those that were only called otherwise before."""
        after = {old: names.split() for old, names in _pairs(self._data.services, *SUCCESSION)}
        before: dict[str, list[str]] = {}
        for service in after:
            current = service
            while len(after.get(current, ())) == 1:
                current = after[current][0]
            if current != service:
                before.setdefault(current, []).append(service)
        return {current: tuple(services) for current, services in before.items()}

    def gone(self, least: float) -> Place:
        """Return the locations that closed before the period, after so many months or more."""
        return tuple(
            name
            for name, heir in self._heirs.items()
            if self.opened[heir].last < self._period.first and self._age(heir) >= least
        )

    def why_not(self, location: str, least: float) -> str:
        """Say why a location is not reported on; empty where it is.

        Parameters
        ----------
        location : str
        least : float
            The months that a location must have been open.
        """
        name, span, heir = self.called[location], self.opened[location], self._heirs[location]
        if span.first > self._period.last:
            return f"{name} was in deze periode nog niet open."
        if heir != location:
            return f"{name} is verhuisd naar {self.called[heir]}, en telt daar mee."
        if span.last < self._period.first:
            return f"{name} was in deze periode al gesloten."
        if self._age(location) < least:
            months = formats.number(least, decimals=0 if least == int(least) else 1)
            return (
                f"{name} is pas open sinds {formats.day(span.first)}. Dat is te kort voor cijfers: "
                f"daarvoor moet een locatie {months} maanden open zijn."
            )
        now = interval_of(self._period)
        if not self.months(self.units[location], now):
            return f"Over {name} is in deze periode niets geregistreerd."
        return ""

    def _kept(self, location: str, register: str) -> Spans:
        """Return the days on which a location was open and kept a register."""
        return common(self._written(location, register), [self.opened[location]])

    def _months(
        self,
        where: Place,
        interval: Interval,
        register: str = VISITED,
        services: Place = (),
    ) -> float:
        """Add up the months of an interval that units were open, registered and had a service."""
        return sum(
            periods.total_months(
                common(self._in(interval, services), self._of_unit(unit, register))
            )
            for unit in self.parted(where)
        )

    def months_open(
        self, where: Iterable[str], interval: Interval, services: Collection[str] = ()
    ) -> float:
        """Add up the months of an interval that units were open and had a service."""
        return sum(
            periods.total_months(
                common(self._in(interval, services), [self.opened[place] for place in unit])
            )
            for unit in self.parted(where)
        )

    def _registered(self, where: Place, interval: Interval, registers: frozenset[str]) -> Place:
        """Return those of some locations that kept all of some registers in an interval."""
        return tuple(
            place
            for place in where
            if all(common(self.kept(place, kind), [interval]) for kind in registers)
        )

    def reaching(self, where: Place, day: date) -> Place:
        """Return the locations of units of which it is known who came before a day."""
        units = self.parted(where)
        return tuple(chain(*(unit for unit in units if self._reaches_back(unit, day))))

    def _compared(
        self, where: Place, intervals: tuple[Interval, Interval], register: str
    ) -> tuple[Place, Place]:
        """Return the locations that two intervals share, and those that closed since the earlier.

        Units are alike that were registered about as long as the one that was longest: else the
        city would change because one of them opens.
        """
        units = self.parted(where)
        months = [
            [self.months(unit, interval, register) for interval in intervals] for unit in units
        ]
        longest = [max(column, default=0) for column in zip(*months, strict=True)]
        ends = [interval.last for interval in intervals]
        before = ends.index(min(ends))
        shared: list[str] = []
        closed: list[str] = []
        for unit, own in zip(units, months, strict=True):
            if all(n and n >= ALIKE * most for n, most in zip(own, longest, strict=True)):
                shared += unit
            elif own[before] and max(self.opened[place].last for place in unit) <= max(ends):
                closed += unit
        return tuple(shared), tuple(closed)

    def covers(self, where: Iterable[str], period: Period) -> bool:
        """Whether each unit that was open all of a period was registered from begin to end.

        Gaps between do not matter; where none was open all that time, it is not covered.
        """
        whole = [Span(period.first, period.last)]
        until_end = [
            unit
            for unit in self.parted(where)
            if common(joined([self.opened[place] for place in unit]), whole) == tuple(whole)
        ]
        return bool(until_end) and all(self._runs_through(unit, period) for unit in until_end)

    def offers(self, services: Collection[str], interval: Interval) -> list[str]:
        """Return those of some services that there were in an interval."""
        return [name for name in services if common([self.offered[name]], [interval])]

    def offered_of(self, services: Place, interval: Interval) -> Place:
        """Return the same; all of the services, where none of them was there."""
        return tuple(self.offers(services, interval)) or services

    def limiting(self, services: Place) -> Place:
        """Return some services; none where one of them was always there: they limit no months."""
        always = any(self.offered[name] == ALWAYS for name in services if name in self.offered)
        return () if always else services

    def _heir(self, location: str) -> str:
        """Return where a location has moved to by the end of the period."""
        successors = dict(_pairs(self._data.locations, "locatie", "opvolger"))
        passed = set()
        while location in successors and location not in passed:
            passed.add(location)
            successor = successors[location]
            last = self._period.last
            if self.opened[location].last > last or self.opened[successor].first > last:
                break
            location = successor
        return location

    def _age(self, heir: str) -> float:
        first = min(self.opened[place].first for place in self.units[heir])
        return periods.months(first, min(self._period.last, self.opened[heir].last))

    def _written(self, location: str, register: str) -> Spans:
        if register != HOMES:
            return self._data.registers.kept(location, register)
        persons = self._data.registers.kept(location, PERSONS)
        return persons if location in self._with_homes else ()

    @cached_property
    def _with_homes(self) -> frozenset[str]:
        """The locations where the home of anybody is known."""
        table, rows = self._data.participants, self._data.participations
        living = table.loc[table["buurt"].notna(), "deelnemer"]
        people = rows["deelnemer"].cat.categories.isin(living)
        codes = rows["deelnemer"].cat.codes.to_numpy()
        at_home = (codes >= 0) & people.take(codes) if len(people) else codes > 0
        return frozenset(map(str, rows.loc[at_home, "locatie"].unique()))

    def _in(self, interval: Interval, services: Collection[str]) -> Spans:
        """Return the days of an interval on which there was any of some services."""
        there = [self.offered[name] for name in services if name in self.offered]
        return common(joined(there) if there else [ALWAYS], [interval])

    def _of_unit(self, unit: Place, register: str) -> Spans:
        return joined([span for place in unit for span in self.kept(place, register)])

    def parted(self, where: Iterable[str]) -> list[Place]:
        """Part locations into units."""
        units: dict[str, list[str]] = {}
        for place in where:
            units.setdefault(self._heirs[place], []).append(place)
        return [tuple(unit) for unit in units.values()]

    def _runs_through(self, unit: Place, period: Period) -> bool:
        spans = self._of_unit(unit, VISITED)
        return bool(spans) and spans[0].first <= period.first and period.last <= spans[-1].last

    def _reaches_back(self, unit: Place, day: date) -> bool:
        spans = self._of_unit(unit, PERSONS)
        opened = min(self.opened[place].first for place in unit)
        back = periods.months_before(day, REACH)
        return bool(spans) and spans[0].first <= max(opened, back)


SUCCESSION = ("dienst", "opvolger")


def _pairs(table: pd.DataFrame, key: str, value: str) -> list[tuple[str, str]]:
    rows = table[[key, value]].dropna().astype("str")
    return [*rows.itertuples(index=False, name=None)]


def _spans(table: pd.DataFrame, key: str, first: str, last: str) -> dict[str, Span]:
    """Return the days between two dates of each row; without a date it has no end there."""
    columns = (table[name] for name in (key, first, last))
    return {
        str(name): Span(
            ALWAYS.first if pd.isna(begin) else begin.date(),
            ALWAYS.last if pd.isna(end) else end.date(),
        )
        for name, begin, end in zip(*columns, strict=True)
    }
