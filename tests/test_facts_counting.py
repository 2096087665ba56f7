"""What the engine counts: against ground truth, other ways of working out, and laws."""

from datetime import date, timedelta
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bwk import periods
from bwk.facts.counting import Calendar, Census, Counting, held
from bwk.facts.expressions import (
    EARLIER,
    HOLDS,
    LIVES,
    NEAR,
    NEW,
    RECIPROCAL,
    SEEN,
    SEVERAL,
    Condition,
    Count,
    Interval,
    People,
    Referrals,
    Visits,
    people,
    people_who,
    visits,
)
from bwk.registrations import Registrations

TRUTH = Path(__file__).parent / "ground_truth" / "indicators"
SERVICES = ["ontmoeting", "taal", "klussen"]
LOCATIONS = ["noord", "zuid"]
PERIOD = periods.parse("2018-H1")
HALF_YEAR = Interval(PERIOD.first, PERIOD.last)
MARGIN = timedelta(60)
ALWAYS = Interval(HALF_YEAR.first - MARGIN, HALF_YEAR.last + MARGIN)
SCOPES = {"noord": ("noord",), "zuid": ("zuid",), "stad": tuple(LOCATIONS)}
CITY = SCOPES["stad"]
ORDERED = {
    "locatie": LOCATIONS,
    "dienst": SERVICES,
    "rol": ["vrijwilliger", "sleutelhouder", "stagiair"],
    "richting": ["naar", "van"],
    "partner": ["buurtteam", "portaal"],
}
COLUMNS = {
    "deelnames": ["datum", "locatie", "dienst", "deelnemer", "aantal"],
    "deelnemers": ["deelnemer", "buurt"],
    "buurten": ["buurt", "omgeving_van"],
    "rollen": ["locatie", "persoon", "rol", "van", "tot"],
    "verwijzingen": ["datum", "locatie", "partner", "richting", "deelnemer"],
}
DOMAINS = {"Meedoen": ("ontmoeting", "klussen"), "Taal": ("taal",)}


def tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Give the columns the types that the registrations give them."""
    kinds = {name: pd.CategoricalDtype(values) for name, values in ORDERED.items()}
    dates = dict.fromkeys(("datum", "van", "tot"), "datetime64[ns]")
    wanted = kinds | dates | {"deelnemer": "category", "aantal": "int64"}
    return table.astype({name: kind for name, kind in wanted.items() if name in table})


def load(name: str) -> pd.DataFrame:
    table = pd.read_csv(TRUTH / f"{name}.csv")
    return table if name in ("diensten", "deelnemers", "buurten") else tidy(table)


def census(*cuts: Interval, **tables: pd.DataFrame) -> Census:
    """Make a census of some tables, those that are not given empty; `cuts` are more intervals."""
    empty = {name: tidy(pd.DataFrame(columns=columns)) for name, columns in COLUMNS.items()}
    full = empty | tables
    named = {key: pd.DataFrame({key: values}) for key, values in ORDERED.items()}
    data = Registrations(
        locations=named["locatie"],
        services=named["dienst"],
        role_names=named["rol"],
        neighbourhoods=full["buurten"],
        partners=named["partner"],
        participants=full["deelnemers"],
        roles=full["rollen"],
        referrals=full["verwijzingen"],
        participations=full["deelnames"],
    )
    return Census(data, Calendar([HALF_YEAR, ALWAYS, *cuts]))


def small_data_set() -> Census:
    return census(**{name: load(name) for name in COLUMNS})


def used(service: str) -> People:
    return people_who(Condition(SEEN, (service,)))


def both(service: str, other: str) -> People:
    return people_who(*used(service).conditions, *used(other).conditions)


def living(home: str) -> People:
    return people_who(Condition(SEEN), Condition(LIVES, (home,)))


def compute(indicator: str, scope: str) -> dict[str, int]:
    """Work out one indicator of the small data set, as key to value."""
    counts, where = small_data_set(), SCOPES[scope]

    def counted(of: Any) -> Counting:
        return counts.count(Count(of, HALF_YEAR, where))

    referred = {
        " ".join(pair): counted(Referrals(*pair))
        for pair in product(ORDERED["richting"], ORDERED["partner"])
    }
    ways = {
        "all_participants": lambda: {"": counted(people()).value},
        "all_people_behind": lambda: {"": counted(visits()).people},
        "participants": lambda: {s: counted(used(s)).value for s in SERVICES},
        "participations": lambda: {s: counted(Visits((s,))).value for s in SERVICES},
        "people_behind": lambda: {s: counted(Visits((s,))).people for s in SERVICES},
        "domain_participations": lambda: {
            domain: counted(Visits(own)).value for domain, own in DOMAINS.items()
        },
        "domain_participants": lambda: {
            domain: counted(people_who(Condition(SEEN, own))).value
            for domain, own in DOMAINS.items()
        },
        "newcomers": lambda: {
            "new": counted(people(NEW)).value,
            "returning": counted(people(EARLIER)).value,
        },
        "users_of_several_services": lambda: {"": counted(people(SEVERAL)).value},
        "reciprocal": lambda: {"": counted(people(roles=RECIPROCAL)).value},
        "people_by_role": lambda: {
            role: counted(people_who(Condition(HOLDS, (role,)))).value for role in ORDERED["rol"]
        },
        "origins": lambda: {
            home: number
            for home in ("bos", "duin", "kade", "")
            if (number := counted(living(home)).value)
        },
        "from_surroundings": lambda: {"": counted(people(NEAR)).value},
        "referrals": lambda: {key: counting.value for key, counting in referred.items()},
        "referred": lambda: {key: counting.people for key, counting in referred.items()},
        "mixing": lambda: {
            f"{one} {other}": counted(both(one, other)).value
            for one, other in product(SERVICES, SERVICES)
        },
    }
    return ways[indicator]()


def ground_truth():
    truth = pd.read_csv(TRUTH / "truth.csv", keep_default_na=False)
    for (scope, indicator), rows in truth.groupby(["scope", "indicator"]):
        expected = dict(zip(rows["key"], rows["value"], strict=True))
        yield pytest.param(scope, indicator, expected, id=f"{scope}-{indicator}")


@pytest.mark.parametrize(("scope", "indicator", "expected"), ground_truth())
def test_small_data_set_by_hand(scope, indicator, expected):
    found = compute(indicator, scope)
    if indicator == "mixing":
        expected |= {" ".join(reversed(key.split())): n for key, n in expected.items()}
    assert found == expected


def law(*strategies):
    """Make a test of what holds in all cases, without a time limit per case."""
    return lambda test: settings(deadline=None, max_examples=40)(given(*strategies)(test))


# Laws that hold for any participations

DAYS = st.dates(ALWAYS.first, ALWAYS.last)
NAMED = st.tuples(
    DAYS,
    st.sampled_from(LOCATIONS),
    st.sampled_from(SERVICES),
    st.sampled_from([f"p{n}" for n in range(8)]),
    st.just(1),
)
HEADS = st.tuples(
    DAYS, st.sampled_from(LOCATIONS), st.sampled_from(SERVICES), st.none(), st.integers(0, 9)
)
ROWS = st.lists(st.one_of(NAMED, HEADS), max_size=30)


def table(rows: list[tuple]) -> pd.DataFrame:
    return tidy(pd.DataFrame(rows, columns=COLUMNS["deelnames"]))


def counted(rows: list[tuple], of: Any, when: Interval = ALWAYS, **tables: Any) -> Counting:
    cuts = tables.pop("cuts", ())
    counts = census(*cuts, deelnames=table(rows), **tables)
    return counts.count(Count(of, when, CITY))


EVERYTHING = [
    people(),
    people(NEW),
    people(EARLIER),
    people(SEVERAL),
    people(NEAR),
    visits(),
    *map(used, SERVICES),
    living("bos"),
    *(both(a, b) for a, b in combinations(SERVICES, 2)),
]


def measured(participations: pd.DataFrame) -> list[tuple[int, int]]:
    """Give everything that is worked out from participations alone."""
    homes = pd.DataFrame({"deelnemer": ["p0", "p1", "p2"], "buurt": ["bos", "kade", None]})
    around = pd.DataFrame({"buurt": ["bos", "kade"], "omgeving_van": LOCATIONS})
    counts = census(deelnames=participations, deelnemers=homes, buurten=around)
    return [counts.count(Count(of, HALF_YEAR, CITY))[:2] for of in EVERYTHING]


@law(ROWS)
def test_counts_agree_with_plain_sets(rows):
    named = [(service, who) for _, _, service, who, _ in rows if who]
    heads = [(service, number) for _, _, service, who, number in rows if not who]
    assert counted(rows, people()).value == len({who for _, who in named})
    for service in SERVICES:
        users = {who for used_service, who in named if used_service == service}
        anonymous = sum(number for used_service, number in heads if used_service == service)
        assert counted(rows, used(service)).value == len(users)
        assert counted(rows, Visits((service,))).people == max(len(users), anonymous)


@law(ROWS, st.sets(st.sampled_from(SERVICES), min_size=1))
def test_several_services_together_count_nobody_twice(rows, services):
    named = {who for _, _, service, who, _ in rows if who and service in services}
    heads = sum(number for _, _, service, who, number in rows if not who and service in services)
    keys = tuple(sorted(services))
    assert counted(rows, people_who(Condition(SEEN, keys))).value == len(named)
    assert counted(rows, Visits(keys)).people == max(len(named), heads)


@law(ROWS)
def test_users_of_several_services_agree_with_plain_sets(rows):
    services: dict[str, set[str]] = {}
    for _, _, service, who, _ in rows:
        if who:
            services.setdefault(who, set()).add(service)
    several = sum(len(own) > 1 for own in services.values())
    assert counted(rows, people(SEVERAL)).value == several


@law(ROWS, st.integers(1, 4))
def test_how_often_people_came_agrees_with_plain_lists(rows, times):
    once = {(day, place, service, who) for day, place, service, who, _ in rows if who}
    came = [who for *_, who in once]
    often = {who for who in came if came.count(who) >= times}
    unique = [row for row in rows if not row[3]] + [(*row, 1) for row in sorted(once)]
    assert counted(unique, people(times=times)).value == len(often)


@law(ROWS)
def test_newcomers_agree_with_first_days(rows):
    first_day, seen = {}, set()
    for day, _, _, who, _ in sorted(rows, key=lambda row: row[0]):
        if who:
            first_day.setdefault(who, day)
            seen |= {who} if PERIOD.contains(day) else set()
    new = sum(PERIOD.contains(first_day[who]) for who in seen)
    assert counted(rows, people(NEW), HALF_YEAR).value == new
    assert counted(rows, people(EARLIER), HALF_YEAR).value == len(seen) - new


@law(ROWS)
def test_surroundings_agree_with_plain_sets(rows):
    homes = {"p0": "noord", "p1": "zuid", "p2": "noord"}
    tables = {
        "deelnemers": pd.DataFrame({"deelnemer": [*homes], "buurt": [*homes.values()]}),
        "buurten": pd.DataFrame({"buurt": LOCATIONS, "omgeving_van": LOCATIONS}),
    }
    near = {who for _, place, _, who, _ in rows if homes.get(who) == place}
    assert counted(rows, people(NEAR), **tables).value == len(near)


@law(ROWS)
def test_parts_add_up_to_the_whole(rows):
    amounts = sum(number for *_, number in rows)
    assert counted(rows, visits()).value == amounts
    assert sum(counted(rows, Visits((service,))).value for service in SERVICES) == amounts
    homes = pd.DataFrame({"deelnemer": ["p0", "p1"], "buurt": ["bos", None]})
    origins = [counted(rows, living(home), deelnemers=homes).value for home in ("bos", "")]
    assert sum(origins) == counted(rows, people()).value
    both = [counted(rows, people(kind), HALF_YEAR).value for kind in (NEW, EARLIER)]
    assert sum(both) == counted(rows, people(), HALF_YEAR).value


@law(ROWS)
def test_uniques_lie_between_the_largest_part_and_the_sum(rows):
    parts = [counted(rows, used(service)).value for service in SERVICES]
    assert max(parts) <= counted(rows, people()).value <= sum(parts)


@law(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert measured(table(shuffled)) == measured(table(rows))


@law(ROWS)
def test_inputs_are_not_changed(rows):
    given_table = table(rows)
    before = given_table.copy(deep=True)
    measured(given_table)
    pd.testing.assert_frame_equal(given_table, before)


@law(ROWS, DAYS)
def test_split_period_adds_up(rows, day):
    cut = max(HALF_YEAR.first, min(day, HALF_YEAR.last - timedelta(1)))
    halves = Interval(HALF_YEAR.first, cut), Interval(cut + timedelta(1), HALF_YEAR.last)
    whole, first, second = (
        counted(rows, visits(), when, cuts=halves).value for when in (HALF_YEAR, *halves)
    )
    inside = sum(number for day, *_, number in rows if PERIOD.contains(day))
    assert first + second == whole == inside


@law(st.lists(st.tuples(DAYS, st.one_of(st.none(), DAYS)), max_size=8), DAYS, DAYS)
def test_role_is_held_on_any_day_of_the_interval(spans, one, other):
    interval = Interval(min(one, other), max(one, other))
    spans = [(van, tot if tot is None else max(van, tot)) for van, tot in spans]
    roles = pd.DataFrame(spans, columns=["van", "tot"]).astype("datetime64[ns]")
    length = (interval.last - interval.first).days + 1
    days = [interval.first + timedelta(n) for n in range(length)]
    expected = [any(van <= day <= (tot or day) for day in days) for van, tot in spans]
    rows = set(held(roles, interval).index)
    assert [n in rows for n in range(len(spans))] == expected


def test_what_is_asked_twice_is_counted_once():
    counts = small_data_set()
    count = Count(people(), HALF_YEAR, CITY)
    assert counts.count(count) is counts.count(count)


def test_empty_tables_give_zeros():
    assert [counted([], of).value for of in EVERYTHING] == [0] * len(EVERYTHING)
    assert counted([], Referrals("naar", "portaal")).value == 0


def test_absent_optional_tables_give_unknown_origin():
    rows = [(HALF_YEAR.first, "noord", "taal", "p1", 1)]
    assert counted(rows, living("")).value == 1
    assert counted(rows, people(NEAR)).value == 0


def test_the_first_day_is_counted():
    assert date(2018, 1, 1) == HALF_YEAR.first
    assert counted([(HALF_YEAR.first, "noord", "taal", "p1", 1)], people(), HALF_YEAR).value == 1
