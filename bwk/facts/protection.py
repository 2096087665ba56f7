"""One decision on what is held back, for everything that a period publishes, and its proof."""

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import permutations
from typing import Literal, NamedTuple

import numpy as np

from bwk import disclosure, formats
from bwk.disclosure import Choice, Deviation, Number, Range, Relation, Unprotectable
from bwk.errors import DataError
from bwk.facts.derivations import Draft, Drafts
from bwk.facts.expressions import LIVES, NEAR, Count, People
from bwk.facts.issued import Shown, mark
from bwk.facts.knowledge import Cell, Knowledge
from bwk.facts.sheet import SMALL_CORRECTION, FactSheet
from bwk.facts.survey import Survey

_ANYTHING = Range(0, math.inf)
_GONE = (
    "Over {} is al uitgegeven, en in de tabellen staat dat niet meer: zet de rij terug. Heet een "
    "dienst of locatie nu anders, noem de nieuwe dan in die rij bij opvolger."
)
Fixed = Literal["published", "withheld"]


class Difference(NamedTuple):
    """What a reader gets by subtracting one number from another."""

    whole: Count
    part: Count


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
        self._held = [count for count, fixed in self._decided.items() if fixed == "withheld"]
        self._at_stake = {*self._held, *filter(self._is_small, self._counts)}
        self._knowledge = Knowledge(survey, self._counts, self._at_stake)
        self._tables: list[Deviation] = []
        self._protects: dict[Hashable, Hashable] = {}

    def withheld(self) -> frozenset[Count]:
        """Decide which counts are held back.

        Raises
        ------
        DataError
            If what other periods have published gives a number away.
        """
        if not self._is_anything_at_stake:
            return frozenset()
        numbers = [self._number(count) for count in self._counts]
        numbers += self._differences({*self._counts})
        known = self._knowledge
        choice = self._choice(numbers)
        known.shown = {*self._counts} - choice.withheld
        _, leaks = disclosure.audit(
            numbers, choice.withheld, self._links, known.truth, self._threshold, choice.tables
        )
        if leaks:  # through what is shown
            choice = self._choice(numbers)
        self._tables, self._protects = choice.tables, choice.protects
        return frozenset(name for name in choice.withheld if isinstance(name, Count))

    def _choice(self, numbers: Sequence[Number]) -> Choice:
        known = self._knowledge
        try:
            return disclosure.protect(numbers, self._links, known.truth, self._threshold)
        except Unprotectable as error:
            raise DataError(self._ways_out(error)) from None

    @property
    def _links(self) -> Iterator[Relation]:
        """Yield what else a reader knows: what a small correction holds back is near what was told.

        But of what was nothing: then it may be held back because it is small. And of a sum a few
        people may have made a large correction.
        """
        yield from self._knowledge.links
        for count in self._held:
            value, reach = self._survey.counted[count].value, self._threshold - 1
            told = self._survey.issued.told.get(count, ())
            near = [before for before in told if before and abs(value - before) <= reach]
            if near and self._survey.counts_heads(count):
                low, high = max(min(near) - reach, 0), max(near) + reach
                yield Relation(self._knowledge.terms[count], value, low, high)

    def shown(self, withheld: Collection[Count]) -> tuple[Shown, ...]:
        """Return each count behind the facts, with what is shown of it."""
        values = {
            count: None if count in withheld else self._survey.told(count) for count in self._own
        }
        return tuple(Shown(*count, value) for count, value in values.items())

    def portions(self, shown: Iterable[Shown]) -> dict[str, str]:
        """Return what tells of the visits that are shown by how many people they are corrected."""
        portions = {
            mark(each.count, each.value): self._survey.portions(each.count)
            for each in shown
            if each.value is not None
        }
        return {value: text for value, text in portions.items() if text}

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
        told, held, unsure = self._as_published(sheets)
        if not held and not self._is_anything_at_stake:
            return {}
        numbers = [self._number(count) for count in self._counts if count in told | held]
        numbers += [
            replace(self._number(count), known=_ANYTHING)
            for count in self._counts
            if count in unsure
        ]
        differences = self._differences(told)
        ranges, leaks = disclosure.audit(
            [*numbers, *differences],
            {*held, *(difference.name for difference in differences)},
            self._links,
            self._knowledge.truth,
            self._threshold,
            self._tables,
        )
        if leaks:
            names = ", ".join(sorted(map(self._called, leaks)))
            raise DataError(
                f"Deze cijfers zijn niet te beschermen, dus er wordt niets gepubliceerd: {names}."
            )
        return {name: own for name, own in ranges.items() if isinstance(name, Count)}

    def _as_published(self, sheets: Mapping[str, FactSheet]) -> tuple[set[Count], ...]:
        """Return the counts that are told, those held back, and those that may be either.

        Of several counts behind one fact it is not known which of them is held back.
        """
        told = {count for count, fixed in self._decided.items() if fixed == "published"}
        held, unsure = set(self._decided) - told, set[Count]()
        hidden: list[Draft] = []
        for scope, sheet in self._drafts.items():
            for name, draft in sheet.items():
                if sheets[scope][name].withheld:
                    hidden.append(draft)
                else:
                    told.update(draft.counts)
        for draft in hidden:
            unknown = {*draft.counts} - told
            guarded = {count for count in unknown if self._is_guarded(count)}
            small = {count for count in unknown - guarded if self._is_small(count)}
            held |= unknown if len(unknown) == 1 else small
            unsure |= guarded
        held -= told
        return told, held, unsure - held

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
            f"{f': {given_away}' if given_away else ''}. Laat deze periode weg, zet "
            f"afronden = {self._threshold} of samen_nemen = true onder [publicatie] in "
            "programma.toml, of begin een periode waarvan nog niets is verstuurd opnieuw met "
            "bwk run PERIODE --nothing-sent."
        )

    def _called(self, name: Hashable) -> str:
        """Return how people call a number that is protected."""
        if isinstance(name, Difference):
            return f"het verschil tussen {self._called(name.whole)} en {self._called(name.part)}"
        if not isinstance(name, Count):
            return ""
        own = _names(name, self._drafts)
        return own or f"een cijfer over {name.when.first} tot en met {name.when.last}"

    def _is_small(self, count: Count) -> bool:
        people = self._survey.counted[count].people
        return count in self._of_few or 0 < people < self._threshold

    @cached_property
    def _of_few(self) -> frozenset[Count]:
        return frozenset(filter(self._survey.is_of_few, self._counts))

    def _is_guarded(self, count: Count) -> bool:
        """Whether it is small and told: rounded."""
        is_told = count not in self._of_few and self._decided.get(count) != "withheld"
        return self._is_small(count) and is_told

    @property
    def _is_anything_at_stake(self) -> bool:
        """Whether any number or difference is small, or was held back before."""
        return bool(self._at_stake or self._apart)

    def _number(self, count: Count) -> Number:
        counting, known = self._survey.counted[count], self._survey.known(count)
        return Number(
            name=count,
            value=counting.value,
            terms=self._knowledge.terms[count],
            people=1 if count in self._of_few else counting.people,
            fixed=self._decided.get(count),
            weight=(100.0 if count.is_total else 1.0) * (1 + counting.value),
            known=known,
            is_guarded=self._is_guarded(count),
        )

    def _differences(self, counts: Collection[Count]) -> list[Number]:
        """Return the differences between two counts that are as telling as a small number."""
        numbers = []
        for (whole, part), people in self._apart.items():
            if whole in counts and part in counts and self._could_be_among(part, whole):
                terms = {**self._knowledge.terms[whole]}
                for cell, factor in self._knowledge.terms[part].items():
                    terms[cell] = terms.get(cell, 0.0) - factor
                value = self._survey.counted[whole].value - self._survey.counted[part].value
                numbers.append(Number(Difference(whole, part), value, terms, people, least=0))
        return numbers

    @cached_property
    def _apart(self) -> dict[Difference, int]:
        """What large counts and a part of each differ by, where so few people are behind it."""
        pairs = {**self._sets_apart(), **self._sums_apart()}
        both_out = {"published"}
        return {
            pair: people
            for pair, people in pairs.items()
            if 0 < people < self._threshold and {*map(self._decided.get, pair)} != both_out
        }

    @property
    def _large(self) -> list[Count]:
        people = {count: self._survey.counted[count].people for count in self._counts}
        return [count for count in self._counts if people[count] >= self._threshold]

    def _sets_apart(self) -> dict[Difference, int]:
        """Return sets of people and a part of each, with how many are in the one alone."""
        sets = [count for count in self._large if isinstance(count.of, People)]
        values = np.array([self._survey.counted[count].value for count in sets], int)
        apart = values[:, None] - values
        close = np.argwhere((apart > 0) & (apart < self._threshold))
        pairs = [Difference(sets[whole], sets[part]) for whole, part in close]
        pairs = [pair for pair in pairs if {*pair.part.where} <= {*pair.whole.where}]
        involved = {count for pair in pairs for count in pair}
        # Place by place, as the registrations of one are opened at a time.
        members = {
            count: self._survey.members(count) for count in sorted(involved, key=_place_and_time)
        }
        telling: dict[Difference, int] = {}
        for pair in pairs:
            alone = np.setdiff1d(members[pair.whole], members[pair.part], assume_unique=True)
            is_part = len(members[pair.whole]) == len(members[pair.part]) + len(alone)
            if is_part and self._is_telling(pair, alone):
                telling[pair] = len(alone)
        return telling

    def _could_be_among(self, part: Count, whole: Count) -> bool:
        """Whether whoever could be in the one count is in the other: of sums it is known."""
        marks = self._knowledge.marks
        return part not in marks or not (marks[part] & ~marks[whole]).any()

    def _is_telling(self, pair: Difference, alone: np.ndarray) -> bool:
        """Whether it tells of anybody more than that their home is not known."""
        if not pair.part.of.has(LIVES, NEAR) or pair.whole.of.has(LIVES, NEAR):
            return True
        return self._survey.homes_known(alone)

    def _sums_apart(self) -> dict[Difference, int]:
        """Return sums of visits or referrals and a part of each, with the people in the rest."""
        known = self._knowledge
        cells = {
            count: frozenset(known.cells[count]) for count in self._large if count in known.cells
        }
        large = {cell for cell in known.behind if known.behind[cell].number >= self._threshold}
        alike: dict[frozenset[Cell], list[Count]] = defaultdict(list)
        for count, own in cells.items():
            alike[own & large].append(count)
        return {
            Difference(whole, part): known.people_in(cells[whole] - cells[part], self._threshold)
            for group in alike.values()
            for whole, part in permutations(group, 2)
            if cells[part] < cells[whole]
        }


def _names(count: Count, drafts: Drafts) -> str:
    """Name the facts that show a count, with their scope."""
    names = [
        f"{scope}: {name}"
        for scope, sheet in drafts.items()
        for name, draft in sheet.items()
        if draft.is_count and count in draft.counts
    ]
    return ", ".join(sorted(names))


def _place_and_time(count: Count) -> tuple[str, ...]:
    """In this order the registrations of a place are opened once."""
    return (*count.where, "", str(count.when), repr(count.of))


def _decided(survey: Survey) -> Iterator[tuple[Count, Fixed]]:
    """Yield what was issued before: once told stays told, once held back stays held back.

    Where a correction moves a number by fewer people than the threshold, it is held back too: who
    has both numbers would know of so few.
    """
    issued, threshold = survey.issued, survey.programme.threshold
    for count in sorted(issued.counts, key=_place_and_time):
        value, told = survey.count(count).value, issued.told.get(count, set())
        if value in told or survey.told(count) in issued.rounded.get(count, ()):
            yield count, "published"
        elif gone := survey.gone(count):
            raise DataError(_GONE.format(formats.enumeration(sorted(gone))))
        elif count in issued.held or any(
            abs(value - before) < threshold or survey.is_by_few(count, before) for before in told
        ):
            yield count, "withheld"
