"""What the indicators count: against ground truth, other ways of working out, and laws."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from bwk import periods
from bwk.indicators import attendance, counting, rates
from bwk.indicators.attendance import Attendance
from bwk.periods import Period

TRUTH = Path(__file__).parent / "ground_truth" / "indicators"
SERVICES = ["ontmoeting", "taal", "klussen"]
LOCATIONS = ["noord", "zuid"]
HALF_YEAR = periods.parse("2018-H1")
SCOPES = {"noord": ["noord"], "zuid": ["zuid"], "stad": LOCATIONS}
ORDERED = {
    "locatie": LOCATIONS,
    "dienst": SERVICES,
    "rol": ["vrijwilliger", "sleutelhouder", "stagiair"],
    "richting": ["naar", "van"],
    "partner": ["buurtteam", "portaal"],
}


def tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Give the columns the types that the registrations give them."""
    kinds = {name: pd.CategoricalDtype(values) for name, values in ORDERED.items()}
    dates = dict.fromkeys(("datum", "van", "tot"), "datetime64[ns]")
    wanted = kinds | dates | {"deelnemer": "category", "aantal": "int64"}
    return table.astype({name: kind for name, kind in wanted.items() if name in table})


def load(name: str) -> pd.DataFrame:
    table = pd.read_csv(TRUTH / f"{name}.csv")
    return table if name in ("diensten", "deelnemers", "buurten") else tidy(table)


def attended(
    participations: pd.DataFrame,
    participants: pd.DataFrame | None = None,
    neighbourhoods: pd.DataFrame | None = None,
    periods: Sequence[Period] = (HALF_YEAR,),
) -> Attendance:
    """Mark who was seen, in stretches that make up the periods."""
    edges = {edge for each in periods for edge in (each.first, each.last + timedelta(1))}
    firsts = [date.min, *sorted(edges)]
    nobody = pd.DataFrame({"deelnemer": [], "buurt": []})
    nowhere = pd.DataFrame({"buurt": [], "omgeving_van": []})
    living = homes(participations, nobody if participants is None else participants)
    places = nowhere if neighbourhoods is None else neighbourhoods
    rows = attendance.with_surroundings(participations, living, places)
    return attendance.mark(attendance.with_stretch(rows, firsts), firsts)


def homes(participations: pd.DataFrame, participants: pd.DataFrame) -> pd.Categorical:
    return attendance.homes(participants, participations["deelnemer"].cat.categories)


def of_services(part: Attendance, number: str) -> dict[str, int]:
    return {name: getattr(of, number) for name, of in counting.by_service(part).items()}


def compute(indicator: str, scope: str) -> dict[str, int]:
    """Work out one indicator of the small data set, as key to value."""
    participations, roles, referrals = (
        table[table["locatie"].isin(SCOPES[scope])]
        for table in (load("deelnames"), load("rollen"), load("verwijzingen"))
    )
    everything = attended(participations, load("deelnemers"), load("buurten"))
    part = everything.within(HALF_YEAR)
    domains = {
        domain: part.at([*services])
        for domain, services in load("diensten").groupby("leefgebied")["dienst"]
    }
    found = counting.referrals_by(referrals, HALF_YEAR)
    referred = {
        " ".join(key): found.get(key, (0, 0))
        for key in product(ORDERED["richting"], ORDERED["partner"])
    }
    mixed = counting.mixing(part).stack()
    ways = {
        "all_participants": lambda: {"": counting.participants(part)},
        "all_people_behind": lambda: {"": counting.people_behind(part)},
        "participants": lambda: of_services(part, "participants"),
        "participations": lambda: of_services(part, "participations"),
        "people_behind": lambda: of_services(part, "people_behind"),
        "domain_participations": lambda: {
            x: counting.participations(own) for x, own in domains.items()
        },
        "domain_participants": lambda: {
            x: counting.participants(own) for x, own in domains.items()
        },
        "newcomers": lambda: dict(
            zip(("new", "returning"), counting.newcomers(everything, HALF_YEAR), strict=True)
        ),
        "users_of_several_services": lambda: {"": counting.users_of_several_services(part)},
        "reciprocal": lambda: {"": counting.reciprocal(part, roles, HALF_YEAR)},
        "people_by_role": lambda: (
            dict.fromkeys(ORDERED["rol"], 0) | counting.people_by_role(roles, HALF_YEAR)
        ),
        "origins": lambda: counted(
            counting.origins(part, homes(participations, load("deelnemers")))
        ),
        "from_surroundings": lambda: {"": counting.from_surroundings(part)},
        "referrals": lambda: {key: number for key, (number, _) in referred.items()},
        "referred": lambda: {key: people for key, (_, people) in referred.items()},
        "mixing": lambda: {" ".join(key): shared for key, shared in mixed.items()},
    }
    return ways[indicator]()


def counted(origins: pd.Series) -> dict[str, int]:
    """Leave out the neighbourhoods that nobody came from."""
    return origins[origins > 0].to_dict()


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


@pytest.mark.parametrize("row", pd.read_csv(TRUTH / "rates.csv").to_dict("records"))
def test_rate_change_by_hand(row):
    found = rates.rate_change(row["count"], row["months"], row["base_count"], row["base_months"])
    assert found.growth == pytest.approx(row["growth"])
    assert found.p_value == pytest.approx(row["p_numerator"] / row["p_denominator"])
    assert found.verdict == row["verdict"]


@pytest.mark.parametrize("row", pd.read_csv(TRUTH / "projections.csv").to_dict("records"))
def test_projection_by_hand(row):
    found = rates.project(row["count"], row["observed"], row["remaining"])
    assert (found.expected, found.low, found.high) == (
        pytest.approx(row["expected"]),
        row["low"],
        row["high"],
    )


def law(*strategies):
    """Make a test of what holds in all cases, without a time limit per case."""
    return lambda test: settings(deadline=None, max_examples=40)(given(*strategies)(test))


# Tables: laws that hold for any participations

DAYS = st.dates(HALF_YEAR.first - timedelta(60), HALF_YEAR.last + timedelta(60))
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
    columns = ["datum", "locatie", "dienst", "deelnemer", "aantal"]
    return tidy(pd.DataFrame(rows, columns=columns))


def measured(participations: pd.DataFrame) -> list:
    """Give everything that is worked out from participations alone."""
    living = pd.DataFrame({"deelnemer": ["p0", "p1", "p2"], "buurt": ["bos", "kade", None]})
    surroundings = pd.DataFrame({"buurt": ["bos", "kade"], "omgeving_van": LOCATIONS})
    part = attended(participations, living, surroundings)
    return [
        counting.participants(part),
        counting.by_service(part),
        counting.people_behind(part),
        counting.newcomers(part, HALF_YEAR),
        counting.users_of_several_services(part),
        counted(counting.origins(part, homes(participations, living))),
        counting.from_surroundings(part),
        counting.mixing(part).to_numpy().tolist(),
    ]


@law(ROWS)
def test_counts_agree_with_plain_sets(rows):
    named = [(service, who) for _, _, service, who, _ in rows if who]
    heads = [(service, number) for _, _, service, who, number in rows if not who]
    people = {s: len({who for service, who in named if service == s}) for s in SERVICES}
    anonymous = {s: sum(number for service, number in heads if service == s) for s in SERVICES}
    part = attended(table(rows))
    assert counting.participants(part) == len({who for _, who in named})
    assert of_services(part, "participants") == people
    assert of_services(part, "people_behind") == {s: max(people[s], anonymous[s]) for s in SERVICES}


@law(ROWS, st.sets(st.sampled_from(SERVICES)))
def test_several_services_together_count_nobody_twice(rows, services):
    named = {who for _, _, service, who, _ in rows if who and service in services}
    heads = sum(number for _, _, service, who, number in rows if not who and service in services)
    part = attended(table(rows)).at([*services])
    assert counting.participants(part) == len(named)
    assert counting.people_behind(part) == max(len(named), heads)


@law(ROWS)
def test_newcomers_agree_with_first_days(rows):
    first_day, seen = {}, set()
    for day, _, _, who, _ in sorted(rows, key=lambda row: row[0]):
        if who:
            first_day.setdefault(who, day)
            seen |= {who} if HALF_YEAR.contains(day) else set()
    new = sum(HALF_YEAR.contains(first_day[who]) for who in seen)
    assert counting.newcomers(attended(table(rows)), HALF_YEAR) == (new, len(seen) - new)


@law(ROWS)
def test_surroundings_agree_with_plain_sets(rows):
    living = {"p0": "noord", "p1": "zuid", "p2": "noord"}
    participants = pd.DataFrame({"deelnemer": [*living], "buurt": [*living.values()]})
    around = pd.DataFrame({"buurt": LOCATIONS, "omgeving_van": LOCATIONS})
    near = {who for _, place, _, who, _ in rows if living.get(who) == place}
    assert counting.from_surroundings(attended(table(rows), participants, around)) == len(near)


@law(ROWS)
def test_parts_add_up_to_the_whole(rows):
    whole = attended(table(rows))
    amounts = sum(number for *_, number in rows)
    assert counting.participations(whole) == amounts
    assert sum(of_services(whole, "participations").values()) == amounts
    living = pd.DataFrame({"deelnemer": ["p0", "p1"], "buurt": ["bos", None]})
    origins = counting.origins(whole, homes(table(rows), living))
    assert origins.sum() == counting.participants(whole)
    part = whole.within(HALF_YEAR)
    assert sum(counting.newcomers(whole, HALF_YEAR)) == counting.participants(part)


@law(ROWS)
def test_uniques_lie_between_the_largest_part_and_the_sum(rows):
    everything = attended(table(rows))
    parts = of_services(everything, "participants").values()
    assert max(parts) <= counting.participants(everything) <= sum(parts)


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
    halves = [
        Period("a", HALF_YEAR.first, cut),
        Period("b", cut + timedelta(1), HALF_YEAR.last),
    ]
    everything = attended(table(rows), periods=halves)
    whole, first, second = (
        counting.participations(everything.within(period)) for period in (HALF_YEAR, *halves)
    )
    inside = sum(number for day, *_, number in rows if HALF_YEAR.contains(day))
    assert first + second == whole == inside


@law(st.lists(st.tuples(DAYS, st.one_of(st.none(), DAYS)), max_size=8), DAYS, DAYS)
def test_role_is_held_on_any_day_of_the_period(spans, one, other):
    period = Period("p", min(one, other), max(one, other))
    spans = [(van, tot if tot is None else max(van, tot)) for van, tot in spans]
    roles = pd.DataFrame(spans, columns=["van", "tot"]).astype("datetime64[ns]")
    length = (period.last - period.first).days + 1
    days = [period.first + timedelta(n) for n in range(length)]
    expected = [any(van <= day <= (tot or day) for day in days) for van, tot in spans]
    held = set(counting.holders(roles, period).index)
    assert [n in held for n in range(len(spans))] == expected


@law(ROWS)
def test_mixing_is_symmetric_with_the_services_on_its_diagonal(rows):
    part = attended(table(rows))
    shared = counting.mixing(part)
    assert shared.equals(shared.T)
    assert list(np.diag(shared)) == list(of_services(part, "participants").values())


def test_empty_tables_give_zeros():
    empty = attended(table([]))
    assert of_services(empty, "participations") == dict.fromkeys(SERVICES, 0)
    assert counting.people_behind(empty) == 0
    assert counting.newcomers(empty, HALF_YEAR) == (0, 0)
    assert counting.mixing(empty).to_numpy().sum() == 0


def test_absent_optional_tables_give_unknown_origin_and_no_referrals():
    some = table([(HALF_YEAR.first, "noord", "taal", "p1", 1)])
    nobody = pd.DataFrame({"deelnemer": [], "buurt": []})
    origins = counting.origins(attended(some), homes(some, nobody))
    assert origins.to_dict() == {attendance.UNPLACED: 1}
    assert counting.from_surroundings(attended(some)) == 0
    referrals = pd.DataFrame(columns=["datum", "locatie", "partner", "richting", "deelnemer"])
    found = counting.referrals_by(referrals.astype({"datum": "datetime64[ns]"}), HALF_YEAR)
    assert found == {}


# Rates: the exact test, worked out another way

COUNTS = st.integers(0, 60)
BASES = st.integers(1, 60)
MONTHS = st.integers(1, 12)


def tail(total: int, chance: Fraction, outcomes: range) -> Fraction:
    """Add up exact binomial chances."""
    return sum(
        (math.comb(total, k) * chance**k * (1 - chance) ** (total - k) for k in outcomes),
        Fraction(0),
    )


@law(COUNTS, MONTHS, BASES, MONTHS)
def test_p_value_agrees_with_exact_fractions(count, months, base, base_months):
    total, chance = count + base, Fraction(months, months + base_months)
    lower, upper = range(count + 1), range(count, total + 1)
    exact = min(1, 2 * min(tail(total, chance, lower), tail(total, chance, upper)))
    found = rates.rate_change(count, months, base, base_months)
    assert found.p_value == pytest.approx(float(exact), rel=1e-9)


@law(COUNTS, MONTHS, BASES, MONTHS)
def test_verdict_says_which_way_a_clear_change_goes(count, months, base, base_months):
    found = rates.rate_change(count, months, base, base_months)
    way = "meer" if Fraction(count, months) > Fraction(base, base_months) else "minder"
    assert found.verdict == (way if found.p_value < 0.05 else "geen duidelijk verschil")


@law(COUNTS, MONTHS, BASES, MONTHS)
def test_double_exposure_halves_the_rate(count, months, base, base_months):
    once = rates.rate_change(count, months, base, base_months)
    twice = rates.rate_change(count, 2 * months, base, base_months)
    assert 1 + twice.growth == pytest.approx((1 + once.growth) / 2)


@law(BASES, MONTHS, BASES, MONTHS)
def test_exchange_of_period_and_baseline_turns_the_change_around(count, months, base, base_months):
    there = rates.rate_change(count, months, base, base_months)
    back = rates.rate_change(base, base_months, count, months)
    assert back.p_value == pytest.approx(there.p_value)
    assert (1 + back.growth) * (1 + there.growth) == pytest.approx(1 if count else 0)


@pytest.mark.parametrize("numbers", [(5, 6, 0, 6), (5, 0, 5, 6), (0, 6, 5, 0)])
def test_no_rate_change_without_baseline_or_exposure(numbers):
    assert rates.rate_change(*numbers) is None


def mixture(future: int, count: int, observed: float, remaining: float) -> float:
    """Integrate Poisson chances over the posterior of the rate."""
    rate = stats.gamma(count + 0.5, scale=1 / observed)

    def density(share: float) -> float:
        return stats.poisson.cdf(future, rate.ppf(share) * remaining)

    return integrate.quad(density, 0, 1, limit=200)[0]


@law(st.integers(0, 200), st.integers(1, 11))
def test_interval_ends_are_the_tenths_of_the_predictive_distribution(count, observed):
    found = rates.project(count, observed, 12 - observed)
    for tenth, end in ((0.1, found.low - count), (0.9, found.high - count)):
        assert mixture(end, count, observed, 12 - observed) > tenth - 1e-4
        assert end == 0 or mixture(end - 1, count, observed, 12 - observed) < tenth + 1e-4


@law(st.integers(0, 200), st.integers(1, 400), st.integers(1, 400))
def test_season_of_earlier_years_stays_uncertain(count, first, rest):
    found = rates.project(count, 6, 6, (first, rest))
    share = stats.beta(first + 0.5, rest + 0.5)

    def chance(future: int) -> float:
        def given_share(rank: float) -> float:
            return stats.nbinom.cdf(future, count + 0.5, share.ppf(rank))

        return integrate.quad(given_share, 0, 1, limit=200)[0]

    for tenth, end in ((0.1, found.low - count), (0.9, found.high - count)):
        assert chance(end) > tenth - 2e-3
        assert end == 0 or chance(end - 1) < tenth + 2e-3


@pytest.mark.parametrize("mean", [10, 11.5, 14, 30, 100, 600])
def test_interval_holds_the_truth_in_80_percent_of_years(mean):
    counts = range(int(stats.poisson.ppf(1e-9, mean)), int(stats.poisson.isf(1e-9, mean)) + 1)
    coverage = 0.0
    for count in counts:
        found = rates.project(count, 6, 6)
        ends = stats.poisson.cdf([found.low - count - 1, found.high - count], mean)
        coverage += stats.poisson.pmf(count, mean) * (ends[1] - ends[0])
    assert 0.79 <= coverage <= 0.85


@law(st.integers(0, 2000), st.integers(1, 12), st.integers(0, 11))
def test_projection_lies_in_its_interval_and_above_the_count(count, observed, remaining):
    found = rates.project(count, observed, remaining)
    assert count <= found.low <= round(found.expected) <= found.high


def test_nothing_is_projected_from_nothing_observed():
    assert rates.project(0, 0, 6) is None


def test_season_moves_the_projection():
    assert rates.project(100, 6, 6).expected == 200
    assert rates.project(100, 6, 6, season=(800, 200)).expected == 125


@pytest.mark.parametrize(
    ("first_parts", "totals", "season"),
    [
        ([30, 50], [100, 100], (80, 120)),
        ([30], [100], None),
        ([], [], None),
        ([0, 0], [10, 10], None),
        ([10, 10], [10, 10], None),
    ],
)
def test_season_pools_two_or_more_years(first_parts, totals, season):
    assert rates.seasonal_share(first_parts, totals) == season


@pytest.mark.parametrize(
    ("low", "high", "year_before", "count", "expected"),
    [
        (101, 150, 100, 50, "boven koers"),
        (100, 150, 100, 50, "op koers"),
        (60, 100, 100, 50, "op koers"),
        (60, 99, 100, 50, "onder koers"),
        (101, 150, 100, 9, "onzeker"),
        (101, 150, 100, 10, "boven koers"),
        (101, 150, None, 50, None),
    ],
)
def test_course_against_the_year_before(low, high, year_before, count, expected):
    projection = rates.Projection(float(low), low, high)
    assert rates.course(projection, year_before, count) == expected


def test_course_is_unknown_without_a_projection():
    assert rates.course(None, 100, 50) is None
