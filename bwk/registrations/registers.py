"""Which register each location keeps, and on which days; where it has gaps.

What was not registered is not known: it is never a number of nothing. The table `bijgehouden` says
when a register was kept. Without it, a register runs over the months in which something stands in
it: a month in which nothing does is a gap, not a month without visits.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from bwk import formats
from bwk.periods import ALWAYS, DAY, Span, Spans, common, joined
from bwk.registrations.findings import Finding, warning

VISITS, PERSONS, ROLES, REFERRALS = "deelnames", "deelnemers", "rollen", "verwijzingen"
KINDS = (VISITS, PERSONS, ROLES, REFERRALS)


@dataclass(frozen=True)
class Registers:
    """The days on which each location kept a register.

    Attributes
    ----------
    declared : mapping of (location, kind) to spans
        What the table `bijgehouden` says.
    seen : mapping of str to spans
        The months in which a location has visits.
    named, counted : mapping of str to spans
        The months in which it has visits of persons, and those in which it has head counts alone.
    listed : set of (location, kind)
        Where there are roles or referrals.
    """

    declared: Mapping[tuple[str, str], Spans]
    seen: Mapping[str, Spans]
    named: Mapping[str, Spans]
    counted: Mapping[str, Spans]
    listed: frozenset[tuple[str, str]]

    def kept(self, location: str, kind: str) -> Spans:
        """Return the days on which a location kept a register."""
        if kind == PERSONS:
            return self._with_persons(location)
        if (location, kind) in self.declared:
            return self.declared[location, kind]
        if kind == VISITS:
            return self.seen.get(location, ())
        return (ALWAYS,) if (location, kind) in self.listed else ()

    def gaps(self, location: str) -> Iterator[Span]:
        """Yield the months without visits between those with, where nothing says why."""
        if (location, VISITS) not in self.declared:
            spans = self.seen.get(location, ())
            for before, after in pairwise(spans):
                yield Span(before.last + DAY, after.first - DAY)

    def _with_persons(self, location: str) -> Spans:
        """Return the register of persons; none where the rows name nobody that was counted.

        Where the table says nothing of it, it is that of visits, without the months of head counts
        around the persons.
        """
        declared = self.declared.get((location, PERSONS), ())
        spans = declared or self.kept(location, VISITS)
        named = common(self.named.get(location, ()), spans)
        counted = common(self.counted.get(location, ()), spans)
        if declared:
            return () if counted and not named else declared
        if not named:
            return ()
        around = joined([*named, *counted])
        first = date.min if around[0].first == named[0].first else named[0].first
        last = date.max if around[-1].last == named[-1].last else named[-1].last
        return common(spans, [Span(first, last)])

    def contradicting(self, location: str) -> Spans:
        """Return the months of head counts alone in which the table says persons were kept."""
        declared = self.declared.get((location, PERSONS), ())
        return common(self.counted.get(location, ()), declared)


def nothing_declared() -> pd.DataFrame:
    """Return the table `bijgehouden` without rows."""
    return pd.DataFrame(columns=["locatie", "wat", "van", "tot"])


def read(
    table: pd.DataFrame, visits: pd.DataFrame, roles: pd.DataFrame, referrals: pd.DataFrame
) -> Registers:
    """Read the registers from the tables; rows of which place or day is unknown are left out."""
    months = _months(visits)
    listed = {
        (str(location), kind)
        for kind, rows in ((ROLES, roles), (REFERRALS, referrals))
        for location in rows["locatie"].dropna().unique()
    }
    return Registers(
        declared=declared(table),
        seen=_spans(months),
        named=_spans(months[months["named"]]),
        counted=_spans(months[~months.groupby(["location", "month"])["named"].transform("any")]),
        listed=frozenset(listed),
    )


def warnings(
    registers: Registers, locations: pd.DataFrame, file: str, today: date
) -> Iterator[Finding]:
    """Yield where a register begins later than the location opened, and where it has a gap."""
    remedy = "Werd het wel bijgehouden, zet dat dan in de tabel bijgehouden."
    rows = locations.dropna(subset=["locatie", "geopend_op"])
    for location, opened_on in zip(rows["locatie"].astype("str"), rows["geopend_op"], strict=True):
        opened = opened_on.date()
        if opened > today:
            continue
        spans = registers.kept(location, VISITS)
        if not spans:
            message = f"Van {location} staan er geen deelnames in de gegevens."
            yield warning(message, remedy, file=file)
            continue
        missing = list(registers.gaps(location))
        if opened < spans[0].first:
            missing.insert(0, Span(opened, spans[0].first - DAY))
        for gap in missing:
            message = f"Van {location} is {_from_to(gap)} niets geregistreerd."
            yield warning(f"{message} Die maanden tellen niet mee.", remedy, file=file)
        for span in registers.contradicting(location):
            message = f"Van {location} staan er {_from_to(span)} alleen tellingen, geen deelnemers."
            yield warning(message, "Verbeter de deelnames, of de tabel bijgehouden.", file=file)


def _from_to(span: Span) -> str:
    return f"van {formats.day(span.first)} tot en met {formats.day(span.last)}"


def declared(table: pd.DataFrame) -> dict[tuple[str, str], Spans]:
    """Return the days that the table `bijgehouden` names, for each location and kind."""
    spans: dict[tuple[str, str], list[Span]] = {}
    rows = table.dropna(subset=["locatie", "wat", "van"])
    columns = (rows[name] for name in ("locatie", "wat", "van", "tot"))
    for location, kind, first, last in zip(*columns, strict=True):
        end = date.max if pd.isna(last) else last.date()
        spans.setdefault((str(location), str(kind)), []).append(Span(first.date(), end))
    return {key: joined(own) for key, own in spans.items()}


def _months(visits: pd.DataFrame) -> pd.DataFrame:
    """Return each location and month (its number since 1970) with visits, named or not."""
    days = visits["datum"].to_numpy().astype("datetime64[D]")
    places, people = visits["locatie"].cat, visits["deelnemer"].cat
    is_placed = ~np.isnat(days) & (places.codes.to_numpy() >= 0)
    day = days[is_placed].astype("int64")
    place = places.codes.to_numpy()[is_placed]
    is_named = people.codes.to_numpy()[is_placed] >= 0
    width = 2 * max(1, len(places.categories))
    earliest = day.min() if len(day) else 0
    # A number for each combination: counting those is a tenth of the time of grouping.
    codes = (day - earliest) * width + 2 * place.astype("int64") + is_named
    combinations = np.flatnonzero(np.bincount(codes))
    on_days = (combinations // width + earliest).astype("datetime64[D]")
    return pd.DataFrame(
        {
            "location": places.categories.take(combinations % width // 2).astype("str"),
            "month": on_days.astype("datetime64[M]").astype("int64"),
            "named": combinations % 2 == 1,
        }
    ).drop_duplicates()


def _spans(months: pd.DataFrame) -> dict[str, Spans]:
    return {
        str(location): joined([*_whole_months(own)])
        for location, own in months.groupby("location")["month"]
    }


def _whole_months(numbers: Iterable[int]) -> Iterator[Span]:
    for number in numbers:
        first, following = (np.datetime64(int(n), "M").astype(date) for n in (number, number + 1))
        yield Span(first, following - DAY)
