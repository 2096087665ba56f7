"""How sure a change is: by hand, worked out another way, and laws."""

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from bwk.indicators import daily, rates
from bwk.indicators.rates import Clusters, Visits

MONTH = 12 / 52  # of a week
ON_THEIR_OWN = Clusters(1.0, 100.0)


def law(*strategies):
    """Make a test of what holds in all cases, without a time limit per case."""
    return lambda test: settings(deadline=None, max_examples=40)(given(*strategies)(test))


def visits(cells, heads=0):
    """Make visits of a table with a row for each person and a column for each week."""
    cells = np.asarray(cells)
    in_weeks = cells.sum(axis=0) + heads
    weeks = len(in_weeks)
    return Visits(cells.sum(axis=1), heads * weeks, in_weeks, np.full(weeks, MONTH))


def once(people_each_week, weeks, people, before=0):
    """Make visits of people who come once, as many each week, in a list of so many people."""
    cells = np.zeros((people, weeks), dtype=int)
    number = people_each_week * weeks
    cells[before + np.arange(number), np.arange(number) % weeks] = 1
    return visits(cells)


TABLES = st.integers(0, 2**31).map(lambda seed: np.random.default_rng(seed).poisson(0.4, (12, 18)))


def in_two(cells):
    """Cut a table of people and weeks into the period and the baseline."""
    assume(cells[:, 8:].any())
    return visits(cells[:, :8]), visits(cells[:, 8:])


class TestChange:
    def test_growth_is_of_visits_per_month(self):
        found = rates.change(once(6, 10, 200), once(4, 20, 200, 60))
        assert found.growth == pytest.approx(0.5)

    def test_visits_on_their_own_have_the_variance_of_counts(self):
        now, then = once(6, 10, 200), once(4, 20, 200, 60)
        found = rates.spread(now, then)
        assert found.clustering == pytest.approx(1, abs=0.03)  # half a visit is added to each
        assert found.variance == pytest.approx(1 / 60 + 1 / 80, rel=0.03)

    @pytest.mark.parametrize("size", [2, 4, 10])
    def test_who_comes_together_counts_as_one(self, size):
        # A group each other week: as many groups as visits, each of its size.
        groups = np.zeros((10 * size, 20), dtype=int)
        for group in range(10):
            groups[size * group : size * (group + 1), 2 * group] = 1
        found = rates.together(visits(groups[:, :10]), visits(groups[:, 10:]))
        assert found.factor > 0.4 * size
        alone = rates.returning(visits(groups[:, :10]), visits(groups[:, 10:]))
        assert alone.factor == pytest.approx(1, abs=0.03)

    @pytest.mark.parametrize("times", [1, 2, 5, 10])
    def test_who_comes_back_counts_as_one(self, times):
        cells = np.zeros((20, 20), dtype=int)
        cells[:10, :times] = 1
        cells[10:, 10 : 10 + times] = 1
        found = rates.returning(visits(cells[:, :10]), visits(cells[:, 10:]))
        assert found.factor == pytest.approx(times, rel=0.06)
        assert found.bearing == pytest.approx(20)

    def test_the_same_people_in_both_intervals_make_a_change_surer(self):
        weekly = np.ones((8, 20), dtype=int)
        split = np.kron(np.eye(2, dtype=int), np.ones((4, 10), dtype=int))
        same = rates.returning(visits(weekly[:, :10]), visits(weekly[:, 10:]))
        others = rates.returning(visits(split[:, :10]), visits(split[:, 10:]))
        assert same.factor == 1
        assert others.factor == pytest.approx(10, rel=0.05)

    @law(TABLES)
    def test_agrees_with_sums_over_lists(self, cells):
        now, then = in_two(cells)
        totals = [flow.number + 0.5 for flow in (now, then)]
        alone = sum(1 / total for total in totals)
        people = [
            a / totals[0] - b / totals[1]
            for a, b in zip(now.of_people.tolist(), then.of_people.tolist(), strict=True)
        ]
        weeks = []
        for flow, total in zip((now, then), totals, strict=True):
            counts = flow.in_weeks.tolist()
            mean, number = sum(counts) / len(counts), len(counts)
            weeks += [math.sqrt(number / (number - 1)) * (n - mean) / total for n in counts]
        factors = [max(1, math.fsum(d * d for d in own) / alone) for own in (people, weeks)]
        bearing = [
            math.fsum(d**2 for d in own) ** 2 / math.fsum(d**4 for d in own)
            for own in (people, weeks)
        ]
        bearing[1] = max(bearing[1], 9)  # closed weeks are known better than by chance
        error = math.sqrt(alone * factors[0] * factors[1])
        ratio = math.log(totals[0] / 8 * 10 / totals[1])
        t = stats.t(max(1, min(bearing) - 1))
        found = rates.change(now, then)
        assert found.chance == pytest.approx(2 * t.sf(abs(ratio) / error))
        assert found.high == pytest.approx(
            max(found.growth, math.exp(ratio + t.ppf(0.975) * error) - 1)
        )

    @law(TABLES)
    def test_exchange_turns_the_change_around(self, cells):
        now, then = in_two(cells)
        assume(now.number)
        there, back = rates.change(now, then), rates.change(then, now)
        assert back.chance == pytest.approx(there.chance)
        assert (1 + back.growth) * (1 + there.growth) == pytest.approx(1)
        assert (1 + back.high) * (1 + there.low) == pytest.approx(1, abs=0.1)

    @law(TABLES)
    def test_the_margin_holds_the_change_and_agrees_with_the_chance(self, cells):
        found = rates.change(*in_two(cells))
        assert found.low <= found.growth <= found.high
        if found.chance < 0.04:
            assert not found.low < 0 < found.high

    def test_a_location_that_is_open_half_of_a_week_is_expected_to_have_half(self):
        weeks = np.array([10, 10, 10, 5, 10, 10])
        months = MONTH * np.array([1, 1, 1, 0.5, 1, 1])
        flow = Visits(np.ones(55, dtype=int), 0, weeks, months)
        assert rates.together(flow).factor == 1

    def test_heads_are_known_by_their_weeks_alone(self):
        even = Visits(np.zeros(0), 60, np.full(10, 6), np.full(10, MONTH))
        once_a_month = np.where(np.arange(10) % 5 == 0, 30, 0)
        uneven = Visits(np.zeros(0), 60, once_a_month, np.full(10, MONTH))
        assert rates.spread(even).clustering == pytest.approx(1)
        assert rates.spread(uneven).clustering > 20

    @pytest.mark.parametrize(("now", "then"), [(3, 10), (10, 3)])
    def test_a_few_weeks_cannot_tell(self, now, then):
        assert rates.change(once(5, now, 200), once(5, then, 200)) is None

    def test_few_blocks_are_no_better_known_than_they_are_many(self):
        uneven = [Visits(np.zeros(0), 60, np.array(n), np.full(3, 1.0)) for n in ([9, 41, 10],) * 2]
        assert rates.spread(*uneven).degrees <= 4
        assert rates.spread(*(once(1, 26, 200, n) for n in (0, 50))).degrees >= 8

    def test_nothing_before_cannot_tell(self):
        assert rates.change(once(5, 10, 60), once(0, 10, 60)) is None

    def test_nothing_now_is_a_fall(self):
        found = rates.change(once(0, 10, 60), once(5, 10, 60))
        assert found.growth == found.low == -1
        assert found.chance < 0.02
        assert found.high < 0

    def test_one_person_who_comes_every_week_tells_nothing(self):
        cells = np.zeros((1, 30), dtype=int)
        cells[0, 10:] = 1
        assert rates.change(visits(cells[:, :15]), visits(cells[:, 15:])).chance > 0.2


def exact(then, now):
    """Return twice the smaller tail of a fair coin, in fractions."""
    total = then + now
    tail = sum(Fraction(math.comb(total, k), 2**total) for k in range(min(then, now) + 1))
    return float(min(1, 2 * tail))


class TestPeople:
    @law(st.integers(0, 200), st.integers(0, 200))
    def test_on_their_own_it_is_the_exact_sign_test(self, then, now):
        assert rates.sign_chance(then, now, ON_THEIR_OWN) == pytest.approx(exact(then, now))

    @law(st.integers(0, 50), st.integers(0, 50), st.sampled_from([2, 4, 10]))
    def test_groups_count_as_one(self, then, now, size):
        grouped = rates.sign_chance(size * then, size * now, Clusters(float(size), 1e9))
        assert grouped == pytest.approx(exact(then, now), abs=1e-4)

    def test_few_weeks_that_bear_the_clusters_make_it_less_sure(self):
        chances = [rates.sign_chance(40, 80, Clusters(2.0, weeks)) for weeks in (100, 10, 3)]
        assert chances == sorted(chances)


class TestTogether:
    def test_none_is_clear_among_none(self):
        assert rates.clear({}) == frozenset()

    def test_by_hand(self):
        # Of four: 1.25%, 2.5%, 3.75%, 5%. The third passes, and takes the second along.
        chances = {"a": 0.012, "b": 0.026, "c": 0.037, "d": 0.4}
        assert rates.clear(chances) == {"a", "b", "c"}

    @law(st.lists(st.floats(0, 1), max_size=8))
    def test_is_the_largest_set_of_which_the_largest_chance_is_small_enough(self, chances):
        named = dict(enumerate(chances))
        sets = [
            frozenset(some)
            for size in range(len(named) + 1)
            for some in combinations(named, size)
            if not some or max(named[n] for n in some) <= 0.05 * size / len(named)
        ]
        found = rates.clear(named)
        assert len(found) == max(map(len, sets))
        assert not found or max(named[n] for n in found) <= 0.05 * len(found) / len(named)


# Visits of each day

ROWS = st.lists(
    st.tuples(
        st.dates(pd.Timestamp("2018-01-01").date(), pd.Timestamp("2018-02-10").date()),
        st.sampled_from(["noord", "zuid"]),
        st.sampled_from(["taal", "koffie"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=20,
)


@law(
    ROWS,
    st.sets(st.sampled_from(["noord", "zuid"])),
    st.sets(st.sampled_from(["taal", "koffie"])),
    st.dates(pd.Timestamp("2017-12-20").date(), pd.Timestamp("2018-02-01").date()),
    st.integers(1, 60),
)
def test_visits_of_each_day_agree_with_plain_lists(rows, places, services, first, number):
    frame = pd.DataFrame(rows, columns=["datum", "locatie", "dienst", "aantal"])
    frame["datum"] = pd.to_datetime(frame["datum"])
    frame = frame.astype({"locatie": "category", "dienst": "category"})
    days = pd.date_range(first, periods=number)
    expected = [
        sum(
            amount
            for day, place, service, amount in rows
            if day == each.date()
            and place in places
            and service in (services or {"taal", "koffie"})
        )
        for each in days
    ]
    found = daily.by_day(frame).on_days([*places], [*services], first, days[-1].date())
    assert found.tolist() == expected
