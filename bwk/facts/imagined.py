"""People as there could be: what a reader who knows no registration must hold for possible.

A reader of the facts sees counts of people, not people. Here people are made up beside the real
ones: the same people with one visit, role or home more or less, and people who came once or twice.
The engine that counts the real people counts these too, so each relation between counts that a
reader could work out holds for them, and none has to be written down. What they tell is where a
number held back may lie (see `protection`).

People who are in the same counts are of one kind. How many there are of each kind is what a reader
does not know.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from bwk.facts.counting import Calendar, Census, held
from bwk.facts.expressions import PARTICIPANTS, SEEN, TIMES, Count
from bwk.indicators import attendance
from bwk.registrations import Registrations

MOST_REAL = 3_000  # people who may be others than they are; the rest stays as it is
MOST_CHANGED = 150  # people of whom others like them are made up
MOST_PAIRS = 4_000  # people made up who came, or did something, twice
MOST_ALIKE = 30_000  # people made up in one way, about; fewer spots are tried where it is more
COMMON_HOMES = 2  # where those live who came twice
WHERE = ["location", "stretch"]
SPOT = [*WHERE, "service", "role"]  # where and when somebody was, at what


@dataclass(frozen=True)
class Kinds:
    """Kinds of people.

    Attributes
    ----------
    members : ndarray of bool, shape (counts, kinds)
        Which kind is in which count.
    numbers : ndarray of int, shape (kinds,)
        The real people of each kind.
    places : list of frozenset of str
        The locations where people of each kind were seen.
    """

    members: np.ndarray
    numbers: np.ndarray
    places: list[frozenset[str]]


class Imagined:
    """People as there could be, beside the real ones.

    Parameters
    ----------
    data : Registrations
    calendar : Calendar
        In whose stretches it does not matter on which day somebody came.
    at_stake : collection of Count
        What is small, or held back. Where more people came than can be others than they are, those
        who were there are.
    """

    def __init__(
        self, data: Registrations, calendar: Calendar, at_stake: Collection[Count]
    ) -> None:
        self._data, self._calendar = data, calendar
        stretches = {stretch: place for place, stretch in enumerate(calendar.stretches)}
        self._at_stake = pd.MultiIndex.from_tuples(
            {
                (count.where[0], stretches[stretch])
                for count in at_stake
                if len(count.where) == 1
                for stretch in calendar.within(count.when)
            },
            names=WHERE,
        )

    def kinds(self, counts: Sequence[Count], apart: Sequence[Count]) -> Kinds:
        """Return the kinds of people that some counts tell apart.

        Real people are told apart by the counts `apart` too.
        """
        spots, real, homes = self._real
        often = _most_times(counts)
        real = np.minimum(real, often).astype("int8")
        patterns, dwellings = _beside(
            real,
            homes,
            spots["location"].to_numpy(),
            often,
            self._asked(counts, spots),
            np.flatnonzero(self._is_at_stake(spots) & (len(real) == MOST_REAL)),
        )
        census = Census(self._registered(spots, patterns, dwellings), self._calendar)
        everything = [*counts, *apart]
        people: list[np.ndarray] = [np.array([], int)] * len(everything)
        # Place by place, as the census opens one at a time.
        for column in sorted(range(len(everything)), key=lambda column: everything[column].where):
            people[column] = census.members(everything[column])
        marks = np.zeros((len(patterns), len(everything) // 8 + 1), dtype="uint8")
        for column, own in enumerate(people):
            told = own if column < len(counts) else own[own < len(real)]
            marks[told, column // 8] |= 128 >> column % 8
        firsts, kind = _alike(marks)
        members = np.zeros((len(everything), len(firsts)), dtype=bool)
        for column, own in enumerate(people):
            members[column, kind[own[firsts[kind[own]] == own]]] = True
        numbers = np.bincount(kind[: len(real)], minlength=len(firsts))
        return Kinds(members, numbers, _places(spots, patterns[firsts]))

    def _asked(self, counts: Sequence[Count], spots: pd.DataFrame) -> np.ndarray:
        """Return pairs of spots at which somebody is counted who was at two services of a place.

        Of each count that asks for two services at one location, those in its last stretch.
        """
        keys = zip(spots["location"], spots["stretch"], spots["service"], strict=True)
        place = {key: spot for spot, key in enumerate(keys)}
        stretches = {stretch: i for i, stretch in enumerate(self._calendar.stretches)}
        pairs = []
        for count in counts:
            services = [keys[0] for kind, keys in count.of.conditions if kind == SEEN and keys]
            for location in count.where if len(services) == 2 else ():
                for stretch in reversed(self._calendar.within(count.when)):
                    pair = [place.get((location, stretches[stretch], own)) for own in services]
                    if None not in pair:
                        pairs.append(pair)
                        break
        return np.array(pairs, int).reshape(-1, 2)

    def _is_at_stake(self, spots: pd.DataFrame) -> np.ndarray:
        """Tell of each spot whether who was there may be in what is at stake."""
        return pd.MultiIndex.from_frame(spots[WHERE]).isin(self._at_stake)

    @cached_property
    def _seen(self) -> pd.DataFrame:
        """Where and when anybody, known by a pseudonym or not, was at what; each once a day."""
        firsts = [stretch.first for stretch in self._calendar.stretches]
        rows = attendance.with_stretch(self._data.participations, firsts)
        columns = {"deelnemer": "person", "locatie": "location", "dienst": "service"}
        return rows[[*columns, "stretch"]].rename(columns=columns)

    @cached_property
    def _real(self) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """Some real people: the spots, how often each of them was at each, and their homes."""
        seen = self._seen.dropna(subset="person")
        holders = pd.Index(self._data.roles["persoon"].unique())
        chosen = seen["person"].cat.categories.union(holders)
        if len(chosen) > MOST_REAL:
            times = seen["person"][self._is_at_stake(seen)].value_counts()
            chosen = _some(times.reindex(chosen, fill_value=0))
        seen = seen[seen["person"].isin(chosen)].astype(object).assign(role="")
        everything = pd.concat([seen, *self._holding(chosen)], ignore_index=True)
        spots = everything[SPOT].drop_duplicates().sort_values(SPOT, ignore_index=True)
        places = pd.MultiIndex.from_frame(everything[SPOT])
        spot = pd.MultiIndex.from_frame(spots).get_indexer(places)
        person, names = pd.factorize(everything["person"])
        patterns = np.zeros((len(names), len(spots)), dtype=int)
        np.add.at(patterns, (person, spot), 1)
        homes = attendance.homes(self._data.participants, pd.Index(names))
        return spots, patterns, homes.to_numpy()

    def _holding(self, people: pd.Index) -> Iterator[pd.DataFrame]:
        """Yield the roles that people held, stretch by stretch."""
        roles = self._data.roles
        roles = roles[(roles["rol"] != PARTICIPANTS) & roles["persoon"].isin(people)]
        columns = {"persoon": "person", "locatie": "location", "rol": "role"}
        for place, stretch in enumerate(self._calendar.stretches):
            own = held(roles, stretch)[[*columns]].rename(columns=columns)
            yield own.astype(object).assign(stretch=place, service="")

    def _registered(
        self, spots: pd.DataFrame, patterns: np.ndarray, homes: np.ndarray
    ) -> Registrations:
        """Return the registrations of people, who are called by their place."""
        names = pd.Index([str(place) for place in range(len(patterns))])
        person, spot = np.nonzero(patterns)
        times = patterns[person, spot]
        rows = spots.take(np.repeat(spot, times)).assign(
            person=names.take(np.repeat(person, times))
        )
        oldest = self._data.participations["datum"].min().date()
        days = [max(stretch.first, oldest) for stretch in self._calendar.stretches]
        rows["day"] = pd.to_datetime(days).take(rows["stretch"].to_numpy(int))
        seen, held = rows[rows["service"] != ""], rows[rows["role"] != ""]
        like = self._data.participations
        participations = pd.DataFrame(
            {
                "datum": seen["day"].astype(like["datum"].dtype).to_numpy(),
                "locatie": pd.Categorical(seen["location"], like["locatie"].cat.categories),
                "dienst": pd.Categorical(seen["service"], like["dienst"].cat.categories),
                "deelnemer": pd.Categorical(seen["person"], names),
                "aantal": 1,
            }
        )
        columns = {"location": "locatie", "person": "persoon", "role": "rol", "day": "van"}
        roles = held[[*columns]].rename(columns=columns)
        return replace(
            self._data,
            participations=participations,
            participants=pd.DataFrame({"deelnemer": names, "buurt": homes}),
            roles=roles.assign(tot=roles["van"]),
            secret="",
        )


def _some(times: pd.Series) -> pd.Index:
    """Return as many people as may be others than they are.

    Half of them are those who came the most often where something is at stake.
    """
    mixed = times.sample(frac=1, random_state=0)
    most = mixed.sort_values(ascending=False, kind="stable").index[: MOST_REAL // 2]
    others = mixed.index.difference(most, sort=False)[: MOST_REAL - len(most)]
    return most.append(others).sort_values()


def _most_times(counts: Sequence[Count]) -> int:
    """Return how often somebody comes who comes often: more makes no difference to any count."""
    conditions = [condition for count in counts for condition in count.of.conditions]
    return max((keys[0] for kind, keys in conditions if kind == TIMES), default=1)


def _beside(
    real: np.ndarray,
    homes: np.ndarray,
    locations: np.ndarray,
    often: int,
    asked: np.ndarray,
    at_stake: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the real people, then those who could be: how often at each spot, and their homes.

    Parameters
    ----------
    real : ndarray of int, shape (people, spots)
    homes : ndarray of str, shape (people,)
    locations : ndarray of str, shape (spots,)
    often : int
        How often somebody is at a spot who comes often.
    asked : ndarray of int, shape (pairs, 2)
        Spots of which somebody must have been at both.
    at_stake : ndarray of int, shape (spots,)
        Spots where it matters the most who was there, if not everybody real is made up.
    """
    everywhere, living = np.unique(homes, return_counts=True)
    common = everywhere[np.argsort(-living, kind="stable")[:COMMON_HOMES]]
    chosen = _examples(real, homes, everywhere)
    groups = [(real, homes)]
    groups += [(own, np.full(len(own), home)) for home, own in _once(real, everywhere, often)]
    pairs = _twice(real.shape[1], locations, asked)
    groups += [(pairs, np.full(len(pairs), home)) for home in common]
    near = _near(real[chosen], locations, np.arange(real.shape[1]))
    groups.append(_changed(real[chosen], homes[chosen], *near))
    groups += [(real[chosen], np.full(len(chosen), home)) for home in everywhere]
    there = np.flatnonzero(real[:, at_stake].any(axis=1))
    like, spot = _near(real[there], locations, at_stake)
    mixed = np.random.default_rng(0).permutation(len(like))[:MOST_ALIKE]
    groups.append(_changed(real[there], homes[there], like[mixed], spot[mixed]))
    patterns, dwellings = map(np.concatenate, zip(*groups, strict=True))
    anywhere = patterns.any(axis=1)
    return patterns[anywhere], dwellings[anywhere]


def _examples(real: np.ndarray, homes: np.ndarray, everywhere: np.ndarray) -> np.ndarray:
    """Choose real people who differ from each other, those who were at few spots first."""
    order = np.argsort(real.sum(axis=1, dtype=int), kind="stable")
    at_home = homes[order][:, None] == everywhere
    different, _ = _alike(np.packbits(np.column_stack([real[order], at_home]), axis=1))
    return order[np.sort(different)[:MOST_CHANGED]]


def _once(real: np.ndarray, everywhere: np.ndarray, often: int) -> Iterator[tuple[str, np.ndarray]]:
    """Yield people of each home who were at one spot, once and often."""
    single = np.eye(real.shape[1], dtype="int8")
    ones = single if often == 1 else np.concatenate([single, often * single])
    step = len(ones) * len(everywhere) // MOST_ALIKE + 1
    for place, home in enumerate(everywhere):
        yield home, ones[place % step :: step]


def _twice(size: int, locations: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Return people who were at two spots; of many only those asked for, and some at one place."""
    toss = np.random.default_rng(0)
    if size * size <= MOST_ALIKE * 10:
        first, second = np.triu_indices(size, 1)
    else:
        first, second = toss.integers(size, size=(2, 50 * MOST_PAIRS))
        near = (locations[first] == locations[second]) & (first < second)
        first, second = first[near], second[near]
    if len(first) > MOST_PAIRS:
        chosen = np.sort(toss.choice(len(first), MOST_PAIRS, replace=False))
        first, second = first[chosen], second[chosen]
    first = np.append(asked[:MOST_ALIKE, 0], first)
    second = np.append(asked[:MOST_ALIKE, 1], second)
    pairs = np.zeros((len(first), size), dtype="int8")
    pairs[np.arange(len(first)), first] = 1
    pairs[np.arange(len(first)), second] = 1
    return pairs


def _near(
    examples: np.ndarray, locations: np.ndarray, spots: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of an example and one of some spots; of many, one where they came."""
    like = np.repeat(np.arange(len(examples)), len(spots))
    spot = np.tile(spots, len(examples))
    if len(like) <= MOST_ALIKE:
        return like, spot
    places, codes = np.unique(locations, return_inverse=True)
    came = np.zeros((len(examples), len(places)), dtype=bool)
    person, seen = np.nonzero(examples)
    came[person, codes[seen]] = True
    near = came[like, codes[spot]]
    return like[near], spot[near]


def _changed(
    examples: np.ndarray, homes: np.ndarray, like: np.ndarray, spot: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return people as in the examples but for one spot each."""
    changed = examples[like]
    changed[np.arange(len(like)), spot] = examples[like, spot] == 0
    return changed, homes[like]


def _alike(packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first of each kind of rows of packed marks, and the kind of each row."""
    packed = np.ascontiguousarray(packed)
    _, firsts, kind = np.unique(
        packed.view(f"V{packed.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    return firsts, kind


def _places(spots: pd.DataFrame, patterns: np.ndarray) -> list[frozenset[str]]:
    """Return the locations of each pattern."""
    codes, names = pd.factorize(spots["location"])
    seen = [patterns[:, codes == code].any(axis=1) for code in range(len(names))]
    at = np.array(seen, dtype=bool).reshape(len(names), len(patterns)).T
    return [frozenset(names[own]) for own in at]
