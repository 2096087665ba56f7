"""People as there could be: who is in which count agrees with the rows, gone through one by one."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from small import visits
from test_facts_protection import random_registrations

from bwk import periods, programme, registrations
from bwk.facts import expressions, imagined
from bwk.facts.book import build
from bwk.facts.counting import Calendar
from bwk.facts.expressions import (
    ABSENT,
    EARLIER,
    HOLDS,
    LIVES,
    NEAR,
    NEW,
    SEEN,
    SEVERAL,
    TIMES,
    Condition,
    Count,
    Interval,
    people_who,
)
from bwk.facts.imagined import Imagined
from bwk.registrations import Registrations

BEFORE = Interval(date(2017, 7, 1), date(2017, 12, 31))
NOW = Interval(date(2018, 1, 1), date(2018, 6, 30))
CALENDAR = Calendar([BEFORE, NOW])


def people(*conditions: tuple, when: Interval = NOW, where: tuple = ("noord",)) -> Count:
    named = [Condition(kind, tuple(keys)) for kind, *keys in conditions]
    return Count(people_who(*named), when, where)


def who(data: Registrations, count: Count) -> set[str]:
    """Say who is in a count, from the rows alone and one by one."""
    home = dict(data.participants[["deelnemer", "buurt"]].itertuples(index=False))
    around = dict(data.neighbourhoods[["buurt", "omgeving_van"]].itertuples(index=False))
    came: dict[str, list] = {}
    days: dict[str, set] = {}
    earlier = set()
    for row in data.participations.itertuples():
        if row.locatie in count.where and isinstance(row.deelnemer, str):
            day = row.datum.date()
            days.setdefault(row.deelnemer, set()).add(day.isoformat())
            if day < count.when.first:
                earlier.add(row.deelnemer)
            elif day <= count.when.last:
                came.setdefault(row.deelnemer, []).append(row)
    holds: dict[str, set] = {}
    for row in data.roles.itertuples():
        ended = not pd.isna(row.tot) and row.tot.date() < count.when.first
        if row.locatie in count.where and row.van.date() <= count.when.last and not ended:
            holds.setdefault(row.persoon, set()).add(row.rol)
    conditions = count.of.conditions
    anybody = holds if {kind for kind, _ in conditions} <= {HOLDS, expressions.BEFORE} else came

    def meets(person: str, kind: str, keys: tuple) -> bool:
        used = {row.dienst for row in came.get(person, ())}
        at = {row.locatie for row in came.get(person, ())}
        first, last = keys[0].split("/") if kind == ABSENT else ("", "")
        return {
            SEEN: bool(used & {*keys} if keys else used),
            SEVERAL: len(used) > 1,
            TIMES: kind == TIMES and len(came.get(person, ())) >= keys[0],
            EARLIER: person in earlier,
            expressions.BEFORE: person in earlier,
            NEW: person not in earlier,
            ABSENT: not any(first <= day <= last for day in days.get(person, ())),
            NEAR: around.get(home.get(person)) in at,
            LIVES: home.get(person) in keys,
            HOLDS: bool(holds.get(person, set()) & {*keys}),
        }[kind]

    return {p for p in anybody if all(meets(p, kind, keys) for kind, keys in conditions)}


@pytest.fixture
def made_up(monkeypatch):
    """Hears of whom the kinds are made up: a list of registrations, real people first."""
    heard: list[Registrations] = []

    class Hearing(imagined.Census):
        def __init__(self, data: Registrations, calendar: Calendar) -> None:
            heard.append(data)
            super().__init__(data, calendar)

    monkeypatch.setattr(imagined, "Census", Hearing)
    return heard


class TestByHand:
    """Six people at one location, one at another that closed with the year."""

    @pytest.fixture
    def data(self, make_folder):
        folder = make_folder(
            deelnames=visits("2017-08-01", "noord", "koffie", "ad")
            + visits("2018-02-01", "noord", "koffie", "abc")
            + visits("2018-03-01", "noord", "taal", "bce")
            + visits("2018-03-08", "noord", "taal", "e")
            + visits("2017-09-01", "zuid", "taal", "f")
            + "2018-02-01;noord;koffie;;9\n",
            rollen="noord;pe1;vrijwilliger;2018-06-30;\nnoord;pg1;vrijwilliger;2017-01-01;\n",
            buurten="buurt;naam;omgeving_van\nhier;Hier;noord\ndaar;Daar;\nleeg;Leeg;noord\n",
            deelnemers="deelnemer;buurt\npa1;hier\npb1;daar\npc1;hier\npe1;\n",
        )
        path = folder / "locaties.csv"
        path.write_text(
            path.read_text().replace(
                "zuid;Zuid;Onder;2016-01-01;;", "zuid;Zuid;Onder;2016-01-01;2017-12-31;"
            )
        )
        return registrations.read(folder)

    @pytest.mark.parametrize(
        ("count", "number"),
        [
            (people((SEEN,)), 4),  # a b c e
            (people((SEEN,), when=BEFORE), 2),  # a d
            (people((SEEN, "koffie")), 3),
            (people((SEEN, "koffie"), (SEEN, "taal")), 2),  # b c
            (people((SEEN, "koffie", "taal")), 4),
            (people((SEVERAL,)), 2),
            (people((EARLIER,)), 1),  # a
            (people((NEW,)), 3),
            (people((NEAR,)), 2),  # a c
            (people((SEEN,), (LIVES, "hier", "leeg")), 2),
            (people((SEEN,), (LIVES, "daar")), 1),
            (people((HOLDS, "vrijwilliger")), 2),  # e g
            (people((HOLDS, "vrijwilliger"), when=BEFORE), 1),
            (people((SEEN,), (HOLDS, "vrijwilliger")), 1),  # e
            (people((SEEN,), where=("noord", "zuid"), when=BEFORE), 3),
            (people((TIMES, 2)), 3),  # b c, and e at one service
        ],
    )
    def test_real_people_are_counted_as_they_are_registered(self, data, count, number):
        kinds = Imagined(data, CALENDAR, ()).kinds([count], [])
        assert kinds.numbers @ kinds.members[0] == number == len(who(data, count))
        assert kinds.numbers.sum() == 7

    def test_at_a_location_that_was_closed_nobody_could_be(self, data):
        kinds = Imagined(data, CALENDAR, ()).kinds(
            [people((SEEN,), where=("zuid",)), people((SEEN,), where=("zuid",), when=BEFORE)], []
        )
        assert not kinds.members[0].any()
        assert kinds.members[1].any()

    def test_nobody_lives_where_nobody_lives(self, data):
        counts = [people((SEEN,), (LIVES, home)) for home in ("leeg", "hier", "daar")]
        assert Imagined(data, CALENDAR, ()).kinds(counts, []).members.any(axis=1).tolist() == [
            False,
            True,
            True,
        ]

    def test_a_kind_has_the_places_where_it_was_seen(self, data):
        places = ("noord",), ("zuid",)
        kinds = Imagined(data, CALENDAR, ()).kinds(
            [people((SEEN,), where=place, when=BEFORE) for place in places], []
        )
        for noord, zuid, place in zip(*kinds.members, kinds.places, strict=True):
            assert "noord" in place or not noord
            assert "zuid" in place or not zuid
        assert {*kinds.places} == {
            frozenset(own) for own in ({"noord"}, {"zuid"}, {"noord", "zuid"})
        }

    def test_whoever_differs_a_little_from_somebody_could_be(self, data, made_up):
        Imagined(data, CALENDAR, ()).kinds([people((SEEN,))], [])
        persons = [*spots_of(made_up[0])]
        real, everybody = persons[:7], {(spots, home) for spots, home in persons}
        anywhere = {spot for spots, _ in real for spot in spots}
        homes = {home for _, home in real}
        assert homes == {"hier", "daar", ""}
        assert {(frozenset([spot]), home) for spot in anywhere for home in homes} <= everybody
        twice = {frozenset(pair) for pair in combinations(anywhere, 2)}
        assert twice <= {spots for spots, _ in everybody}
        changed = {(spots ^ {spot}, home) for spots, home in real for spot in anywhere}
        assert {each for each in changed if each[0]} <= everybody
        assert {(spots, home) for spots, _ in real for home in homes} <= everybody
        assert all(spots for spots, _ in everybody)

    @pytest.mark.parametrize("small", [True, False])
    def test_of_more_people_than_may_be_others_those_at_a_small_count_are(
        self, data, made_up, monkeypatch, small
    ):
        monkeypatch.setattr(imagined, "MOST_REAL", 4)
        monkeypatch.setattr(imagined, "MOST_CHANGED", 0)
        at_stake = [people((SEEN, "taal"))] if small else []
        Imagined(data, CALENDAR, at_stake).kinds([people((SEEN,))], [])
        persons = [*spots_of(made_up[0])]
        anywhere = {spot for spots, _ in persons for spot in spots}
        there = {spot for spot in anywhere if spot[0] == "noord" and spot[1].date() == NOW.first}
        real = [(spots, home) for spots, home in persons[:4] if spots & there]
        changed = {(spots ^ {spot}, home) for spots, home in real for spot in there}
        assert small == ({each for each in changed if each[0]} <= {*persons})


def spots_of(data: Registrations) -> Iterator[tuple[frozenset, str]]:
    """Yield where each person was seen or held a role, and their home, in order."""
    spots: dict[str, set] = {}
    for row in data.participations.itertuples():
        spots.setdefault(row.deelnemer, set()).add((row.locatie, row.datum, row.dienst))
    for row in data.roles.itertuples():
        spots.setdefault(row.persoon, set()).add((row.locatie, row.van, row.rol))
    for person, home in data.participants[["deelnemer", "buurt"]].itertuples(index=False):
        yield frozenset(spots.get(person, ())), home


@pytest.mark.parametrize("seed", [4, 8])
def test_each_kind_is_in_the_counts_in_which_its_people_are_one_by_one(seed, made_up, monkeypatch):
    asked: list = []
    kinds_of = Imagined.kinds

    def hearing(self, counts, apart):
        kinds = kinds_of(self, counts, apart)
        asked.append((counts, apart, kinds))
        return kinds

    monkeypatch.setattr(Imagined, "kinds", hearing)
    data = random_registrations(seed)
    build(data, programme.Programme(baselines={"2018-H1": "2017"}), periods.parse("2018-H1"))
    (counts, apart, kinds), registered = asked[0], made_up[0]
    columns = [who(registered, count) for count in [*counts, *apart]]
    persons = registered.participants["deelnemer"]
    marks = [tuple(person in column for column in columns) for person in persons]
    real = int(kinds.numbers.sum())
    own = [tuple(bool(mark) for mark in kind) for kind in kinds.members.T]
    assert {mark[: len(counts)] for mark in marks} == {kind[: len(counts)] for kind in own}
    assert {*own} <= {*marks}
    numbers = Counter(dict(zip(own, np.array(kinds.numbers).tolist(), strict=True)))
    assert +numbers == Counter(marks[:real])
    for count, members in zip(counts, kinds.members, strict=False):
        assert kinds.numbers @ members == len(who(data, count)), count


def test_of_many_places_who_was_at_two_spots_that_are_asked_for_is_there():
    locations = np.array([f"l{place}" for place in range(600)])  # no two spots at one of them
    pairs = imagined._twice(600, locations, np.array([[3, 500]]))
    assert [np.flatnonzero(pair).tolist() for pair in pairs] == [[3, 500]]


def test_where_nobody_has_a_pseudonym_there_are_no_kinds(make_folder):
    data = registrations.read(make_folder(deelnames="2018-02-01;noord;koffie;;40\n"))
    kinds = Imagined(data, CALENDAR, ()).kinds([people((SEEN,))], [])
    assert kinds.members.shape == (1, 0)
    assert kinds.places == []
