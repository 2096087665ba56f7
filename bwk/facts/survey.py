"""What is counted for a period: at which locations, in which intervals, with which keys."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from bwk import formats, periods
from bwk.facts.counting import Calendar, Census, Counting
from bwk.facts.derivations import Derivation, Tally
from bwk.facts.expressions import (
    PERSONS,
    REFERRED,
    SEEN,
    VISITED,
    Count,
    Each,
    Interval,
    People,
    Referrals,
    Visits,
    Vocabulary,
    When,
    asks_before,
    people_who,
    registers_of,
)
from bwk.facts.issued import Issued
from bwk.facts.registry import Place, Registry
from bwk.facts.sheet import CITY, NOT_REGISTERED
from bwk.periods import Period
from bwk.programme import Programme
from bwk.registrations import Registrations

YEARS_FOR_SEASON = 2
REGISTERS: dict[type, str] = {Visits: VISITED, Referrals: REFERRED}
NOT_THEN = {
    When.BASELINE: " in de basisperiode",
    When.YEAR_BEFORE: " in het jaar ervoor",
    When.HALF_YEAR: " in dat half jaar",
}
NOT_OFFERED = "Deze dienst was er toen niet."
TOO_SHORT = "De registratie begint te kort voor de periode om te weten wie nieuw is."
NOTHING_ALIKE = "Geen locatie is in beide perioden lang genoeg geregistreerd."


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
    ) -> None:
        self.data, self.programme = data, programme
        self.period, self._baseline = period, baseline
        self.issued = issued

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
            Each.SERVICE: _column(data.services, "dienst"),
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
        return Vocabulary(keys, domains, surroundings, self.registry.renamed)

    @cached_property
    def half_years(self) -> list[Period]:
        """The half-years of the registrations until the end of the period."""
        first = periods.half_year_of(self.data.participations["datum"].min().date())
        half_years = [periods.half_year_of(self.period.last)]
        while half_years[0].first > first.first:
            half_years.insert(0, half_years[0].before())
        return [half_year for half_year in half_years if half_year.last <= self.period.last]

    @property
    def fewest_for_sharing(self) -> int:
        """How many participants two services need before what they share is shown."""
        return 3 * self.programme.threshold

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

    def members(self, count: Count) -> pd.Index:
        """Return the pseudonyms of the people in a count of people."""
        return self._census.members(count)

    def knows(self, count: Count) -> bool:
        """Whether the data still hold all that a count names."""
        locations = {*self.data.locations["locatie"]}
        return {*count.where} <= locations and self.vocabulary.knows(count)

    def homes_known(self, people: pd.Index) -> bool:
        """Whether the home of any of some people is known."""
        table = self.data.participants
        return bool(table.loc[table["deelnemer"].isin(people), "buurt"].notna().any())

    @cached_property
    def intervals(self) -> dict[When, Interval]:
        """The interval of each blank, but for that of a half-year."""
        return intervals_of(self.period, self.baseline)

    @cached_property
    def earlier_years(self) -> list[tuple[Interval, Interval]]:
        """Each earlier calendar year that the registrations hold: as far as now, and whole."""
        last, first_known = self.period.last, self.data.participations["datum"].min()
        years: list[tuple[Interval, Interval]] = []
        for year in range(last.year - 1, 1, -1):
            if pd.isna(first_known) or year < first_known.year:
                break
            so_far = Interval(date(year, 1, 1), _same_day(last, year))
            years.append((so_far, Interval(date(year, 1, 1), date(year, 12, 31))))
        return years

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
    def _census(self) -> Census:
        seasons = [interval for pair in self.earlier_years for interval in pair]
        kept = [_interval(half_year) for half_year in self.half_years]
        kept += [count.when for count in self.issued.counts]
        return Census(self.data, Calendar([*self.intervals.values(), *seasons, *kept]))


@dataclass(frozen=True)
class Glance:
    """The survey as the derivation of one fact of one report sees it."""

    survey: Survey
    scope: str
    keys: Mapping[Each, str]
    where: Place
    intervals: Mapping[When, Interval]
    derivation: Derivation

    def bound(self, count: Count) -> Count:
        """Return a declaration's count with its blanks filled in.

        Of the locations are left those that registered what the fact takes, of the services those
        that there were.
        """
        when = self._interval(count)
        where = tuple(sorted(self._registered(count)))
        filled = self.survey.vocabulary.filled(count, self.keys, where)
        return filled._replace(of=self._offered(filled.of, when), when=when)

    def tally(self, count: Count) -> Tally:
        """Count what a declaration counts."""
        return self._tally(self.bound(count))

    def alike(self, current: Count, base: Count) -> "Glance":
        """Return the same seen over the locations at which two counts can be compared.

        People may have moved on from a location that closed: they are still counted. Visits have
        not: those of a location that closed are left out on both sides.
        """
        if self.scope != CITY:
            return self
        intervals = self._interval(current), self._interval(base)
        register = PERSONS if isinstance(current.of, People) else VISITED
        shared, closed = self.survey.registry.compared(self._at(current), intervals, register)
        return replace(self, where=shared + closed if register == PERSONS else shared)

    def unknown(self) -> str:
        """Say why nobody registered what the fact takes; empty where somebody did."""
        registry = self.survey.registry
        for count in self.derivation.counts:
            where, when = self._at(count), self._interval(count)
            if not all(registry.offers(names, when) for names in self._services()):
                return NOT_OFFERED
            kept = registry.registered(where, when, self._registers(where))
            if not kept and registry.months_open(where, when):
                return f"{NOT_REGISTERED}{NOT_THEN.get(count.when, '')}."
            if asks_before(count.of) and not registry.reaching(kept):
                return TOO_SHORT
        compared = self.derivation.compared
        if self.scope == CITY and compared and not self.alike(*compared).where:
            return NOTHING_ALIKE
        return ""

    def seasons(self, count: Count) -> list[tuple[Tally, Tally]]:
        """Count the same in earlier years, as far as now and whole, if all were kept all year."""
        bound, survey = self.bound(count), self.survey
        months = 12 * len(self.survey.registry.parted(bound.where))
        year = Interval(date(bound.when.last.year, 1, 1), date(bound.when.last.year, 12, 31))
        whole_years = [
            pair for pair in survey.earlier_years if self._months(bound, pair[1]) == months
        ]
        enough = len(whole_years) >= YEARS_FOR_SEASON
        if not enough or survey.registry.months_open(bound.where, year) != months:
            return []
        return [
            (self._tally(bound._replace(when=so_far)), self._tally(bound._replace(when=all_year)))
            for so_far, all_year in whole_years
        ]

    @property
    def months_left(self) -> float:
        """The months that the locations are open, with the service, in the rest of the year."""
        last = self.survey.period.last
        rest = Interval(last + timedelta(days=1), date(last.year, 12, 31))
        services = [self.keys[Each.SERVICE]] if Each.SERVICE in self.keys else []
        return self.survey.registry.months_open(self.where, rest, services)

    @property
    def area(self) -> float | None:
        """The square metres of the location, where they are known."""
        table = self.survey.data.locations.set_index("locatie")["oppervlakte_m2"]
        area = table[self.scope]
        return None if pd.isna(area) else float(area)

    @property
    def is_in_baseline(self) -> bool:
        """Whether the half-year is a part of the baseline."""
        return periods.parse(self.keys[Each.HALF_YEAR]).overlaps(self.survey.baseline)

    @property
    def fewest_for_sharing(self) -> int:
        """How many participants two services need before what they share is shown."""
        return self.survey.fewest_for_sharing

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

    def _registered(self, count: Count) -> Place:
        """Return the locations that kept all registers that the fact takes; all, where none did.

        Who came before came also to a location that is closed by now.
        """
        where, when, registry = self._at(count), self._interval(count), self.survey.registry
        kept = registry.registered(where, when, self._registers(where))
        if asks_before(count.of):
            closed = [place for place in where if registry.opened[place].last < when.first]
            kept = (*registry.reaching(kept), *closed)
        return kept or where

    def _registers(self, where: Place) -> frozenset[str]:
        """Return the registers that the counts of the fact take together."""
        filled = (
            self.survey.vocabulary.filled(count, self.keys, where).of
            for count in self.derivation.counts
        )
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
            return Visits(tuple(registry.offers(of.services, when)) or of.services)
        if not isinstance(of, People):
            return of
        conditions = [
            condition._replace(keys=tuple(registry.offers(condition.keys, when)) or condition.keys)
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
        return Tally(count, self.survey.count(count).value, self._months(count, count.when))


def intervals_of(period: Period, baseline: Period) -> dict[When, Interval]:
    """Return the interval of each blank, as a report on a period fills it."""
    last = period.last
    return {
        When.PERIOD: _interval(period),
        When.BASELINE: _interval(baseline),
        When.YEAR_SO_FAR: Interval(date(last.year, 1, 1), last),
        When.YEAR_BEFORE: _interval(period.year_before()),
    }


def _column(table: pd.DataFrame, name: str) -> tuple[str, ...]:
    return tuple(str(key) for key in table[name])


def _interval(period: Period) -> Interval:
    return Interval(period.first, period.last)


def _same_day(day: date, year: int) -> date:
    end_of_february = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28) if end_of_february else day.replace(year=year)
