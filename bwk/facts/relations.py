"""What any reader knows of the counts of people, from their expressions alone.

Each rule yields relations: sums of counts of which the first is as much as the second, or more. No
rule knows a fact by name. Visits and referrals need none: they are sums over cells already.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations

from bwk.disclosure import Relation
from bwk.facts.counting import Counting
from bwk.facts.expressions import (
    EARLIER,
    HOLDS,
    LIVES,
    NEAR,
    NEW,
    SEEN,
    SEEN_AT_ALL,
    SEVERAL,
    Condition,
    Count,
    Each,
    Interval,
    People,
    Visits,
    Vocabulary,
    people_who,
)

Place = tuple[str, ...]
ENDLESS = float("inf")


class Relations:
    """The relations between counts.

    Parameters
    ----------
    counted : mapping of Count to Counting
        What a reader may learn.
    vocabulary : Vocabulary
    fewest_for_sharing : int
        Where a service has fewer participants, what it shares with others is not shown at all,
        which tells a reader as much.
    """

    def __init__(
        self, counted: Mapping[Count, Counting], vocabulary: Vocabulary, fewest_for_sharing: int
    ) -> None:
        self._counted, self._vocabulary = counted, vocabulary
        self._fewest = fewest_for_sharing
        self._people = [count for count in counted if isinstance(count.of, People)]
        self._sets = list(dict.fromkeys(count.of for count in self._people))
        self._above: dict[People, list[People]] = {}
        self._intervals: dict[Place, set[Interval]] = defaultdict(set)
        for count in self._people:
            self._intervals[count.where].add(count.when)

    def __iter__(self) -> Iterator[Relation]:
        for count in self._people:
            for rule in RULES:
                yield from rule(self, count)

    def part_of_larger_set(self, count: Count) -> Iterator[Relation]:
        """Fewer people meet more conditions, at a part of the places or in a part of the time."""
        larger = [wider for wider in self._wider(count) if wider in self._counted]
        for wider in larger:
            if not any(self._is_between(count, middle, wider) for middle in larger):
                yield self._at_least([wider], [count])

    def no_more_than_their_visits(self, count: Count) -> Iterator[Relation]:
        """Whoever was seen at a service has a visit there."""
        if [condition.kind for condition in count.of.conditions] == [SEEN]:
            visits = Visits(count.of.conditions[0].keys)
            yield from self._related([count._replace(of=visits)], [count])

    def union_of_places(self, count: Count) -> Iterator[Relation]:
        """Who is counted at some locations is counted at one of them."""
        if count.of.is_union and len(count.where) > 1:
            singles = [self._local(count, location) for location in count.where]
            yield from self._related(singles, [count])

    def near_at_one_location(self, count: Count) -> Iterator[Relation]:
        """Who lives around one location where they were seen lives around some location."""
        if Condition(NEAR) in count.of.conditions:
            for location in count.where:
                yield from self._related([count], [self._local(count, location)])

    def union_of_intervals(self, count: Count) -> Iterator[Relation]:
        """Who is counted in an interval is counted in one of two that make it up."""
        if not count.of.is_union:
            return
        for begin in self._intervals[count.where]:
            end = Interval(begin.last + timedelta(days=1), count.when.last)
            if begin.first == count.when.first and end in self._intervals[count.where]:
                halves = [count._replace(when=half) for half in (begin, end)]
                yield from self._related(halves, [count])

    def union_of_services(self, count: Count) -> Iterator[Relation]:
        """Who was seen was seen at a service; at more than one where they used several."""
        if SEEN_AT_ALL not in count.of.conditions:
            return
        services = self._vocabulary.keys[Each.SERVICE]
        used = self._split(count, SEEN_AT_ALL, SEEN, services)
        yield from self._related(used, [count])
        several = count._replace(of=count.of.instead(SEEN_AT_ALL, Condition(SEVERAL)))
        yield from self._related(used, [count, several])
        yield from self._related([count, *[several] * (len(services) - 1)], used)

    def division_by_history(self, count: Count) -> Iterator[Relation]:
        """Who was seen is new, or was seen before."""
        if SEEN_AT_ALL in count.of.conditions:
            kinds = (count.of.instead(SEEN_AT_ALL, Condition(kind)) for kind in (NEW, EARLIER))
            histories = [count._replace(of=of) for of in kinds]
            yield from self._related([count], histories, high=0)

    def division_by_home(self, count: Count) -> Iterator[Relation]:
        """Everybody lives in one neighbourhood at most; the surroundings are some of them."""
        homes = self._vocabulary.keys[Each.HOME]
        conditions = [condition for condition in count.of.conditions if condition.kind == LIVES]
        if not conditions and homes:
            at_homes = [self._living(count, home) for home in homes]
            # A reader may guess that everybody's neighbourhood is known, and be right.
            numbers = [self._counted[x].value for x in at_homes if x in self._counted]
            everybody = self._counted[count].value == sum(numbers)
            yield from self._related([count], at_homes, high=0 if everybody else ENDLESS)
        for condition in conditions:
            if len(condition.keys) > 1:
                around = self._split(count, condition, LIVES, condition.keys)
                yield from self._related([count], around, high=0)
        if Condition(NEAR) in count.of.conditions:
            surroundings = self._vocabulary.surroundings
            homes = tuple(
                dict.fromkeys(x for place in count.where for x in surroundings.get(place, ()))
            )
            seen = count._replace(of=count.of.instead(Condition(NEAR), SEEN_AT_ALL))
            yield from self._related([self._living(seen, home) for home in homes], [count])

    def union_of_roles(self, count: Count) -> Iterator[Relation]:
        """Who holds one of some roles holds the first, or the second ..."""
        for condition in count.of.conditions:
            if condition.kind == HOLDS and len(condition.keys) > 1:
                holders = (people_who(Condition(HOLDS, (role,))) for role in condition.keys)
                yield from self._related([count._replace(of=held) for held in holders], [count])

    def overlap(self, count: Count) -> Iterator[Relation]:
        """Two sets within a whole overlap by what they are too large for (Bonferroni 1936)."""
        services = [c for c in count.of.conditions if c.kind == SEEN and c.keys]
        for pair in combinations(services, 2):
            sides = [count._replace(of=count.of.instead(condition)) for condition in pair]
            wider = count.of.instead(pair[0]).instead(pair[1], SEEN_AT_ALL)
            yield from self._related([count, count._replace(of=wider)], sides)

    def too_few_to_share(self, count: Count) -> Iterator[Relation]:
        """A service of which nothing shared is shown has few participants."""
        services = self._vocabulary.keys[Each.SERVICE]
        several = count._replace(of=people_who(Condition(SEVERAL)))
        of_service = any(count.of == people_who(Condition(SEEN, (key,))) for key in services)
        few = self._counted[count].value < self._fewest
        if of_service and few and several in self._counted and len(services) > 1:
            yield Relation(self._counted[count].cells, high=self._fewest - 1)

    def _wider(self, count: Count) -> Iterator[Count]:
        """Yield the counts that have at least as many people, whether or not anybody counts them.

        What widens in two ways at once goes by way of the one, where that is counted.
        """
        supersets = self._supersets(count.of)
        wider = [count._replace(of=of) for of in supersets]
        groups = [*self._wider_groups(count)]
        for where, when in groups:
            moved = count._replace(where=where, when=when)
            wider.append(moved)
            if moved not in self._counted:
                wider += [
                    moved._replace(of=of) for of in supersets if self._may_widen(of, count, moved)
                ]
        return iter(wider)

    def _wider_groups(self, count: Count) -> Iterator[tuple[Place, Interval]]:
        for where, intervals in self._intervals.items():
            if not {*count.where} <= {*where}:
                continue
            for when in intervals:
                moved = count._replace(where=where, when=when)
                if moved != count and self._may_widen(count.of, count, moved):
                    yield where, when

    def _may_widen(self, of: People, count: Count, moved: Count) -> bool:
        """Whether a set can only gain people by what was added to its places and its time."""
        if not count.when.is_within(moved.when):
            return False
        if moved.where != count.where and of.has(NEW):
            return False
        return moved.when.first == count.when.first or not of.has(NEW, EARLIER)

    def _supersets(self, of: People) -> list[People]:
        if of not in self._above:
            self._above[of] = [
                people for people in self._sets if people != of and people.includes(of)
            ]
        return self._above[of]

    def _is_between(self, count: Count, middle: Count, wider: Count) -> bool:
        """Whether one relation follows from two others."""
        if middle in (count, wider):
            return False
        grows = middle.of == wider.of or wider.of.includes(middle.of)
        inside = {*middle.where} <= {*wider.where} and middle.when.is_within(wider.when)
        return grows and inside and self._may_widen(middle.of, middle, wider)

    def _local(self, count: Count, location: str) -> Count:
        """Return what a count is called at one location."""
        of = count.of
        if Condition(NEAR) in of.conditions:
            around = Condition(LIVES, self._vocabulary.surroundings.get(location, ()))
            of = of.instead(Condition(NEAR), SEEN_AT_ALL, around)
        return count._replace(of=of, where=(location,))

    def _living(self, count: Count, home: str) -> Count:
        lives = Condition(LIVES, (home,))
        return count._replace(of=people_who(*count.of.conditions, lives))

    def _split(
        self, count: Count, condition: Condition, kind: str, keys: Iterable[str]
    ) -> list[Count]:
        """Return the counts with each of some keys in the place of a condition."""
        sets = (count.of.instead(condition, Condition(kind, (key,))) for key in keys)
        return [count._replace(of=of) for of in sets]

    def _related(
        self, plus: Sequence[Count], minus: Sequence[Count], high: float = ENDLESS
    ) -> Iterator[Relation]:
        """Yield the relation between counts, where all of them are known."""
        if plus and minus and all(count in self._counted for count in (*plus, *minus)):
            yield self._at_least(plus, minus, high)

    def _at_least(
        self, plus: Sequence[Count], minus: Sequence[Count], high: float = ENDLESS
    ) -> Relation:
        terms: dict = defaultdict(float)
        for sign, counts in ((1.0, plus), (-1.0, minus)):
            for count in counts:
                for cell, factor in self._counted[count].cells.items():
                    terms[cell] += sign * factor
        return Relation(dict(terms), high=high)


RULES = (
    Relations.part_of_larger_set,
    Relations.no_more_than_their_visits,
    Relations.union_of_places,
    Relations.near_at_one_location,
    Relations.union_of_intervals,
    Relations.union_of_services,
    Relations.division_by_history,
    Relations.division_by_home,
    Relations.union_of_roles,
    Relations.overlap,
    Relations.too_few_to_share,
)
