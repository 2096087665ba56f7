"""What is counted for a period: at which locations, in which intervals, with which keys."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, cached_property
from itertools import chain, combinations
from math import comb

import numpy as np
import pandas as pd

from bwk import formats, periods
from bwk.disclosure import Range
from bwk.facts.comparing import Comparing, Season
from bwk.facts.counting import Calendar, Census, Counting
from bwk.facts.expressions import (
    SEEN,
    SEVERAL,
    VISITED,
    Condition,
    Count,
    Each,
    Interval,
    People,
    Visits,
    Vocabulary,
    When,
    people,
    people_who,
)
from bwk.facts.intervals import interval_of, intervals_of, so_far, whole_year
from bwk.facts.issued import Issued, mark
from bwk.facts.joining import with_others
from bwk.facts.registry import Place, Registry
from bwk.facts.rounding import bounds, remaining, rounded
from bwk.facts.sheet import CITY
from bwk.periods import Period
from bwk.programme import Programme
from bwk.registrations import Registrations

MONTHS = 12  # of a year
MANY_PAIRS = 3  # of services, before few people in each are a reason not to show them


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
                own = count._replace(where=where)
                before = own._replace(when=so_far(last, year))
                seasons.append(Season(before, own._replace(when=whole_year(year))))
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
        registry, then, now = self.registry, whole_year(year), whole_year(this_year)
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
        kept = [interval_of(half_year) for half_year in self.half_years]
        last = self.period.last
        kept += [so_far(last, year) for year in range(self._oldest.year, last.year)]
        kept += [interval for count in self.issued.counts for interval in count.intervals]
        return Census(self.data, Calendar([*self.intervals.values(), *kept]))


def _visitors(visits: Count) -> Count:
    return visits._replace(of=people_who(Condition(SEEN, visits.of.services)))


def _column(table: pd.DataFrame, name: str) -> tuple[str, ...]:
    return tuple(str(key) for key in table[name])
