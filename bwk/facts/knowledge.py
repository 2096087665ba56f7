"""What a reader knows of the counts of a survey: of which unknown numbers each of them is a sum.

The unknown numbers are how many people there are of each kind (see `imagined`), and how many visits
and referrals there are at each location in each stretch of the calendar.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, product
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from bwk.disclosure import Relation, Table
from bwk.facts.expressions import (
    SEEN,
    SEVERAL,
    Condition,
    Count,
    Each,
    Interval,
    People,
    Referrals,
    Sum,
    Visits,
    people,
    people_who,
)
from bwk.facts.imagined import Imagined, Kinds
from bwk.facts.survey import Survey

FEW_DAYS = 31  # in which it may matter that nobody comes to a service twice a day
KIND = "kind"  # what the cells of kinds of people are called


class Cell(NamedTuple):
    """Visits or referrals of one kind at a location, in a stretch of the calendar."""

    location: str
    kind: tuple[str, ...]
    stretch: Interval

    def counts(self, of: Any) -> Count:
        """Return what is counted here."""
        return Count(of, self.stretch, (self.location,))

    @property
    def people(self) -> Count:
        """Who was seen at the service."""
        return self.counts(people_who(Condition(SEEN, self.kind)))


class Behind(NamedTuple):
    """Who is behind a cell: how many, which people where they are few, and how many nameless."""

    number: int
    members: frozenset[int]
    heads: int


class Knowledge:
    """What a reader knows of some counts; the people are made up when they are asked for.

    Parameters
    ----------
    survey : Survey
    counts : sequence of Count
    at_stake : collection of Count
        Those that are small, or were held back.

    Attributes
    ----------
    cells : dict of Count to tuple of Cell
        Of which cells the visits and referrals are sums.
    shown : set of Count
        What is told: behind visits that are told are enough people.
    """

    def __init__(
        self, survey: Survey, counts: Sequence[Count], at_stake: Collection[Count]
    ) -> None:
        self._survey, self._counts, self._at_stake = survey, counts, at_stake
        self.shown: Collection[Count] = ()
        self.cells = {
            count: tuple(self._cells(count))
            for count in counts
            if isinstance(count.of, Visits | Referrals)
        }
        self._sums: dict[Cell, Visits | Referrals] = {}  # what is added up in each cell
        for count, cells in self.cells.items():
            for cell in cells:
                own = Visits(cell.kind) if isinstance(count.of, Visits) else count.of
                self._sums.setdefault(cell, own)

    @cached_property
    def behind(self) -> dict[Cell, Behind]:
        """Who is behind each cell."""
        return {cell: self._look_into(cell) for cell in sorted(self._sums)}

    def people_in(self, cells: Iterable[Cell], enough: int) -> int:
        """Return how many people are behind cells, or `enough` where that many are.

        By name, or without one where those are more.
        """
        members: set[int] = set()
        heads = 0
        for cell in cells:
            if self.behind[cell].number >= enough:
                return enough
            members |= self.behind[cell].members
            heads += self.behind[cell].heads
        return min(enough, max(len(members), heads))

    @cached_property
    def marks(self) -> Mapping[Count, np.ndarray]:
        """Which kinds of people are in each set of people."""
        sets = [*self._sets, *(cell.people for cell in self._visited)]
        return dict(zip(sets, self._kinds.members, strict=True))

    @cached_property
    def terms(self) -> Mapping[Count, Mapping[Hashable, float]]:
        """The unknown numbers of which each count is a sum."""
        terms: dict[Count, Mapping[Hashable, float]] = {}
        for count in self._counts:
            if count in self.cells:
                terms[count] = dict.fromkeys(self.cells[count], 1.0)
            else:
                terms[count] = _sum_of([self.marks[own] for own in _sets_of(count)])
        return terms

    @cached_property
    def truth(self) -> Table:
        """The unknown numbers as they are."""
        table = Table({}, {})
        for kind, number in enumerate(self._kinds.numbers):
            table.values[KIND, kind] = int(number)
            table.parts[KIND, kind] = self._kinds.places[kind]
        for cell, of in self._sums.items():
            table.values[cell] = self._survey.count(cell.counts(of)).value
            table.parts[cell] = frozenset({cell.location})
        return table

    @property
    def links(self) -> Iterator[Relation]:
        """Yield what else a reader knows: no visit without a visitor, and who is shown to share."""
        for cell in self._visited:
            visits, visitors = self.truth.values[cell], self._survey.count(cell.people).value
            everybody = _sum_of([self.marks[cell.people]])
            nobody = dict.fromkeys(everybody, -1.0)
            yield Relation({cell: 1.0} | nobody, value=visits - visitors)
            days = (cell.stretch.last - cell.stretch.first).days + 1
            if visits <= days * visitors and days <= FEW_DAYS:
                most = dict.fromkeys(everybody, float(days))
                yield Relation({cell: -1.0} | most, value=days * visitors - visits)
        yield from self._shown_to_share()
        yield from self._enough_for_visits()
        if self._survey.programme.rounding:
            yield from self._rounded_apart()

    def _rounded_apart(self) -> Iterator[Relation]:
        """Yield that a count is more than a part of it that is rounded otherwise.

        Of the same people both are told the same.
        """
        survey = self._survey
        for whole, part in self._nearest_parts():
            apart = survey.count(whole).value - survey.count(part).value
            is_new = survey.known(whole).low <= survey.known(part).high
            if apart and is_new and survey.told(whole) != survey.told(part):
                rest = [cell for cell in self.terms[whole] if cell not in self.terms[part]]
                yield Relation(dict.fromkeys(rest, 1.0), apart, 1)

    def _nearest_parts(self) -> Iterator[tuple[Count, Count]]:
        """Yield counts, each with the parts of it that are not part of another part."""
        counts = [count for count in self._counts if not isinstance(count.of, Sum)]
        places: dict[Hashable, int] = {}
        cells = [[places.setdefault(cell, len(places)) for cell in self.terms[c]] for c in counts]
        sizes = np.array([*map(len, cells)])
        columns = np.array([*chain(*cells)], int)
        starts = np.append(0, sizes.cumsum())
        within = csr_array((np.ones(len(columns)), columns, starts), (len(counts), len(places)))
        common = (within @ within.T).tocoo()
        part, whole = common.coords
        inside = (common.data == sizes[part]) & (sizes[part] < sizes[whole])
        parts = csr_array((inside[inside], (part[inside], whole[inside])), common.shape)
        nearest = parts - (parts @ parts).multiply(parts) > 0
        for part, whole in zip(*nearest.nonzero(), strict=True):
            yield counts[whole], counts[part]

    def _enough_for_visits(self) -> Iterator[Relation]:
        """Yield that enough people were at the services of which visits are shown."""
        enough = self._survey.programme.threshold
        for count, marks in self.marks.items():
            seen, *more = count.of.conditions
            visits, people = count._replace(of=Visits(seen.keys)), self._survey.count(count).value
            if not more and seen.kind == SEEN and visits in self.shown and people >= enough:
                yield Relation(_sum_of([marks]), people, enough)

    def _shown_to_share(self) -> Iterator[Relation]:
        """Yield what follows where it is shown, or not shown, what services share."""
        survey = self._survey
        if len(survey.vocabulary.keys[Each.SERVICE]) < 2:
            return
        users: dict[Any, list[Count]] = defaultdict(list)  # by interval and place
        shown: dict[Any, set[str]] = defaultdict(set)
        for count in self._counts:
            services = self._services_of(count)
            if len(services) == 1:
                users[count[1:]].append(count)
            else:
                shown[count[1:]].update(services)
        fewest = survey.fewest_for_sharing
        for place, counts in users.items():
            for count in counts:
                is_shown = self._services_of(count)[0] in shown[place]
                yield from self._bounds(count, fewest, is_shown)
            popular = [count for count in counts if survey.counted[count].value >= fewest]
            several = Count(people(SEVERAL), *place)
            if several in self.terms and (least := survey.fewest_of_several(len(popular))):
                yield from self._bounds(several, least, bool(shown[place]))

    def _services_of(self, count: Count) -> list[str]:
        """Return the services at each of which the people of a count were seen; none for others."""
        conditions = count.of.conditions if isinstance(count.of, People) else ()
        services = [{self._called.get(key) for key in condition.keys} for condition in conditions]
        is_told = all(condition.kind == SEEN for condition in conditions)
        if not is_told or any(len(own) != 1 for own in services):
            return []
        return [service for own in services for service in own if service]

    @cached_property
    def _called(self) -> dict[str, str]:
        """Each service by the name that it has now."""
        vocabulary = self._survey.vocabulary
        services = vocabulary.keys[Each.SERVICE]
        before = {name: now for now in services for name in vocabulary.renamed.get(now, ())}
        return {name: name for name in services} | before

    def _bounds(self, count: Count, fewest: int, is_shown: bool) -> Iterator[Relation]:
        """Yield what is told of a count by what is shown only where it is so many or more."""
        low, high = (fewest, math.inf) if is_shown else (0, fewest - 1)
        value = self._survey.counted[count].value
        if low <= value <= high:
            yield Relation(self.terms[count], value, low, high)

    @cached_property
    def _visited(self) -> list[Cell]:
        """The cells of visits."""
        return sorted(cell for cell, of in self._sums.items() if isinstance(of, Visits))

    @cached_property
    def _sets(self) -> list[Count]:
        """The sets of people that the counts are made of."""
        counts = [count for count in self._counts if count not in self.cells]
        return [*dict.fromkeys(own for count in counts for own in _sets_of(count))]

    @cached_property
    def _kinds(self) -> Kinds:
        imagined = Imagined(self._survey.data, self._survey.calendar, self._at_stake)
        return imagined.kinds(self._sets, [cell.people for cell in self._visited])

    def _look_into(self, cell: Cell) -> Behind:
        of = self._sums[cell]
        inside = self._survey.count(cell.counts(of))
        named = isinstance(of, Visits) and self._survey.count(cell.people).value
        few = named and inside.people < self._survey.programme.threshold
        members = self._survey.members(cell.people).tolist() if few else ()
        heads = inside.people if inside.people > named else 0
        return Behind(inside.people, frozenset(members), heads)

    def _cells(self, count: Count) -> Iterator[Cell]:
        """Yield the cells of a sum; without those where nothing could be counted."""
        if isinstance(count.of, Referrals):
            kinds: list[tuple[str, ...]] = [(count.of.direction, count.of.partner)]
        else:
            everything = self._survey.vocabulary.services
            kinds = [(service,) for service in count.of.services or everything]
        stretches = self._survey.calendar.within(count.when)
        for cell in map(Cell._make, product(count.where, kinds, stretches)):
            if (cell.location, cell.stretch.first) in self._survey.attended:
                yield cell


def _sets_of(count: Count) -> list[Count]:
    """Return the sets of people that a count adds up: itself, but for a sum."""
    return (
        [count._replace(of=of) for of in count.of.parts] if isinstance(count.of, Sum) else [count]
    )


def _sum_of(marks: Sequence[np.ndarray]) -> dict[Hashable, float]:
    """Return how often each kind of people is in some sets of them."""
    times = np.count_nonzero(np.array(marks), axis=0)
    return {(KIND, int(kind)): float(times[kind]) for kind in np.flatnonzero(times)}
