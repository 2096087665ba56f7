"""One engine that counts every expression, over who was seen, who holds a role, and referrals."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property, reduce
from hashlib import blake2b
from typing import NamedTuple

import msgspec
import numpy as np
import pandas as pd

from bwk.facts import expressions
from bwk.facts.expressions import (
    HOLDS,
    SEEN,
    Condition,
    Count,
    Interval,
    People,
    Referrals,
    Sum,
    Visits,
    people_who,
)
from bwk.indicators import attendance
from bwk.indicators.attendance import UNPLACED, Attendance
from bwk.keys import LABEL, same_key
from bwk.registrations import Registrations

NOBODY = ""
HASH = 6  # hexadecimal digits
PORTIONS = 64  # of all people: enough to see that five of them are behind a correction


class Counting(NamedTuple):
    """What a count comes to, and the people behind it."""

    value: int
    people: int


class Calendar:
    """Cuts the intervals of a report into stretches, so that sums over time can be compared."""

    def __init__(self, intervals: Iterable[Interval]) -> None:
        edges = {edge for i in intervals for edge in (i.first, i.last + timedelta(days=1))}
        self.starts = sorted(edges)
        firsts = [date.min, *self.starts]
        lasts = [first - timedelta(days=1) for first in self.starts]
        self.stretches = [*map(Interval, firsts, [*lasts, date.max])]

    def within(self, interval: Interval) -> list[Interval]:
        """Return the stretches that make up the interval."""
        return [stretch for stretch in self.stretches if stretch.is_within(interval)]


class Census:
    """Counts in the registrations, one place at a time: all at once would be too large.

    Parameters
    ----------
    data : Registrations
    calendar : Calendar
        Of all intervals in which something is counted.
    """

    def __init__(self, data: Registrations, calendar: Calendar) -> None:
        self._data, self.calendar = data, calendar
        self.counted: dict[Count, Counting] = {}
        self._place: _Place | None = None
        # So that a place need not be opened again for what is asked of it later.
        self._met: dict[Count, _Met] = {}
        self._portions: dict[tuple[str, ...], np.ndarray] = {}
        self._firsts = tuple(stretch.first for stretch in calendar.stretches)
        self._living = attendance.homes(data.participants, self._everybody)
        rows = attendance.with_surroundings(data.participations, self._living, data.neighbourhoods)
        rows = attendance.with_stretch(rows, self._firsts)
        self._rows = rows[["locatie", "stretch", "dienst", "deelnemer", "aantal", "omgeving"]]

    def count(self, count: Count) -> Counting:
        """Count what is counted, in its interval and at its locations; once."""
        if count not in self.counted:
            self.counted[count] = self._count(count)
        return self.counted[count]

    def members(self, count: Count) -> np.ndarray:
        """Return the people in a count of people: the place of each among everybody.

        Those who were seen stand first, in the order of their categories.
        """
        met = self._met.get(count) or self._view(count).met(count.of)
        return met.members

    def homes_known(self, members: np.ndarray) -> bool:
        """Whether the home of any of some people is known."""
        return bool((self._living.take(members) != UNPLACED).any())

    @cached_property
    def _everybody(self) -> pd.Index:
        seen = self._data.participations["deelnemer"].cat.categories
        return seen.append(pd.Index(self._data.roles["persoon"].unique()).difference(seen))

    @cached_property
    def attended(self) -> set[tuple[str, date]]:
        """Where anybody was seen in which stretch of the calendar (by its first day)."""
        locations, stretches = self._rows["locatie"].cat, self.calendar.stretches
        there = np.zeros((len(locations.categories), len(stretches)), dtype=bool)
        there[locations.codes, self._rows["stretch"]] = True
        return {
            (str(locations.categories[place]), stretches[stretch].first)
            for place, stretch in np.argwhere(there)
        }

    def visits_of_each(self, count: Count) -> tuple[np.ndarray, int]:
        """Return the visits of everybody who was ever at these locations, and those of nobody."""
        return self._view(count).visits_of_each(count.of.services)

    def portions(self, count: Count) -> str:
        """Return keyed hashes of how much of a sum each of some portions of all people has.

        Who changes a number, in the data of a later run, changes those of their portions: as many
        people are behind a correction as hashes differ, or more. The hash of the key stands first.
        The same number is another hash in another count: else they would tell who is in neither.
        """
        secret = self._data.secret
        if not secret:
            return ""
        begun = blake2b(msgspec.json.encode(count), key=secret.encode(), digest_size=HASH // 2)
        text = secret[:LABEL]
        for portion, number in enumerate(self._by_portion(count)):
            own = begun.copy()
            own.update(f" {portion} {number}".encode())
            text += own.hexdigest()
        return text

    def _by_portion(self, count: Count) -> np.ndarray:
        """Return how much of a sum each portion of all people has."""
        match count.of:
            case Visits(services):
                self.count(count)
                stretches = [self._numbers[stretch] for stretch in self.calendar.within(count.when)]
                known = self._rows["dienst"].cat.categories
                own = known.isin(services) if services else slice(None)
                return self._portions[count.where][stretches][:, own].sum(axis=(0, 1))
            case Sum(sets):
                members = [self.members(count._replace(of=of)) for of in sets]
                return np.bincount(self._portion[np.concatenate(members)], minlength=PORTIONS)
        referred = self._view(count).referred(count.of.direction, count.of.partner)
        names = [*referred.keys() - {NOBODY}]
        portions = self._hashed(np.array(names, object)) % PORTIONS
        return np.bincount(portions, [referred[name] for name in names], PORTIONS).astype(int)

    def draw(self, count: Count) -> int:
        """Return a number at random, the same of the same people; nobody can guess it."""
        value = self.count(count).value
        match count.of:
            case People():
                of_whom = str(self._hashes[self.members(count)].sum())
            case _:
                of_whom = str(self._by_portion(count))
        key = self._data.secret.encode()
        return int.from_bytes(blake2b(f"{of_whom} {value}".encode(), key=key).digest())

    def people_between(self, count: Count, before: str) -> int | None:
        """Return by how many people, at least, visits differ from when `before` was told of them.

        None where that cannot be said: `before` is of another key, or there is none.
        """
        now = self.portions(count)
        if not (now and len(now) == len(before) and same_key(now, before)):
            return None
        starts = range(LABEL, len(now), HASH)
        return sum(now[start : start + HASH] != before[start : start + HASH] for start in starts)

    def _count(self, count: Count) -> Counting:
        match count.of:
            case People():
                met = self._met[count] = self._view(count).met(count.of)
                return Counting(met.number, met.number)
            case Sum(sets):
                countings = [self.count(Count(of, count.when, count.where)) for of in sets]
                total = sum(counting.value for counting in countings)
                return Counting(total, total)
            case Visits(services):
                return Counting(*self._view(count).visits_at(services))
            case Referrals(direction, partner):
                return Counting(*self._view(count).referrals_of(direction, partner))
        raise TypeError(f"nothing counts {count.of!r}")

    def _view(self, count: Count) -> "_View":
        if self._place is None or self._place.where != count.where:
            self._place = None  # its memory is free before the next place takes its own
            self._place = self._opened(count.where)
            if len(count.where) == 1:
                self.counted.update(self._inside(self._place))
        return self._place.view(count.when)

    def _inside(self, place: "_Place") -> Iterator[tuple[Count, Counting]]:
        """Count each service in each stretch: asked of a location later, it is not opened again."""
        history = place.history
        number = np.count_nonzero(history.times, axis=2)
        for cell, visits in np.ndenumerate(history.visits):
            stretch, service = self.calendar.stretches[cell[0]], (history.services[cell[1]],)
            people, heads = int(number[cell]), int(history.heads[cell])
            seen = Count(people_who(Condition(SEEN, service)), stretch, place.where)
            yield seen, Counting(people, people)
            yield seen._replace(of=Visits(service)), Counting(int(visits), max(people, heads))

    def _opened(self, where: tuple[str, ...]) -> "_Place":
        rows = self._rows_of(where)
        history = attendance.mark(rows, self._firsts)
        if self._data.secret:
            self._portions[where] = self._in_portions(rows)
        roles, referrals = (
            table[table["locatie"].isin(where)]
            for table in (self._data.roles, self._data.referrals)
        )
        return _Place(where, history, self._everybody, self._living, roles, referrals)

    def _in_portions(self, rows: pd.DataFrame) -> np.ndarray:
        """Add up the visits of portions of all people: (stretches, services, portions)."""
        stretch, services = rows["stretch"].to_numpy(), rows["dienst"].cat
        people = rows["deelnemer"].cat.codes.to_numpy()
        named = np.flatnonzero(people >= 0)
        cells = (stretch[named], services.codes.to_numpy()[named], self._portion[people[named]])
        shape = len(self._firsts), len(services.categories), PORTIONS
        places = np.ravel_multi_index(cells, shape)
        return np.bincount(places, minlength=int(np.prod(shape))).reshape(shape)

    @cached_property
    def _portion(self) -> np.ndarray:
        """The portion of each person who was seen; nobody can tell it without the key."""
        return self._hashes % PORTIONS

    @cached_property
    def _hashes(self) -> np.ndarray:
        """A number for everybody, at random for who has not the key."""
        return self._hashed(self._everybody.to_numpy(object))

    def _hashed(self, names: np.ndarray) -> np.ndarray:
        return pd.util.hash_array(names, hash_key=self._data.secret[-16:])

    @cached_property
    def _numbers(self) -> dict[Interval, int]:
        """The place of each stretch of the calendar."""
        return {stretch: number for number, stretch in enumerate(self.calendar.stretches)}

    def _rows_of(self, where: tuple[str, ...]) -> pd.DataFrame:
        places = self._rows_by_location
        own = [places[location] for location in where if location in places]
        if len(own) == len(places):
            return self._rows
        return self._rows.take(np.concatenate(own) if own else [])

    @cached_property
    def _rows_by_location(self) -> dict[str, np.ndarray]:
        """The row numbers of each location where somebody came."""
        rows = self._rows.groupby("locatie", observed=True).indices
        return {str(location): np.asarray(own) for location, own in rows.items()}


class _Met(NamedTuple):
    """Some people: by their places among everybody, and packed marks of who of them is meant."""

    people: np.ndarray
    packed: np.ndarray

    @property
    def number(self) -> int:
        return int(np.bitwise_count(self.packed).sum())

    @property
    def members(self) -> np.ndarray:
        return self.people[np.unpackbits(self.packed, count=len(self.people)).astype(bool)]


class _Place:
    """The registrations of some locations."""

    def __init__(
        self,
        where: tuple[str, ...],
        history: Attendance,
        everybody: pd.Index,
        living: pd.Categorical,
        roles: pd.DataFrame,
        referrals: pd.DataFrame,
    ) -> None:
        self.where, self.history = where, history
        self.everybody, self.living = everybody, living
        self.roles, self.referrals = roles, referrals
        self._views: dict[Interval, _View] = {}

    def view(self, interval: Interval) -> "_View":
        """Return the same in an interval."""
        if interval not in self._views:
            self._views[interval] = _View(self, interval)
        return self._views[interval]


class _View:
    """The registrations of some locations in an interval."""

    def __init__(self, place: _Place, interval: Interval) -> None:
        self._place, self._interval = place, interval
        self._seen = place.history.within(interval)
        self._marks: dict[Condition, np.ndarray] = {}

    def met(self, people: People) -> "_Met":
        """Mark who meets all conditions: of everybody who was seen, or who holds a role."""
        place = self._place
        holding = [self._holders(keys) for kind, keys in people.conditions if kind == HOLDS]
        if len(holding) == len(people.conditions):
            holders = place.everybody.get_indexer(pd.Index([*frozenset.intersection(*holding)]))
            return _Met(np.sort(holders), np.packbits(np.ones(len(holders), bool)))
        marks = [self._marked(c) for c in people.conditions if c.kind != HOLDS]
        marks += [self._seen.people.isin([*holders]) for holders in holding]
        return _Met(self._seen.people.codes, np.packbits(reduce(np.logical_and, marks)))

    def visits_at(self, services: Sequence[str]) -> tuple[int, int]:
        """Add up participations; also return the people behind: pseudonyms or heads, if more."""
        seen = self._seen.at(services) if services else self._seen
        people = _number(seen.present)
        return int(seen.visits.sum()), max(people, int(seen.heads.sum()))

    def visits_of_each(self, services: Sequence[str]) -> tuple[np.ndarray, int]:
        """Return the visits of everybody who was ever here, and those without a name."""
        seen = self._seen.at(services) if services else self._seen
        return seen.often, int(seen.heads.sum())

    def referrals_of(self, direction: str, partner: str) -> tuple[int, int]:
        """Count referrals; also return the people behind them: as many as are nameless, if more."""
        referred = self.referred(direction, partner)
        with_name = len(referred.keys() - {NOBODY})
        return referred.total(), max(with_name, referred[NOBODY])

    def referred(self, direction: str, partner: str) -> Counter[str]:
        """Return how often each person was referred."""
        return self._referred.get((direction, partner), Counter())

    def _marked(self, condition: Condition) -> np.ndarray:
        """Mark the people who meet a condition; once, for several sets ask for it."""
        if condition not in self._marks:
            self._marks[condition] = self._mark(condition)
        return self._marks[condition]

    def _mark(self, condition: Condition) -> np.ndarray:
        seen, place = self._seen, self._place
        match condition.kind:
            case expressions.SEVERAL:
                return np.count_nonzero(seen.used, axis=0) > 1
            case expressions.TIMES:
                return seen.often >= condition.keys[0]
            case expressions.EARLIER | expressions.NEW:
                before = place.history.before(self._interval.first).present
                return seen.present & (before if condition.kind == expressions.EARLIER else ~before)
            case expressions.BEFORE:
                return place.history.before(self._interval.first).present
            case expressions.ABSENT:
                (interval,) = condition.keys
                return seen.present & ~place.history.within(Interval.read(interval)).present
            case expressions.NEAR:
                return np.logical_or.reduce(seen.near, axis=0)
            case expressions.LIVES:
                return place.living.take(seen.people.codes).isin(condition.keys)
        if not condition.keys:
            return seen.present
        return np.logical_or.reduce(seen.used[seen.places_of(condition.keys)], axis=0)

    def _holders(self, roles: Sequence[str]) -> frozenset[str]:
        """Return the people who hold one of the roles on any day of the interval."""
        rows = self._held[self._held["rol"].isin(roles)]
        return frozenset(rows["persoon"].unique())

    @cached_property
    def _held(self) -> pd.DataFrame:
        return held(self._place.roles, self._interval)

    @cached_property
    def _referred(self) -> dict[tuple[str, str], Counter[str]]:
        """How often each person was referred, by direction and partner."""
        rows = self._place.referrals
        begin, end = map(pd.Timestamp, self._interval)
        rows = rows[rows["datum"].between(begin, end)]
        people = rows["deelnemer"].astype(object).fillna(NOBODY)
        referred: dict[tuple[str, str], Counter[str]] = {}
        for direction, partner, who in zip(rows["richting"], rows["partner"], people, strict=True):
            referred.setdefault((direction, partner), Counter())[who] += 1
        return referred


def held(roles: pd.DataFrame, interval: Interval) -> pd.DataFrame:
    """Return the rows of people who hold a role on any day of the interval."""
    begin, end = map(pd.Timestamp, interval)
    return roles[(roles["van"] <= end) & ~(roles["tot"] < begin)]


def _number(marks: np.ndarray) -> int:
    return int(np.count_nonzero(marks))
