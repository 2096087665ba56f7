"""People as there could be: what a reader who knows no registration must hold for possible.

A reader of the facts sees counts of people, not people. Here people are made up beside the real
ones: the same people with one visit, role or home more or less, and people who came once or twice.
The engine that counts the real people counts these too, so each relation between counts that a
reader could work out holds for them, and none has to be written down. What they tell is where a
number held back may lie (see `protection`).

People who are in the same counts are of one kind. How many there are of each kind is what a reader
does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from bwk.facts.counting import Calendar, Census
from bwk.facts.expressions import PARTICIPANTS, TIMES, Count
from bwk.indicators.attendance import UNPLACED
from bwk.registrations import Registrations

MOST_REAL = 3_000  # people who may be others than they are; the rest stays as it is
MOST_CHANGED = 150  # people of whom others like them are made up
MOST_PAIRS = 4_000  # people made up who came, or did something, twice
COMMON_HOMES = 2  # where they live


@dataclass(frozen=True)
class Kinds:
    """Kinds of people.

    Attributes
    ----------
    members : ndarray of bool, shape (counts, kinds)
        Which kind is in which count.
    numbers : ndarray of int, shape (kinds,)
        The real people of each kind.
    places : list of str or None
        The one location where people of each kind were seen; None where there are several.
    """

    members: np.ndarray
    numbers: np.ndarray
    places: list[str | None]


class Imagined:
    """People as there could be, beside the real ones.

    Parameters
    ----------
    data : Registrations
    calendar : Calendar
        In whose stretches it does not matter on which day somebody came.
    """

    def __init__(self, data: Registrations, calendar: Calendar) -> None:
        self._data, self._calendar = data, calendar
        firsts = [date.min, *calendar.starts]
        ends = [first - timedelta(days=1) for first in firsts[1:]]
        self._stretches = list(zip(firsts, [*ends, date.max], strict=True))

    def kinds(self, counts: Sequence[Count], apart: Sequence[Count]) -> Kinds:
        """Return the kinds of people that some counts tell apart.

        Real people are told apart by the counts `apart` too.
        """
        often = [
            key
            for count in counts
            for kind, keys in count.of.conditions
            for key in keys
            if kind == TIMES
        ]
        most = max(often, default=1)
        spots, real, homes = self._real
        patterns, dwellings = _imagined(np.minimum(real, most), homes, most)
        census = Census(self._registered(spots, patterns, dwellings), self._calendar)
        members = np.zeros((len(patterns), len(counts) + len(apart)), dtype=bool)
        columns = sorted(enumerate([*counts, *apart]), key=lambda column: column[1].where)
        for column, count in columns:  # place by place, as the census opens one at a time
            members[census.members(count).astype(int), column] = True
        told_apart = members.copy()
        told_apart[len(real) :, len(counts) :] = False
        firsts, kind = _alike(told_apart)
        numbers = np.bincount(kind[: len(real)], minlength=len(firsts))
        return Kinds(members[firsts].T, numbers, _places(spots, patterns[firsts]))

    @cached_property
    def active(self) -> set[tuple[str, date]]:
        """Where anything was registered, and in which stretch (by its first day)."""
        rows, size = self._data.participations, len(self._stretches)
        location = rows["locatie"].cat
        pairs = np.unique(location.codes.to_numpy("int64") * size + self._stretch(rows["datum"]))
        return {
            (str(location.categories[pair // size]), self._stretches[pair % size][0])
            for pair in pairs
        }

    def _stretch(self, days: pd.Series) -> np.ndarray:
        starts = np.array(self._calendar.starts, dtype="datetime64[D]")
        return np.searchsorted(starts, days.to_numpy("datetime64[D]"), side="right")

    @cached_property
    def _real(self) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """The spots (locations, stretches, and services or roles), who was where, and homes."""
        data = self._data
        rows, people = data.participations, data.participations["deelnemer"].cat
        chosen = _some(people.categories.union(pd.Index(data.roles["persoon"].unique())))
        rows = rows[people.codes.isin(people.categories.get_indexer(chosen)) & (people.codes >= 0)]
        seen = pd.DataFrame(
            {
                "person": rows["deelnemer"].astype(object),
                "location": rows["locatie"].astype(object),
                "stretch": self._stretch(rows["datum"]),
                "service": rows["dienst"].astype(object),
                "role": "",
            }
        )
        everything = pd.concat([seen, *self._held(chosen)], ignore_index=True)
        keys = ["location", "stretch", "service", "role"]
        spots = everything[keys].drop_duplicates().sort_values(keys, ignore_index=True)
        spot = pd.MultiIndex.from_frame(spots).get_indexer(
            pd.MultiIndex.from_frame(everything[keys])
        )
        person, names = pd.factorize(everything["person"])
        patterns = np.zeros((len(names), len(spots)), dtype=int)
        np.add.at(patterns, (person, spot), 1)
        home = data.participants.set_index("deelnemer")["buurt"].astype(object)
        homes = home.reindex(names).fillna(UNPLACED).to_numpy()
        return spots, patterns, homes

    def _held(self, people: pd.Index) -> list[pd.DataFrame]:
        """The roles that people held, for each stretch."""
        roles = self._data.roles
        roles = roles[(roles["rol"] != PARTICIPANTS) & roles["persoon"].isin(people)]
        frames = []
        for place, (first, last) in enumerate(self._stretches):
            begun = roles["van"].to_numpy("datetime64[D]") <= np.datetime64(last)
            ended = roles["tot"].to_numpy("datetime64[D]") < np.datetime64(first)
            own = roles[begun & ~ended]
            frames.append(
                pd.DataFrame(
                    {
                        "person": own["persoon"].astype(object),
                        "location": own["locatie"].astype(object),
                        "stretch": place,
                        "service": "",
                        "role": own["rol"].astype(object),
                    }
                )
            )
        return frames

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
        firsts = [max(first, oldest) for first, _ in self._stretches]
        rows["day"] = pd.to_datetime(firsts).take(rows["stretch"].to_numpy())
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
        )


def _some(people: pd.Index) -> pd.Index:
    """Return people, or as many of them as may be others than they are."""
    if len(people) <= MOST_REAL:
        return people
    return people[np.sort(np.random.default_rng(0).choice(len(people), MOST_REAL, replace=False))]


def _imagined(real: np.ndarray, homes: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the real people, then those who could be: how often at each spot, and their homes.

    `most` is how often somebody is at a spot who comes often.
    """
    toss = np.random.default_rng(0)
    size = real.shape[1]
    single = np.eye(size, dtype=int)
    everywhere, often = np.unique(homes, return_counts=True)
    common = everywhere[np.argsort(-often, kind="stable")[:COMMON_HOMES]]
    first, second = np.triu_indices(size, 1)
    if len(first) > MOST_PAIRS:
        chosen = np.sort(toss.choice(len(first), MOST_PAIRS, replace=False))
        first, second = first[chosen], second[chosen]
    pairs = single[first] + single[second]
    order = np.argsort(real.sum(axis=1), kind="stable")
    like = real[order], homes[order]
    different = _alike(
        np.column_stack([like[0], pd.factorize(like[1])[0][:, None] == np.arange(len(everywhere))])
    )[0]
    chosen = np.sort(different)[:MOST_CHANGED]
    before = like[0][chosen][:, None, :]
    changed = np.where(single == 0, before, before == 0).reshape(len(chosen) * size, size)
    ones = single if most == 1 else np.concatenate([single, most * single])
    patterns = [real, *[ones] * len(everywhere), *[pairs] * len(common), changed]
    dwellings = [
        homes,
        *(np.full(len(ones), home) for home in everywhere),
        *(np.full(len(pairs), home) for home in common),
        np.repeat(like[1][chosen], size),
    ]
    for home in everywhere:
        patterns.append(like[0][chosen])
        dwellings.append(np.full(len(chosen), home))
    everybody, living = np.concatenate(patterns), np.concatenate(dwellings)
    anywhere = everybody.any(axis=1)
    return everybody[anywhere], living[anywhere]


def _alike(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first of each kind of rows of marks, and the kind of each row."""
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    _, firsts, kind = np.unique(
        packed.view(f"V{packed.shape[1]}").ravel(), return_index=True, return_inverse=True
    )
    return firsts, kind


def _places(spots: pd.DataFrame, patterns: np.ndarray) -> list[str | None]:
    """Return the one location of each pattern, or None."""
    codes, names = pd.factorize(spots["location"])
    seen = [patterns[:, codes == code].any(axis=1) for code in range(len(names))]
    at = np.array(seen, dtype=bool).reshape(len(names), len(patterns)).T
    return [str(names[int(own.argmax())]) if own.sum() == 1 else None for own in at]
