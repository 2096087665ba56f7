"""What is held back cannot be worked out, what need not be held back is published."""

import itertools
import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from bwk import disclosure
from bwk.disclosure import Number, Range, Relation, Table, Unprotectable, audit, protect
from bwk.errors import DataError

THRESHOLD = 5


def count(name: str, value: int, cells: str = "", **more) -> Number:
    """A head count over one-letter cells; without cells it is a cell of its own."""
    return Number(name, value, dict.fromkeys(cells or [name], 1), value, **more)


def true_table(numbers: list[Number]) -> Table:
    """Find a table that gives all numbers, by trying: what has a number of its own is known."""
    cells = dict.fromkeys(cell for number in numbers for cell in number.terms)
    most = int(max((number.value for number in numbers), default=0))
    known = {
        cell: int(number.value)
        for number in numbers
        for cell, factor in number.terms.items()
        if len(number.terms) == 1 and factor == 1
    }
    unknown = [cell for cell in cells if cell not in known]
    for tried in itertools.product(range(most + 1), repeat=len(unknown)):
        values = known | dict(zip(unknown, tried, strict=True))
        if all(value_in(values, number.terms) == number.value for number in numbers):
            return Table(values)
    raise AssertionError("no table gives these numbers")


def value_in(values: dict, terms: dict) -> float:
    return sum(factor * values[cell] for cell, factor in terms.items())


def held_back(numbers: list[Number], relations: Iterable[Relation] = ()) -> set:
    truth = true_table(numbers)
    withheld, _, tables = protect(numbers, relations, truth, THRESHOLD)
    ranges, leaks = audit(numbers, withheld, relations, truth, THRESHOLD)
    assert leaks == {}
    assert audit(numbers, withheld, relations, truth, THRESHOLD, tables)[1] == {}
    values = {number.name: number.value for number in numbers}
    assert ranges.keys() == withheld
    assert all(low <= values[name] <= high for name, (low, high) in ranges.items())
    return set(withheld)


def exposed(numbers: list[Number], withheld: set, relations: Iterable[Relation] = ()) -> dict:
    return audit(numbers, withheld, relations, true_table(numbers), THRESHOLD)[1]


def told_rounded(name: str, value: int, low: int, high: int, cells: str = "") -> Number:
    """A small count that is told as a multiple, and so between two others."""
    return count(name, value, cells, known=Range(low, high), is_guarded=True)


class TestRounded:
    def test_a_small_number_is_told_where_it_may_be_many_others(self):
        assert held_back([told_rounded("a", 3, 0, 6), count("b", 40)]) == set()

    def test_one_that_its_total_gives_away_is_hidden_with_it(self):
        numbers = [told_rounded("a", 3, 0, 6), count("b", 40), count("t", 43, "ab")]
        assert exposed(numbers, set()) == {"a": Range(3, 3)}
        assert held_back(numbers) <= {"b", "t"}
        assert held_back(numbers)

    def test_a_total_that_is_rounded_too_does_not_give_it_away(self):
        total = count("t", 43, "ab", known=Range(34, 46))
        numbers = [told_rounded("a", 3, 0, 6), count("b", 40, known=Range(39, 51)), total]
        assert held_back(numbers) == set()

    def test_what_is_told_between_close_bounds_is_exposed(self):
        assert exposed([told_rounded("a", 3, 1, 5)], set()) == {"a": Range(1, 5)}


class TestThreshold:
    @pytest.mark.parametrize(("value", "hidden"), [(0, False), (1, True), (4, True), (5, False)])
    def test_counts_from_one_to_four_are_held_back(self, value, hidden):
        assert held_back([count("a", value)]) == ({"a"} if hidden else set())

    def test_many_participations_by_few_people_are_held_back(self):
        assert held_back([Number("a", 40, {"a": 1}, people=3)]) == {"a"}

    def test_nothing_small_means_nothing_held_back(self):
        assert held_back([count("a", 5), count("b", 0), count("t", 5, "ab")]) == set()


class TestTotals:
    def test_the_last_unknown_of_a_total_takes_another_number_with_it(self):
        withheld = held_back([count("a", 3), count("b", 20), count("c", 30), count("t", 53, "abc")])
        assert withheld == {"a", "b"}

    def test_three_and_four_hide_each_other_because_each_may_be_one_to_six(self):
        assert held_back([count("a", 3), count("b", 4), count("t", 7, "ab")]) == {"a", "b"}

    def test_three_and_three_need_a_third_because_each_may_be_one_to_five_only(self):
        numbers = [count("a", 3), count("b", 3), count("c", 9), count("t", 15, "abc")]
        numbers.append(count("s", 6, "ab"))
        assert exposed(numbers, {"a", "b"}) == {"a": (1, 5), "b": (1, 5)}
        assert held_back(numbers) > {"a", "b"}

    def test_a_single_service_hides_its_total_too(self):
        assert held_back([count("a", 2), count("t", 2, "a")]) == {"a", "t"}

    def test_a_small_location_is_not_found_by_subtracting_the_others_from_the_city(self):
        numbers = [count("top", 4, "ab"), count("hart", 90, "c"), count("city", 94, "abc")]
        withheld = held_back([count("a", 2), count("b", 2), *numbers])
        assert withheld >= {"a", "b", "top"}
        assert withheld & {"hart", "city"}

    def test_a_dear_number_stays_where_a_cheap_one_does(self):
        numbers = [count("a", 3), count("b", 20, weight=9), count("c", 40), count("t", 63, "abc")]
        assert held_back(numbers) == {"a", "c"}

    def test_a_zero_never_protects_another_number(self):
        withheld = held_back([count("a", 3), count("b", 0), count("t", 3, "ab")])
        assert withheld == {"a", "t"}

    def test_a_zero_is_published_where_it_would_be_the_cheapest_to_hold_back(self):
        numbers = [Number("a", 40, {"a": 1}, people=3), count("b", 0), count("c", 50)]
        assert held_back([*numbers, count("t", 90, "abc")]) == {"a", "c"}

    def test_what_has_nothing_to_do_with_a_small_number_is_published(self):
        apart = [count("x", 6), count("y", 7), count("z", 13, "xy")]
        assert held_back([count("a", 3), count("b", 9), count("t", 12, "ab"), *apart]) == {"a", "b"}


class TestPeriods:
    def test_a_half_year_is_not_found_by_subtracting_the_other_from_the_year(self):
        withheld = held_back([count("a", 3), count("b", 20), count("year", 23, "ab")])
        assert withheld == {"a", "b"}

    def test_what_was_held_back_before_stays_protected(self):
        before = Number("a", 30, {"a": 1}, 30, fixed="withheld")
        assert held_back([before, count("b", 20), count("year", 50, "ab")]) == {"a", "b"}

    def test_what_was_published_before_stays_so_and_another_number_is_held_back(self):
        before = count("b", 20, fixed="published")
        assert held_back([count("a", 3), before, count("year", 23, "ab")]) == {"a", "year"}

    def test_a_number_that_earlier_publications_give_away_is_refused(self):
        before = [count("b", 20, fixed="published"), count("year", 23, "ab", fixed="published")]
        numbers = [count("a", 3), *before]
        with pytest.raises(DataError, match="niet te beschermen naast wat al is uitgegeven: a"):
            protect(numbers, [], true_table(numbers), THRESHOLD)

    def test_earlier_publications_that_leave_room_hold_nothing_more_back(self):
        before = [count("y", 20, "ab", fixed="published"), count("z", 29, "abc", fixed="published")]
        assert held_back([count("a", 3), *before]) == {"a"}


class TestAudit:
    def test_a_small_number_that_is_published_leaks(self):
        assert exposed([count("a", 3)], set()) == {"a": (3, 3)}

    def test_a_difference_leaks(self):
        numbers = [count("a", 3), count("b", 20), count("t", 23, "ab")]
        assert exposed(numbers, {"a"}) == {"a": (3, 3)}

    def test_a_reader_knows_that_people_are_no_more_than_their_participations(self):
        numbers = [count("people", 3), Number("visits", 5, {"v": 1})]
        fewer = Relation({"v": 1, "people": -1}, value=2)
        assert exposed(numbers, {"people"}) == {}
        assert exposed(numbers, {"people"}, [fewer]) == {"people": (1, 5)}

    def test_whole_numbers_tell_more_than_fractions(self):
        # 3a + 11b = 30: fractions allow a from 1 to 10, whole numbers a = 10 alone
        numbers = [count("a", 10), Number("sum", 30, {"a": 3, "b": 11})]
        assert exposed(numbers, {"a"}) == {"a": (10, 10)}

    def test_a_table_that_cannot_be_is_no_proof(self):
        # a = 6 would ask for b = -1
        assert exposed([count("a", 3), count("t", 5, "ab")], {"a"}) == {"a": (1, 5)}

    def test_a_cell_without_a_true_number_is_empty_and_may_only_grow(self):
        # a is 3 and b nothing: three of a may be b, and a is at least 1
        numbers = [count("a", 3), Number("t", 3, {"a": 1, "b": 1})]
        _, leaks = audit(numbers, {"a"}, [], Table({"a": 3}), THRESHOLD)
        assert leaks == {"a": (1, 3)}

    def test_what_must_be_held_back_and_is_told_leaks_though_its_difference_is_hidden(self):
        numbers = [count("a", 3), count("b", 30), count("t", 33, "ab")]
        assert exposed(numbers, {"b", "t"}) == {"a": Range(3, 3)}

    def test_a_number_that_may_be_nothing_has_a_range_from_zero(self):
        # a difference between two numbers is told by nobody: a reader does not know that it is 1
        of_two = [count("d", 3, least=0), count("e", 2), count("t", 5, "de")]
        assert exposed(of_two, {"d", "e"}) == {"d": (0, 4), "e": (1, 5)}
        assert exposed([*of_two[:1], count("e", 2, least=0), of_two[2]], {"d", "e"}) == {}

    @pytest.mark.parametrize(
        "table",
        [
            {"a": 20},  # does not agree with the total
            {"a": 20, "b": -20},  # b would be below nothing
            {"a": 1.5, "b": -1.5},  # is not whole
            {"a": -3, "b": 3},  # a is at least 1
        ],
    )
    def test_tables_that_come_along_are_believed_only_where_they_agree(self, table):
        numbers = [count("a", 3), Number("t", 5, {"a": 1, "b": 1})]
        truth = Table({"a": 3, "b": 2})
        _, leaks = audit(numbers, {"a"}, [], truth, THRESHOLD, [table, {"a": 0}])
        assert leaks == {"a": (1, 5)}

    def test_nothing_published_leaks_nothing(self):
        assert exposed([], set()) == {}

    def test_a_number_without_bounds_is_safe(self):
        assert exposed([count("a", 3)], {"a"}) == {}


# Generated tables: an axis per location, service and half-year; `None` stands for all of it.

Key = tuple[int | None, int | None, int | None]
COUNTS = st.one_of(st.just(0), st.integers(1, 4), st.integers(5, 12), st.integers(13, 200))


@st.composite
def tables(draw, counts=COUNTS, most=(3, 4, 2)) -> np.ndarray:
    shape = tuple(draw(st.integers(1 if axis else 2, size)) for axis, size in enumerate(most))
    values = draw(st.lists(counts, min_size=math.prod(shape), max_size=math.prod(shape)))
    return np.array(values).reshape(shape)


def truth_of(table: np.ndarray, apart: bool = True) -> Table:
    """The table itself; each location may be a part of its own."""
    values = {tuple(map(int, cell)): int(table[tuple(cell)]) for cell in np.argwhere(table >= 0)}
    return Table(values, {cell: frozenset({str(cell[0])}) for cell in values} if apart else {})


def mask(table: np.ndarray, key: Key) -> np.ndarray:
    chosen = np.zeros(table.shape, bool)
    chosen[tuple(slice(None) if at is None else at for at in key)] = True
    return chosen


def keys(table: np.ndarray) -> list[Key]:
    return list(itertools.product(*([*range(size), None] for size in table.shape)))


def published(table: np.ndarray) -> list[Number]:
    """All counts and totals over locations, services and half-years."""
    counts = []
    for key in keys(table):
        chosen = mask(table, key)
        value = int(table[chosen].sum())
        cells = {tuple(map(int, cell)): 1 for cell in np.argwhere(chosen)}
        counts.append(Number(key, value, cells, value, weight=1 + 4 * key.count(None)))
    return counts


def attack(table: np.ndarray, withheld: frozenset) -> dict[Key, float]:
    """How far apart an attacker with integer programming finds each count held back to be."""
    rows, low, high = [], [], []
    for key in keys(table):
        inside = mask(table, key).ravel().astype(float)
        value = table.ravel() @ inside
        known = (1, np.inf) if key in withheld else (value, value)
        rows, low, high = [*rows, inside], [*low, known[0]], [*high, known[1]]
    limits = LinearConstraint(np.array(rows), low, high)
    bounds, widths = Bounds(0, 10_000), {}
    for key in set(keys(table)) & withheld:
        goal = mask(table, key).ravel().astype(float)
        ends = [milp(s * goal, integrality=1, bounds=bounds, constraints=limits) for s in (1, -1)]
        widths[key] = round(goal @ ends[1].x) - round(goal @ ends[0].x)
    return widths


@settings(max_examples=30, deadline=None)
@given(tables())
def test_an_attacker_of_our_own_finds_no_number_held_back(table):
    withheld, _, _ = protect(published(table), [], truth_of(table), THRESHOLD)
    assert all(width >= THRESHOLD for width in attack(table, withheld).values())


@settings(max_examples=50, deadline=None)
@given(tables())
def test_no_number_is_found_where_cells_are_too_many_to_try_each(table):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(disclosure, "_MANY", 0)  # then only what differs in few numbers is tried
        patched.setattr(disclosure, "_ALIKE", 4)
        patched.setattr(disclosure, "_BLOCK", 3)
        try:
            withheld, _, _ = protect(published(table), [], truth_of(table), THRESHOLD)
        except Unprotectable:
            event("nothing is published")
            return
    assert all(width >= THRESHOLD for width in attack(table, withheld).values())


def test_people_become_others_where_cells_are_too_many_to_try_each(monkeypatch):
    monkeypatch.setattr(disclosure, "_MANY", 0)
    rows_and_columns = ["abc", "def", "ghi", "adg", "beh", "cfi"]
    totals = [count(f"total {number}", 36, "abcdefghi") for number in range(9)]  # so none is in few
    numbers = [*totals, *(count(cells, 12, cells) for cells in rows_and_columns), count("a", 4)]
    truth = Table(dict.fromkeys("abcdefghi", 4))
    assert protect(numbers, [], truth, THRESHOLD).withheld == {"a"}
    ranges, leaks = audit(numbers, {"a"}, [], truth, THRESHOLD)
    assert leaks == {}
    assert ranges["a"].low >= 1  # nobody becomes another who is not there


@settings(max_examples=300, deadline=None)
@given(tables(most=(2, 3, 2)))
def test_hundreds_of_generated_tables_pass_the_audit(table):
    numbers = published(table)
    withheld, _, tables = protect(numbers, [], truth_of(table), THRESHOLD)
    assert audit(numbers, withheld, [], truth_of(table), THRESHOLD)[1] == {}
    assert audit(numbers, withheld, [], truth_of(table), THRESHOLD, tables)[1] == {}
    assert not {n.name for n in numbers if n.value == 0} & withheld


@settings(max_examples=50, deadline=None)
@given(tables(st.one_of(st.just(0), st.integers(5, 50))))
def test_tables_without_small_numbers_are_published_whole(table):
    assert protect(published(table), [], truth_of(table), THRESHOLD).withheld == frozenset()


@settings(max_examples=150, deadline=None)
@given(tables(st.integers(0, 9), most=(2, 2, 1)), st.booleans(), st.data())
def test_the_audit_finds_just_what_trying_every_table_finds(table, apart, data):
    numbers = published(table)
    nonzero = [n.name for n in numbers if n.value]
    withheld = frozenset(data.draw(st.sets(st.sampled_from(nonzero)))) if nonzero else frozenset()
    numbers = [Number(n.name, n.value, n.terms) for n in numbers]
    _, leaks = audit(numbers, withheld, [], truth_of(table, apart), THRESHOLD)
    assert set(leaks) == try_every_table(table, withheld)


def try_every_table(table: np.ndarray, withheld: frozenset) -> set[Key]:
    every = np.stack(np.meshgrid(*[np.arange(16)] * table.size), -1).reshape(-1, table.size)
    sums = {key: every @ mask(table, key).ravel() for key in keys(table)}
    agrees = np.ones(len(every), bool)
    for key, values in sums.items():
        truth = table[mask(table, key)].sum()
        agrees &= values >= 1 if key in withheld else values == truth
    return {key for key in withheld if np.ptp(sums[key][agrees]) < THRESHOLD}
