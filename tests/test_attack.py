"""The attacker finds what can be worked out by hand, and nothing else; see `attacker`."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from attacker import Find, Issue, Reader, attack
from attacker_programmes import SCENARIOS, programme
from attacker_world import World, read

sys.path.insert(0, str(Path(__file__).parent / "bench"))
from attack import tried

X = None  # held back
WINTER, SPRING, SUMMER = date(2018, 2, 1), date(2018, 5, 1), date(2018, 8, 1)
OPEN = date(2018, 1, 1), date(2030, 1, 1)
Facts = Mapping[str, float | None]


def world(
    visits: Sequence[tuple[date, str, Sequence[int]]],
    services: str = "k",
    homes: Mapping[str, Sequence[int]] | None = None,
    holders: Sequence[int] = (),
    location: str = "noord",
    **others,
) -> World:
    """Make a programme of one location: who was seen when and at what, who lives where."""
    made = World(opened={location: OPEN}, offered=dict.fromkeys(services, (date.min, date.max)))
    made.area = {location: 0.0}
    for day, service, people in visits:
        for person in people:
            made.seen[f"p{person}"].append((day, location, service))
    for home, people in (homes or {}).items():
        made.homes.append(home)
        made.around[home] = location if home < "c" else ""
        made.home |= {f"p{person}": home for person in people}
    made.roles = ["vrijwilliger"]
    for person in holders:
        made.holds[f"p{person}"].append((WINTER, SUMMER, location, "vrijwilliger"))
    for name, value in others.items():
        setattr(made, name, value)
    return made


def book(period: str, facts: Facts, baseline: str = "2017-H2", scope: str = "noord") -> dict:
    """Write down what was issued."""
    written = {
        name: {"waarde": value, "achtergehouden": value is X, "eenheid": ""}
        for name, value in facts.items()
    }
    return {"periode": period, "basisperiode": baseline, "feiten": {scope: written}}


def found(made: World, *books: dict) -> dict[str, tuple[float, float]]:
    """Return the range of each number that was worked out, by the last words of its name."""
    report = attack([made], [Issue(issued) for issued in books])
    assert not report.misread
    assert not report.unproven
    return {key(find): (find.low, find.high) for find in report.finds}


def key(find: Find) -> str:
    return find.name.removesuffix(" (teller)").split(":", 1)[1]


def test_surroundings_are_the_sum_of_their_neighbourhoods():
    made = world(
        [(WINTER, "k", range(30))],
        homes={"a": range(20), "b": range(20, 23), "c": range(23, 28)},
    )
    facts = {"deelnemers": 30, "herkomst.a": 20, "herkomst.b": X, "herkomst_bekend": 28}
    facts["aandeel_omgeving"] = 0.8214
    assert found(made, book("2018-H1", facts)) == {"2018-H1 noord herkomst.b": (3, 3)}
    without = {name: value for name, value in facts.items() if name != "aandeel_omgeving"}
    assert found(made, book("2018-H1", without)) == {}


def test_overlaps_of_three_services_follow_from_those_who_use_more_than_one():
    kt, tl, kl = range(9), range(9, 17), range(17, 20)
    k, t, only = range(20, 28), range(28, 33), range(33, 40)
    visits = [(WINTER, "k", [*kt, *kl, *k]), (WINTER, "t", [*kt, *tl, *t])]
    made = world([*visits, (WINTER, "l", [*tl, *kl, *only])], services="ktl")
    facts = {"deelnemers": 40, "deelnemers.k": 20, "deelnemers.t": 22, "deelnemers.l": 18}
    facts |= {"aandeel_meer_diensten": 0.5, "samen.k.t": 9, "samen.k.l": X, "samen.t.l": 8}
    assert found(made, book("2018-H1", facts)) == {"2018-H1 noord samen.k.l": (3, 3)}


def test_new_participants_add_up_over_quarters():
    seen = [(WINTER, "k", range(40)), (SPRING, "k", [*range(30), 100, 101])]
    made = world([*seen, (SUMMER, "k", range(20))])
    first = book("2018-Q1", {"deelnemers": 40})
    second = book("2018-Q2", {"deelnemers": 32, "nieuwe_deelnemers": X})
    assert found(made, first, second) == {}
    third = book("2018-Q3", {"deelnemers_basis": 42}, baseline="2018-H1")
    worked_out = found(made, first, second, third)
    assert worked_out["2018-Q2 noord nieuwe_deelnemers"] == (2, 2)
    difference = "2018-Q3 noord deelnemers_basis - 0:2018-Q1 noord deelnemers"
    assert worked_out[difference] == (2, 2)


def test_a_projection_at_the_end_of_the_year_is_its_total():
    made = world([(WINTER, "k", range(3)), (SUMMER, "k", range(10, 35))])
    year = book("2018", {"deelnames.k": X})
    half = book("2018-H2", {"deelnames.k": 25})
    assert found(made, half, year) == {}
    half = book("2018-H2", {"deelnames.k": 25, "prognose.k": 28})
    assert found(made, half, year)["2018 noord deelnames.k"] == (28, 28)


def test_nested_periods_differ_by_one_person():
    made = world([(WINTER, "k", range(30)), (date(2018, 6, 30), "k", [30])])
    half = book("2018-H1", {"deelnemers": 31, "deelnames": 31})
    nearly = book("2018-01-01/2018-06-29", {"deelnemers": 30, "deelnames": 30})
    assert set(found(made, half, nearly).values()) == {(1, 1)}
    assert len(found(made, half, nearly)) == 2


def test_what_is_not_in_the_facts_is_not_known():
    # The number of rows of a file, and its hash, are looked for elsewhere.
    rows = [(WINTER, "noord", "naar", "a")] * 12 + [(WINTER, "noord", "naar", "b")] * 3
    made = world([(WINTER, "k", range(40))], referrals=rows)
    facts = {"deelnemers": 40, "verwijzingen.naar.a": 12, "verwijzingen.naar.b": X}
    assert found(made, book("2018-H1", facts)) == {}


def test_what_the_other_services_leave_of_all_visits():
    made = world([(WINTER, "k", range(30)), (WINTER, "t", range(3))], services="kt")
    facts = {"deelnames": 33, "deelnames.k": 30, "deelnames.t": X}
    assert found(made, book("2018-H1", facts))["2018-H1 noord deelnames.t"] == (3, 3)
    # So too where the sum of a half-year was issued as a rate.
    made.domains["leren"] = ["t"]
    half = book("2018-H1", {"deelnames.t": X, "barometer_per_maand.leren.2018-H1": 0.5})
    assert found(made, half)["2018-H1 noord deelnames.t"] == (3, 3)


def test_unions_and_overlaps_of_four_services_bound_each_other():
    # 30 + x people at services, 38 of all; 2 of these count once to three times more.
    groups = [range(10), range(9, 19), range(18, 28), range(28, 38)]
    visits = [(WINTER, s, who) for s, who in zip("abcd", groups, strict=True)]
    made = world(visits, services="abcd")
    facts: dict[str, float | None] = {"deelnemers": 38, "aandeel_meer_diensten": round(2 / 38, 4)}
    facts |= {"deelnemers.a": 10, "deelnemers.b": 10, "deelnemers.c": 10, "deelnemers.d": X}
    assert found(made, book("2018-H1", facts))["2018-H1 noord deelnemers.d"] == (10, 14)


def test_who_returns_was_there_before():
    made = world(
        [(date(2017, 8, 1), "k", range(3)), (WINTER, "k", [*range(2), *range(10, 40)])],
        opened={"noord": (date(2017, 7, 1), date.max)},
    )
    facts = {"deelnemers": 32, "terugkerende_deelnemers": X, "nieuwe_deelnemers": X}
    assert len(found(made, book("2018-H1", facts))) == 0
    worked_out = found(made, book("2018-H1", {**facts, "deelnemers_basis": X}), book("2017", {}))
    assert worked_out == {}
    few = book("2018-H1", {**facts, "deelnemers_basis": 3})
    assert found(made, few)["2018-H1 noord terugkerende_deelnemers"] == (1, 3)
    assert found(made, few)["2018-H1 noord nieuwe_deelnemers"] == (29, 31)


def test_a_location_that_was_not_open_counts_nobody():
    made = world([(WINTER, "k", range(20)), (SUMMER, "k", range(20))])
    made.opened["zuid"] = date(2018, 7, 1), date.max
    made.area["zuid"] = 0.0
    for person in range(40, 43):
        made.seen[f"p{person}"].append((SUMMER, "zuid", "k"))
    half, year = book("2018-H2", {}), book("2018", {"deelnames.k": 43}, scope="stad")
    half["feiten"] = {"zuid": {}, "noord": book("", {"deelnames.k": 20})["feiten"]["noord"]}
    year["feiten"] |= book("", {"deelnames.k": 40})["feiten"]
    year["feiten"] |= book("", {"deelnames.k": X}, scope="zuid")["feiten"]
    assert found(made, half, year)["2018 zuid deelnames.k"] == (3, 3)


def test_a_share_of_the_roles_gives_their_number():
    made = world([(WINTER, "k", range(30))], holders=range(4))
    facts = {"deelnemers": 30, "rol.vrijwilliger": X, "aandeel_rol.deelnemers": 0.8824}
    assert found(made, book("2018-H1", facts)) == {"2018-H1 noord rol.vrijwilliger": (4, 4)}


def test_who_takes_part_and_holds_a_role_holds_it():
    made = world([(WINTER, "k", range(40))], holders=[38, 39, 100, 101, 102])
    facts = {"deelnemers": 40, "rol.vrijwilliger": 5, "wederkerigheid": X}
    assert found(made, book("2018-H1", facts)) == {"2018-H1 noord wederkerigheid": (1, 5)}


def test_where_holders_of_two_locations_are_others_so_are_those_who_take_part():
    made = world([(WINTER, "k", range(30))], holders=[1, 2, 3, 4, 5, 6, 100])
    made.opened["zuid"], made.area["zuid"] = OPEN, 0.0
    for person in range(28, 60):
        made.seen[f"p{person}"].append((WINTER, "zuid", "k"))
    for person in (40, 41, 101, 102, 103, 104):
        made.holds[f"p{person}"].append((WINTER, SUMMER, "zuid", "vrijwilliger"))
    issued = book("2018-H1", {"deelnemers": 30, "rol.vrijwilliger": 7, "wederkerigheid": 0.2})
    zuid = {"deelnemers": 32, "rol.vrijwilliger": 6, "wederkerigheid": X}
    issued["feiten"] |= book("", zuid, scope="zuid")["feiten"]
    city = {"deelnemers": 60, "rol.vrijwilliger": 13, "wederkerigheid": 0.1333}
    assert found(made, issued) == {}
    issued["feiten"] |= book("", city, scope="stad")["feiten"]
    # Eight of the city, of whom six are those of noord; who holds a role elsewhere than where they
    # were seen is of the city alone.
    assert found(made, issued)["2018-H1 zuid wederkerigheid"] == (1, 2)


def test_too_few_to_show_what_two_services_share_says_how_few():
    made = world([(WINTER, "k", range(30)), (WINTER, "t", range(11, 25))], services="kt")
    made.opened = {"noord": (date(2017, 1, 1), date(2030, 1, 1))}  # else there is no course
    issued = book("2018-H1", {"deelnemers": 30, "deelnemers.k": 30, "deelnames.t": X})
    facts = issued["feiten"]["noord"]
    facts["koers.t"] = {"waarde": "op koers", "achtergehouden": False}  # 10 visits or more
    assert found(made, issued) == {}
    reason = "Bij een van beide diensten kwamen te weinig mensen om dit te tonen."
    facts["samen.k.t"] = {"waarde": None, "achtergehouden": False, "ontbreekt": reason}
    facts["deelnemers.t"] = {"waarde": None, "achtergehouden": True}
    facts["herkomst.a"] = {"waarde": 20, "achtergehouden": False}
    made.homes, made.around = ["a"], {"a": "noord"}
    made.home = {f"p{person}": "a" for person in range(20)}
    assert found(made, issued) == {}
    facts["aandeel_meer_diensten"] = {"waarde": 0.4667, "achtergehouden": False}
    worked_out = found(made, issued)
    assert worked_out["2018-H1 noord deelnemers.t"] == (14, 14)


def test_too_few_who_use_several_services_says_how_few():
    """Three services with 20 people each, 40 in all: 10 to 20 use several, and then 14 at most."""
    users = {"k": range(20), "t": [*range(12), *range(20, 28)], "l": [*range(8), *range(30, 42)]}
    made = world([(WINTER, service, people) for service, people in users.items()], services="ktl")
    numbers = {f"deelnemers.{service}": 20 for service in users}
    issued = book("2018-H1", {"deelnemers": 40, "aandeel_meer_diensten": X, **numbers})
    assert found(made, issued) == {}
    reason = "Te weinig mensen gebruiken twee of meer diensten om te tonen welke dat zijn."
    missing = {"waarde": None, "achtergehouden": False, "ontbreekt": reason}
    issued["feiten"]["noord"]["samen.k.t"] = missing
    assert found(made, issued) == {"2018-H1 noord aandeel_meer_diensten": (10, 14)}


def test_a_part_of_people_and_its_whole():
    made = world([(WINTER, "k", range(31)), (WINTER, "t", range(29))], services="kt")
    issued = book("2018-H1", {"deelnemers": 31, "deelnemers.t": 29})
    assert list(found(made, issued).values()) == [(2, 2)]
    # What is merely unknown, as a home that nobody registered, is no secret of the data.
    made = world([(WINTER, "k", range(31))], homes={"a": range(29)})
    assert found(made, book("2018-H1", {"deelnemers": 31, "herkomst.a": 29})) == {}


def test_a_correction_of_a_few():
    before = world([(WINTER, "k", range(30))])
    after = world([(WINTER, "k", range(32))])
    issues = []
    for version, number in enumerate((30, 32)):
        issued = book("2018-H1", {"deelnemers": number})
        issued["feiten"]["noord"]["deelnemers"]["eenheid"] = "personen"
        issues.append(Issue(issued, version))
    (find,) = attack([before, after], issues).finds
    assert (find.kind, find.low) == ("correction", 2)


def test_what_was_read_wrong_is_left_out_and_told():
    made = world([(WINTER, "k", range(30))])
    report = attack([made], [Issue(book("2018-H1", {"deelnemers": 29}))])
    assert len(report.misread) == 1


def test_every_fact_is_read(tmp_path):
    # A fact that the attacker does not know makes it weaker without a word.
    from bwk.facts import DECLARED

    unread = {d.segments[0] for d in DECLARED if not hasattr(Reader, f"_{d.segments[0]}")}
    assert {name for name in unread if not name.startswith(("oordeel", "locaties"))} == set()


SLOWEST = ("quarters", 1)
# One that takes longer than all others is left to the bench, which tries many more.
MADE_UP = [(name, seed) for name in SCENARIOS for seed in range(2) if (name, seed) != SLOWEST]


@pytest.mark.no_cover  # generative
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_is_narrowed_of_what_is_told_rounded(scenario, tmp_path):
    made_up = programme(0, scenario, most=3)
    made_up.settings = ["afronden = 5"]
    seen, report = tried(tmp_path, made_up)
    assert report.finds == []
    assert report.misread == []
    assert seen["issues"]
    assert report.targets


@pytest.mark.no_cover  # generative
@pytest.mark.parametrize(("scenario", "seed"), MADE_UP)
def test_nothing_is_worked_out_of_made_up_programmes(scenario, seed, tmp_path):
    # Many more of them are tried by tests/bench/attack.py.
    seen, report = tried(tmp_path, programme(seed, scenario, most=3))
    assert report.finds == []
    assert report.misread == []
    assert seen["issues"] + seen["refused"] > 0
    assert read(tmp_path / "data0").seen
