"""What is counted for a period: at which locations, in which intervals, with which keys."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import chain, combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from bwk import formats, periods
from bwk.disclosure import Range
from bwk.facts.comparing import Comparing, Season
from bwk.facts.counting import Calendar, Census, Counting
from bwk.facts.derivations import Derivation, Growth, Tally
from bwk.facts.expressions import (
    ABSENT,
    PERSONS,
    REFERRED,
    SEEN,
    SEVERAL,
    VISITED,
    Condition,
    Count,
    Each,
    Interval,
    People,
    Referrals,
    Visits,
    Vocabulary,
    When,
    asks_before,
    people,
    people_who,
    registers_of,
)
from bwk.facts.issued import Issued, mark
from bwk.facts.joining import with_others
from bwk.facts.registry import Place, Registry
from bwk.facts.rounding import bounds, remaining, rounded
from bwk.facts.sheet import CITY, NOT_REGISTERED
from bwk.indicators.projection import Projection
from bwk.indicators.rates import Change, Clusters
from bwk.periods import Period
from bwk.programme import Programme
from bwk.registrations import Registrations

MONTHS = 12  # of a year
QUARTER = 3  # months
MANY_PAIRS = 3  # of services, before few people in each are a reason not to show them
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


class Survey:
    """The registrations seen from one period and its baseline.

    Attributes
    ----------
    counted : dict of Count to Counting
        Every count made so far.
    """

    def __init__(
        self,
        data: Registrations,
        programme: Programme,
        period: Period,
        baseline: Period | None,
        issued: Issued,
        joined: Place = (),
    ) -> None:
        self._registered_services = _column(data.services, "dienst")
        self.data, self.programme, self.joined = with_others(data, joined), programme, joined
        self.period, self._baseline = period, baseline
        self.issued = issued
        self._all_year = cache(self._open_all_year)
        self.sharing = cache(self._sharing)

    @cached_property
    def baseline(self) -> Period:
        """The baseline that was asked for; else that of the programme."""
        if self._baseline:
            return self._baseline
        return self.programme.baseline(
            self.period, lambda period: self.registry.covers(self.places[CITY], period)
        )

    @cached_property
    def registry(self) -> Registry:
        """Which locations are, and were, open and registered."""
        return Registry(self.data, self.period)

    @cached_property
    def not_reported(self) -> dict[str, str]:
        """Location to the reason why it is not reported on."""
        registry, least = self.registry, self.programme.months_open
        reasons = {location: registry.why_not(location, least) for location in registry.names}
        return {location: reason for location, reason in reasons.items() if reason}

    @cached_property
    def reported(self) -> Place:
        """The locations that are reported on."""
        return tuple(name for name in self.registry.names if name not in self.not_reported)

    @cached_property
    def places(self) -> dict[str, Place]:
        """The locations of each scope, with those that moved there; the city's past has all."""
        units = {location: self.registry.units[location] for location in self.reported}
        gone = self.registry.gone(self.programme.months_open)
        city = dict.fromkeys([*chain(*units.values()), *gone])
        return {CITY: tuple(city)} | units

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The keys of the data."""
        data = self.data
        keys = {
            Each.SERVICE: _column(self.services, "dienst"),
            Each.ROLE: _column(data.role_names, "rol"),
            Each.HOME: _column(data.neighbourhoods, "buurt"),
            Each.PARTNER: _column(data.partners, "partner"),
            Each.LOCATION: self.reported,
            Each.HALF_YEAR: tuple(half_year.name for half_year in self.half_years),
        }
        domains = {formats.slug(name): tuple(sorted(own)) for name, own in data.domains.items()}
        names = data.services["leefgebied"].dropna().unique()
        keys[Each.DOMAIN] = tuple(formats.slug(name) for name in names)
        around = data.neighbourhoods.dropna(subset="omgeving_van").groupby("omgeving_van")["buurt"]
        surroundings = {str(location): tuple(sorted(homes)) for location, homes in around}
        return Vocabulary(
            keys, self._registered_services, domains, surroundings, self.registry.renamed
        )

    @property
    def services(self) -> pd.DataFrame:
        """The services that facts are about: without those that are joined."""
        return self.data.services[~self.data.services["dienst"].isin(self.joined)]

    @cached_property
    def half_years(self) -> list[Period]:
        """The half-years of the registrations until the end of the period."""
        first = periods.half_year_of(self._oldest)
        half_years = [periods.half_year_of(self.period.last)]
        while half_years[0].first > first.first:
            half_years.insert(0, half_years[0].before())
        return [half_year for half_year in half_years if half_year.last <= self.period.last]

    @property
    def fewest_for_sharing(self) -> int:
        """How many participants two services need before what they share is shown."""
        return 3 * self.programme.threshold

    def fewest_of_several(self, services: int) -> int:
        """How many people must use several services before it is shown what each two share.

        As many as the threshold for each two, on average: else most of it would be held back.
        """
        pairs = comb(services, 2)
        return pairs * self.programme.threshold if pairs >= MANY_PAIRS else 0

    @property
    def counted(self) -> dict[Count, Counting]:
        """Every count made so far."""
        return self._census.counted

    @property
    def calendar(self) -> Calendar:
        """The stretches into which all that is and was published cuts the time."""
        return self._census.calendar

    def count(self, count: Count) -> Counting:
        """Count at the locations and in the interval that it names."""
        return self._census.count(count)

    def told(self, count: Count) -> int:
        """Return what is shown of a count: as it was shown before, where that may still be so."""
        value, base = self.count(count).value, self.programme.rounding
        if not base:
            return value
        for before in sorted(self.issued.rounded.get(count, ())):
            low, high = bounds(before, base)
            if low <= value <= high:
                return before
        return rounded(value, base, self._census.draw(count))

    def known(self, count: Count) -> Range:
        """Return between which values a count lies, for who sees what is shown of it."""
        value, base = self.count(count).value, self.programme.rounding
        if not base or value in self.issued.told.get(count, ()):
            return Range(value, value)
        told = self.told(count)
        before = sorted(self.issued.rounded.get(count, ()))
        passed = before[: before.index(told)] if told in before else before
        # Within the bounds of those it would be told as it was before.
        return remaining(bounds(told, base), value, [bounds(each, base) for each in passed])

    def is_of_few(self, count: Count) -> bool:
        """Whether too few people are behind a count for it to be told.

        Where counts are rounded: so few that their number is told as nothing. To hold it back then
        tells no more of them than that.
        """
        base, (value, number) = self.programme.rounding, self.count(count)
        if not base:
            return 0 < number < self.programme.threshold
        if value <= base:
            return False
        if not isinstance(count.of, Visits):
            return rounded(number, base, self._census.draw(count)) == 0
        return number <= bounds(0, base).high and self.told(_visitors(count)) == 0

    def counts_heads(self, count: Count) -> bool:
        """Whether each one in a count is another person, as far as is known."""
        of, is_visits = count.of, isinstance(count.of, Visits)
        return isinstance(of, People) or (is_visits and not self.count(_visitors(count)).value)

    def members(self, count: Count) -> np.ndarray:
        """Return the people in a count of people: the place of each among everybody."""
        return self._census.members(count)

    @property
    def attended(self) -> set[tuple[str, date]]:
        """Where anybody was seen in which stretch of the calendar (by its first day)."""
        return self._census.attended

    def portions(self, count: Count) -> str:
        """Return what tells later by how many people a sum was corrected; empty for people."""
        return "" if isinstance(count.of, People) else self._census.portions(count)

    def is_by_few(self, count: Count, told: int) -> bool:
        """Whether a correction of a sum may be of fewer people than the threshold.

        Parameters
        ----------
        told : int
            The value that was shown before.
        """
        if isinstance(count.of, People):
            return False
        before = self.issued.portions.get(mark(count, told), "")
        people = self._census.people_between(count, before)
        return people is None or 0 < people < self.programme.threshold

    def gone(self, count: Count) -> set[str]:
        """Return what a count names that the data no longer hold."""
        return ({*count.where} - self._locations) | self.vocabulary.unknown(count.of)

    def homes_known(self, members: np.ndarray) -> bool:
        """Whether the home of any of some people is known."""
        return self._census.homes_known(members)

    @cached_property
    def intervals(self) -> dict[When, Interval]:
        """The interval of each blank, but for that of a half-year."""
        return intervals_of(self.period, self.baseline)

    @cached_property
    def texts(self) -> dict[When, str]:
        """The text of each interval, as it stands in a condition."""
        return {when: str(interval) for when, interval in self.intervals.items()}

    def seasons(self, count: Count) -> tuple[Season, ...]:
        """Return the same count in earlier years, of the units that were registered all the time.

        None where they are not open all of this year: what it would be at its end is another.
        """
        last, seasons = count.when.last, []
        services = self.registry.limiting(count.of.services)
        for year in range(self._oldest.year, last.year):
            where = self._all_year(count.where, services, year, last.year)
            if where:
                so_far = _so_far(last, year)
                own = count._replace(where=where)
                whole = own._replace(when=_whole_year(year))
                seasons.append(Season(own._replace(when=so_far), whole))
        return tuple(seasons)

    def months_after(self, where: Place, day: date, services: Place) -> float:
        """Add up the months of the rest of the year of a day.

        Those that locations were registered, where that rest has passed; else that they are open.
        """
        rest, registry = Interval(day + timedelta(days=1), date(day.year, 12, 31)), self.registry
        if rest.last <= self.period.last:
            return registry.months(where, rest, VISITED, services)
        return registry.months_open(where, rest, services)

    @cached_property
    def comparing(self) -> Comparing:
        """Compares the visits of counts."""
        return Comparing(self._census, self.data.participations, self.registry, self.told)

    @cached_property
    def files_of(self) -> Mapping[str, set[str]]:
        """The data files that hold participations of each location."""
        rows = self.data.participations
        locations, files = rows["locatie"].cat, rows["bron"].cat
        holds = np.zeros((len(locations.categories), len(files.categories)), dtype=bool)
        holds[locations.codes, files.codes] = True
        return {
            str(location): {*files.categories[own]}
            for location, own in zip(locations.categories, holds, strict=True)
        }

    @cached_property
    def inhabitants(self) -> Mapping[str, float]:
        """How many people live in each neighbourhood, where that is known."""
        known = self.data.neighbourhoods.dropna(subset="inwoners")
        return dict(zip(known["buurt"], known["inwoners"], strict=True))

    @cached_property
    def _locations(self) -> frozenset[str]:
        return frozenset(self.data.locations["locatie"])

    @cached_property
    def _oldest(self) -> date:
        return self.data.participations["datum"].min().date()

    def _open_all_year(self, where: Place, services: Place, year: int, this_year: int) -> Place:
        """Return the locations of units registered all of a year, and open all of this year."""
        registry, then, now = self.registry, _whole_year(year), _whole_year(this_year)
        whole = (
            unit
            for unit in registry.parted(where)
            if registry.months(unit, then, VISITED, services) == MONTHS
            and registry.months_open(unit, now, services) == MONTHS
        )
        return tuple(sorted(chain(*whole)))

    def _sharing(self, where: Place, when: Interval) -> Place | None:
        """Return the services with enough people; None where too few people use several.

        Those of before, where it was decided before: another choice would tell of a correction
        that is held back on which side of the line it is.
        """
        at = Count(people(SEVERAL), when, tuple(sorted(where)))
        issued = frozenset(self.issued.counts)
        seen = {name: self._seen(name, when) for name in self.vocabulary.keys[Each.SERVICE]}
        if at in issued:
            pairs = combinations(seen, 2)
            shown = [
                pair
                for pair in pairs
                if at._replace(of=people_who(*(seen[name] for name in pair))) in issued
            ]
            return tuple(dict.fromkeys(chain(*shown))) or None
        users = {
            name: self.count(at._replace(of=people_who(own))).value for name, own in seen.items()
        }
        services = tuple(name for name in users if users[name] >= self.fewest_for_sharing)
        enough = self.count(at).value >= self.fewest_of_several(len(services))
        return services if enough and len(services) > 1 else None

    def users(self) -> dict[str, list[int]]:
        """Return how many people used each service in the period, at each location.

        Rounded as counts may be, but that nobody alone is nobody: what is small by that is known
        of no number within less than the threshold.
        """
        when, base = self.intervals[When.PERIOD], self.programme.threshold
        users: dict[str, list[int]] = {}
        for where in (tuple(sorted(self.places[location])) for location in self.reported):
            for service in self.vocabulary.keys[Each.SERVICE]:
                count = Count(people_who(self._seen(service, when)), when, where)
                value = self.count(count).value
                near = max(rounded(value, base, self._census.draw(count)), min(value, 1))
                users.setdefault(service, []).append(near)
        return users

    def _seen(self, service: str, when: Interval) -> Condition:
        return Condition(SEEN, self.registry.offered_of(self.vocabulary.names(service), when))

    @cached_property
    def _census(self) -> Census:
        kept = [_interval(half_year) for half_year in self.half_years]
        last = self.period.last
        kept += [_so_far(last, year) for year in range(self._oldest.year, last.year)]
        kept += [interval for count in self.issued.counts for interval in count.intervals]
        return Census(self.data, Calendar([*self.intervals.values(), *kept]))


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
            return _interval(periods.parse(self.keys[Each.HALF_YEAR]))
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


def intervals_of(period: Period, baseline: Period) -> dict[When, Interval]:
    """Return the interval of each blank, as a report on a period fills it."""
    last = period.last
    has_ended = (last.month, last.day) == (12, 31)
    whole = last.year if has_ended else last.year - 1
    number = min(_calendar_months(period), _calendar_months(baseline))
    quarter = Interval(periods.months_before(last.replace(day=1), QUARTER - 1), last)
    before = periods.months_before(quarter.first, QUARTER)
    return {
        When.PERIOD: _interval(period),
        When.BASELINE: _interval(baseline),
        When.YEAR_SO_FAR: Interval(date(last.year, 1, 1), last),
        When.YEAR_BEFORE: _interval(period.year_before()),
        When.HALFWAY: Interval(date(whole, 1, 1), date(whole, 6, 30)),
        When.LAST_WHOLE_YEAR: _whole_year(whole),
        When.WINDOW_NOW: _last_months(period, number),
        When.WINDOW_THEN: _last_months(baseline, number),
        When.LAST_QUARTER: quarter,
        When.QUARTER_BEFORE: Interval(before, quarter.first - timedelta(days=1)),
    }


def _visitors(visits: Count) -> Count:
    return visits._replace(of=people_who(Condition(SEEN, visits.of.services)))


def _whole_year(year: int) -> Interval:
    return Interval(date(year, 1, 1), date(year, 12, 31))


def _calendar_months(period: Period) -> int:
    first, last = period.first, period.last
    return 12 * (last.year - first.year) + last.month - first.month + 1


def _last_months(period: Period, number: int) -> Interval:
    first = periods.months_before(period.last.replace(day=1), number - 1)
    return Interval(max(first, period.first), period.last)


def _column(table: pd.DataFrame, name: str) -> tuple[str, ...]:
    return tuple(str(key) for key in table[name])


def _interval(period: Period) -> Interval:
    return Interval(period.first, period.last)


def _so_far(day: date, year: int) -> Interval:
    """Return an earlier year as far as a day."""
    same_day = pd.Timestamp(day) - pd.DateOffset(years=day.year - year)
    return Interval(date(year, 1, 1), same_day.date())
