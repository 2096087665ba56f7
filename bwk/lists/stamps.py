"""What a cell says of time, whole or in part: `maart`, `ma 11-1`, `week 3`, `2021`, `3/19/2021`.

The parts that the cells of a row, a column and a title give are put together into a moment.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bwk.formats import MONTHS
from bwk.registrations.values import day_numbered


def _numbered(*lists: str) -> dict[str, int]:
    """Number the names in each list, from 1."""
    return {name: number for names in lists for number, name in enumerate(names.split(), start=1)}


_MONTHS_IN_FULL = _numbered(
    " ".join(MONTHS),
    "january february march april may june july august september october november december",
)
_MONTHS_BY_NAME = {
    **_MONTHS_IN_FULL,
    **{name[:3]: number for name, number in _MONTHS_IN_FULL.items()},
    "mrt": 3,
    "febr": 2,
    "sept": 9,
}
# Beside a day alone: `Mart` is somebody's name too.
_ELSEWHERE = _numbered(
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
)
_WEEKDAYS = (
    r"(?:ma|di|wo|do|vr|za|zo|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|"
    r"mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"\b\.?,?\s*"
)


def _any_of(names: Iterable[str]) -> str:
    return rf"(?P<month_name>{'|'.join(sorted(names, key=len, reverse=True))})\b\.?"


_PARTS = {
    "month": _any_of(_MONTHS_BY_NAME),
    "month_anywhere": _any_of({**_MONTHS_BY_NAME, **_ELSEWHERE}),
    "weekday": rf"(?:{_WEEKDAYS})?",
    "year": r"(?P<year>(?:19|20)\d\d)",
    "short_year": r"(?P<year>(?:19|20)\d\d|’?'?\d\d)",
    "clock": r"(?:[T ,]+\d{1,2}[:.]\d\d.*)?",
    "day": r"(?P<day>0?[1-9]|[12]\d|3[01])",
    "month_number": r"(?P<month>0?[1-9]|1[0-2])",
    "pair": r"(?P<one>\d{1,2})[-/. ](?P<two>\d{1,2})",
    "week": r"(?:week|wk|w)\.?\s*(?:nr\.?\s*)?(?P<week>0?[1-9]|[1-4]\d|5[0-3])",
}
_FORMS = [
    re.compile(form % _PARTS, re.IGNORECASE)
    for form in (
        r"%(year)s[-/.年]%(month_number)s[-/.月]%(day)s日?%(clock)s",
        r"%(weekday)s%(pair)s[-/. ]%(short_year)s%(clock)s",
        r"%(weekday)s(?P<one>\d{1,2})[-/](?P<two>\d{1,2})",
        r"%(weekday)s%(day)s[-. ]*%(month_anywhere)s(?:[-/ ]*%(short_year)s)?%(clock)s",
        r"%(weekday)s%(month)s %(day)s(?:st|nd|rd|th)?,? %(year)s%(clock)s",
        r"(?:maand )?%(month)s(?:[-/ ]*%(short_year)s)?",
        r"%(year)s[-/ ]+%(month)s",
        r"%(year)s[-/](?P<month>0[1-9]|1[0-2])",
        r"%(month_number)s[-/]%(year)s",
        r"%(week)s(?:[-/ ]+%(year)s)?(?: ?\(.*\))?",
        r"%(year)s[- ]*%(week)s",
        r"%(week)s (?P<weekday>[a-z]{2})",
        r"(?:jaar )?%(year)s",
    )
]
_WEEKDAY_NUMBERS = _numbered("ma di wo do vr za zo", "mo tu we th fr sa su")
_DAY_AND_MONTH = re.compile(rf"\b{_PARTS['day']}\s+{_PARTS['month']}")
_SERIAL = re.compile("[34][0-9]{4}")  # days since 1899, as a csv of a spreadsheet has them
_WEEKDAY_ALONE = re.compile(_WEEKDAYS + r"\d?", re.IGNORECASE)
_SEASON = re.compile(r"(?<!\d)(20\d\d)\s*[-/]\s*(20\d\d|\d\d)(?!\d)")
_YEAR_ALONE = re.compile(r"(?<!\d)20\d\d(?!\d)")


class Stamp(NamedTuple):
    """Parts of a moment; `pair` are the day and month of 3/4/2021, in an order not yet known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    week: int | None = None
    pair: tuple[int, int] | None = None
    is_date: bool = False  # written by a program as year, month and day
    weekday: int | None = None  # of the week, from 1

    def __bool__(self) -> bool:
        return any(self)

    @property
    def is_day(self) -> bool:
        """Whether it says of which day it is."""
        return bool(self.day or self.pair or self.weekday)

    @property
    def is_whole(self) -> bool:
        """Whether it says more than a year."""
        return bool(self.month or self.week or self.pair)

    def filled(self, stamp: "Stamp") -> "Stamp":
        """Take the parts that are missing here from another."""
        return Stamp._make(own or part for own, part in zip(self, stamp, strict=True))

    def ordered(self, month_first: bool) -> "Stamp":
        """Say which of the pair is the month."""
        if not self.pair:
            return self
        month, day = self.pair if month_first else self.pair[::-1]
        return self._replace(month=month, day=day, pair=None)

    @property
    def moment(self) -> str:
        """The day, month or week as the data folder writes it; empty where it cannot be."""
        if not self.year or not (self.month or self.week):
            return ""
        try:
            if self.week:
                day = date.fromisocalendar(self.year, self.week, self.weekday or 1)
                return day.isoformat() if self.weekday else f"{self.year}-W{self.week:02}"
            day = date(self.year, self.month or 0, self.day or 1)
        except ValueError:
            return ""
        return day.isoformat() if self.day else day.isoformat()[:7]


NOTHING = Stamp()


@lru_cache(200_000)
def read(text: str) -> Stamp:
    """Read what a cell says of time and nothing else.

    >>> read("ma 11 jan. 2021").moment, read("mrt-21").moment, read("week 3 2021").moment
    ('2021-01-11', '2021-03', '2021-W03')
    >>> read("3/19/2021 13:22:00").pair, read("18-65") == read("Taal") == NOTHING
    ((3, 19), True)
    """
    text = text.strip().casefold()
    if len(text) > 40:  # a sentence
        return NOTHING
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _of(match.groupdict())
    return NOTHING


def _of(parts: dict[str, str | None]) -> Stamp:
    written = {
        name: int(text.strip("’'")) for name, text in parts.items() if text and text[-1:].isdigit()
    }
    year, day = written.get("year"), written.get("day")
    if year is not None and year < 100:
        year += 2000
    pair = (written["one"], written["two"]) if "one" in written else None
    if pair and not (0 < min(pair) <= 12 and max(pair) <= 31):
        return NOTHING
    name = parts.get("month_name") or ""
    month = _MONTHS_BY_NAME.get(name) or _ELSEWHERE.get(name) or written.get("month")
    is_date = bool(day and "month" in written)
    weekday = _WEEKDAY_NUMBERS.get(parts.get("weekday") or "")
    return Stamp(year, month, day, written.get("week"), pair, is_date, weekday)


def serial(text: str) -> Stamp:
    """Read a number of days as a spreadsheet counts them, where a column holds dates."""
    days = text.split(",")[0]
    if not _SERIAL.fullmatch(days):
        return NOTHING
    day = day_numbered(int(days))
    return Stamp(day.year, day.month, day.day)


def bare(text: str, part: str) -> Stamp:
    """Read a number that stands for a month, week or year by where it stands; else for a day."""
    part = part or "day"
    least, most = {"day": (1, 31), "month": (1, 12), "week": (1, 53), "year": (1900, 2100)}[part]
    if not re.fullmatch("[0-9]{1,4}", text) or not least <= int(text) <= most:
        return NOTHING
    return Stamp(**{part: int(text)})  # type: ignore[arg-type]


def anyhow(text: str, part: str = "") -> Stamp:
    """Read a text that says when, also as a number: of days since 1899, or of a part of a date."""
    return read(text) or serial(text) or bare(text, part)


def in_row(cells: Iterable[str]) -> list[Stamp]:
    """Read a row of times; numbers that ascend may be days as a spreadsheet counts them.

    >>> [time.moment for time in in_row(["Naam", "44200", "44207"])]
    ['', '2021-01-04', '2021-01-11']
    """
    texts = list(cells)
    days = [serial(text) for text in texts]
    numbered = [day for day in days if day]
    ascends = len(numbered) > 1 and numbered == sorted(set(numbered))
    return [
        read(text) or (day if ascends else NOTHING) for text, day in zip(texts, days, strict=True)
    ]


def is_year(text: str) -> bool:
    """Tell whether a text names a year alone."""
    stamp = read(text)
    return stamp.year is not None and not stamp.is_whole


def is_weekday(text: str) -> bool:
    """Tell whether a cell names a day of the week alone.

    >>> is_weekday("ma"), is_weekday("Woensdag"), is_weekday("ma 11-1")
    (True, True, False)
    """
    return bool(_WEEKDAY_ALONE.fullmatch(text.strip()))


def are_weekdays(cells: Iterable[str]) -> bool:
    """Tell whether most of the filled cells name a day of the week alone."""
    texts = [text for text in cells if text]
    return bool(texts) and sum(map(is_weekday, texts)) >= 0.6 * len(texts)


def ordered(stamps: Sequence[Stamp], is_english: bool = False) -> list[Stamp] | None:
    """Give the days of a column their month, in one order for all; None where there is none.

    Where no number is above 12, the order in which the days ascend decides, as forms are answered
    one after the other; then the language of the headings.

    A Dutch spreadsheet that opens a list of 3/4/2021 turns what can be a Dutch date into one, and
    leaves 3/19/2021 a text. Its dates then have day and month the wrong way round.
    """
    pairs = [stamp.pair for stamp in stamps if stamp.pair]
    is_day_first = any(begin > 12 for begin, _ in pairs)
    is_month_first = any(end > 12 for _, end in pairs)
    if is_day_first and is_month_first:
        return None
    if not (is_day_first or is_month_first):
        by_day, by_month = _ascends(stamps, False), _ascends(stamps, True)
        is_month_first = by_month if by_day != by_month else is_english
    is_turned = (
        bool(pairs)
        and all(end > 12 for _, end in pairs)
        and all((stamp.day or 0) <= 12 for stamp in stamps if stamp.is_date)
    )
    return [
        stamp._replace(month=stamp.day, day=stamp.month)
        if stamp.is_date and is_turned
        else stamp.ordered(is_month_first)
        for stamp in stamps
    ]


def _ascends(stamps: Iterable[Stamp], month_first: bool) -> bool:
    days = [stamp.ordered(month_first)[:3] for stamp in stamps if stamp.pair]
    numbers = [[part or 0 for part in day] for day in days]
    return numbers == sorted(numbers)


def years_in(text: str) -> tuple[int, ...]:
    """Return the year that a title names, or the two of a season.

    >>> years_in("Presentie 2020-2021"), years_in("Inloop maart 2021"), years_in("Taal 2021-03")
    ((2020, 2021), (2021,), (2021,))
    """
    for match in _SEASON.finditer(text):
        begin, end = int(match[1]), int(match[2]) % 100
        if end == (begin + 1) % 100:
            return begin, begin + 1
    years = sorted({int(year) for year in _YEAR_ALONE.findall(text)})
    return (years[0],) if len(years) == 1 else ()


def month_in(text: str) -> Stamp:
    """Return the only month, day or week that a title names, with any year.

    >>> month_in("Inloop januari 2021").moment, month_in("taalgroep januari-maart 2021").moment
    ('2021-01', '')
    >>> month_in("jan '21").moment
    '2021-01'
    """
    plain = text.strip().casefold()
    if (whole := read(plain)).is_whole and whole.year:
        return whole
    names = re.findall(r"[^\W\d_]+", plain)
    months = [_MONTHS_BY_NAME[name] for name in names if name in _MONTHS_BY_NAME]
    week = re.search(r"\b(?:week|wk)\.?\s*(\d{1,2})\b", plain)
    years = years_in(plain)
    stamp = Stamp(years[0]) if len(years) == 1 else NOTHING
    if len(months) == 1:
        day = _DAY_AND_MONTH.search(plain)
        return stamp._replace(month=months[0], day=int(day["day"]) if day else None)
    if week and not months:
        return stamp._replace(week=int(week[1]))
    return read(re.sub(r"^.*?(?=20\d\d-\d\d$)", "", plain))


def first_month(*titles: str) -> Stamp:
    """Return what the first title names that names a month, day or week."""
    months = map(month_in, titles)
    return next((stamp for stamp in months if stamp.is_whole), NOTHING)


def with_years(stamps: Iterable[Stamp], years: Sequence[int]) -> list[Stamp]:
    """Give stamps without a year that of the list; one of two years changes where it says so.

    Of a season the months from August on are in its first year. Of one year, months that begin
    again after December are in the next.
    """
    stamps = list(stamps)
    months = [stamp.month or ((stamp.week or 1) - 1) // 4.4 + 1 for stamp in stamps]
    turns = [place for place in range(1, len(months)) if months[place] < months[place - 1] - 6]
    turn = turns[0] if len(turns) == 1 and len(years) == 1 else len(stamps)
    for place, (stamp, month) in enumerate(zip(stamps, months, strict=True)):
        if stamp.year is None and years and (stamp.month or stamp.week):
            is_later = place >= turn or (len(years) > 1 and month < 8)
            stamps[place] = stamp._replace(year=years[0] + is_later)
    return stamps
