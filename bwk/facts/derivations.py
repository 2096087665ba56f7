"""How a fact is made of counts: the count itself, a share, a change, a projection, a judgement.

A derivation names the counts that it is made of (`counts`), and works out its value from what the
`Sight` of a report tells of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, NamedTuple, Protocol

from bwk.facts.expressions import LIVES, Count, Each, People, Referrals, Visits, When, people
from bwk.indicators import rates
from bwk.indicators.rates import Projection as Projected

NOT_OPEN = "De locatie was toen nog niet open."
NOTHING_BEFORE = "In de basisperiode was dit nul."
NO_YEAR_BEFORE = "Het jaar ervoor was de locatie nog niet open."
IN_BASELINE = "Dit half jaar hoort bij de basisperiode."
NO_HOMES = "Van niemand is de buurt bekend."
NOBODY = "In deze periode waren er geen deelnemers."
NO_VISITS = "In deze periode waren er geen deelnames."
NO_AREA = "De oppervlakte van de locatie is niet bekend."
TOO_FEW_TO_SHARE = "Bij een van beide diensten kwamen te weinig mensen om dit te tonen."
CLOSED = {When.BASELINE: NOT_OPEN, When.YEAR_BEFORE: NO_YEAR_BEFORE}
DECIMALS = 4
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
    """

    value: Value
    counts: tuple[Count, ...] = ()
    missing: str = ""
    is_count: bool = False


Drafts = Mapping[str, Mapping[str, Draft]]  # by scope and the name of the fact


class Sight(Protocol):
    """What the derivation of one fact of one report may ask."""

    @property
    def keys(self) -> Mapping[Each, str]: ...
    def tally(self, count: Count) -> Tally: ...
    def seasons(self, count: Count) -> list[tuple[Tally, Tally]]: ...
    def alike(self, current: Count, base: Count) -> "Sight": ...
    @property
    def months_left(self) -> float: ...
    @property
    def area(self) -> float | None: ...
    @property
    def is_in_baseline(self) -> bool: ...
    @property
    def fewest_for_sharing(self) -> int: ...
    def locations(self, kind: str) -> int: ...


@dataclass(frozen=True)
class Derivation(ABC):
    """How a fact is made; the kinds are below. `by_month`: whether it takes the months open."""

    by_month: ClassVar[bool] = False

    @property
    def counts(self) -> tuple[Count, ...]:
        """The counts that it is made of."""
        values = (getattr(self, field.name) for field in fields(self))
        return tuple(value for value in values if isinstance(value, Count))

    @property
    def compared(self) -> tuple[Count, ...]:
        """The two counts that it compares, which takes locations that have both."""
        return ()

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
        closed = CLOSED.get(self.count.when)
        if closed and not tally.months:
            return Draft(None, missing=closed)
        return Draft(tally.value, (tally.key,), is_count=True)


@dataclass(frozen=True)
class Shared(Counted):
    """The people of two services; not shown where one of the services has few people.

    A reader would know too well how many there can be.
    """

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        for service in (Each.SERVICE, Each.OTHER_SERVICE):
            users = sight.tally(Count(people(service=service)))
            if users.value < sight.fewest_for_sharing:
                return Draft(None, missing=TOO_FEW_TO_SHARE)
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
            if isinstance(self.total.of, People) and self.total.of.has(LIVES):
                nothing = NO_HOMES
            return Draft(None, missing=nothing)
        return Draft(round(portion.value / total.value, DECIMALS), (portion.key, total.key))


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
class Growth(Derivation):
    """A count against that of the baseline, as a change."""

    current: Count
    base: Count
    unit = "groei"

    @property
    def compared(self) -> tuple[Count, ...]:
        """The two counts that it compares."""
        return self.current, self.base

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        sight = sight.alike(self.current, self.base)
        current, base = sight.tally(self.current), sight.tally(self.base)
        if self.current.when is When.HALF_YEAR and sight.is_in_baseline:
            return Draft(None, missing=IN_BASELINE)
        if not (current.months and base.months):
            return Draft(None, missing=NOT_OPEN)
        if not base.value:
            return Draft(None, missing=NOTHING_BEFORE)
        return Draft(self._value(current, base), (current.key, base.key))

    def _value(self, current: Tally, base: Tally) -> Value:
        return round(current.value / base.value - 1, DECIMALS)


@dataclass(frozen=True)
class GrowthPerMonth(Growth):
    """The same, per month that the location was open."""

    by_month = True

    def _value(self, current: Tally, base: Tally) -> Value:
        scale = base.months / current.months
        return round(scale * current.value / base.value - 1, DECIMALS)


@dataclass(frozen=True)
class Verdict(Growth):
    """Whether a count per month is clearly another than in the baseline."""

    unit = "oordeel"
    by_month = True

    def _value(self, current: Tally, base: Tally) -> Value:
        change = rates.rate_change(current.value, current.months, base.value, base.months)
        assert change  # there are months and a baseline
        return change.verdict


@dataclass(frozen=True)
class Projection(Derivation):
    """The total of visits at the end of the calendar year: `expected`, `low` or `high`."""

    so_far: Count
    end: str
    unit = "deelnames"
    by_month = True

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        projected, counts = _projected(self.so_far, sight)
        if not projected:
            return Draft(None, counts, NOT_OPEN)
        return Draft(round(getattr(projected, self.end)), counts)


@dataclass(frozen=True)
class Course(Derivation):
    """A projection against the calendar year before: its total, or as much for each month."""

    so_far: Count
    before: Count
    per_month: bool = False
    unit = "oordeel"
    by_month = True

    @property
    def compared(self) -> tuple[Count, ...]:
        """The two counts that it compares."""
        return self.so_far, self.before

    def draft(self, sight: Sight) -> Draft:
        """Work out the fact."""
        sight = sight.alike(self.so_far, self.before)
        projected, counts = _projected(self.so_far, sight)
        so_far, before = sight.tally(self.so_far), sight.tally(self.before)
        counts = (*counts, before.key)
        if not (projected and before.months):
            return Draft(None, counts, NO_YEAR_BEFORE)
        target: float = before.value
        if self.per_month:
            target *= (so_far.months + sight.months_left) / before.months
        return Draft(rates.course(projected, target, so_far.value), counts)


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


def _projected(count: Count, sight: Sight) -> tuple[Projected | None, tuple[Count, ...]]:
    """Project a count to the end of the year; also return the counts that this is made of."""
    so_far, pairs = sight.tally(count), sight.seasons(count)
    season = rates.seasonal_share(
        [so_far_then.value for so_far_then, _ in pairs], [year.value for _, year in pairs]
    )
    projected = rates.project(so_far.value, so_far.months, sight.months_left, season)
    earlier = (tally.key for pair in pairs if season for tally in pair)
    return projected, (so_far.key, *earlier)
