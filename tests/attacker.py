"""An attacker who has all that was issued, and works out what was held back.

Unknown are people of types: where and when they were seen and at which service, where they live,
what they hold. Every number issued is a sum over types, or over visits; of each number held back
the smallest and the largest value follow from a linear program over *all* types. Those that
matter are made as they are needed (column generation), and a mixed integer program shows at the
end that none was forgotten. It shares nothing with the rule that decides what is held back.
"""

import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, permutations
from typing import Any, NamedTuple

import highspy
import numpy as np
from attacker_world import END, UNKNOWN, Crowd, World, joined

from bwk import periods
from bwk.indicators.projection import FEWEST_FOR_COURSE
from bwk.periods import Period

CITY = "stad"
SEASON = 1.0  # no season that is shrunk as far is larger, as a logarithm
ENDS = ("_laag", "_hoog")  # of a margin
HALF = 0.00005000001  # a ratio is rounded to four decimals
RECIPROCAL = ("vrijwilliger", "sleutelhouder")
TIGHT = 1e-5
POOL = 1500  # types to try before the exact search
NEIGHBOURS = 8  # to try of each type in the data
ROUNDS = 400  # of column generation for one range
SECONDS = 8.0  # of the exact search, for each version of the data of a programme
Cells = frozenset[tuple]


class Group(NamedTuple):
    """A set of people: each condition that is not empty must be met.

    Attributes
    ----------
    cells : frozenset of (location, stretch)
        Where and when they were seen (or, with `roles` alone, hold the role).
    at : tuple of frozenset of int
        Services: seen at one of each of these sets.
    several : bool
        Seen at two services or more.
    before : frozenset of (location, stretch), optional
        Not seen there (new), or where `returning` seen there.
    homes : frozenset of int, optional
    near : frozenset of (location, home)
        Seen at the location, and living in that neighbourhood.
    roles : frozenset of int
    role_cells : frozenset of (location, stretch)
    """

    cells: Cells = frozenset()
    at: tuple[frozenset[int], ...] = ()
    several: bool = False
    before: Cells | None = None
    returning: bool = False
    homes: frozenset[int] | None = None
    near: Cells | None = None
    roles: frozenset[int] = frozenset()
    role_cells: Cells = frozenset()


class Visits(NamedTuple):
    """Visits at (location, stretch, service), added up."""

    cells: Cells


class Referrals(NamedTuple):
    """Referrals of (location, stretch, direction, partner), added up."""

    cells: Cells


Count = Group | Visits | Referrals


class Statement(NamedTuple):
    """What an issued fact says: low <= sum of factor x count <= high."""

    terms: tuple[tuple[Count, float], ...]
    low: float
    high: float
    source: str = ""


class Issue(NamedTuple):
    """A `feiten.json` that was issued, and which version of the data it was made from."""

    book: Mapping[str, Any]
    version: int = 0


class Find(NamedTuple):
    """A number that was held back, or a difference, and what can be said of it."""

    kind: str  # known, narrow, small, or the kind of a difference
    name: str
    low: float
    high: float
    true: float


class Frame:
    """Places, stretches of time and services: what is public of a programme.

    Parameters
    ----------
    world : World
        Of which only the keys and the days of opening are used.
    books : sequence of mapping
        All that was issued.
    """

    def __init__(self, world: World, books: Sequence[Mapping[str, Any]]) -> None:
        self.world = world
        days = {edge for book in books for i in _intervals(book) for edge in (i[0], _next(i[1]))}
        self.starts = [date.min, *sorted(days)]
        self.ends = [*(day - timedelta(days=1) for day in self.starts[1:]), END]
        halves = {half for book in books for half in _halves(book)}
        self.first_day = min((periods.parse(h).first for h in halves), default=date.min)
        shape = len(world.locations), len(self.starts), len(world.services)
        self.possible = np.zeros(shape, bool)
        for (place, location), (t, start) in _product(world.locations, self.starts):
            opened, closed = world.opened[location]
            end = self.ends[t]
            if opened > end or closed < start or end < self.first_day or t == len(self.ends) - 1:
                continue
            for s, service in enumerate(world.services):
                begin, stop = world.offered[service]
                self.possible[place, t, s] = begin <= end and start <= stop
        self.roles = len(world.roles)

    def cells(self, where: Sequence[str], first: date, last: date) -> Cells:
        """Return the places and stretches of some locations in an interval."""
        stretches = [t for t, start in enumerate(self.starts) if first <= start <= last]
        if first == date.min and 0 not in stretches:
            stretches.insert(0, 0)
        return frozenset(
            (self.world.locations.index(location), t) for location in where for t in stretches
        )

    def where_possible(self, cells: Cells) -> Cells:
        """Leave out where nobody can be."""
        return frozenset(cell for cell in cells if self.possible[cell].any())

    def crowd(self, people: Sequence[str]) -> Crowd:
        """Return the type of each of some people of the data."""
        world, shape = self.world, self.possible.shape
        seen = np.zeros((len(people), *shape), bool)
        holds = np.zeros((len(people), *shape[:2], self.roles), bool)
        home = np.full(len(people), UNKNOWN)
        for row, person in enumerate(people):
            if living := world.home.get(person):
                home[row] = world.homes.index(living)
            for day, location, service in world.seen.get(person, ()):
                t = self.stretch(day)
                seen[row, world.locations.index(location), t, world.services.index(service)] = True
            for first, last, location, role in world.holds.get(person, ()):
                if role not in world.roles:
                    continue
                for t in range(len(self.starts)):
                    if first <= self.ends[t] and self.starts[t] <= last:
                        holds[row, world.locations.index(location), t, world.roles.index(role)] = (
                            True
                        )
        return Crowd(seen, holds, home)

    def stretch(self, day: date) -> int:
        """Return the stretch in which a day lies."""
        return max(t for t, start in enumerate(self.starts) if start <= day)


def _product(places, stretches):
    return ((place, stretch) for place in enumerate(places) for stretch in enumerate(stretches))


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _halves(book: Mapping[str, Any]) -> set[str]:
    names = {name for facts in book["feiten"].values() for name in facts}
    return {n.split(".")[2] for n in names if n.startswith("barometer_per_maand.")}


def _intervals(book: Mapping[str, Any]) -> list[tuple[date, date]]:
    period, baseline = periods.parse(book["periode"]), periods.parse(book["basisperiode"])
    year = period.last.year
    halves = [periods.parse(half) for half in _halves(book)]
    named = [(p.first, p.last) for p in (period, baseline, *halves)]
    earlier = date(year - 1, 1, 1), date(year - 1, 12, 31)
    parts = [*_windows(period, baseline), *_quarters(period.last)]
    return [*named, (date(year, 1, 1), period.last), earlier, *parts]


def _quarters(last: date) -> list[tuple[date, date]]:
    """Return the two stretches of three months that end on a day, the earlier one first."""
    middle, first = _months_before(last, 3), _months_before(last, 6)
    return [(first, middle - timedelta(days=1)), (middle, last)]


def _windows(period: Period, baseline: Period) -> list[tuple[date, date]]:
    """Return the last months of the baseline and of the period, as many of both."""
    number = min(_months(period), _months(baseline))
    return [(_months_before(each.last, number), each.last) for each in (period, baseline)]


def _months(period: Period) -> int:
    first, last = period.first, period.last
    return max(1, 12 * (last.year - first.year) + last.month - first.month + 1)


def _months_before(last: date, number: int) -> date:
    month = 12 * last.year + last.month - number
    return date(month // 12, month % 12 + 1, 1)


LEAST = 1  # months that a location of the programmes must have been open


class Reader:
    """Reads what the facts of an issue say, by their public meaning."""

    def __init__(self, frame: Frame, issue: Issue, label: str) -> None:
        self.frame, self.world, self.label = frame, frame.world, label
        self.book = issue.book
        period = periods.parse(self.book["periode"])
        baseline = periods.parse(self.book["basisperiode"])
        self.period = period.first, period.last
        self.baseline = baseline.first, baseline.last
        year = period.last.year
        self.so_far = date(year, 1, 1), period.last
        self.year_before = date(year - 1, 1, 1), date(year - 1, 12, 31)
        self.window_now, self.window_then = _windows(period, baseline)
        self.rest = _next(period.last), date(year, 12, 31)
        self.base = self.book.get("afgerond_op", 0)
        self.rounded: dict[Count, tuple[int, str]] = {}
        self.statements: list[Statement] = []
        self.held: dict[Count, str] = {}
        self.published: dict[Count, str] = {}
        self.told: dict[Count, str] = {}
        self.unread: list[str] = []
        self.facts = self.facts_held = 0

    def read(self) -> None:
        """Go through all facts."""
        reported = [scope for scope in self.book["feiten"] if scope != CITY]
        for scope, facts in self.book["feiten"].items():
            where = [*reported, *self._gone()] if scope == CITY else [scope]
            for name, fact in facts.items():
                self._fact(scope, where, name, fact, facts)

    def _fact(self, scope, where, name, fact, facts) -> None:
        value, held = fact["waarde"], fact["achtergehouden"]
        self.facts += 1
        self.facts_held += held
        source = f"{self.label} {scope} {name}"
        stem, *keys = name.split(".")
        meaning = getattr(self, f"_{stem}", None)
        if stem.startswith("samen") and "weinig" in fact.get("ontbreekt", ""):
            self._too_few(where, keys, source, facts)
        if reason := fact.get("ontbreekt"):
            self.statements += self._reason(stem, where, keys, reason, source)
        if meaning is None or (value is None and not held):
            return
        try:
            statements = list(meaning(where, keys, value, source))
        except (KeyError, ValueError):  # of a service, home, ... that is not in the data
            self.unread.append(source)
            return
        self.statements += statements
        for statement in statements:
            if value is not None and not self.base:
                # Of the roles together it is their sum that a share is made of.
                made_of = statement.terms[:1] if stem == "aandeel_rol" else statement.terms
                for count, _ in made_of:
                    self.told.setdefault(count, source)

    def _gone(self) -> list[str]:
        """Return the locations that closed before the period: the city's past has them too."""
        return [
            location
            for location, (opened, closed) in self.world.opened.items()
            if closed < self.period[0] and periods.months(opened, closed) >= LEAST
        ]

    def alike(self, where, interval, before, people=False) -> list[str]:
        """Return the locations over which two intervals are compared.

        Those are registered as long as the longest, nearly; people may have moved on from one that
        closed.
        """
        months = {place: [self.months([place], i) for i in (interval, before)] for place in where}
        longest = [max((own[n] for own in months.values()), default=0) for n in (0, 1)]
        return [
            place
            for place, own in months.items()
            if all(n and n >= 0.9 * most for n, most in zip(own, longest, strict=True))
            or (people and own[1] and self.world.opened[place][1] <= interval[1])
        ]

    # Counts ----------------------------------------------------------------------------------

    def people(self, where, interval, **conditions) -> Group:
        """Return the people who were seen, under more conditions."""
        cells = self.frame.where_possible(self.frame.cells(where, *interval))
        return Group(cells, **conditions)

    def visits(self, where, interval, services=None) -> Visits:
        """Return the visits at some services; at all where none is named."""
        chosen = self._services(services or self.world.services)
        cells = self.frame.cells(where, *interval)
        possible = self.frame.possible
        return Visits(frozenset((*c, s) for c in cells for s in chosen if possible[(*c, s)]))

    def months(self, where, interval) -> float:
        """Add up the months that locations were open."""
        return sum(
            periods.months(max(interval[0], opened), min(interval[1], closed))
            for opened, closed in (self.world.opened[location] for location in where)
        )

    def _services(self, names) -> frozenset[int]:
        joined = {"overige-diensten": self.book.get("samen_genomen", [])}
        services = (service for name in names for service in joined.get(name, [name]))
        return frozenset(self.world.services.index(service) for service in services)

    # Statements ------------------------------------------------------------------------------

    def _is(self, count: Count, value, source) -> Iterator[Statement]:
        if value is None:
            self.held.setdefault(count, source)
            yield Statement(((count, 1.0),), 1, math.inf, source)
        elif self.base:
            self.rounded.setdefault(count, (value, source))
            low = max(value - self.base - 1, min(value, 1))
            yield Statement(((count, 1.0),), low, value + self.base + 1, source)
        else:
            self.published.setdefault(count, source)
            yield Statement(((count, 1.0),), value, value, source)

    def _ratio(self, part, total, low, high, source) -> Iterator[Statement]:
        """Part / total lies between two values; part and total are tuples of terms."""
        minus = [
            tuple((count, -factor * bound) for count, factor in total) for bound in (low, high)
        ]
        yield Statement((*part, *minus[0]), 0, math.inf, source)
        yield Statement((*part, *minus[1]), -math.inf, 0, source)
        yield Statement(total, 1, math.inf, source)

    def _share(self, part: Count, total, value, source) -> Iterator[Statement]:
        if value is None:
            yield from self._of_share(part, total, source)
        elif self.base:
            whole, _ = self.rounded.get(total[0][0], (0, "")) if len(total) == 1 else (0, "")
            if whole and value < 1:  # a part of more than all is told as all
                yield from self._is(part, self._multiple(value * whole), source)
        else:
            yield from self._ratio(((part, 1.0),), total, value - HALF, value + HALF, source)

    def _of_share(self, part, total, source) -> Iterator[Statement]:
        """Where the total was issued, it is the part that is held back, and so it is not 0."""
        self.held.setdefault(part, f"{source} (teller)")
        if all(count in self.published for count, _ in total):
            yield Statement(((part, 1.0),), 1, math.inf, source)
        yield Statement(total, 1, math.inf, source)

    def _change(self, now: Count, base: Count, value, scale, source) -> Iterator[Statement]:
        """Now / base, times the scale, minus one."""
        yield Statement(((base, 1.0),), 1, math.inf, source)
        if self.base:
            then, _ = self.rounded.get(base, (0, ""))
            if value is not None and scale and then:
                yield from self._is(now, self._multiple((value + 1) * then / scale), source)
        elif value is not None and scale:
            bounds = (value + 1 - HALF) / scale, (value + 1 + HALF) / scale
            yield from self._ratio(((now, 1.0),), ((base, 1.0),), *bounds, source)

    def _rate(self, count: Count, months: float, value, source) -> Iterator[Statement]:
        if value is None:
            self.held.setdefault(count, source)
            yield Statement(((count, 1.0),), 1, math.inf, source)
        elif months and self.base:
            yield from self._is(count, self._multiple(value * months), source)
        elif months:
            low, high = (value - HALF) * months, (value + HALF) * months
            yield Statement(((count, 1.0),), _up(low), _down(high), source)

    def _multiple(self, value: float) -> int:
        return self.base * round(value / self.base)

    # Facts by the stem of their name -----------------------------------------------------------

    def _deelnemers(self, where, keys, value, source):
        match keys:
            case []:
                return self._is(self.people(where, self.period), value, source)
            case ["locatie", location]:
                return self._is(self.people([location], self.period), value, source)
        at = (self._services(keys),)
        return self._is(self.people(where, self.period, at=at), value, source)

    def _deelnemers_basis(self, where, keys, value, source):
        places = keys[1:] or where
        return self._is(self.people(places, self.baseline), value, source)

    def _both_windows(self, where) -> list[str]:
        return self.alike(where, self.window_now, self.window_then, people=True)

    def _deelnemers_venster(self, where, keys, value, source):
        where = self._both_windows(where)
        return self._is(self.people(where, self.window_then), value, source)

    def _only(self, where, here, elsewhere, value, source):
        """Return those seen in one window, and not in the other."""
        where = self._both_windows(where)
        absent = self.frame.where_possible(self.frame.cells(where, *elsewhere))
        conditions = {"before": absent} if absent else {}
        return self._is(self.people(where, here, **conditions), value, source)

    def _alleen_toen(self, where, keys, value, source):
        return self._only(where, self.window_then, self.window_now, value, source)

    def _alleen_nu(self, where, keys, value, source):
        return self._only(where, self.window_now, self.window_then, value, source)

    def _groei_deelnemers(self, where, keys, value, source):
        where = self.alike(where, self.period, self.baseline, people=True)
        now, base = (self.people(where, interval) for interval in (self.period, self.baseline))
        return self._change(now, base, value, 1.0, source)

    def _deelnames(self, where, keys, value, source):
        if keys[:1] == ["locatie"]:
            return self._is(self.visits(keys[1:], self.period), value, source)
        return self._is(self.visits(where, self.period, keys), value, source)

    def _aandeel(self, where, keys, value, source):
        part, total = self.visits(where, self.period, keys), self.visits(where, self.period)
        return self._share(part, ((total, 1.0),), value, source)

    def _deelnames_basis(self, where, keys, value, source):
        return self._is(self.visits(where, self.baseline, keys), value, source)

    def _per_maand(self, where, keys, value, source):
        months = self.months(where, self.period)
        return self._rate(self.visits(where, self.period, keys), months, value, source)

    def _per_maand_basis(self, where, keys, value, source):
        months = self.months(where, self.baseline)
        return self._rate(self.visits(where, self.baseline, keys), months, value, source)

    def _groei_per_maand(self, where, keys, value, source):
        # A reader does not know how wide a margin is: that depends on who came back and on who came
        # together. That a margin holds the change tells nothing beside the change itself.
        if keys[-1].endswith(ENDS):
            return iter(())
        return self._visits_change(where, keys, self.period, value, source)

    def _visits_change(self, where, services, interval, value, source):
        where = self.alike(where, interval, self.baseline)
        now, base = (self.visits(where, i, services) for i in (interval, self.baseline))
        months = self.months(where, interval)
        scale = self.months(where, self.baseline) / months if months else 0
        return self._change(now, base, value, scale, source)

    def _barometer(self, where, keys, value, source):
        # As above: of a margin a reader knows only that it holds the change.
        if keys[-1].endswith(ENDS):
            return iter(())
        half = periods.parse(keys[1]) if len(keys) > 1 else None
        interval = (half.first, half.last) if half else self.period
        services = self.world.domains[keys[0]]
        return self._visits_change(where, services, interval, value, source)

    def _barometer_per_maand(self, where, keys, value, source):
        half = periods.parse(keys[1])
        interval = half.first, half.last
        count = self.visits(where, interval, self.world.domains[keys[0]])
        return self._rate(count, self.months(where, interval), value, source)

    def _prognose(self, where, keys, value, source):
        return self._projection(where, keys, value, source, "expected")

    def _prognose_laag(self, where, keys, value, source):
        return self._projection(where, keys, value, source, "low")

    def _prognose_hoog(self, where, keys, value, source):
        return self._projection(where, keys, value, source, "high")

    def _projection(self, where, keys, value, source, end):
        so_far = self.visits(where, self.so_far, keys)
        observed, left = self.months(where, self.so_far), self.months(where, self.rest)
        if self.base:  # from what is told rounded, and rounded
            return iter(())
        if value is None:  # of an earlier year's count and this one, it is not known which is held
            return iter(()) if self._has_earlier_year() else self._is(so_far, None, source)
        if not left:
            return self._is(so_far, value, source)
        if end != "expected":  # how wide a margin is depends on visits that nobody else has seen
            return iter([Statement(((so_far, 1.0),), 0, value, source)])
        seasons = np.array([-SEASON, SEASON]) if self._has_earlier_year() else np.zeros(2)
        high, low = value / (1 + left / observed * np.exp(seasons))
        slack = 0.5 + HALF
        return iter([Statement(((so_far, 1.0),), _up(low - slack), _down(high + slack), source)])

    def _has_earlier_year(self) -> bool:
        """Whether a season may have been learned: somewhere a whole earlier year was open."""
        first = date(self.so_far[0].year - 1, 1, 1)
        return any(opened <= first for opened, _ in self.world.opened.values())

    def _koers(self, where, keys, value, source):
        # Where no location has both years there is no course, and so nothing to read.
        where = self.alike(where, self.so_far, self.year_before)
        so_far = self.visits(where, self.so_far, keys)
        # Beyond the few, and how the year ended, a reader does not know what decides: the margin.
        if self.base:
            return iter(())
        if value == "onzeker":
            return iter([Statement(((so_far, 1.0),), 0, FEWEST_FOR_COURSE - 1, source)])
        if value and value.endswith("koers"):
            return iter([Statement(((so_far, 1.0),), FEWEST_FOR_COURSE, math.inf, source)])
        return iter(())

    def _deelnames_jaar_ervoor(self, where, keys, value, source):
        return self._is(self.visits(where, self.year_before, keys), value, source)

    def holders(self, where, role) -> Group:
        """Return the people who hold a role, or who took part."""
        if role == "deelnemers":
            return self.people(where, self.period)
        cells = self.frame.cells(where, *self.period)
        return Group(roles=frozenset([self.world.roles.index(role)]), role_cells=cells)

    def _rol(self, where, keys, value, source):
        return self._is(self.holders(where, keys[0]), value, source)

    def _aandeel_rol(self, where, keys, value, source):
        roles = [self.holders(where, role) for role in ("deelnemers", *self.world.roles)]
        total = tuple((role, 1.0) for role in roles)
        if value is None:
            return iter([Statement(total, 1, math.inf, source)])
        return self._share(self.holders(where, keys[0]), total, value, source)

    def _newcomers(self, where, returning: bool) -> Group:
        before = self.frame.cells(where, date.min, self.period[0] - timedelta(days=1))
        before = self.frame.where_possible(before)
        if before or returning:
            return self.people(where, self.period, before=before, returning=returning)
        return self.people(where, self.period)

    def _nieuwe_deelnemers(self, where, keys, value, source):
        return self._is(self._newcomers(where, False), value, source)

    def _terugkerende_deelnemers(self, where, keys, value, source):
        return self._is(self._newcomers(where, True), value, source)

    def _reason(self, stem, where, keys, reason, source) -> Iterator[Statement]:
        """Yield what follows from why a fact is not there: there was nothing, or little."""
        few = self.base + 1 if self.base else 0  # or what was told rounded, as nothing
        if stem == "terug_in_kwartaal" and "niemand voor het eerst" in reason:
            yield Statement(((self._new_in_quarter(where)[1], 1.0),), 0, few, source)
        if stem == "groei_per_maand" and "was dit nul" in reason and len(keys) == 1:
            where = self.alike(where, self.period, self.baseline)
            service = keys[0].removesuffix("_laag").removesuffix("_hoog")
            yield Statement(((self.visits(where, self.baseline, [service]), 1.0),), 0, few, source)
        if stem == "oordeel_vorige_prognose" and "te weinig om" in reason:
            last = self.period[1]
            year = last.year if (last.month, last.day) == (12, 31) else last.year - 1
            halfway = date(year, 1, 1), date(year, 6, 30)
            where = self.alike(where, halfway, (date(year, 1, 1), date(year, 12, 31)))
            visits = self.visits(where, halfway, keys)
            yield Statement(((visits, 1.0),), 0, FEWEST_FOR_COURSE - 1 + few, source)

    def _new_in_quarter(self, where):
        """Return the places, who was new in the quarter before the last, and what is before."""
        first, last = _quarters(self.period[1])
        where = self.alike(where, last, first, people=True)
        earlier = self.frame.cells(where, date.min, first[0] - timedelta(days=1))
        earlier = self.frame.where_possible(earlier)
        new = self.people(where, first, before=earlier) if earlier else self.people(where, first)
        return where, new, earlier

    def _terug_in_kwartaal(self, where, keys, value, source):
        first, last = _quarters(self.period[1])
        where, new, earlier = self._new_in_quarter(where)
        later = self.frame.where_possible(self.frame.cells(where, *last))
        away = self.people(where, first, before=earlier | later)
        stayed = None if value is None else 1 - value
        return self._share(away, ((new, 1.0),), stayed, source)

    def _naar_andere_dienst(self, where, keys, value, source):
        new = self._newcomers(where, False)
        return self._share(new._replace(several=True), ((new, 1.0),), value, source)

    def _eerst_deelnemer(self, where, keys, value, source):
        volunteers = self.holders(where, "vrijwilliger")
        before = self.frame.cells(where, date.min, self.period[0] - timedelta(days=1))
        before = self.frame.where_possible(before)
        seen = volunteers._replace(before=before, returning=True)
        return self._share(seen, ((volunteers, 1.0),), value, source)

    def _of_people(self, where, value, source, **conditions):
        total = ((self.people(where, self.period), 1.0),)
        return self._share(self.people(where, self.period, **conditions), total, value, source)

    def _aandeel_meer_diensten(self, where, keys, value, source):
        return self._of_people(where, value, source, several=True)

    def _wederkerigheid(self, where, keys, value, source):
        roles = [r for r, role in enumerate(self.world.roles) if role in RECIPROCAL]
        cells = self.frame.cells(where, *self.period)
        conditions = {"roles": frozenset(roles or [-1]), "role_cells": cells}
        return self._of_people(where, value, source, **conditions)

    def _aandeel_omgeving(self, where, keys, value, source):
        world = self.world
        near = frozenset(
            (world.locations.index(world.around[home]), h)
            for h, home in enumerate(world.homes)
            if world.around[home] in where
        )
        part, total = self.people(where, self.period, near=near), self._at_home(where)
        if value is None and total not in self.published:  # either may be what is held back
            return iter([Statement(((total, 1.0),), 1, math.inf, source)])
        return self._share(part, ((total, 1.0),), value, source)

    def _at_home(self, where) -> Group:
        """Return the participants of whom it is known where they live."""
        return self.people(where, self.period, homes=frozenset(range(len(self.world.homes))))

    def _both(self, where, keys) -> Group:
        at = tuple(sorted((self._services([key]) for key in keys), key=sorted))
        return self.people(where, self.period, at=at)

    def _samen(self, where, keys, value, source):
        for key in keys:
            users = self.people(where, self.period, at=(self._services([key]),))
            self.statements.append(Statement(((users, 1.0),), 15, math.inf, source))
        return self._is(self._both(where, keys), value, source)

    def _too_few(self, where, keys, source, facts) -> None:
        """One of two services has too few people: where the other has enough, it is this one.

        Or too few people use several services: fewer than five for each two with enough people.
        """
        reach = self.base + 1 if self.base else 0  # by how much a rounded count may be off
        users = [facts.get(f"deelnemers.{key}", {}) for key in self.world.services]
        reason = facts[f"samen.{keys[0]}.{keys[1]}"]["ontbreekt"]
        if "twee of meer diensten" in reason and len(users) > 2:
            sure = sum((own.get("waarde") or 0) - reach >= 15 for own in users)
            if sure < 2:
                return  # one service or none has enough people, or too few use several
            popular = sum(own.get("waarde") is None or own["waarde"] + reach >= 15 for own in users)
            several = self.people(where, self.period, several=True)
            most = 5 * math.comb(popular, 2) - 1
            self.statements.append(Statement(((several, 1.0),), 0, most, source))
            return
        for key, other in (keys, keys[::-1]):
            enough = facts.get(f"deelnemers.{other}", {}).get("waarde")
            if enough is not None and enough - reach >= 15:
                its = self.people(where, self.period, at=(self._services([key]),))
                self.statements.append(Statement(((its, 1.0),), 0, 14, source))

    def _herkomst_bekend(self, where, keys, value, source):
        return self._is(self._at_home(where), value, source)

    def _herkomst(self, where, keys, value, source):
        homes = frozenset([self.world.homes.index(keys[0])])
        return self._is(self.people(where, self.period, homes=homes), value, source)

    def _bereik(self, where, keys, value, source):
        homes = frozenset([self.world.homes.index(keys[0])])
        inhabitants = self.world.inhabitants[keys[0]] / 1000
        return self._rate(self.people(where, self.period, homes=homes), inhabitants, value, source)

    def _deelnemers_per_100m2(self, where, keys, value, source):
        area = self.world.area[where[0]] / 100
        return self._rate(self.people(where, self.period), area, value, source)

    def _verwijzingen(self, where, keys, value, source):
        cells = self.frame.cells(where, *self.period)
        return self._is(Referrals(frozenset((*c, *keys) for c in cells)), value, source)


def _up(number: float) -> float:
    return math.ceil(number - TIGHT) if math.isfinite(number) else number


def _down(number: float) -> float:
    return math.floor(number + TIGHT) if math.isfinite(number) else number


# Who is in a group ---------------------------------------------------------------------------


def members(group: Group, crowd: Crowd) -> np.ndarray:
    """Mark the types that are in a group."""
    marks = np.ones(len(crowd), bool)
    if group.cells or not group.roles:
        used = _any(crowd.seen, group.cells)
        marks &= used.any(axis=1)
        for services in group.at:
            marks &= used[:, sorted(services)].any(axis=1)
        if group.several:
            marks &= used.sum(axis=1) > 1
    if group.before is not None:
        marks &= _any(crowd.seen, group.before).any(axis=1) == group.returning
    if group.homes is not None:
        marks &= np.isin(crowd.home, sorted(group.homes))
    if group.near is not None:
        near = np.zeros(len(crowd), bool)
        for place, home in group.near:
            own = frozenset(cell for cell in group.cells if cell[0] == place)
            near |= (crowd.home == home) & _any(crowd.seen, own).any(axis=1)
        marks &= near
    if group.roles:
        held = _any(crowd.holds, group.role_cells)
        marks &= held[:, [r for r in sorted(group.roles) if r >= 0]].any(axis=1)
    return marks


def _any(cube: np.ndarray, cells: Cells) -> np.ndarray:
    if not cells:
        return np.zeros((len(cube), cube.shape[3]), bool)
    places, stretches = zip(*sorted(cells), strict=True)
    return cube[:, places, stretches].any(axis=1)


# The linear program ----------------------------------------------------------------------------


class Truth:
    """What the data say: a solution to begin with, and a check on what was read."""

    def __init__(self, frame: Frame) -> None:
        world = frame.world
        people = sorted({*world.seen, *world.holds})
        self.crowd = frame.crowd(people)
        self._numbers: dict[Count, int] = {}
        self._visits: dict[tuple, int] = defaultdict(int)
        self._named: dict[tuple, set[str]] = defaultdict(set)
        self._heads: dict[tuple, int] = defaultdict(int)
        self._referrals: dict[tuple, int] = defaultdict(int)
        place = {location: number for number, location in enumerate(world.locations)}
        service = {name: number for number, name in enumerate(world.services)}
        for person, visits in world.seen.items():
            for day, location, name in visits:
                cell = place[location], frame.stretch(day), service[name]
                self._visits[cell] += 1
                self._named[cell].add(person)
        for day, location, name, number in world.heads:
            cell = place[location], frame.stretch(day), service[name]
            self._visits[cell] += number
            self._heads[cell] += number
        for day, location, direction, partner in world.referrals:
            self._referrals[place[location], frame.stretch(day), direction, partner] += 1

    def of(self, count: Count) -> int:
        """Return what a count comes to."""
        if count not in self._numbers:
            match count:
                case Group():
                    number = int(members(count, self.crowd).sum())
                case Visits(cells):
                    number = sum(self._visits[cell] for cell in cells if cell in self._visits)
                case Referrals(cells):
                    number = sum(self._referrals.get(cell, 0) for cell in cells)
            self._numbers[count] = number
        return self._numbers[count]

    def behind(self, count: Count) -> int:
        """Return the people behind a count: pseudonyms or heads, if more."""
        if not isinstance(count, Visits):
            return self.of(count)
        named = set().union(*(self._named.get(cell, ()) for cell in count.cells))
        return max(len(named), sum(self._heads.get(cell, 0) for cell in count.cells))

    def agrees(self, statement: Statement) -> bool:
        """Tell whether what was read is so."""
        total = sum(factor * self.of(count) for count, factor in statement.terms)
        slack = 1e-6 * (1 + abs(total))
        return statement.low - slack <= total <= statement.high + slack


class System:
    """A linear program over types of people, and visits and referrals in cells.

    A column for each count; a row defines it as a sum over types or cells. Columns of types are
    added as they are needed.
    """

    def __init__(
        self, frame: Frame, truth: Truth, statements: Sequence[Statement], targets: Sequence[Count]
    ) -> None:
        self.frame, self.targets = frame, list(dict.fromkeys(targets))
        statements = _sharpened(statements)
        counts = [count for statement in statements for count, _ in statement.terms]
        self.counts = {c: n for n, c in enumerate(dict.fromkeys([*counts, *self.targets]))}
        self.groups = [count for count in self.counts if isinstance(count, Group)]
        added = {cell for c in self.counts if not isinstance(c, Group) for cell in c.cells}
        self.cells = {cell: n for n, cell in enumerate(sorted(added, key=str))}
        self.links = [cell for cell in self.cells if len(cell) == 3]
        most = max((s.high for s in statements if len(s.terms) == 1 and s.high < 1e9), default=0)
        self.most = 2 * most + 1000
        self._build(statements)
        size = len(self.targets)
        self.low, self.high = np.full(size, np.inf), np.full(size, -np.inf)
        self.columns = [self.counts[target] for target in self.targets]
        self.pool = _pool(frame, truth.crowd)
        self.matrix = self._rows_of(self.pool)
        self.inside = np.zeros(len(self.pool), bool)
        self._enter(np.arange(len(truth.crowd.distinct())))
        self.search: _Search | None = None
        self.unproven = 0

    def _build(self, statements: Sequence[Statement]) -> None:
        solver = self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            solver.setOptionValue(option, value)
        size = len(self.counts)
        low, high = np.zeros(size), np.full(size, float(self.most))
        rows: list[tuple[float, float, dict[int, float]]] = []
        for statement in statements:
            if len(statement.terms) == 1:
                (count, factor), at = statement.terms[0], self.counts[statement.terms[0][0]]
                low[at] = max(low[at], statement.low / factor)
                high[at] = min(high[at], statement.high / factor)
            else:
                terms: dict[int, float] = defaultdict(float)
                for count, factor in statement.terms:
                    terms[self.counts[count]] += factor
                rows.append((statement.low, statement.high, terms))
        for column in range(size):
            solver.addVar(low[column], high[column])
        for _ in self.cells:
            solver.addVar(0.0, float(self.most))
        self.typed = size + len(self.cells)
        defined = {group: {self.counts[group]: -1.0} for group in self.groups}
        linked = {cell: {size + self.cells[cell]: -1.0} for cell in self.links}
        # Rows that types have a part in come first, in the order of _rows_of.
        ordered = [(0.0, 0.0, row) for row in defined.values()]
        ordered += [(-math.inf, 0.0, row) for row in linked.values()]
        for count, at in self.counts.items():
            if not isinstance(count, Group):
                sums = {size + self.cells[cell]: 1.0 for cell in count.cells}
                ordered.append((0.0, 0.0, {**sums, at: -1.0}))
        for lower, upper, terms in [*ordered, *rows]:
            keys = np.array(list(terms), np.int32)
            values = np.array(list(terms.values()), float)
            solver.addRow(lower, upper, len(keys), keys, values)

    def _rows_of(self, crowd: Crowd) -> np.ndarray:
        """Return what each type adds to the rows that types have a part in."""
        marks = [members(group, crowd) for group in self.groups]
        marks += [crowd.seen[(slice(None), *cell)] for cell in self.links]
        return np.array(marks, np.float32).reshape(len(marks), len(crowd)).T

    def _enter(self, rows: np.ndarray) -> None:
        """Add the columns of some types of the pool."""
        for row in rows:
            keys = np.flatnonzero(self.matrix[row]).astype(np.int32)
            values = self.matrix[row][keys].astype(float)
            self.solver.addCol(0.0, 0.0, float(self.most), len(keys), keys, values)
        self.inside[rows] = True

    def ranges(self, threshold: int) -> None:
        """Widen the range of each target until it is wide enough, or known for sure."""
        if not self.targets:
            return
        toss = np.random.default_rng(0)
        for _ in range(4):
            narrow = self._narrow(threshold)
            if not narrow.any():
                return
            signs = np.where(narrow, toss.choice([-1.0, 1.0], len(self.targets)), 0)
            self._push(signs, narrow, threshold, exact=False)
            self._push(-signs, narrow, threshold, exact=False)
        until = time.process_time() + SECONDS
        for exact in (False, True):
            for aim in range(len(self.targets)):
                if exact and time.process_time() > until:
                    self.unproven += int(self._narrow(threshold)[aim])
                    self.low[aim], self.high[aim] = -np.inf, np.inf
                    continue
                unit = np.eye(len(self.targets))[aim]
                for sign in (1, -1):
                    if self._narrow(threshold)[aim]:
                        self._push(sign * unit, unit > 0, threshold, exact=exact)

    def _narrow(self, threshold: int) -> np.ndarray:
        with np.errstate(invalid="ignore"):
            return ~(np.floor(self.high + TIGHT) - np.ceil(self.low - TIGHT) >= threshold)

    def _push(self, signs: np.ndarray, aims: np.ndarray, threshold: int, exact: bool) -> None:
        """Look for small (sign 1) or large (-1) values of targets, until all aims are wide."""
        solver = self.solver
        columns = np.array(self.columns, np.int32)
        solver.changeColsCost(len(columns), columns, signs.astype(float))
        for _ in range(ROUNDS):
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                solver.clearSolver()
                solver.run()
                if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                    raise RuntimeError(f"no optimum: {solver.getModelStatus()}")
            solution = solver.getSolution()
            values = np.array(solution.col_value)[columns]
            self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)
            if not (self._narrow(threshold) & aims).any():
                break
            duals = np.array(solution.row_dual)[: self.matrix.shape[1]]
            gains = self.matrix @ duals
            gains[self.inside] = 0
            best = np.argsort(-gains)[:25]
            best = best[gains[best] > 1e-6]
            if not len(best):
                if not exact:
                    break
                best = self._searched(duals)
                if best is None:
                    self.unproven += 1
                    self.low[aims], self.high[aims] = -np.inf, np.inf
                    break
                if not len(best):
                    break
            self._enter(best)
        else:
            self.unproven += 1
            self.low[aims], self.high[aims] = -np.inf, np.inf
        solver.changeColsCost(len(columns), columns, np.zeros(len(columns)))

    def _searched(self, duals: np.ndarray) -> np.ndarray | None:
        """Search all types for one that is of use; none is the proof that there is none."""
        if self.search is None:
            self.search = _Search(self.frame, self.groups, self.links)
        crowd, sure = self.search.best(duals)
        if crowd is None:
            return np.array([], int) if sure else None
        first = len(self.pool)
        self.pool = joined(self.pool, crowd)
        self.matrix = np.vstack([self.matrix, self._rows_of(crowd)])
        self.inside = np.append(self.inside, np.zeros(len(crowd), bool))
        gains = self.matrix[first:] @ duals
        if gains.max() <= 1e-6:
            return np.array([], int)
        return first + np.flatnonzero(gains > 1e-6)


def _sharpened(statements: Sequence[Statement]) -> list[Statement]:
    """Use that counts are whole numbers: a ratio to a known count gives one, or a few."""
    exact: dict[Count, float] = {}
    result = list(dict.fromkeys(s._replace(source="") for s in statements))
    for _ in range(3):
        for statement in result:
            if len(statement.terms) == 1 and statement.low == statement.high:
                exact[statement.terms[0][0]] = statement.low / statement.terms[0][1]
        sharper = []
        bounds: dict[Count, list[float]] = {}
        for statement in result:
            unknown = [term for term in statement.terms if term[0] not in exact]
            if len(statement.terms) > 1 and len({count for count, _ in unknown}) == 1:
                count, factor = unknown[0][0], sum(factor for _, factor in unknown)
                rest = sum(f * exact[c] for c, f in statement.terms if c in exact)
                if abs(factor) < 1e-9:
                    continue
                ends = sorted([(statement.low - rest) / factor, (statement.high - rest) / factor])
                own = bounds.setdefault(count, [-math.inf, math.inf])
                own[0], own[1] = max(own[0], _up(ends[0])), min(own[1], _down(ends[1]))
            sharper.append(statement)
        news = [Statement(((count, 1.0),), *own) for count, own in bounds.items()]
        result = list(dict.fromkeys([*sharper, *news]))
    return result


def _pool(frame: Frame, crowd: Crowd) -> Crowd:
    """Return types worth trying: those of the data first, then others near to them, and simple."""
    toss = np.random.default_rng(1)
    crowd = crowd.distinct()
    pool = joined(crowd, _near_to(frame, crowd, toss), _simple(frame, toss), _holders(frame))
    return pool.distinct()


def _blank(frame: Frame, size: int) -> Crowd:
    shape = frame.possible.shape
    holds = np.zeros((size, *shape[:2], frame.roles), bool)
    return Crowd(np.zeros((size, *shape), bool), holds, np.full(size, UNKNOWN))


def _near_to(frame: Frame, crowd: Crowd, toss: np.random.Generator) -> Crowd:
    """Return types that differ in one thing from those of the data."""
    atoms, shape = np.argwhere(frame.possible), frame.possible.shape
    near = crowd.take(np.repeat(np.arange(len(crowd)), NEIGHBOURS))
    for row in range(len(near)):
        kind = toss.random()
        if kind < 0.2:
            near.home[row] = toss.integers(len(frame.world.homes) + 1) + UNKNOWN
        elif kind < 0.4 and frame.roles:
            role = toss.integers(frame.roles)
            near.holds[row, toss.integers(shape[0]), :, role] = toss.random() < 0.5
        elif len(atoms):
            atom = (row, *atoms[toss.integers(len(atoms))])
            near.seen[atom] = not near.seen[atom]
    return near


def _simple(frame: Frame, toss: np.random.Generator) -> Crowd:
    """Return types that were seen once, and such as were seen a few times."""
    atoms, homes = np.argwhere(frame.possible), len(frame.world.homes) + 1
    if not len(atoms):
        return _blank(frame, 0)
    once = _blank(frame, len(atoms) * homes)
    for row, atom in enumerate(np.repeat(atoms, homes, axis=0)):
        once.seen[(row, *atom)] = True
        once.home[row] = row % homes + UNKNOWN
    few = _blank(frame, POOL)
    few.home = toss.integers(homes, size=POOL) + UNKNOWN
    for row in range(POOL):
        chosen = atoms[toss.integers(len(atoms), size=toss.integers(2, 5))]
        same = toss.random(3) < 0.4  # place, stretch, service
        chosen[:, same] = chosen[0, same]
        few.seen[(row, *chosen.T)] = True
    few.seen &= frame.possible
    return joined(once, few)


def _holders(frame: Frame) -> Crowd:
    """Return types that hold a role once, and were never seen."""
    places, stretches, _ = frame.possible.shape
    holders = _blank(frame, places * stretches * frame.roles)
    if frame.roles:
        holders.holds = np.eye(len(holders), dtype=bool).reshape(-1, *holders.holds.shape[1:])
    return holders


class _Search:
    """Finds the best of all types, as a mixed integer program over what a person may have done.

    An atom is one thing that a person may have done: be seen somewhere, hold a role. A set of
    atoms is met where one of them is done. Atoms that are in the same sets are alike, and only
    the cheapest of them is looked at.
    """

    def __init__(self, frame: Frame, groups: Sequence[Group], links: Sequence[tuple]) -> None:
        self.frame = frame
        self.seen = [tuple(atom) for atom in np.argwhere(frame.possible).tolist()]
        role_cells = sorted({cell for group in groups for cell in group.role_cells})
        self.holds = [(*cell, role) for cell in role_cells for role in range(frame.roles)]
        place = {atom: number for number, atom in enumerate(self.seen)}
        self.links = np.array([place[cell] for cell in links], int)
        self.sets: dict[bytes, int] = {}
        self.vectors: list[np.ndarray] = []
        self.clauses = [self._clauses(group) for group in groups]

    def _set(self, atoms, roles: bool = False) -> int:
        """Return the number of a set of atoms."""
        vector = np.zeros(len(self.seen) + len(self.holds), bool)
        among, shift = (self.holds, len(self.seen)) if roles else (self.seen, 0)
        for number, atom in enumerate(among):
            vector[shift + number] = atoms(atom)
        number = self.sets.setdefault(vector.tobytes(), len(self.vectors))
        if number == len(self.vectors):
            self.vectors.append(vector)
        return number

    def _used(self, cells: Cells, services) -> int:
        return self._set(lambda atom: atom[:2] in cells and atom[2] in services)

    def _clauses(self, group: Group) -> list[tuple]:
        """Return what must all hold of whoever is in a group."""
        every = range(len(self.frame.world.services))
        clauses: list[tuple] = []
        if group.cells or not group.roles:
            clauses.append(("met", self._used(group.cells, every)))
        clauses += [("met", self._used(group.cells, services)) for services in group.at]
        if group.several:
            clauses.append(("two", *(self._used(group.cells, [service]) for service in every)))
        if group.before is not None:
            before = self._used(group.before, every)
            clauses.append(("met" if group.returning else "not", before))
        if group.homes is not None:
            clauses.append(("home", *sorted(group.homes)))
        if group.near is not None:
            clauses.append(("near", *(self._near(group, *pair) for pair in sorted(group.near))))
        if group.roles:
            cells, roles = group.role_cells, group.roles
            held = self._set(lambda atom: atom[:2] in cells and atom[2] in roles, roles=True)
            clauses.append(("met", held))
        return clauses

    def _near(self, group: Group, place: int, home: int) -> tuple[int, int]:
        own = frozenset(cell for cell in group.cells if cell[0] == place)
        return self._used(own, range(len(self.frame.world.services))), home

    def best(self, duals: np.ndarray) -> tuple[Crowd | None, bool]:
        """Return a type of which the duals add up to a gain, and whether the answer is sure."""
        of_groups, of_links = duals[: len(self.clauses)], duals[len(self.clauses) :]
        costs = np.zeros(len(self.seen) + len(self.holds))
        costs[self.links] = of_links
        wanted = np.flatnonzero(np.abs(of_groups) > 1e-9)
        numbers = sorted({n for w in wanted for n in _sets_of(self.clauses[w])})
        atoms = self._unlike(numbers, costs)
        program = _Program()
        done = [program.yes_or_no(cost) for cost in costs[atoms]]
        homes = [program.yes_or_no() for _ in self.frame.world.homes]
        if homes:
            program.row(dict.fromkeys(homes, 1.0), 0, 1)
        marks = {}
        for number in numbers:
            inside = np.flatnonzero(self.vectors[number][atoms])
            marks[number] = program.any_of([done[n] for n in inside])
        for w in wanted:
            program.add(self.clauses[w], marks, homes, float(of_groups[w]))
        values, sure = program.solved()
        if values is None:
            return None, sure
        chosen = atoms[[value > 0.5 for value in values[done]]]
        living = [home for home, column in enumerate(homes) if values[column] > 0.5]
        return self._crowd(chosen, living), sure

    def _unlike(self, numbers: Sequence[int], costs: np.ndarray) -> np.ndarray:
        """Return one atom of each kind that is in some set: the one that costs least."""
        if not numbers:
            return np.array([], int)
        sets = np.array([self.vectors[number] for number in numbers])
        order = np.argsort(-costs, kind="stable")
        order = order[sets[:, order].any(axis=0)]
        _, places = np.unique(sets[:, order], axis=1, return_index=True)
        return order[places]

    def _crowd(self, chosen: np.ndarray, living: Sequence[int]) -> Crowd:
        shape = self.frame.possible.shape
        crowd = Crowd(
            np.zeros((1, *shape), bool),
            np.zeros((1, *shape[:2], self.frame.roles), bool),
            np.array([living[0] if living else UNKNOWN]),
        )
        for atom in chosen:
            if atom < len(self.seen):
                crowd.seen[(0, *self.seen[atom])] = True
            else:
                crowd.holds[(0, *self.holds[atom - len(self.seen)])] = True
        return crowd


def _sets_of(clauses: Sequence[tuple]) -> Iterator[int]:
    for kind, *own in clauses:
        if kind == "near":
            yield from (number for number, _ in own)
        elif kind != "home":
            yield from own


class _Program:
    """A mixed integer program that is made line by line; it looks for the largest value."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[float, float, dict[int, float]]] = []

    def yes_or_no(self, gain: float = 0.0, whole: bool = True) -> int:
        """Return a new column."""
        self.costs.append(gain)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, terms: dict[int, float], low: float, high: float) -> None:
        """Add a row."""
        self.rows.append((low, high, terms))

    def any_of(self, columns: Sequence[int]) -> int:
        """Return a column that is 1 where one of some columns is."""
        if len(columns) == 1:
            return columns[0]
        mark = self.yes_or_no(whole=False)
        for column in columns:
            self.row({mark: 1.0, column: -1.0}, 0, math.inf)
        self.row({mark: 1.0, **dict.fromkeys(columns, -1.0)}, -math.inf, 0)
        return mark

    def all_of(self, columns: Sequence[int]) -> int:
        """Return a column that is 1 where all of some columns are."""
        columns = list(dict.fromkeys(columns))
        if len(columns) == 1:
            return columns[0]
        mark = self.yes_or_no(whole=False)
        for column in columns:
            self.row({mark: 1.0, column: -1.0}, -math.inf, 0)
        terms = {mark: 1.0, **dict.fromkeys(columns, -1.0)}
        self.row(terms, 1.0 - len(columns), math.inf)
        return mark

    def add(self, clauses: Sequence[tuple], marks, homes, gain: float) -> None:
        """Give whoever meets all clauses a gain."""
        parts = []
        for kind, *own in clauses:
            match kind:
                case "met":
                    parts.append(marks[own[0]])
                case "not":
                    none = self.yes_or_no(whole=False)
                    self.row({none: 1.0, marks[own[0]]: 1.0}, 1, 1)
                    parts.append(none)
                case "two":
                    used = dict.fromkeys(marks[number] for number in own)
                    pairs = [self.all_of(pair) for pair in combinations(used, 2)]
                    parts.append(self.any_of(pairs))
                case "home":
                    parts.append(self.any_of([homes[home] for home in own]))
                case "near":
                    near = [self.all_of([marks[number], homes[home]]) for number, home in own]
                    parts.append(self.any_of(near))
        self.costs[self.all_of(parts)] += gain

    def solved(self) -> tuple[np.ndarray | None, bool]:
        """Return the columns where there is any gain, and whether the answer is sure."""
        size = len(self.costs)
        if max(self.costs, default=0) <= 0:
            return None, True
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = size, len(self.rows)
        program.col_cost_ = -np.array(self.costs)
        program.col_lower_, program.col_upper_ = np.zeros(size), np.ones(size)
        program.row_lower_ = np.array([low for low, _, _ in self.rows])
        program.row_upper_ = np.array([high for _, high, _ in self.rows])
        whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        program.integrality_ = [whole if each else real for each in self.whole]
        matrix = program.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0, *(len(terms) for _, _, terms in self.rows)])
        matrix.index_ = np.array([c for _, _, terms in self.rows for c in terms], int)
        matrix.value_ = np.array([v for _, _, terms in self.rows for v in terms.values()])
        solver = highspy.Highs()
        options = {"output_flag": False, "threads": 1, "time_limit": 10.0, "mip_rel_gap": 0.5}
        for option, value in options.items():
            solver.setOptionValue(option, value)
        solver.passModel(program)
        solver.run()
        sure = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        info = solver.getInfo()
        if info.primal_solution_status != 2 or info.objective_function_value > -1e-6:
            return None, sure
        return np.array(solver.getSolution().col_value), sure


# The attack ------------------------------------------------------------------------------------


@dataclass
class Report:
    """What an attack on one programme found."""

    facts: int = 0
    held: int = 0
    targets: int = 0
    finds: list[Find] = field(default_factory=list)
    misread: list[str] = field(default_factory=list)  # what the data do not say
    unproven: int = 0
    explained: dict[Find, list[str]] | None = None


def attack(
    worlds: Sequence[World], issues: Sequence[Issue], threshold: int = 5, why: bool = False
) -> Report:
    """Work out what was held back.

    Parameters
    ----------
    worlds : sequence of World
        The programme in each version of the data.
    issues : sequence of Issue
        In the order in which they were issued.
    threshold : int
        How far apart the smallest and the largest value must lie.
    why : bool
        Whether to look which facts a find follows from; takes long.
    """
    report = Report(explained={} if why else None)
    books = [issue.book for issue in issues]
    systems = [Frame(world, books) for world in worlds]
    truths = [Truth(frame) for frame in systems]
    readers = []
    for number, issue in enumerate(issues):
        label = f"{number}:{issue.book['periode']}"
        reader = Reader(systems[issue.version], issue, label)
        reader.read()
        readers.append(reader)
        report.facts += reader.facts
        report.held += reader.facts_held
        report.misread += reader.unread
    found: dict[Any, Find] = {}
    for version, (frame, truth) in enumerate(zip(systems, truths, strict=True)):
        own = [r for r, issue in zip(readers, issues, strict=True) if issue.version == version]
        newest = version == len(worlds) - 1
        report.misread += [
            statement.source
            for reader in own
            for statement in reader.statements
            if not truth.agrees(statement)
        ]
        among = readers if newest else own
        _range_all(frame, truth, truths, among, issues, readers, version, threshold, report, found)
        for find in _small(truth, own, threshold):
            found.setdefault((find.kind, version, find.name), find)
        for find in _parts(truth, own, threshold):
            found.setdefault((find.kind, version, find.name), find)
    for find in _corrections(readers, issues, threshold):
        found.setdefault((find.kind, find.name), find)
    report.finds = list(found.values())
    return report


def _range_all(
    frame, truth, truths, among, issues, readers, version, threshold, report, found
) -> None:
    statements = [s for reader in among for s in reader.statements if truth.agrees(s)]
    explained = report.explained
    targets: dict[Count, str] = {}
    for reader in among:
        for count, (_, source) in reader.rounded.items():  # small, and told rounded
            then = truths[issues[readers.index(reader)].version]
            if truth.of(count) == then.of(count) and 0 < truth.of(count) < threshold:
                targets.setdefault(count, source)
        then = truths[issues[readers.index(reader)].version]
        for count, source in reader.held.items():
            same = truth.of(count) == then.of(count)
            if same and _is_target(count, source, reader, truth, threshold):
                targets.setdefault(count, source)
    system = System(frame, truth, statements, list(targets))
    system.ranges(threshold)
    report.targets += len(targets)
    report.unproven += system.unproven
    for count, low, high in zip(system.targets, system.low, system.high, strict=True):
        low, high = _up(low), _down(high)
        if high - low < threshold:
            if not low <= truth.of(count) <= high:
                raise AssertionError(f"the data are no solution: {targets[count]}")
            kind = "known" if high <= low else "narrow"
            find = Find(kind, targets[count], low, high, truth.of(count))
            if ("range", count, find.true) not in found and explained is not None:
                explained[find] = explain(frame, truth, statements, count, high - low)
            found.setdefault(("range", count, find.true), find)


def explain(frame, truth, statements, count, width) -> list[str]:
    """Return the facts without any of which a range would be wider."""
    needed = sorted(dict.fromkeys(statements), key=_plainness)

    def is_found(some: Sequence[Statement]) -> bool:
        system = System(frame, truth, some, [count])
        system.ranges(width + 1)
        return bool(system._narrow(width + 1)[0])

    size = len(needed) // 2
    while size:
        start = 0
        while start < len(needed):
            fewer = needed[:start] + needed[start + size :]
            if is_found(fewer):
                needed = fewer
            else:
                start += size
        size = min(size // 2, len(needed) // 2) if len(needed) > 1 else 0
    return [f"{statement.source} [{statement.low:g}, {statement.high:g}]" for statement in needed]


def _plainness(statement: Statement) -> tuple[bool, bool, int]:
    """Order what is said, so that the plainest comes last, and is kept."""
    name = statement.source.split()[-1]
    odd = name.startswith(("nieuwe", "terugkerende", "aandeel_rol", "barometer", "per_maand"))
    return not odd, statement.low == statement.high, -len(statement.terms)


def _is_target(count, source, reader, truth, threshold) -> bool:
    """The numerator of a share is a number held back where it is not held for its total.

    That is told by the issue itself: another version may have shown both.
    """
    if not truth.of(count):
        return False
    if not source.endswith("(teller)"):
        return True
    if isinstance(count, Visits):
        return False  # there is a fact of its own
    total = Group(count.cells)
    return total in reader.published or truth.of(count) < threshold


def _small(truth: Truth, readers: Sequence[Reader], threshold: int) -> Iterator[Find]:
    """Numbers that were issued, or from which a fact was made, with too few people behind them."""
    for reader in readers:
        for count, source in reader.told.items():
            number = truth.behind(count)
            if 0 < number < threshold:
                yield Find("small", source, truth.of(count), truth.of(count), truth.of(count))


def _parts(truth: Truth, readers: Sequence[Reader], threshold: int) -> Iterator[Find]:
    """Differences of a whole and its part, both issued, of too few people."""
    published: dict[Count, str] = {}
    for reader in readers:
        for count, source in [*reader.published.items(), *_shares(reader)]:
            published.setdefault(count, source)
    for whole, part in permutations(published, 2):
        difference = truth.of(whole) - truth.of(part) if type(whole) is type(part) else 0
        if not 0 < difference < threshold:
            continue
        kind = _kind_of_part(whole, part)
        if kind and not (kind == "part" and _merely_unknown(truth, whole, part)):
            name = f"{published[whole]} - {published[part]}"
            yield Find(kind, name, difference, difference, difference)


def _shares(reader: Reader) -> Iterator[tuple[Count, str]]:
    """The numerators of issued shares of people, where the total was issued."""
    for statement in reader.statements:
        if len(statement.terms) != 2 or statement.low != 0:
            continue
        (part, _), (total, _) = statement.terms
        if not isinstance(part, Group) or part.cells != total.cells or part == total:
            continue
        if total in reader.published and part not in reader.published:
            yield part, statement.source


def _kind_of_part(whole: Count, part: Count) -> str:
    if not isinstance(whole, Group):
        if not part.cells < whole.cells:
            return ""
        if {cell[:2] for cell in part.cells} == {cell[:2] for cell in whole.cells}:
            return "part"
        return "period" if _places(part) == _places(whole) else "place"
    if whole.before is not None:
        return ""
    if part._replace(cells=whole.cells, role_cells=whole.role_cells) == whole:
        alike = bool(part.cells) == bool(whole.cells)
        if alike and part.cells <= whole.cells and part.role_cells <= whole.role_cells:
            return "period" if _places(part) == _places(whole) else "place"
        return ""
    is_total = whole == Group(whole.cells)
    one_service = len(whole.at) == 1 and whole == Group(whole.cells, at=whole.at)
    if part.cells == whole.cells and part.cells:
        if is_total and part.cells:
            return "part"
        if one_service and len(part.at) == 2 and whole.at[0] in part.at:
            return "part"
    return ""


def _places(count: Count) -> set:
    return {cell[0] for cell in (*count.cells, *getattr(count, "role_cells", ()))}


def _merely_unknown(truth: Truth, whole: Count, part: Count) -> bool:
    """Whether the difference is of people whose home is not known alone."""
    if not isinstance(part, Group) or (part.homes is None and part.near is None):
        return False
    inside = members(whole, truth.crowd) & ~members(part, truth.crowd)
    return bool((truth.crowd.home[inside] == UNKNOWN).all())


def _corrections(
    readers: Sequence[Reader], issues: Sequence[Issue], threshold: int
) -> Iterator[Find]:
    """What moved by too few between two versions of the same period."""
    for (then, before), (now, after) in combinations(zip(readers, issues, strict=True), 2):
        if before.version == after.version or before.book["periode"] != after.book["periode"]:
            continue
        for scope, facts in before.book["feiten"].items():
            for name, fact in facts.items():
                later = after.book["feiten"].get(scope, {}).get(name, {})
                old, new = fact["waarde"], later.get("waarde")
                counts = fact.get("eenheid") in ("personen", "deelnames", "verwijzingen")
                if not counts or name.startswith("prognose") or None in (old, new):
                    continue
                if 0 < abs(new - old) < threshold:
                    label = f"{then.label} / {now.label} {scope} {name}"
                    yield Find("correction", label, new - old, new - old, new - old)
