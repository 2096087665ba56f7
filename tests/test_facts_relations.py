"""Relations: what each rule tells a reader, reckoned by hand; and that no rule ever lies."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from test_facts_counting import CITY, LOCATIONS, ROWS, SERVICES, both, census, living, table, used

from bwk.facts.counting import Counting
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
    Each,
    Interval,
    Visits,
    Vocabulary,
    people,
    people_who,
)
from bwk.facts.relations import Relations

Q1 = Interval(date(2018, 1, 1), date(2018, 3, 31))
Q2 = Interval(date(2018, 4, 1), date(2018, 6, 30))
H1 = Interval(Q1.first, Q2.last)
HOMES = ("bos", "duin", "kade")
VOCABULARY = Vocabulary(
    keys={Each.SERVICE: tuple(SERVICES), Each.HOME: HOMES},
    domains={},
    surroundings={"noord": ("bos", "duin"), "zuid": ("kade",)},
)
NORTH, SOUTH = ("noord",), ("zuid",)
SEVERAL_SERVICES = people(SEVERAL)
AROUND = people_who(Condition(SEEN), Condition(LIVES, ("bos", "duin")))
GIVING = people_who(Condition(HOLDS, RECIPROCAL))
ONTMOETING, TAAL, KLUSSEN = map(used, SERVICES)


def holding(role: str):
    return people_who(Condition(HOLDS, (role,)))


def local(of, value: float, where=NORTH, when=H1) -> tuple[Count, float]:
    return Count(of, when, where), value


def bounds(asked: Count, known: dict[Count, float], few: int = 0) -> tuple[float, float]:
    """Find the least and the most that a count can be, where others are known."""
    counted = {count: Counting(int(n), int(n), {count: 1.0}) for count, n in known.items()}
    counted.setdefault(asked, Counting(0, 0, {asked: 1.0}))
    places = {count: place for place, count in enumerate(counted)}
    rows, limits = [], []
    for relation in Relations(counted, VOCABULARY, few):
        row = np.zeros(len(places))
        for cell, factor in relation.terms.items():
            row[places[cell]] += factor
        for sign, limit in ((-1, -relation.low), (1, relation.high)):
            if math.isfinite(limit):
                rows.append(sign * row)
                limits.append(limit)
    ranges = [(known[c], known[c]) if c in known else (0, None) for c in places]
    ends = []
    for sign in (1, -1):
        cost = np.zeros(len(places))
        cost[places[asked]] = sign
        done = linprog(cost, A_ub=rows or None, b_ub=limits or None, bounds=ranges)
        ends.append(sign * done.fun if done.fun is not None else math.inf)
    return round(ends[0], 6), round(ends[1], 6)


@pytest.mark.parametrize(
    ("asked", "known", "least", "most"),
    [
        # Who used a service is one of all; who used two used each of them.
        pytest.param(TAAL, [local(people(), 7)], 0, 7, id="a part is no more than the whole"),
        pytest.param(both("taal", "klussen"), [local(TAAL, 3)], 0, 3, id="both are part of one"),
        pytest.param(people(times=3), [local(people(times=2), 6)], 0, 6, id="often is also more"),
        pytest.param(people(), [local(people(), 4, when=Q1)], 4, math.inf, id="longer is more"),
        pytest.param(people(), [local(people(), 9, CITY)], 0, 9, id="the city has all"),
        pytest.param(TAAL, [local(people(), 9, CITY, H1)], 0, 9, id="by two ways at once"),
        pytest.param(TAAL, [local(Visits(("taal",)), 6)], 0, 6, id="a visit each"),
        pytest.param(
            people(),
            [local(ONTMOETING, 2), local(TAAL, 3), local(KLUSSEN, 4)],
            4,
            9,
            id="whoever came used a service",
        ),
        pytest.param(
            SEVERAL_SERVICES,
            [local(people(), 5), local(ONTMOETING, 2), local(TAAL, 3), local(KLUSSEN, 4)],
            2,
            4,
            id="how many used more than one",
        ),
        pytest.param(people(), [local(people(), 3, when=Q1), local(people(), 4, when=Q2)], 4, 7,
                     id="two quarters bound the half-year"),
        pytest.param(people(EARLIER), [local(people(), 10), local(people(NEW), 6)], 4, 4,
                     id="who is not new was here before"),
        pytest.param(living("kade"), [local(people(), 10), local(living("bos"), 6),
                                      local(living("duin"), 1)], 0, 3,
                     id="everybody lives in one place at most"),
        pytest.param(living("duin"), [local(AROUND, 8), local(living("bos"), 6)], 2, 2,
                     id="the surroundings are neighbourhoods"),
        pytest.param(GIVING, [*map(local, map(holding, RECIPROCAL), (3, 2))],
                     3, 5, id="who holds one of two roles"),
        pytest.param(both("taal", "klussen"),
                     [local(people(), 10), local(TAAL, 7), local(KLUSSEN, 8)], 5, 7,
                     id="two large parts overlap"),
    ],
)  # fmt: skip
def test_what_a_reader_can_reckon(asked, known, least, most):
    assert bounds(Count(asked, H1, NORTH), dict(known)) == (least, most)


def test_locations_bound_the_city():
    known = dict([local(people(), 3), local(people(), 4, SOUTH)])
    assert bounds(Count(people(), H1, CITY), known) == (4, 7)


def test_the_city_s_surroundings_are_those_of_its_locations():
    known = dict([local(AROUND, 3), local(living("kade"), 2, SOUTH)])
    assert bounds(Count(people(NEAR), H1, CITY), known) == (3, 5)
    homes = dict([local(living(home), 2, CITY) for home in HOMES])
    assert bounds(Count(people(NEAR), H1, CITY), homes) == (0, 6)


def test_newcomers_of_a_location_may_be_known_to_the_city():
    known = dict([local(people(NEW), 5)])
    assert bounds(Count(people(NEW), H1, CITY), known) == (0, math.inf)


def test_a_service_of_which_nothing_shared_is_shown_is_small():
    known = dict([local(SEVERAL_SERVICES, 4)])
    assert bounds(Count(TAAL, H1, NORTH), known, few=15) == (0, 14)


def test_a_condition_of_which_nothing_follows_is_refused():
    with pytest.raises(ValueError, match="no relation"):
        people_who(Condition("lang", ("1.90",)))


SETS = [
    people(),
    people(NEW),
    people(EARLIER),
    people(times=2),
    people(times=3),
    SEVERAL_SERVICES,
    ONTMOETING,
    TAAL,
    KLUSSEN,
    both("taal", "klussen"),
    both("ontmoeting", "taal"),
    people(roles=RECIPROCAL),
    GIVING,
    holding("vrijwilliger"),
    holding("sleutelhouder"),
    Visits(("taal",)),
    Visits(()),
    *map(living, HOMES),
]
LIVING = st.dictionaries(
    st.sampled_from([f"p{n}" for n in range(8)]), st.sampled_from([*HOMES, None]), max_size=8
)
HELD = st.lists(
    st.tuples(
        st.sampled_from(LOCATIONS),
        st.sampled_from([f"p{n}" for n in range(9)]),
        st.sampled_from(RECIPROCAL),
        st.dates(Q1.first, Q2.last),
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=15)
@given(ROWS, LIVING, HELD)
def test_every_relation_is_true_of_people(rows, homes, held):
    roles = pd.DataFrame(held, columns=["locatie", "persoon", "rol", "van"]).assign(tot=pd.NaT)
    dates = dict.fromkeys(("van", "tot"), "datetime64[ns]")
    counts = census(
        Q1,
        Q2,
        deelnames=table(rows),
        deelnemers=pd.DataFrame({"deelnemer": [*homes], "buurt": [*homes.values()]}),
        buurten=pd.DataFrame({"buurt": HOMES, "omgeving_van": ["noord", "noord", "zuid"]}),
        rollen=roles.astype(dates),
    )
    asked = [
        Count(of, when, where)
        for of in SETS
        for when in (Q1, Q2, H1)
        for where in (NORTH, SOUTH, CITY)
    ]
    asked += [Count(people(NEAR), when, CITY) for when in (Q1, Q2, H1)]
    asked += [Count(AROUND, when, NORTH) for when in (Q1, Q2, H1)]
    counted = {count: counts.count(count) for count in asked}
    truth = {count: counted[count].value for count in asked}
    for count in asked:  # visits are sums of cells: each cell is one of one service and stretch
        truth |= {cell: _visits(counts, cell) for cell in counted[count].cells if cell not in truth}
    for relation in Relations(counted, VOCABULARY, 0):
        total = sum(factor * truth[cell] for cell, factor in relation.terms.items())
        assert relation.low <= total <= relation.high, relation


def _visits(counts, cell) -> int:
    location, service, first = cell
    edges = [*counts.calendar.starts, date.max]
    last = date.fromordinal(edges[edges.index(first) + 1].toordinal() - 1)
    return counts.count(Count(Visits((service,)), Interval(first, last), (location,))).value
