"""What is counted for a period: in which locations, and over which intervals."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd

from bwk import formats, periods
from bwk.facts import counts
from bwk.facts.counts import Attended, Calendar, Count, Key, Scope
from bwk.facts.drafts import Stretch, Year
from bwk.facts.published import Published
from bwk.facts.sheet import CITY
from bwk.indicators import attendance
from bwk.periods import Period
from bwk.programme import Programme
from bwk.registrations import Registrations

YEARS_FOR_SEASON = 2
PERSON = "deelnemer"


class Survey:
    """The registrations seen from one period and its baseline.

    Attributes
    ----------
    counted : dict of Key to Count
        Every count made so far.
    """

    def __init__(
        self,
        data: Registrations,
        programme: Programme,
        period: Period,
        baseline: Period,
        others: Sequence[Published] = (),
    ) -> None:
        self.data, self.programme = data, programme
        self.period, self.baseline = period, baseline
        self.counted: dict[Key, Count] = {}
        self._others = others
        self._stretches: dict[tuple, Stretch] = {}

    @cached_property
    def not_reported(self) -> dict[str, str]:
        """Location to the reason why it is not reported on."""
        reasons = {
            str(row.locatie): _too_young(row, self.period, self.programme.months_open)
            for row in self.data.locations.itertuples()
        }
        return {location: reason for location, reason in reasons.items() if reason}

    @cached_property
    def scopes(self) -> dict[str, Scope]:
        """The city, and each location that is reported on."""
        reported = [x for x in self.data.locations["locatie"] if x not in self.not_reported]
        return {CITY: self.scope(CITY, reported)} | {x: self.scope(x, [x]) for x in reported}

    def scope(self, slug: str, locations: Sequence[str]) -> Scope:
        """Return some locations together as one scope."""
        return Scope(slug, tuple(locations), self.data, self._attended, self._living)

    @cached_property
    def calendar(self) -> Calendar:
        """Every interval in which something is counted, cut into stretches."""
        own = [self.period, self.baseline, self.year_to_date, self.period.year_before()]
        seasons = [each for pair in self._earlier_years for each in pair]
        published = [
            each for other in self._others for each in (*other.intervals, *other.half_years)
        ]
        return Calendar([*own, *self.half_years, *seasons, *published])

    @cached_property
    def half_years(self) -> list[Period]:
        """The half-years of the registrations until the end of the period."""
        first = periods.half_year_of(self.data.participations["datum"].min().date())
        found = [periods.half_year_of(self.period.last)]
        while found[0].first > first.first:
            found.insert(0, found[0].before())
        return [each for each in found if each.last <= self.period.last]

    @property
    def fewest_for_sharing(self) -> int:
        """How many participants two services need before what they share is shown.

        With fewer, a reader would know too well how many there can be.
        """
        return 3 * self.programme.threshold

    @cached_property
    def year_to_date(self) -> Period:
        """The calendar year until the end of the period."""
        return _until(self.period.last)

    def visits(self, scope: Scope, interval: Period) -> Stretch:
        """Count participants and participations of a scope in an interval."""
        made = counts.count_visits(scope, interval, self.calendar)
        return self._stretch("visits", scope, interval, made)

    def domains(self, scope: Scope, interval: Period) -> Stretch:
        """Count the visits of a scope in an interval, and add them up per life domain."""
        visits = self.visits(scope, interval).counts
        made = counts.count_domains(visits, scope, interval)
        return self._stretch("domains", scope, interval, chain(visits.values(), made))

    def community(self, scope: Scope) -> Stretch:
        """Count all there is to count of a scope in the period."""
        visits = self.domains(scope, self.period)
        referrals = self.referrals(scope, self.period)
        people = counts.count_people(scope, self.period)
        made = chain(visits.counts.values(), referrals.counts.values(), people)
        return self._stretch("community", scope, self.period, made)

    def referrals(self, scope: Scope, interval: Period) -> Stretch:
        """Count the referrals of a scope in an interval."""
        made = counts.count_referrals(scope, interval, self.calendar)
        return self._stretch("referrals", scope, interval, made)

    def year(self, scope: Scope) -> Year:
        """Count what the projection to the end of the year needs."""
        rest = Period("", self.period.last + timedelta(days=1), self.period.calendar_year.last)
        return Year(
            now=self.visits(scope, self.year_to_date),
            remaining=scope.months(rest),
            before=self.visits(scope, self.period.year_before()),
            seasons=tuple(self._seasons(scope)),
        )

    @cached_property
    def newest(self) -> dict[str, dict[str, date]]:
        """The last day of each location, by data file with its participations."""
        rows = self.data.participations
        places, files, days = rows["locatie"].cat, rows["bron"].cat, rows["datum"].to_numpy()
        last = np.full((len(places.categories), len(files.categories)), np.iinfo("int64").min)
        np.maximum.at(last, (places.codes, files.codes), days.view("int64"))
        table = pd.DataFrame(last.view(days.dtype), places.categories, files.categories)
        return {
            str(place): {str(file): day.date() for file, day in found.dropna().items()}
            for place, found in table.iterrows()
        }

    @cached_property
    def _living(self) -> pd.Categorical:
        """The home of everybody who ever took part."""
        everybody = self.data.participations[PERSON].cat.categories
        return attendance.homes(self.data.participants, everybody)

    @cached_property
    def _attended(self) -> Attended:
        data = self.data
        rows = attendance.with_surroundings(data.participations, self._living, data.neighbourhoods)
        return Attended(rows, self.calendar.starts)

    @cached_property
    def _earlier_years(self) -> list[tuple[Period, Period]]:
        last, first_known = self.period.last, self.data.participations["datum"].min()
        ends = (_same_day(last, last.year - back) for back in range(1, last.year - 1))
        years = ((_until(end), periods.parse(str(end.year))) for end in ends)
        known = []
        for part, year in years:
            if pd.isna(first_known) or year.last < first_known.date():
                break
            known.append((part, year))
        return known

    def _seasons(self, scope: Scope) -> Iterator[tuple[Stretch, Stretch]]:
        months = 12 * len(scope.locations)
        full = [pair for pair in self._earlier_years if scope.months(pair[1]) == months]
        open_now = scope.months(self.year_to_date.calendar_year) == months
        if open_now and len(full) >= YEARS_FOR_SEASON:
            yield from ((self.visits(scope, part), self.visits(scope, year)) for part, year in full)

    def _stretch(self, kind: str, scope: Scope, interval: Period, made: Iterable[Count]) -> Stretch:
        """Keep what is made, so that it is made once; it may serve several facts."""
        key = (kind, scope.key, interval.first, interval.last)
        if key not in self._stretches:
            self._stretches[key] = Stretch(counts.by_name(made), scope.months(interval))
            found = self._stretches[key].counts.values()
            self.counted.update((count.key, count) for count in found)
        return self._stretches[key]


def _until(last: date) -> Period:
    return periods.parse(f"{last.year}-01-01/{last}")


def _same_day(day: date, year: int) -> date:
    end_of_february = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28) if end_of_february else day.replace(year=year)


def _too_young(row, period: Period, months_open: float) -> str:
    opened, closed = row.geopend_op.date(), row.gesloten_op
    if opened > period.last:
        return f"{row.naam} was in deze periode nog niet open."
    if not pd.isna(closed) and closed.date() < period.first:
        return f"{row.naam} was in deze periode al gesloten."
    end = period.last if pd.isna(closed) else min(period.last, closed.date())
    if periods.months(opened, end) >= months_open:
        return ""
    least = formats.number(months_open, decimals=0 if months_open == int(months_open) else 1)
    return (
        f"{row.naam} is pas open sinds {formats.day(opened)}. Dat is te kort voor cijfers: "
        f"daarvoor moet een locatie {least} maanden open zijn."
    )
