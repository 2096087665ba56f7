"""What the indicators count: against ground truth, other ways of working out, and laws."""

import math
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from bwk import indicators, periods
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


def keyed(values: pd.Series) -> dict[str, int]:
    """Flatten an index of one or more levels to words."""
    return {" ".join(k) if isinstance(k, tuple) else k: v for k, v in values.items()}


def compute(indicator: str, scope: str) -> dict[str, int]:
    """Work out one indicator of the small data set, as key to value."""
    everything, roles, referrals = (
        table[table["locatie"].isin(SCOPES[scope])]
        for table in (load("deelnames"), load("rollen"), load("verwijzingen"))
    )
    part = indicators.within(everything, HALF_YEAR)
    domains = indicators.with_domain(part, load("diensten"))
    homes, surroundings = load("deelnemers"), load("buurten")
    referred = indicators.referrals_by(referrals, HALF_YEAR)
    ways = {
        "all_participants": lambda: {"": indicators.participants(part)},
        "all_people_behind": lambda: {"": indicators.people_behind(part)},
        "participants": lambda: indicators.participants_by(part, "dienst"),
        "participations": lambda: indicators.participations_by(part, "dienst"),
        "people_behind": lambda: indicators.tally(part, "dienst")["personen"],
        "domain_participations": lambda: indicators.participations_by(domains, "leefgebied"),
        "domain_participants": lambda: indicators.participants_by(domains, "leefgebied"),
        "newcomers": lambda: dict(
            zip(("new", "returning"), indicators.newcomers(everything, HALF_YEAR), strict=True)
        ),
        "users_of_several_services": lambda: {"": indicators.users_of_several_services(part)},
        "reciprocal": lambda: {"": indicators.reciprocal(part, roles, HALF_YEAR)},
        "people_by_role": lambda: indicators.people_by_role(roles, HALF_YEAR),
        "origins": lambda: indicators.origins(part, homes),
        "from_surroundings": lambda: {"": indicators.from_surroundings(part, homes, surroundings)},
        "referrals": lambda: referred["aantal"],
        "referred": lambda: referred["personen"],
        "mixing": lambda: indicators.mixing(part).stack(),
    }
    return keyed(pd.Series(ways[indicator]()))


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
    found = indicators.rate_change(
        row["count"], row["months"], row["base_count"], row["base_months"]
    )
    assert found.growth == pytest.approx(row["growth"])
    assert found.p_value == pytest.approx(row["p_numerator"] / row["p_denominator"])
    assert found.verdict == row["verdict"]


@pytest.mark.parametrize("row", pd.read_csv(TRUTH / "projections.csv").to_dict("records"))
def test_projection_by_hand(row):
    found = indicators.project(row["count"], row["observed"], row["remaining"])
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
    homes = pd.DataFrame({"deelnemer": ["p0", "p1", "p2"], "buurt": ["bos", "kade", None]})
    surroundings = pd.DataFrame({"buurt": ["bos", "kade"], "omgeving_van": LOCATIONS})
    return [
        indicators.participants(participations),
        indicators.participants_by(participations, "dienst").to_dict(),
        indicators.participations_by(participations, "dienst", "locatie").to_dict(),
        indicators.people_behind(participations),
        indicators.tally(participations, "dienst")["personen"].to_dict(),
        indicators.newcomers(participations, HALF_YEAR),
        indicators.users_of_several_services(participations),
        indicators.origins(participations, homes).to_dict(),
        indicators.from_surroundings(participations, homes, surroundings),
        indicators.mixing(participations).to_numpy().tolist(),
    ]


@law(ROWS)
def test_counts_agree_with_plain_sets(rows):
    named = [(service, who) for _, _, service, who, _ in rows if who]
    heads = [(service, number) for _, _, service, who, number in rows if not who]
    people = {s: len({who for service, who in named if service == s}) for s in SERVICES}
    anonymous = {s: sum(number for service, number in heads if service == s) for s in SERVICES}
    assert indicators.participants(table(rows)) == len({who for _, who in named})
    assert indicators.participants_by(table(rows), "dienst").to_dict() == people
    assert indicators.tally(table(rows), "dienst")["personen"].to_dict() == {
        s: max(people[s], anonymous[s]) for s in SERVICES
    }


@law(ROWS)
def test_newcomers_agree_with_first_days(rows):
    first_day, seen = {}, set()
    for day, _, _, who, _ in sorted(rows, key=lambda row: row[0]):
        if who:
            first_day.setdefault(who, day)
            seen |= {who} if HALF_YEAR.contains(day) else set()
    new = sum(HALF_YEAR.contains(first_day[who]) for who in seen)
    assert indicators.newcomers(table(rows), HALF_YEAR) == (new, len(seen) - new)


@law(ROWS)
def test_parts_add_up_to_the_whole(rows):
    whole = table(rows)
    for column in ("dienst", "locatie"):
        assert indicators.participations_by(whole, column).sum() == whole["aantal"].sum()
    homes = pd.DataFrame({"deelnemer": ["p0", "p1"], "buurt": ["bos", None]})
    assert indicators.origins(whole, homes).sum() == indicators.participants(whole)
    part = indicators.within(whole, HALF_YEAR)
    assert sum(indicators.newcomers(whole, HALF_YEAR)) == indicators.participants(part)


@law(ROWS)
def test_uniques_lie_between_the_largest_part_and_the_sum(rows):
    everything = table(rows)
    for column in ("dienst", "locatie"):
        parts = indicators.participants_by(everything, column)
        assert parts.max() <= indicators.participants(everything) <= parts.sum()


@law(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert measured(table(shuffled)) == measured(table(rows))


@law(ROWS)
def test_inputs_are_not_changed(rows):
    given_table = table(rows)
    before = given_table.copy(deep=True)
    measured(given_table)
    services = pd.DataFrame({"dienst": SERVICES, "leefgebied": ["a", None, "a"]})
    indicators.with_domain(given_table, services)
    pd.testing.assert_frame_equal(given_table, before)


@law(ROWS, DAYS)
def test_split_period_adds_up(rows, day):
    cut = max(HALF_YEAR.first, min(day, HALF_YEAR.last - timedelta(1)))
    halves = [
        Period("a", HALF_YEAR.first, cut),
        Period("b", cut + timedelta(1), HALF_YEAR.last),
    ]
    whole, first, second = (
        indicators.participations_by(indicators.within(table(rows), period), "dienst")
        for period in (HALF_YEAR, *halves)
    )
    assert (first + second).to_dict() == whole.to_dict()


@law(st.lists(st.tuples(DAYS, st.one_of(st.none(), DAYS)), max_size=8), DAYS, DAYS)
def test_role_is_held_on_any_day_of_the_period(spans, one, other):
    period = Period("p", min(one, other), max(one, other))
    spans = [(van, tot if tot is None else max(van, tot)) for van, tot in spans]
    roles = pd.DataFrame(spans, columns=["van", "tot"]).astype("datetime64[ns]")
    length = (period.last - period.first).days + 1
    days = [period.first + timedelta(n) for n in range(length)]
    expected = [any(van <= day <= (tot or day) for day in days) for van, tot in spans]
    held = set(indicators.holders(roles, period).index)
    assert [n in held for n in range(len(spans))] == expected


@law(ROWS)
def test_mixing_is_symmetric_with_the_services_on_its_diagonal(rows):
    shared = indicators.mixing(table(rows))
    assert shared.equals(shared.T)
    alone = indicators.participants_by(table(rows), "dienst")
    assert list(np.diag(shared)) == list(alone)


def test_empty_tables_give_zeros():
    empty = table([])
    assert indicators.participations_by(empty, "dienst").to_dict() == dict.fromkeys(SERVICES, 0)
    assert indicators.people_behind(empty) == 0
    assert indicators.newcomers(empty, HALF_YEAR) == (0, 0)
    assert indicators.mixing(empty).to_numpy().sum() == 0


def test_absent_optional_tables_give_unknown_origin_and_no_referrals():
    some = table([(HALF_YEAR.first, "noord", "taal", "p1", 1)])
    homes = pd.DataFrame({"deelnemer": [], "buurt": []})
    surroundings = pd.DataFrame({"buurt": [], "naam": [], "omgeving_van": []})
    referrals = pd.DataFrame(columns=["datum", "locatie", "partner", "richting", "deelnemer"])
    assert indicators.origins(some, homes).to_dict() == {indicators.UNPLACED: 1}
    assert indicators.from_surroundings(some, homes, surroundings) == 0
    found = indicators.referrals_by(referrals.astype({"datum": "datetime64[ns]"}), HALF_YEAR)
    assert found.empty


def test_service_without_a_domain_stays_outside_the_barometer():
    services = pd.DataFrame({"dienst": SERVICES, "leefgebied": ["Meedoen", None, "Meedoen"]})
    rows = [(HALF_YEAR.first, "noord", service, None, 5) for service in SERVICES]
    by_domain = indicators.participations_by(
        indicators.with_domain(table(rows), services), "leefgebied"
    )
    assert by_domain.to_dict() == {"Meedoen": 10}


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
    found = indicators.rate_change(count, months, base, base_months)
    assert found.p_value == pytest.approx(float(exact), rel=1e-9)


@law(st.integers(1, 60), MONTHS, BASES, MONTHS)
def test_interval_ends_leave_a_fortieth_in_each_tail(count, months, base, base_months):
    found = indicators.rate_change(count, months, base, base_months)
    total = count + base
    for end, outcomes in ((found.low, range(count, total + 1)), (found.high, range(count + 1))):
        odds = (1 + end) * months / base_months
        chance = Fraction(odds / (1 + odds))
        assert float(tail(total, chance, outcomes)) == pytest.approx(0.025, rel=1e-6)


@law(COUNTS, MONTHS, BASES, MONTHS)
def test_verdict_agrees_with_growth_and_interval(count, months, base, base_months):
    found = indicators.rate_change(count, months, base, base_months)
    expected = (
        "meer" if found.low > 0 else "minder" if found.high < 0 else "geen duidelijk verschil"
    )
    assert found.verdict == expected
    assert found.low <= found.growth <= found.high


@law(COUNTS, MONTHS, BASES, MONTHS)
def test_double_exposure_halves_the_rate(count, months, base, base_months):
    once = indicators.rate_change(count, months, base, base_months)
    twice = indicators.rate_change(count, 2 * months, base, base_months)
    assert 1 + twice.growth == pytest.approx((1 + once.growth) / 2)
    assert 1 + twice.high == pytest.approx((1 + once.high) / 2)


@law(BASES, MONTHS, BASES, MONTHS)
def test_exchange_of_period_and_baseline_turns_the_change_around(count, months, base, base_months):
    there = indicators.rate_change(count, months, base, base_months)
    back = indicators.rate_change(base, base_months, count, months)
    assert back.p_value == pytest.approx(there.p_value)
    assert (1 + back.low) * (1 + there.high) == pytest.approx(1)


@pytest.mark.parametrize("numbers", [(5, 6, 0, 6), (5, 0, 5, 6), (0, 6, 5, 0)])
def test_no_rate_change_without_baseline_or_exposure(numbers):
    assert indicators.rate_change(*numbers) is None


def test_barometer_compares_each_domain_with_its_baseline():
    now, base = pd.Series({"Taal": 9, "Geld": 4}), pd.Series({"Taal": 1, "Wonen": 7})
    assert indicators.barometer(now, 6, base, 6) == {
        "Taal": indicators.rate_change(9, 6, 1, 6),
        "Geld": None,
    }


# Projections: the predictive distribution, worked out another way


def mixture(future: int, count: int, observed: float, remaining: float) -> float:
    """Integrate Poisson chances over the posterior of the rate."""
    rate = stats.gamma(count + 0.5, scale=1 / observed)

    def density(share: float) -> float:
        return stats.poisson.cdf(future, rate.ppf(share) * remaining)

    return integrate.quad(density, 0, 1, limit=200)[0]


@law(st.integers(0, 200), st.integers(1, 11))
def test_interval_ends_are_the_tenths_of_the_predictive_distribution(count, observed):
    found = indicators.project(count, observed, 12 - observed)
    for tenth, end in ((0.1, found.low - count), (0.9, found.high - count)):
        assert mixture(end, count, observed, 12 - observed) > tenth - 1e-4
        assert end == 0 or mixture(end - 1, count, observed, 12 - observed) < tenth + 1e-4


@law(st.integers(0, 200), st.integers(1, 400), st.integers(1, 400))
def test_season_of_earlier_years_stays_uncertain(count, first, rest):
    found = indicators.project(count, 6, 6, (first, rest))
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
        found = indicators.project(count, 6, 6)
        ends = stats.poisson.cdf([found.low - count - 1, found.high - count], mean)
        coverage += stats.poisson.pmf(count, mean) * (ends[1] - ends[0])
    assert 0.79 <= coverage <= 0.85


@law(st.integers(0, 2000), st.integers(1, 12), st.integers(0, 11))
def test_projection_lies_in_its_interval_and_above_the_count(count, observed, remaining):
    found = indicators.project(count, observed, remaining)
    assert count <= found.low <= round(found.expected) <= found.high


def test_nothing_is_projected_from_nothing_observed():
    assert indicators.project(0, 0, 6) is None


def test_season_moves_the_projection():
    assert indicators.project(100, 6, 6).expected == 200
    assert indicators.project(100, 6, 6, season=(800, 200)).expected == 125


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
    assert indicators.seasonal_share(first_parts, totals) == season


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
    projection = indicators.Projection(float(low), low, high)
    assert indicators.course(projection, year_before, count) == expected


def test_course_is_unknown_without_a_projection():
    assert indicators.course(None, 100, 50) is None
