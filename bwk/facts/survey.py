"""What is counted for a period: at which locations, in which intervals, with which keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from bwk import formats, periods
from bwk.facts.comparing import Comparing, Place, Season
from bwk.facts.counting import Calendar, Census, Counting
from bwk.facts.derivations import Tally
from bwk.facts.expressions import Count, Each, Interval, Vocabulary, When
from bwk.facts.issued import Issued
from bwk.facts.sheet import CITY
from bwk.indicators.projection import Projection
from bwk.indicators.rates import Change, Clusters
from bwk.periods import Period
from bwk.programme import Programme
from bwk.registrations import Registrations

MONTHS = 12  # of a year


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
        baseline: Period,
        issued: Issued,
    ) -> None:
        self.data, self.programme = data, programme
        self.period, self.baseline = period, baseline
        self.issued = issued

    @cached_property
    def not_reported(self) -> dict[str, str]:
        """Location to the reason why it is not reported on."""
        reasons = {
            str(row.locatie): _too_young(row, self.period, self.programme.months_open)
            for row in self.data.locations.itertuples()
        }
        return {location: reason for location, reason in reasons.items() if reason}

    @cached_property
    def places(self) -> dict[str, Place]:
        """The locations of each scope: of the city all that are reported on."""
        locations = [str(location) for location in self.data.locations["locatie"]]
        reported = [location for location in locations if location not in self.not_reported]
        return {CITY: tuple(reported)} | {location: (location,) for location in reported}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The keys of the data."""
        data = self.data
        keys = {
            Each.SERVICE: _column(data.services, "dienst"),
            Each.ROLE: _column(data.role_names, "rol"),
            Each.HOME: _column(data.neighbourhoods, "buurt"),
            Each.PARTNER: _column(data.partners, "partner"),
            Each.LOCATION: self.places[CITY],
            Each.HALF_YEAR: tuple(half_year.name for half_year in self.half_years),
        }
        domains = {formats.slug(name): tuple(sorted(own)) for name, own in data.domains.items()}
        names = data.services["leefgebied"].dropna().unique()
        keys[Each.DOMAIN] = tuple(formats.slug(name) for name in names)
        around = data.neighbourhoods.dropna(subset="omgeving_van").groupby("omgeving_van")["buurt"]
        surroundings = {str(location): tuple(sorted(homes)) for location, homes in around}
        return Vocabulary(keys, domains, surroundings)

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

    def months(self, where: Place, interval: Interval) -> float:
        """Add up the months that locations were open in an interval."""
        return sum(
            periods.months(max(interval.first, begin), min(interval.last, end))
            for begin, end in (self._opened[location] for location in where)
        )

    @cached_property
    def intervals(self) -> dict[When, Interval]:
        """The interval of each blank, but for that of a half-year."""
        return intervals_of(self.period, self.baseline)

    @cached_property
    def texts(self) -> dict[When, str]:
        """The text of each interval, as it stands in a condition."""
        return {when: str(interval) for when, interval in self.intervals.items()}

    def seasons(self, count: Count) -> tuple[Season, ...]:
        """Return the same count in earlier years, of the locations that were open all the time.

        None where they are not open all of this year: what it would be at its end is another.
        """
        last, seasons = count.when.last, []
        for year in range(self._oldest.year, last.year):
            whole = self._open_all_year[year] & self._open_all_year[last.year]
            where = tuple(location for location in count.where if location in whole)
            if where:
                own = count._replace(where=where)
                so_far = Interval(date(year, 1, 1), _same_day(last, year))
                all_year = own._replace(when=_whole_year(year))
                seasons.append(Season(own._replace(when=so_far), all_year))
        return tuple(seasons)

    def months_after(self, where: Place, day: date) -> float:
        """Add up the months that locations are open in the rest of the year of a day."""
        rest = Interval(day + timedelta(days=1), date(day.year, 12, 31))
        return self.months(where, rest)

    @cached_property
    def comparing(self) -> Comparing:
        """Compares the visits of counts."""
        return Comparing(self._census, self.data.participations, self.months)

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
    def _oldest(self) -> date:
        return self.data.participations["datum"].min().date()

    @cached_property
    def _open_all_year(self) -> dict[int, set[str]]:
        """The locations that were open all the time, by year."""
        years = range(min(self._oldest.year, self.period.last.year - 1), self.period.last.year + 1)
        return {
            year: {x for x in self._opened if self.months((x,), _whole_year(year)) == MONTHS}
            for year in years
        }

    @cached_property
    def _opened(self) -> dict[str, tuple[date, date]]:
        """The first and the last day that each location was open."""
        table = self.data.locations
        return {
            str(location): (begin.date(), date.max if pd.isna(end) else end.date())
            for location, begin, end in zip(
                table["locatie"], table["geopend_op"], table["gesloten_op"], strict=True
            )
        }

    @cached_property
    def _census(self) -> Census:
        kept = [_interval(half_year) for half_year in self.half_years]
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

    def bound(self, count: Count) -> Count:
        """Return a declaration's count with its blanks filled in."""
        where = (self.keys[Each.LOCATION],) if count.where is Each.LOCATION else self.where
        keys: dict[Any, str] = {**self.keys, **self.survey.texts}
        filled = self.survey.vocabulary.filled(count, keys, tuple(sorted(where)))
        if count.when is When.HALF_YEAR:
            return filled._replace(when=_interval(periods.parse(self.keys[Each.HALF_YEAR])))
        return filled._replace(when=self.intervals[count.when])

    def tally(self, count: Count) -> Tally:
        """Count what a declaration counts."""
        return self._tally(self.bound(count))

    def change(self, current: Count, base: Count) -> Change | None:
        """Compare visits per month."""
        return self.survey.comparing.change(self.bound(current), self.bound(base))

    def together(self, current: Count, base: Count) -> Clusters | None:
        """Return how much people came together in two intervals."""
        return self.survey.comparing.together(self.bound(current), self.bound(base))

    def projection(self, count: Count) -> Projection | None:
        """Project a count to the end of its year."""
        bound = self.bound(count)
        own = self.survey.seasons(bound)
        everywhere = self.survey.seasons(bound._replace(where=self.survey.places[CITY]))
        left = self.survey.months_after(bound.where, bound.when.last)
        return self.survey.comparing.projection(bound, left, own, everywhere)

    @property
    def months_left(self) -> float:
        """The months that the locations are open in the rest of the year."""
        return self.survey.months_after(self.where, self.survey.period.last)

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
            return len(self.survey.places[CITY])
        locations, last = self.survey.data.locations, pd.Timestamp(self.survey.period.last)
        still_open = locations[~(locations["gesloten_op"] < last)]
        since = still_open["geopend_op"]
        if kind == "formal":
            since = still_open["formeel_vanaf"].fillna(since)
        return int((since <= last).sum())

    def _tally(self, count: Count) -> Tally:
        value = self.survey.count(count).value
        return Tally(count, value, self.survey.months(count.where, count.when))


def intervals_of(period: Period, baseline: Period) -> dict[When, Interval]:
    """Return the interval of each blank, as a report on a period fills it."""
    last = period.last
    has_ended = (last.month, last.day) == (12, 31)
    whole = last.year if has_ended else last.year - 1
    number = min(_calendar_months(period), _calendar_months(baseline))
    return {
        When.PERIOD: _interval(period),
        When.BASELINE: _interval(baseline),
        When.YEAR_SO_FAR: Interval(date(last.year, 1, 1), last),
        When.YEAR_BEFORE: _interval(period.year_before()),
        When.HALFWAY: Interval(date(whole, 1, 1), date(whole, 6, 30)),
        When.LAST_WHOLE_YEAR: _whole_year(whole),
        When.WINDOW_NOW: _last_months(period, number),
        When.WINDOW_THEN: _last_months(baseline, number),
    }


def _whole_year(year: int) -> Interval:
    return Interval(date(year, 1, 1), date(year, 12, 31))


def _calendar_months(period: Period) -> int:
    first, last = period.first, period.last
    return 12 * (last.year - first.year) + last.month - first.month + 1


def _last_months(period: Period, number: int) -> Interval:
    years, month = divmod(12 * period.last.year + period.last.month - number, 12)
    return Interval(max(date(years, month + 1, 1), period.first), period.last)


def _column(table: pd.DataFrame, name: str) -> tuple[str, ...]:
    return tuple(str(key) for key in table[name])


def _interval(period: Period) -> Interval:
    return Interval(period.first, period.last)


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
