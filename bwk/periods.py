"""Half-years, quarters, years and free intervals; spans of days, and their length in months."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bwk.errors import UsageError
from bwk.formats import MONTHS

_NAMED = re.compile(r"(?P<year>\d{4})(?:-(?P<part>[HQ])(?P<number>\d))?", re.ASCII)
_PARTS = {None: 12, "H": 6, "Q": 3}
_INTERVAL = re.compile(r"(\d{4}-\d{2}(?:-\d{2})?)/(\d{4}-\d{2}(?:-\d{2})?)", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_ORDINALS = ("eerste", "tweede", "derde", "vierde")
DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days from the first to the last, both included."""

    first: date
    last: date


Spans = Sequence[Span]
ALWAYS = Span(date.min, date.max)


@dataclass(frozen=True)
class Period:
    """A stretch of days, both ends included.

    Attributes
    ----------
    name : str
        As the user writes it: `2018-H1`, `2018-Q1`, `2018`, `2017-04/2017-12`.
    first, last : date
        The first and the last day.
    """

    name: str
    first: date
    last: date

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        """The name as a folder name.

        >>> parse("2017-04/2017-12").folder
        '2017-04--2017-12'
        """
        return self.name.replace("/", "--")

    @property
    def label(self) -> str:
        """The period in Dutch words.

        >>> parse("2018-H1").label, parse("2017-04/2017-12").label
        ('eerste helft van 2018', 'april tot en met december 2017')
        """
        match = _NAMED.fullmatch(self.name)
        if match and match["part"] is None:
            return match["year"]
        if match:
            word = "helft" if match["part"] == "H" else "kwartaal"
            return f"{_ORDINALS[int(match['number']) - 1]} {word} van {match['year']}"
        return self.months_label

    @property
    def months_label(self) -> str:
        """First and last month, or the days where the period does not hold whole months.

        >>> parse("2018-H1").months_label
        'januari tot en met juni 2018'
        """
        by_month = self._holds_whole_months
        ends = [
            f"{'' if by_month else f'{end.day} '}{MONTHS[end.month - 1]}"
            for end in (self.first, self.last)
        ]
        if self.first.year != self.last.year:
            ends[0] += f" {self.first.year}"
        elif by_month and self.first.month == self.last.month:
            return f"{ends[0]} {self.last.year}"
        return f"{ends[0]} tot en met {ends[1]} {self.last.year}"

    @property
    def _holds_whole_months(self) -> bool:
        return self.first.day == 1 and (self.last + DAY).day == 1

    @property
    def calendar_year(self) -> "Period":
        """The calendar year in which the period ends."""
        return parse(str(self.last.year))

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.first <= day <= self.last

    def overlaps(self, period: "Period") -> bool:
        """Whether some day lies in both.

        >>> parse("2017").overlaps(parse("2017-H2")), parse("2017").overlaps(parse("2018-H1"))
        (True, False)
        """
        return self.first <= period.last and period.first <= self.last

    def before(self) -> "Period":
        """Return the period of the same length that ends on the day before.

        >>> parse("2018-H1").before().name, parse("2018-Q2").before().name
        ('2017-H2', '2018-Q1')
        >>> parse("2018-02/2018-04").before().name
        '2017-11/2018-01'
        """
        last = self.first - DAY
        match = _NAMED.fullmatch(self.name)
        if match:
            return _named_at(last, match["part"])
        if self._holds_whole_months:
            first = months_before(self.first, round(months(self.first, self.last)))
            return parse(f"{first:%Y-%m}/{last:%Y-%m}")
        first = last - (self.last - self.first)
        return parse(f"{first}/{last}")

    def a_year_earlier(self) -> "Period":
        """Return the same part of the year before.

        >>> parse("2018-H1").a_year_earlier().name
        '2017-H1'
        >>> parse("2020-02-29/2020-05-31").a_year_earlier().name
        '2019-02-28/2019-05-31'
        """
        name = _YEAR.sub(lambda year: f"{int(year[0]) - 1:04}", self.name)
        leap_day = f"{self.first.year - 1:04}-02-29", f"{self.last.year - 1:04}-02-29"
        for day in leap_day:
            name = name.replace(day, f"{day[:-1]}8")
        return parse(name)

    def year_before(self) -> "Period":
        """Return the calendar year before the one in which the period ends."""
        return parse(str(self.last.year - 1))


def parse(text: str) -> Period:
    """Read a period as the user writes it.

    Parameters
    ----------
    text : str
        `2018-H1`, `2018-Q1`, `2018`, or an ISO 8601 interval of months or days; a folder's name
        has `--` for the slash.

    Raises
    ------
    UsageError
        If the text is no period, or its end lies before its start.

    >>> parse("2018-Q2").first, parse("2018-Q2").last
    (datetime.date(2018, 4, 1), datetime.date(2018, 6, 30))
    >>> parse("2017-04/2017-12").last
    datetime.date(2017, 12, 31)
    >>> parse("2018-01--2018-06").name
    '2018-01/2018-06'
    """
    text = str(text).strip().replace("--", "/")
    try:
        start, end = _named(text) or _interval(text)
    except (TypeError, ValueError):
        raise UsageError(
            f"De periode ‘{text[:30]}’ is niet te lezen: schrijf een half jaar als 2018-H1, een "
            "kwartaal als 2018-Q1, een jaar als 2018 of een tijdvak als 2017-04/2017-12."
        ) from None
    if end < start:
        raise UsageError(f"De periode ‘{text}’ eindigt voor het begin: draai begin en eind om.")
    return Period(text, start, end)


def half_year_of(day: date) -> Period:
    """Return the half-year that holds the day."""
    return _named_at(day, "H")


def last_ended_half_year(today: date) -> Period:
    """Return the last half-year that has ended before today.

    >>> last_ended_half_year(date(2018, 7, 13)).name
    '2018-H1'
    """
    return half_year_of(today).before()


def months(start: date, end: date) -> float:
    """Count the months from start to end, both included; parts of a month by days.

    >>> months(date(2017, 4, 1), date(2017, 12, 31))
    9.0
    >>> months(date(2018, 4, 16), date(2018, 5, 31))
    1.5
    """
    if end < start:
        return 0.0
    months_between = 12 * (end.year - start.year) + end.month - start.month
    missed = (start.day - 1) / _month_end(start.year, start.month).day
    reached = end.day / _month_end(end.year, end.month).day
    return months_between - missed + reached


def months_before(day: date, number: int) -> date:
    """Return the day so many months earlier; where that month is too short, its last day.

    >>> str(months_before(date(2018, 1, 1), 6)), str(months_before(date(2018, 3, 31), 1))
    ('2017-07-01', '2018-02-28')
    """
    index = 12 * day.year + day.month - 1 - number
    end = _month_end(index // 12, index % 12 + 1)
    return end.replace(day=min(day.day, end.day))


def common(left: Spans, right: Spans) -> Spans:
    """Return the days that lie in both.

    >>> year, winter = parse("2017"), parse("2017-10/2018-03")
    >>> [span] = common([Span(year.first, year.last)], [Span(winter.first, winter.last)])
    >>> str(span.first), str(span.last)
    ('2017-10-01', '2017-12-31')
    """
    pairs = ((max(a.first, b.first), min(a.last, b.last)) for a in left for b in right)
    return joined([Span(first, last) for first, last in pairs if first <= last])


def joined(spans: Spans) -> Spans:
    """Return the days that lie in any, in order; spans that adjoin become one."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and result[-1].last >= span.first - min(DAY, span.first - date.min):
            result[-1] = Span(result[-1].first, max(result[-1].last, span.last))
        else:
            result.append(span)
    return tuple(result)


def total_months(spans: Spans) -> float:
    """Count the months of spans that do not overlap; parts of a month by days."""
    return round(sum(months(*span) for span in spans), 6)


def _named_at(day: date, part: str | None) -> Period:
    """Return the year, half-year (`H`) or quarter (`Q`) that holds the day."""
    number = (day.month - 1) // _PARTS[part] + 1
    return parse(f"{day.year:04}-{part}{number}" if part else f"{day.year:04}")


def _named(text: str) -> tuple[date, date] | None:
    match = _NAMED.fullmatch(text)
    if not match:
        return None
    length = _PARTS[match["part"]]
    start = (int(match["number"] or 1) - 1) * length + 1
    if not 1 <= start <= 13 - length:
        raise ValueError(text)
    year = int(match["year"])
    return date(year, start, 1), _month_end(year, start + length - 1)


def _interval(text: str) -> tuple[date, date]:
    match = _INTERVAL.fullmatch(text)
    if not match:
        raise ValueError(text)
    begin, end = match.groups()
    start = date.fromisoformat(begin if len(begin) == 10 else f"{begin}-01")
    if len(end) == 10:
        return start, date.fromisoformat(end)
    end_month = date.fromisoformat(f"{end}-01")
    return start, _month_end(end_month.year, end_month.month)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
