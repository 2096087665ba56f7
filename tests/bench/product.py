"""How often the whole product is wrong, from a data folder to its facts, where nothing changes.

Each programme has a few locations and services, three years, and people who come for weeks or
months: with households, in weekly and monthly groups, on consultations, or uncounted by name. What
one service gets more of, from the first day of the period, is of the second argument (1.4: 40%).

    python tests/bench/product.py [PROGRAMMES [GROWTH]]
"""

import itertools
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from bwk import facts, periods
from bwk.facts import FactSheet

FIRST, LAST = date(2016, 1, 1), date(2018, 12, 31)
BEFORE = 900  # days in which people began to come whom the first day finds there
DATES = pd.date_range(FIRST, LAST)
DAYS = np.arange(len(DATES))
WEEK = np.minimum((DATES.day_of_year - 1) // 7, 51).to_numpy()
CHRISTMAS = np.isin(WEEK, (0, 51))
HOLIDAYS = CHRISTMAS | np.isin(WEEK, (8, 17, 28, 29, 30, 31, 32, 33, 42))
PERIOD = periods.parse("2018-H1")
CLEAR = ("meer", "minder")
OFF_COURSE = {"boven koers": 1, "onder koers": -1}
OPENED = date(2015, 1, 1)
Rng = np.random.Generator
Household = list[np.ndarray]  # of each member the days on which he or she came


class Kind(NamedTuple):
    """A kind of service: how many begin a day, how long they stay, when and how often they come.

    `chance` are the parameters of a beta distribution: what share of the open days each comes.
    """

    arrivals: float
    stay: float
    chance: tuple[float, float]
    days_a_week: int
    closed: np.ndarray = CHRISTMAS
    household: int = 1  # members, at most
    monthly: bool = False


KINDS = {
    "drop-in": Kind(0.10, 120, (0.5, 2.5), 3),
    "class": Kind(0.05, 210, (6, 2), 1, HOLIDAYS),
    "families": Kind(0.05, 60, (1, 3), 1, household=5),
    "consultation": Kind(0.50, 15, (1, 2), 2),
    "once": Kind(0.60, 1, (20, 1), 5),
    "monthly": Kind(0.04, 400, (5, 2), 1, monthly=True),
}
HEADS = "head counts"


class Made(NamedTuple):
    """A programme: its visits, with `day` from the first of them, and the kind of each service."""

    visits: pd.DataFrame
    kinds: dict[str, str]
    locations: list[str]


def programme(rng: Rng, growth: float) -> Made:
    """Make a programme up; the first service of its first location grows."""
    locations = [f"l{number}" for number in range(rng.integers(2, 4))]
    names = rng.permutation([*KINDS, HEADS])[: rng.integers(4, 8)]
    kinds = {f"d{number}": str(name) for number, name in enumerate(names)}
    rows = []
    for location in locations:
        season = 1 + rng.uniform(0, 0.25) * np.cos(2 * np.pi * WEEK / 52 + rng.uniform(0, 6.3))
        for service, kind in kinds.items():
            grows = (location, service) == ("l0", "d0")
            inflow = season * np.where(grows & (pd.Timestamp(PERIOD.first) <= DATES), growth, 1)
            rows += visits(rng, location, service, kind, inflow)
    columns = ["locatie", "dienst", "deelnemer", "day", "aantal"]
    return Made(pd.DataFrame(rows, columns=columns), kinds, locations)


def visits(rng: Rng, location: str, service: str, name: str, inflow: np.ndarray) -> list[tuple]:
    """Return the rows of a service at a location."""
    size = float(np.exp(rng.normal(0, 0.5)))
    weekdays = rng.permutation(5)
    if name == HEADS:
        open_days = DAYS[np.isin(DATES.day_of_week, weekdays[:2]) & ~CHRISTMAS]
        heads = rng.poisson(rng.gamma(4, 1.5 * size, len(open_days)) * inflow[open_days])
        counted = zip(open_days[heads > 0], heads[heads > 0], strict=True)
        return [(location, service, "", day, number) for day, number in counted]
    kind = KINDS[name]
    open_days = DAYS[np.isin(DATES.day_of_week, weekdays[: kind.days_a_week]) & ~kind.closed]
    if kind.monthly:
        open_days = open_days[DATES.day[open_days] <= 7]
    members = (member for home in households(rng, kind, size, inflow, open_days) for member in home)
    return [
        (location, service, f"p{location}{service}x{number}", day, 1)
        for number, days in enumerate(members)
        for day in days
    ]


def households(
    rng: Rng, kind: Kind, size: float, inflow: np.ndarray, open_days: np.ndarray
) -> Iterator[Household]:
    """Yield the households that come: together, but for a member who is away now and then."""
    expected = kind.arrivals * size * np.append(np.full(BEFORE, inflow[0]), inflow)
    for begin in np.repeat(np.arange(-BEFORE, len(DAYS)), rng.poisson(expected)):
        end = begin + max(rng.exponential(kind.stay), 7)
        there = open_days[(open_days >= begin) & (open_days < end)]
        came = there[rng.random(len(there)) < rng.beta(*kind.chance)]
        if kind.household == 1:
            yield [came]
        else:
            number = rng.integers(1, kind.household + 1)
            yield [came[rng.random(len(came)) < 0.85] for _ in range(number)]


def write(folder: Path, made: Made, last: date) -> None:
    """Write the data folder of a programme, as it is on a day."""
    kept = itertools.product(made.locations, ("deelnames", "deelnemers"))
    tables = {
        "locaties": ["locatie;naam;wijk;geopend_op"]
        + [f"{name};{name};W;{OPENED}" for name in made.locations],
        "diensten": ["dienst;naam;leefgebied", *(f"{name};{name};Leren" for name in made.kinds)],
        "rolnamen": ["rol;naam", "vrijwilliger;Vrijwilligers"],
        "rollen": ["locatie;persoon;rol;van"],
        "bijgehouden": ["locatie;wat;van", *(f"{name};{what};{FIRST}" for name, what in kept)],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join([*lines, ""]))
    settings = 'naam = "W"\nplaats = "Stad"\n[publicatie]\ndrempel = 1\n'
    (folder / "programma.toml").write_text(settings)
    until = made.visits[made.visits["day"] <= (last - FIRST).days]
    days = [FIRST + timedelta(int(day)) for day in until["day"]]
    until.drop(columns="day").assign(datum=days).to_csv(
        folder / "deelnames.csv", sep=";", index=False
    )


def totals(made: Made, scope: str, year: int) -> pd.Series:
    """Count the visits of each service in a year."""
    chosen = made.visits[DATES.year[made.visits["day"]] == year]
    if scope != facts.CITY:
        chosen = chosen[chosen["locatie"] == scope]
    return chosen.groupby("dienst")["aantal"].sum().reindex([*made.kinds], fill_value=0)


def judged(made: Made, sheet: FactSheet) -> dict[str, list[bool]]:
    """Return what went wrong in a report, each a list of whether it did."""
    scope = sheet.scope.slug
    year, before = totals(made, scope, 2018), totals(made, scope, 2017)
    verdicts = [
        fact.value
        for name, fact in sheet.facts.items()
        if name.startswith("oordeel_") and fact.value in (*CLEAR, "geen duidelijk verschil")
    ]
    missed, astray = [], []
    for service in made.kinds:
        low, high = (sheet.facts.get(f"prognose_{end}.{service}") for end in ("laag", "hoog"))
        if low and high and low.value is not None and high.value is not None:
            missed.append(not low.value <= year[service] <= high.value)
        course = sheet.facts.get(f"koers.{service}")
        if course and (way := OFF_COURSE.get(str(course.value))):
            astray.append(way * (year[service] - before[service]) <= 0)
        elif course and course.value:
            astray.append(False)
    clear = [verdict in CLEAR for verdict in verdicts]
    return {
        "verdicts that are clear": clear,
        "reports with one or more": [any(clear)],
        "totals outside the 80% margin": missed,
        "courses that the year's end contradicts": astray,
    }


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    growth = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    seen: dict[tuple[str, str], list[bool]] = {}
    for seed in range(number):
        made = programme(np.random.default_rng([21, seed]), growth)
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), made, PERIOD.last)
            book = facts.work_out(Path(folder), PERIOD)
        for scope, sheet in book.sheets.items():
            where = "city" if scope == facts.CITY else "locations"
            for what, wrong in judged(made, sheet).items():
                seen.setdefault((where, what), []).extend(wrong)
    for (where, what), wrong in sorted(seen.items()):
        print(f"{where}: {what}: {sum(wrong)} of {len(wrong)} ({np.mean(wrong or [0]):.1%})")


if __name__ == "__main__":
    main()
