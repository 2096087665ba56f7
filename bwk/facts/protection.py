"""One decision on what is held back, for everything that a period publishes, and its proof."""

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import permutations, product
from typing import Any, Literal, NamedTuple

import numpy as np

from bwk import disclosure, formats
from bwk.disclosure import Deviation, Number, Range, Relation, Table, Unprotectable
from bwk.errors import DataError
from bwk.facts.derivations import Draft, Drafts
from bwk.facts.expressions import (
    LIVES,
    NEAR,
    SEEN,
    Condition,
    Count,
    Each,
    Interval,
    People,
    Referrals,
    Sum,
    Visits,
    people_who,
)
from bwk.facts.imagined import Imagined
from bwk.facts.issued import Shown
from bwk.facts.sheet import SMALL_CORRECTION, FactSheet
from bwk.facts.survey import Survey

Fixed = Literal["published", "withheld"]
KIND = "kind"  # what the cells of kinds of people are called


class Difference(NamedTuple):
    """What a reader gets by subtracting one number from another."""

    whole: Count
    part: Count


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
    """The people behind a cell: how many, their names where they are few, and those without."""

    number: int
    names: frozenset[str]
    heads: int


class Protection:
    """What a reader may know of the counts of a survey, and what is kept from them.

    Parameters
    ----------
    survey : Survey
    drafts : Drafts
        All facts that are to be published.
    """

    def __init__(self, survey: Survey, drafts: Drafts) -> None:
        self._survey, self._drafts = survey, drafts
        self._threshold = survey.programme.threshold
        self._decided = dict(_decided(survey))
        own = [draft for sheet in drafts.values() for draft in sheet.values()]
        self._own = dict.fromkeys(count for draft in own for count in draft.counts)
        self._counts = sorted({**self._own, **self._decided}, key=_place_and_time)
        self._imagined = Imagined(survey.data, survey.calendar)
        self._terms: dict[Count, dict[Hashable, float]] = {}
        self._marks: dict[Count, np.ndarray] = {}
        self._truth = Table({}, {})
        self._links: list[Relation] = []
        self._people: dict[Hashable, Behind] = {}
        self._tables: list[Deviation] = []
        self._protects: dict[Hashable, Hashable] = {}
        self._know_people()
        self._know_rest()
        self._know_who_shares()

    def withheld(self) -> frozenset[Count]:
        """Decide which counts are held back.

        Raises
        ------
        DataError
            If what other periods have published gives a number away.
        """
        numbers = [self._number(count) for count in self._counts]
        numbers += self._differences(self._counts)
        try:
            choice = disclosure.protect(numbers, self._links, self._truth, self._threshold)
        except Unprotectable as error:
            raise DataError(self._ways_out(error)) from None
        self._tables, self._protects = choice.tables, choice.protects
        return frozenset(name for name in choice.withheld if isinstance(name, Count))

    def shown(self, withheld: Collection[Count]) -> tuple[Shown, ...]:
        """Return each count behind the facts, with what is shown of it."""
        values = {
            count: None if count in withheld else self._survey.counted[count].value
            for count in self._own
        }
        return tuple(
            Shown(count.of, count.when, count.where, value) for count, value in values.items()
        )

    def prove(self, sheets: Mapping[str, FactSheet]) -> dict[Count, Range]:
        """Prove of the facts as they are published that nothing held back can be worked out.

        The proof knows nothing of how it was decided what to hold back. Whoever reads a share or a
        growth is taken to know both counts behind it, which is more than its rounding tells.

        Returns
        -------
        dict of Count to Range
            The range of values that each count held back can have.

        Raises
        ------
        DataError
            If the proof fails: then nothing may be published.
        """
        told = {count for count, fixed in self._decided.items() if fixed == "published"}
        held = set(self._decided) - told
        hidden: list[Draft] = []
        for scope, sheet in self._drafts.items():
            for name, draft in sheet.items():
                if sheets[scope][name].withheld:
                    hidden.append(draft)
                else:
                    told.update(draft.counts)
        for draft in hidden:  # of several counts, it is not known which of them is held back
            unknown = [count for count in draft.counts if count not in told]
            held.update(unknown if len(unknown) == 1 else filter(self._is_small, unknown))
        held -= told
        counts = [count for count in self._counts if count in told or count in held]
        numbers = [self._number(count) for count in counts]
        differences = self._differences([count for count in counts if count in told])
        ranges, leaks = disclosure.audit(
            [*numbers, *differences],
            {*held, *(difference.name for difference in differences)},
            self._links,
            self._truth,
            self._threshold,
            self._tables,
        )
        if leaks:
            names = ", ".join(sorted(map(self._called, leaks)))
            raise DataError(
                f"Deze cijfers zijn niet te beschermen, dus er wordt niets gepubliceerd: {names}."
            )
        return {name: own for name, own in ranges.items() if isinstance(name, Count)}

    def reasons(self) -> dict[Count, str]:
        """Return why each count that is held back is."""
        issued = self._survey.issued
        reasons = {}
        for count in self._counts:
            if self._is_small(count):
                reasons[count] = f"minder dan {self._threshold} mensen"
            elif self._decided.get(count) == "withheld":
                told = count in issued.told
                reasons[count] = SMALL_CORRECTION if told else "eerder achtergehouden"
            elif count in self._protects:
                reasons[count] = f"beschermt {self._called(self._protects[count])}"
        return reasons

    def _ways_out(self, error: Unprotectable) -> str:
        """Return what gives a number away, and what somebody can do about it."""
        told_by = [self._called(name) for name in error.told_by if name in self._decided]
        given_away = formats.enumeration(sorted(dict.fromkeys(told_by))[:3])
        return (
            f"Niet te beschermen: {self._called(error.name)}. Het volgt uit wat al is uitgegeven"
            f"{f': {given_away}' if given_away else ''}. Laat deze periode weg, voeg in de tabel "
            "diensten kleine diensten samen, of begin een periode waarvan nog niets is verstuurd "
            "opnieuw met bwk run PERIODE --nothing-sent."
        )

    def _called(self, name: Hashable) -> str:
        """Return how people call a number that is protected."""
        if isinstance(name, Difference):
            return f"het verschil tussen {self._called(name.whole)} en {self._called(name.part)}"
        if not isinstance(name, Count):
            return ""
        own = _names({name}, self._drafts)
        return own or f"een cijfer over {name.when.first} tot en met {name.when.last}"

    def _is_small(self, count: Count) -> bool:
        return 0 < self._survey.counted[count].people < self._threshold

    def _number(self, count: Count) -> Number:
        counting = self._survey.counted[count]
        return Number(
            name=count,
            value=counting.value,
            terms=self._terms[count],
            people=counting.people,
            fixed=self._decided.get(count),
            weight=(100.0 if count.is_total else 1.0) * (1 + counting.value),
        )

    def _know_people(self) -> None:
        """Work out which kinds of people are in which count, and who must have visits."""
        sums = [part for count in self._counts for part in _parts(count)]
        counts = list(dict.fromkeys([*(c for c in self._counts if _of_people(c)), *sums]))
        visits = [c for c in self._counts if isinstance(c.of, Visits)]
        cells = sorted({cell for count in visits for cell in self._cells(count)})
        atoms = {cell: cell.people for cell in cells}
        kinds = self._imagined.kinds(counts, [*atoms.values()])
        of: dict[Count, list[Hashable]] = {
            count: [(KIND, int(kind)) for kind in np.flatnonzero(marks)]
            for count, marks in zip([*counts, *atoms.values()], kinds.members, strict=True)
        }
        for count, marks in zip(counts, kinds.members, strict=False):
            self._terms[count] = dict.fromkeys(of[count], 1.0)
            self._marks[count] = marks
        for count in self._counts:
            for part in _parts(count):
                terms = self._terms.setdefault(count, {})
                for unknown in of[part]:
                    terms[unknown] = terms.get(unknown, 0.0) + 1.0
        for kind, (number, place) in enumerate(zip(kinds.numbers, kinds.places, strict=True)):
            self._truth.values[KIND, kind] = int(number)
            self._truth.parts[KIND, kind] = place
        for cell, atom in atoms.items():
            visits_there = self._survey.count(cell.counts(Visits(cell.kind))).value
            slack = visits_there - self._survey.count(atom).value
            link: dict[Hashable, float] = {cell: 1.0} | dict.fromkeys(of[atom], -1.0)
            self._links.append(Relation(link, value=slack))

    def _know_rest(self) -> None:
        """Work out of which cells the visits and referrals are sums."""
        for count in self._counts:
            if count in self._terms:
                continue
            cells = self._cells(count)
            self._terms[count] = dict.fromkeys(cells, 1.0)
            for cell in cells:
                if cell not in self._people:
                    self._look_into(cell, count)

    def _know_who_shares(self) -> None:
        """What two services share is told where both have enough people: so much is known."""
        fewest = self._survey.fewest_for_sharing
        of_services = {count: _services_of(count) for count in self._counts}
        sharing = {
            (service, count.when, count.where)
            for count, services in of_services.items()
            if len(services) > 1
            for service in services
        }
        for count, services in of_services.items():
            if len(services) == 1 and len(self._survey.vocabulary.keys[Each.SERVICE]) > 1:
                enough = (services[0], count.when, count.where) in sharing
                low, high = (fewest, math.inf) if enough else (0, fewest - 1)
                value = self._survey.counted[count].value
                if low <= value <= high:
                    self._links.append(Relation(self._terms[count], value, low, high))

    def _look_into(self, cell: Cell, count: Count) -> None:
        of = Visits(cell.kind) if isinstance(count.of, Visits) else count.of
        inside = self._survey.count(cell.counts(of))
        self._truth.values[cell] = inside.value
        self._truth.parts[cell] = frozenset({cell.location})
        named = isinstance(count.of, Visits) and self._survey.count(cell.people).value
        few = named and inside.people < self._threshold
        names = self._survey.members(cell.people) if few else ()
        heads = inside.people if inside.people > named else 0
        self._people[cell] = Behind(inside.people, frozenset(names), heads)

    def _cells(self, count: Count) -> list[Cell]:
        """Return the cells of visits or referrals; without those where nothing could be counted."""
        if isinstance(count.of, Referrals):
            kinds: list[tuple[str, ...]] = [(count.of.direction, count.of.partner)]
        else:
            everything = self._survey.vocabulary.keys[Each.SERVICE]
            kinds = [(service,) for service in count.of.services or everything]
        stretches = self._survey.calendar.within(count.when)
        active = self._imagined.active
        cells = (Cell(*own) for own in product(count.where, kinds, stretches))
        return [cell for cell in cells if (cell.location, cell.stretch.first) in active]

    def _differences(self, counts: Sequence[Count]) -> list[Number]:
        """Return the differences between two counts that are as telling as a small number."""
        large = [c for c in counts if self._survey.counted[c].people >= self._threshold]
        pairs = [*self._sets_apart(large), *self._sums_apart(large)]
        numbers = []
        for whole, part, people in pairs:
            both_out = {self._decided.get(whole), self._decided.get(part)} == {"published"}
            if 0 < people < self._threshold and not both_out:
                terms = {**self._terms[whole]}
                for cell, factor in self._terms[part].items():
                    terms[cell] = terms.get(cell, 0.0) - factor
                value = self._survey.counted[whole].value - self._survey.counted[part].value
                numbers.append(Number(Difference(whole, part), value, terms, people, least=0))
        return numbers

    def _sets_apart(self, counts: Sequence[Count]) -> Iterator[tuple[Count, Count, int]]:
        """Yield sets of people and a part of each, with how many are in the one alone."""
        sets = [count for count in counts if count in self._marks]
        values = np.array([self._survey.counted[count].value for count in sets], int)
        apart = values[:, None] - values
        for whole, part in np.argwhere((apart > 0) & (apart < self._threshold)):
            if self._is_among(sets[part], sets[whole]):
                people = int(apart[whole, part])
                yield sets[whole], sets[part], people * self._is_telling(sets[whole], sets[part])

    def _is_among(self, part: Count, whole: Count) -> bool:
        """Whether whoever is or could be in the one count is in the other."""
        if not {*part.where} <= {*whole.where}:
            return False
        if (self._marks[part] & ~self._marks[whole]).any():
            return False
        return bool(self._survey.members(part).isin(self._survey.members(whole)).all())

    def _is_telling(self, whole: Count, part: Count) -> bool:
        """Whether it tells of anybody more than that their home is not known."""
        if not part.of.has(LIVES, NEAR) or whole.of.has(LIVES, NEAR):
            return True
        return self._survey.homes_known(
            self._survey.members(whole).difference(self._survey.members(part))
        )

    def _sums_apart(self, counts: Sequence[Count]) -> Iterator[tuple[Count, Count, int]]:
        """Yield sums of visits or referrals and a part of each, with the people in the rest."""
        sums = [count for count in counts if isinstance(count.of, Visits | Referrals)]
        cells = {count: frozenset(self._terms[count]) for count in sums}
        large = {cell for cell in self._people if self._people[cell].number >= self._threshold}
        alike: dict[frozenset[Hashable], list[Count]] = defaultdict(list)
        for count in sums:
            alike[cells[count] & large].append(count)
        for group in alike.values():
            for whole, part in permutations(group, 2):
                if cells[part] < cells[whole]:
                    yield whole, part, self._people_in(cells[whole] - cells[part])

    def _people_in(self, cells: Iterable[Hashable]) -> int:
        """Return how many people are behind cells: by name, or without one where those are more."""
        names: set[str] = set()
        heads = 0
        for cell in cells:
            behind = self._people[cell]
            names |= behind.names
            heads += behind.heads
            if max(len(names), heads) >= self._threshold:
                break
        return max(len(names), heads)


def _of_people(count: Count) -> bool:
    return isinstance(count.of, People)


def _parts(count: Count) -> list[Count]:
    """Return the counts of people that a sum adds up."""
    sets = count.of.parts if isinstance(count.of, Sum) else ()
    return [count._replace(of=of) for of in sets]


def _names(counts: set[Count], drafts: Drafts) -> str:
    """Name the facts that show some counts, with their scope."""
    names = [
        f"{scope}: {name}"
        for scope, sheet in drafts.items()
        for name, draft in sheet.items()
        if draft.is_count and counts & {*draft.counts}
    ]
    return ", ".join(sorted(names))


def _services_of(count: Count) -> list[str]:
    """Return the services at each of which the people of a count were seen; none for others."""
    conditions = count.of.conditions if isinstance(count.of, People) else ()
    if not all(condition.kind == SEEN and len(condition.keys) == 1 for condition in conditions):
        return []
    return [condition.keys[0] for condition in conditions]


def _place_and_time(count: Count) -> tuple[str, ...]:
    """In this order the registrations of a place are opened once."""
    return (*count.where, "", str(count.when), repr(count.of))


def _decided(survey: Survey) -> Iterator[tuple[Count, Fixed]]:
    """Yield what was issued before: once told stays told, once held back stays held back.

    Where a correction moves a number by fewer people than the threshold, it is held back too: who
    has both numbers would know of so few.
    """
    issued, threshold = survey.issued, survey.programme.threshold
    for count in issued.counts:
        if not survey.knows(count):
            continue
        value = survey.count(count).value
        told = issued.told.get(count, set())
        if value in told:
            yield count, "published"
        elif count in issued.held or any(abs(value - before) < threshold for before in told):
            yield count, "withheld"
