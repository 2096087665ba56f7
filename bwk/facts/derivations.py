"""How a fact is made of counts: the count itself, a share, a change, a projection, a judgement.

A derivation names the counts that it is made of (`counts`), and works out its value from what the
`Sight` of a report tells of them.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, NamedTuple, Protocol

from bwk import formats
from bwk.facts.expressions import (
    HOLDS,
    LIVES,
    NEW,
    Count,
    Each,
    People,
    Referrals,
    Visits,
    When,
    people,
)
from bwk.indicators import projection, rates
from bwk.indicators.projection import Projection as Projected
from bwk.indicators.rates import Change, Clusters

NOT_OPEN = "De locatie was toen nog niet open."
NOTHING_BEFORE = "In de basisperiode was dit nul."
TOO_LITTLE_FOR_YEAR = "Er is te weinig om met het jaar ervoor te vergelijken."
NO_YEAR_BEFORE = "Het jaar ervoor was de locatie nog niet open."
IN_BASELINE = "Dit half jaar hoort bij de basisperiode."
NO_HOLDERS = "In deze periode waren er geen vrijwilligers."
NOBODY_NEW = "In dat deel van de periode kwam niemand voor het eerst."
NO_HOMES = "Van niemand is de buurt bekend."
NOBODY = "In deze periode waren er geen deelnemers."
NO_VISITS = "In deze periode waren er geen deelnames."
NO_INHABITANTS = "Het aantal inwoners is niet bekend."
NO_AREA = "De oppervlakte van de locatie is niet bekend."
NO_PROJECTION = "Halverwege dat jaar was er te weinig om iets te verwachten."
TOO_SHORT = "De tijd is te kort om te vergelijken."
NOT_AS_LONG = "De locatie was niet in beide perioden even lang open en geregistreerd."
TOO_FEW_USERS = "Bij een van beide diensten kwamen te weinig mensen om dit te tonen."
TOO_FEW_SHARED = "Te weinig mensen gebruiken twee of meer diensten om te tonen welke dat zijn."
NOTHING_OF = {LIVES: NO_HOMES, HOLDS: NO_HOLDERS, NEW: NOBODY_NEW}
CLOSED = {When.BASELINE: NOT_OPEN, When.YEAR_BEFORE: NO_YEAR_BEFORE}
DECIMALS = 4
MARGIN_DECIMALS = 2  # more would tell of single people
WIDEST = 5  # times its bottom is the top of a margin that still tells a reader something
ROUNDED: dict[str, Callable[[float], int]] = {
    "expected": round,
    "low": math.floor,
    "high": math.ceil,
}
WITHIN_MARGIN = "binnen de marge"
UNCLEAR = "geen duidelijk verschil"
Value = int | float | str | None


class Tally(NamedTuple):
    """What a count comes to: under which key it is known, its value, the months it is over."""

    key: Count
    value: int
    months: float


class Draft(NamedTuple):
    """A fact before it is known what is held back.

    Attributes
    ----------
    value : int, float, str or None
    counts : tuple of Count
        What it is made of: it is held back where one of them is.
    missing : str
        Why there is no value, in Dutch.
    is_count : bool
        Whether the value is the one count that it is made of.
    text : str
        As a reader sees it, where that is not as its unit is shown.
    chance : float or None
        Of a difference like the value's where there is none: among many, it may not be clear.
    """

    value: Value
    counts: tuple[Count, ...] = ()
    missing: str = ""
    is_count: bool = False
    text: str = ""
    chance: float | None = None


Drafts = Mapping[str, Mapping[str, Draft]]  # by scope and the name of the fact


class Sight(Protocol):
    """What the derivation of one fact of one report may ask."""

    @property
    def keys(self) -> Mapping[Each, str]: ...
    def tally(self, count: Count) -> Tally: ...
    def alike(self, current: Count, base: Count) -> "Sight": ...
    def last_as_long(self, current: Count, base: Count) -> bool: ...
    def change(self, current: Count, base: Count) -> Change | None: ...
    def with_closed(self, current: Count, base: Count) -> tuple[Count, ...]: ...
    def together(self, current: Count, base: Count) -> Clusters | None: ...
    def projection(self, count: Count) -> Projected | None: ...
    def years_before(self, count: Count) -> tuple[Count, ...]: ...
    @property
    def months_left(self) -> float: ...
    @property
    def area(self) -> float | None: ...
    @property
    def inhabitants(self) -> float | None: ...
    @property
    def is_in_baseline(self) -> bool: ...
    @property
    def sharing(self) -> tuple[str, ...] | None: ...
    def locations(self, kind: str) -> int: ...


@dataclass(frozen=True)
class Derivation(ABC):
    """How a fact is made; the kinds are below.

    `by_month`: whether it takes the months open; `compares`: whether its counts are compared.
    """

    by_month: ClassVar[bool] = False
    compares: ClassVar[bool] = False

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts that it is made of."""
        values = (getattr(self, field.name) for field in fields(self))
        return tuple(value for value in values if isinstance(value, Count))

    @property
    def compared(self) -> tuple[Count, ...]:
        """The two counts that it compares, which takes locations that have both."""
        return self.counts if self.compares else ()

    @property
    @abstractmethod
    def unit(self) -> str:
        """What is counted, or the kind of number."""

    @abstractmethod
    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""


@dataclass(frozen=True)
class Counted(Derivation):
    """A count as it is."""

    count: Count

    @property
    def unit(self) -> str:
        """What is counted."""
        units: dict[type, str] = {
            People: "personen",
            Visits: "deelnames",
            Referrals: "verwijzingen",
        }
        return units[type(self.count.of)]

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        tally = sight.tally(self.count)
        if not tally.months and self.count.when in CLOSED:
            return Draft(None, missing=CLOSED[self.count.when])
        return Draft(tally.value, (tally.key,), is_count=True)


@dataclass(frozen=True)
class Shared(Counted):
    """The people of two services, of those whose sharing is shown."""

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        sharing = sight.sharing
        if sharing is None:
            return Draft(None, missing=TOO_FEW_SHARED)
        if not {*sight.keys.values()} <= {*sharing}:
            return Draft(None, missing=TOO_FEW_USERS)
        return super().draft(sight)


@dataclass(frozen=True)
class InWindow(Counted):
    """People of one of two windows, at the locations that both windows have."""

    @property
    def compared(self) -> tuple[Count, ...]:
        """The two counts that it compares."""
        return Count(people(), When.WINDOW_NOW), Count(people(), When.WINDOW_THEN)

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        sight = sight.alike(*self.compared)
        if not all(sight.tally(count).months for count in self.compared):
            return Draft(None, missing=NOT_OPEN)
        return super().draft(sight)


@dataclass(frozen=True)
class Share(Derivation):
    """A part of a whole."""

    portion: Count
    total: Count
    unit = "aandeel"

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        portion, total = sight.tally(self.portion), sight.tally(self.total)
        if not total.value:
            nothing = NO_VISITS if isinstance(self.total.of, Visits) else NOBODY
            for kind, reason in NOTHING_OF.items():
                if isinstance(self.total.of, People) and self.total.of.has(kind):
                    nothing = reason
            return Draft(None, (total.key,), nothing)
        part = min(portion.value / total.value, 1.0)  # rounded, a part may be more than the whole
        return Draft(round(part, DECIMALS), (portion.key, total.key))


@dataclass(frozen=True)
class Returning(Share):
    """The part of some people who came again: all but the portion that stayed away."""

    later: Count

    @property
    def compared(self) -> tuple[Count, ...]:
        """The two counts that it compares."""
        return self.later, self.total

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        draft = super().draft(sight.alike(*self.compared))
        if not isinstance(draft.value, float):
            return draft
        return draft._replace(value=round(1 - draft.value, DECIMALS))


@dataclass(frozen=True)
class PerMonth(Derivation):
    """A count for each month that the location was open."""

    count: Count
    unit = "per maand"
    by_month = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        tally = sight.tally(self.count)
        return _ratio(tally, tally.months, NOT_OPEN)


@dataclass(frozen=True)
class PerArea(Derivation):
    """A count for each 100 square metres."""

    count: Count
    unit = "personen per 100 m2"
    by_month = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        return _ratio(sight.tally(self.count), (sight.area or 0) / 100, NO_AREA)


@dataclass(frozen=True)
class PerInhabitants(Derivation):
    """A count for each 1,000 inhabitants of a neighbourhood."""

    count: Count
    unit = "personen per 1.000 inwoners"

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        return _ratio(sight.tally(self.count), (sight.inhabitants or 0) / 1000, NO_INHABITANTS)


@dataclass(frozen=True)
class Growth(Derivation):
    """A count against that of the baseline, as a change."""

    current: Count
    base: Count
    unit = "groei"
    compares = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        sight = sight.alike(self.current, self.base)
        current, base = sight.tally(self.current), sight.tally(self.base)
        if self.current.when is When.HALF_YEAR and sight.is_in_baseline:
            return Draft(None, missing=IN_BASELINE)
        if not (current.months and base.months):
            return Draft(None, missing=NOT_OPEN)
        if not base.value:
            return Draft(None, (base.key,), NOTHING_BEFORE)
        return Draft(round(current.value / base.value - 1, DECIMALS), (current.key, base.key))


@dataclass(frozen=True)
class Compared(Growth):
    """What is told of the visits per month against those of the baseline, people by people."""

    by_month = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        draft = super().draft(sight)
        if draft.missing:
            return draft
        sight = sight.alike(self.current, self.base)
        change = sight.change(self.current, self.base)
        if not change:
            return Draft(None, missing=TOO_SHORT)
        return self._told(change, draft.counts + sight.with_closed(self.current, self.base))

    @abstractmethod
    def _told(self, change: Change, counts: tuple[Count, ...]) -> Draft:
        """Return what is told of the change."""


@dataclass(frozen=True)
class GrowthPerMonth(Compared):
    """The change itself; none where it is too little to be compared."""

    def _told(self, change: Change, counts: tuple[Count, ...]) -> Draft:
        return Draft(round(change.growth, DECIMALS), counts)


@dataclass(frozen=True)
class Margin(Compared):
    """An end of the margin of a growth per month, `low` or `high`; in words where that is wide."""

    end: str = "low"

    def _told(self, change: Change, counts: tuple[Count, ...]) -> Draft:
        is_wide = 1 + change.high > WIDEST * (1 + change.low)
        text = formats.UNCERTAIN * is_wide
        return Draft(round(getattr(change, self.end), MARGIN_DECIMALS), counts, text=text)


@dataclass(frozen=True)
class Verdict(Compared):
    """Whether a count per month is clearly another than in the baseline."""

    unit = "oordeel"

    def _told(self, change: Change, counts: tuple[Count, ...]) -> Draft:
        return _verdict(change.growth, change.chance, counts)


@dataclass(frozen=True)
class PeopleVerdict(Derivation):
    """Whether there are clearly more people, or fewer: of those who came in one window alone."""

    about: Count
    only_now: Count
    only_then: Count
    visits_now: Count
    visits_then: Count
    unit = "oordeel"
    by_month = True

    @property
    def compared(self) -> tuple[Count, ...]:
        """The two counts that it compares."""
        return self.only_now, self.only_then

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        sight = sight.alike(*self.compared)
        now, then = sight.tally(self.only_now), sight.tally(self.only_then)
        if not (now.months and then.months):
            return Draft(None, missing=NOT_OPEN)
        if not sight.last_as_long(self.only_now, self.only_then):
            return Draft(None, missing=NOT_AS_LONG)
        clusters = sight.together(self.visits_now, self.visits_then)
        if not clusters:
            return Draft(None, missing=TOO_SHORT)
        chance = rates.sign_chance(then.value, now.value, clusters)
        return _verdict(now.value - then.value, chance, (now.key, then.key))


@dataclass(frozen=True)
class Projection(Derivation):
    """The total of visits at the end of the calendar year: `expected`, `low` or `high`."""

    so_far: Count
    end: str
    unit = "deelnames"
    by_month = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        so_far, projected = sight.tally(self.so_far), sight.projection(self.so_far)
        # Who has both ends of the margin can work back to the years before.
        counts = (so_far.key, *sight.years_before(self.so_far))
        if not projected:
            return Draft(None, counts, NOT_OPEN)
        value, step = getattr(projected, self.end), projected.step
        text = formats.number(step * ROUNDED[self.end](value / step))
        about = "ongeveer " * (self.end == "expected" and projected.low < projected.high)
        return Draft(round(value), counts, text=about + text)


@dataclass(frozen=True)
class Outcome(Derivation):
    """How a projection from half-way a year came out at its end."""

    halfway: Count
    whole: Count
    unit = "oordeel"
    by_month = True
    compares = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        sight = sight.alike(self.halfway, self.whole)
        halfway, whole = sight.tally(self.halfway), sight.tally(self.whole)
        projected = sight.projection(self.halfway)
        if not projected or halfway.value < projection.FEWEST_FOR_COURSE:
            return Draft(None, (halfway.key,), NO_PROJECTION)
        counts = (halfway.key, whole.key)
        if projected.low <= whole.value <= projected.high:
            return Draft(WITHIN_MARGIN, counts)
        return Draft("boven de marge" if whole.value > projected.high else "onder de marge", counts)


@dataclass(frozen=True)
class Course(Derivation):
    """A projection against the calendar year before, per month; at its end, how the year ended."""

    so_far: Count
    before: Count
    unit = "oordeel"
    by_month = True
    compares = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        sight = sight.alike(self.so_far, self.before)
        projected = sight.projection(self.so_far)
        so_far, before = sight.tally(self.so_far), sight.tally(self.before)
        counts = (so_far.key, before.key)
        if not (projected and before.months):
            return Draft(None, counts, NO_YEAR_BEFORE)
        if not sight.months_left:
            return self._ended(sight, counts)
        target = before.value * (so_far.months + sight.months_left) / before.months
        return Draft(projection.course(projected, target, so_far.value), counts)

    def _ended(self, sight: Sight, counts: tuple[Count, ...]) -> Draft:
        change = sight.change(self.so_far, self.before)
        if not change:
            return Draft(None, counts, TOO_LITTLE_FOR_YEAR)
        return _verdict(change.growth, change.chance, counts)


@dataclass(frozen=True)
class Locations(Derivation):
    """A number of locations, which is no secret."""

    kind: str
    unit = "locaties"
    by_month = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        return Draft(sight.locations(self.kind))


def _ratio(tally: Tally, divisor: float, unknown: str) -> Draft:
    if not divisor:
        return Draft(None, missing=unknown)
    return Draft(round(tally.value / divisor, DECIMALS), (tally.key,))


def _verdict(difference: float, chance: float, counts: tuple[Count, ...]) -> Draft:
    return Draft("meer" if difference > 0 else "minder", counts, chance=chance)
