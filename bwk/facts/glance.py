"""What the derivation of one fact of one report sees of the registrations."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import pandas as pd

from bwk import periods
from bwk.facts.derivations import Derivation, Growth, Tally
from bwk.facts.expressions import (
    ABSENT,
    PERSONS,
    REFERRED,
    SEEN,
    SEVERAL,
    VISITED,
    Count,
    Each,
    Interval,
    People,
    Referrals,
    Visits,
    When,
    asks_before,
    people,
    people_who,
    registers_of,
)
from bwk.facts.intervals import interval_of
from bwk.facts.registry import Place
from bwk.facts.sheet import CITY, NOT_REGISTERED
from bwk.facts.survey import Survey
from bwk.indicators.projection import Projection
from bwk.indicators.rates import Change, Clusters

LONGER = 0.25  # months, of a location
REGISTERS: dict[type, str] = {Visits: VISITED, Referrals: REFERRED}
NOT_THEN = {
    When.BASELINE: " in de basisperiode",
    When.YEAR_BEFORE: " in het jaar ervoor",
    When.HALF_YEAR: " in dat half jaar",
    When.HALFWAY: " in dat jaar",
    When.LAST_WHOLE_YEAR: " in dat jaar",
    When.WINDOW_NOW: " in die maanden",
    When.LAST_QUARTER: " in dat kwartaal",
    When.QUARTER_BEFORE: " in dat kwartaal",
    When.WINDOW_THEN: " in de basisperiode",
}
NOT_OFFERED = "Deze dienst was er toen niet."
TOO_SHORT = "De registratie begint te kort voor de periode om te weten wie nieuw is."
NOTHING_ALIKE = "Geen locatie is in beide perioden lang genoeg geregistreerd."
CLOSED_SINCE = "Een locatie is gesloten: of wie daar kwam nu elders komt, is niet bekend."


@dataclass(frozen=True)
class Glance:
    """The survey as the derivation of one fact of one report sees it."""

    survey: Survey
    scope: str
    keys: Mapping[Each, str]
    where: Place
    intervals: Mapping[When, Interval]
    derivation: Derivation
    closed: Place = ()

    def bound(self, count: Count) -> Count:
        """Return a declaration's count with its blanks filled in.

        Of the locations are left those that registered what the fact takes, of the services those
        that there were.
        """
        when = self._interval(count)
        filled = self._filled(count, self._registered(count))
        return filled._replace(of=self._offered(filled.of, when), when=when)

    def tally(self, count: Count) -> Tally:
        """Count what a declaration counts."""
        return self._tally(self.bound(count))

    def alike(self, current: Count, base: Count) -> "Glance":
        """Return the same seen over the locations at which two counts can be compared.

        People may have moved on from a location that closed: they are still counted. Of visits
        that is not known: those of a location that closed are left out, and put `closed`.
        """
        if self.scope != CITY:
            return self
        intervals = self._interval(current), self._interval(base)
        register = PERSONS if isinstance(current.of, People) else VISITED
        shared, closed = self.survey.registry.compared(self._at(current), intervals, register)
        if register == PERSONS:
            return replace(self, where=shared + closed)
        return replace(self, where=shared, closed=closed)

    def last_as_long(self, current: Count, base: Count) -> bool:
        """Whether two counts are over as many months, on average of the locations in both."""
        counts = self.bound(current), self.bound(base)
        months = (
            [self._months(count._replace(where=unit), count.when) for count in counts]
            for unit in self.survey.registry.parted(self.where)
        )
        longer = [now - then for now, then in months if now and then]
        return abs(sum(longer)) <= LONGER * len(longer)

    def unknown(self) -> str:
        """Say why nobody registered what the fact takes; empty where somebody did."""
        registry, compared = self.survey.registry, self.derivation.compared
        for count in (*self.derivation.counts, *compared):
            where, when = self._at(count), self._interval(count)
            if not all(registry.offers(names, when) for names in self._services()):
                return NOT_OFFERED
            kept = registry.registered(where, when, self._registers(where))
            if not kept and registry.months_open(where, when):
                return f"{NOT_REGISTERED}{NOT_THEN.get(count.when, '')}."
            if asks_before(count.of) and not registry.reaching(kept, when.first):
                return TOO_SHORT
        if not (self.scope == CITY and compared):
            return ""
        alike = self.alike(*compared)
        if not alike.where:
            return NOTHING_ALIKE
        return CLOSED_SINCE if alike.closed and not isinstance(self.derivation, Growth) else ""

    def with_closed(self, current: Count, base: Count) -> tuple[Count, ...]:
        """Return two counts with those of the locations that closed; none where none did."""
        if not self.closed:
            return ()
        counts = replace(self, where=self.where + self.closed)._at_both(current, base)
        for count in counts:
            self.survey.count(count)  # what stands behind a fact is protected where it is counted
        return counts

    def change(self, current: Count, base: Count) -> Change | None:
        """Compare visits per month; None where they are rounded and small.

        From a margin follows of how few visits it is. Where a location closed, both as if its
        visitors stay away and as if all go elsewhere.
        """
        survey, rounding = self.survey, self.survey.programme.rounding
        counts, moved = self._at_both(current, base), self.with_closed(current, base)
        if rounding and min(map(survey.told, counts + moved)) <= 2 * rounding:
            return None
        change = survey.comparing.change(*counts)
        if not (change and moved):
            return change
        return change.beside(survey.comparing.change(*moved, counts[0].where))

    def together(self, current: Count, base: Count) -> Clusters | None:
        """Return how much people came together in two intervals."""
        return self.survey.comparing.together(*self._at_both(current, base))

    def projection(self, count: Count) -> Projection | None:
        """Project a count to the end of its year, rounded as the count is."""
        survey, bound, ever = self.survey, self.bound(count), self._ever(count)
        base = survey.programme.rounding
        everywhere = ever._replace(where=tuple(sorted(survey.places[CITY])))
        projected = survey.comparing.projection(
            bound,
            survey.months_after(self._units_of(bound.where), bound.when.last, bound.of.services),
            survey.seasons(ever),
            survey.seasons(everywhere),
        )
        if not (projected and base):
            return projected
        return Projection(*(base * round(end / base) for end in projected))

    def years_before(self, count: Count) -> tuple[Count, ...]:
        """Return the counts of earlier years from which a count is projected, as far and whole."""
        counts = tuple(chain(*self.survey.seasons(self._ever(count))))
        for season in counts:
            self.survey.count(season)
        return counts

    @property
    def months_left(self) -> float:
        """The months that the locations are open, with the service, in the rest of the year."""
        services = (self.keys[Each.SERVICE],) if Each.SERVICE in self.keys else ()
        return self.survey.months_after(self.where, self.survey.period.last, services)

    @property
    def area(self) -> float | None:
        """The square metres of the location, where they are known."""
        table = self.survey.data.locations.set_index("locatie")["oppervlakte_m2"]
        area = table[self.scope]
        return None if pd.isna(area) else float(area)

    @property
    def inhabitants(self) -> float | None:
        """How many people live in the neighbourhood, where that is known."""
        return self.survey.inhabitants.get(self.keys[Each.HOME])

    @property
    def is_in_baseline(self) -> bool:
        """Whether the half-year is a part of the baseline."""
        return periods.parse(self.keys[Each.HALF_YEAR]).overlaps(self.survey.baseline)

    @property
    def sharing(self) -> Place | None:
        """The services of which it is shown what each two share; None where it is of none."""
        several = Count(people(SEVERAL))
        return self.survey.sharing(self._registered(several), self._interval(several))

    def locations(self, kind: str) -> int:
        """Count the locations that are `formal`, `open` or `reported` at the end of the period."""
        if kind == "reported":
            return len(self.survey.reported)
        locations, last = self.survey.data.locations, pd.Timestamp(self.survey.period.last)
        still_open = locations[~(locations["gesloten_op"] < last)]
        since = still_open["geopend_op"]
        if kind == "formal":
            since = still_open["formeel_vanaf"].fillna(since)
        return int((since <= last).sum())

    def _at(self, count: Count) -> Place:
        if count.where is Each.LOCATION:
            return self.survey.places[self.keys[Each.LOCATION]]
        return self.where

    def _interval(self, count: Count) -> Interval:
        if count.when is When.HALF_YEAR:
            return interval_of(periods.parse(self.keys[Each.HALF_YEAR]))
        return self.intervals[count.when]

    def _filled(self, count: Count, where: Place) -> Count:
        keys: dict[Any, str] = {**self.keys, **self.survey.texts}
        return self.survey.vocabulary.filled(count, keys, tuple(sorted(where)))

    def _ever(self, count: Count) -> Count:
        """Return a count at all locations, also where it was not registered in its interval."""
        return self._filled(count, self.where)._replace(when=self._interval(count))

    def _at_both(self, current: Count, base: Count) -> tuple[Count, Count]:
        """Return two counts at all locations of either, so that the people are the same."""
        now, then = self.bound(current), self.bound(base)
        where = tuple(sorted({*now.where, *then.where}))
        return now._replace(where=where), then._replace(where=where)

    def _units_of(self, where: Place) -> Place:
        """Return the locations with those that they moved from or to."""
        units = self.survey.registry.parted(self.where)
        return tuple(chain(*(unit for unit in units if {*unit} & {*where})))

    def _registered(self, count: Count) -> Place:
        """Return the locations that kept all registers that the fact takes; all, where none did.

        Who came before came also to a location that is closed by now; and who is absent in another
        interval may have been elsewhere then.
        """
        where, when, registry = self._at(count), self._interval(count), self.survey.registry
        registers = self._registers(where)
        kept = registry.registered(where, when, registers)
        for condition in getattr(count.of, "conditions", ()):
            if condition.kind == ABSENT:
                absent = self.intervals[condition.keys[0]]
                kept = tuple(dict.fromkeys((*kept, *registry.registered(where, absent, registers))))
        if asks_before(count.of):
            closed = [place for place in where if registry.opened[place].last < when.first]
            kept = (*registry.reaching(kept, when.first), *closed)
        return kept or where

    def _registers(self, where: Place) -> frozenset[str]:
        """Return the registers that the counts of the fact take together."""
        filled = (self._filled(count, where).of for count in self.derivation.counts)
        return frozenset(chain(*map(registers_of, filled)))

    def _services(self) -> list[Place]:
        """Return the services that the fact is about, each with those that it was called before."""
        vocabulary = self.survey.vocabulary
        services = [
            vocabulary.names(self.keys[blank])
            for blank in (Each.SERVICE, Each.OTHER_SERVICE)
            if blank in self.keys
        ]
        if Each.DOMAIN in self.keys:
            services.append(vocabulary.domains[self.keys[Each.DOMAIN]])
        return services

    def _offered(self, of: Any, when: Interval) -> Any:
        """Leave the services out that were not there in an interval."""
        registry = self.survey.registry
        if isinstance(of, Visits):
            return Visits(registry.offered_of(of.services, when))
        if not isinstance(of, People):
            return of
        conditions = [
            condition._replace(keys=registry.offered_of(condition.keys, when))
            if condition.kind == SEEN
            else condition
            for condition in of.conditions
        ]
        return people_who(*conditions)

    def _months(self, count: Count, interval: Interval) -> float:
        register = REGISTERS.get(type(count.of), PERSONS)
        services = getattr(count.of, "services", ())
        return self.survey.registry.months(count.where, interval, register, services)

    def _tally(self, count: Count) -> Tally:
        return Tally(count, self.survey.told(count), self._months(count, count.when))
