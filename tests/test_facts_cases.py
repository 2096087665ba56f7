"""Small programmes in which a number held back was once worked out, each with its arithmetic.

Each test does the sum that gave a number away. One of its terms must be held back, or the number
itself is told because it may be.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest
import small

from bwk import facts, inputs, outputs, periods

HEAD = "datum;locatie;dienst;deelnemer;aantal\n"
SERVICES = ("koffie", "taal", "klus")
THRESHOLD = 5


def rows(day: str, service: str, people) -> str:
    return "".join(f"{day};noord;{service};p{person};1\n" for person in people)


@pytest.fixture
def programme(tmp_path):
    """Return a function that writes a data folder with one location."""

    def make(services=SERVICES, **tables: str) -> Path:
        folder = tmp_path / "data"
        folder.mkdir()
        listed = "".join(f"{service};{service.title()};\n" for service in services)
        content = {
            "programma.toml": "naam = 'W'\nplaats = 'S'\n[publicatie]\nmin_maanden_open = 1\n",
            "locaties.csv": "locatie;naam;wijk;geopend_op\nnoord;Noord;B;2015-01-01\n",
            "diensten.csv": "dienst;naam;leefgebied\n" + listed,
            "rolnamen.csv": "rol;naam\ndeelnemers;Deelnemers\nvrijwilliger;Vrijwilligers\n",
            "rollen.csv": "locatie;persoon;rol;van;tot\n",
            "bijgehouden.csv": "locatie;wat;van\n"
            "noord;deelnames;2017-07-01\nnoord;deelnemers;2017-07-01\n",
            **{f"{name}.csv": text for name, text in tables.items()},
        }
        for name, text in content.items():
            (folder / name).write_text(text)
        return folder

    return make


@pytest.fixture
def issue(tmp_path):
    """Return a function that works out a period, and notes it as issued."""

    def run(folder: Path, period: str) -> facts.FactSheet:
        return small.issue(folder, tmp_path / "uit", period).sheets["noord"]

    return run


def told(sheet: facts.FactSheet, *names: str) -> list:
    return [sheet[name].value for name in names]


def test_surroundings_are_the_sum_of_their_neighbourhoods(programme, issue):
    """23 of 30 from the surroundings, 20 of them from a: the 3 of b."""
    homes = "".join(f"p{i};{'a' if i < 20 else 'b' if i < 23 else 'c'}\n" for i in range(28))
    folder = programme(
        buurten="buurt;naam;omgeving_van\na;A;noord\nb;B;noord\nc;C;\n",
        deelnemers="deelnemer;buurt\n" + homes,
        deelnames=HEAD + rows("2018-02-01", "koffie", range(30)),
    )
    sheet = issue(folder, "2018-H1")
    share, people, near = told(sheet, "aandeel_omgeving", "deelnemers", "herkomst.a")
    assert sheet["herkomst.b"].withheld
    assert None in (share, people, near) or round(share * people) - near != 3


def test_overlaps_of_three_services_do_not_follow_from_who_used_several(programme, issue):
    """Half of 40 use more than one, 20 + 22 + 18 use them: nobody all three, so 20 - 9 - 8 = 3."""
    both, other = [*range(9)], [*range(9, 17)]
    few = [*range(17, 20)]
    folder = programme(
        deelnames=HEAD
        + rows("2018-02-01", "koffie", [*both, *few, *range(20, 28)])
        + rows("2018-02-02", "taal", [*both, *other, *range(28, 33)])
        + rows("2018-02-03", "klus", [*other, *few, *range(33, 40)])
    )
    sheet = issue(folder, "2018-H1")
    overlaps = [f"samen.{pair}" for pair in ("koffie.taal", "taal.klus")]
    uses = [f"deelnemers.{service}" for service in SERVICES]
    assert sheet["samen.koffie.klus"].withheld
    assert None in told(sheet, "aandeel_meer_diensten", "deelnemers", *overlaps, *uses)


@pytest.mark.parametrize(("several", "is_shown"), [(14, False), (15, True)])
def test_what_services_share_is_not_shown_where_few_people_use_several(
    programme, issue, several, is_shown
):
    """Three pairs of services with 20 people each: fewer than 15 who use several say too little."""
    folder = programme(
        deelnames=HEAD
        + rows("2018-02-01", "koffie", range(20))
        + rows("2018-02-02", "taal", range(20 - several, 40 - several))
        + rows("2018-02-03", "klus", range(100, 120))
    )
    sheet = issue(folder, "2018-H1")
    shared = [sheet[f"samen.{pair}"] for pair in ("koffie.taal", "koffie.klus", "taal.klus")]
    assert all(bool(fact.missing) != is_shown for fact in shared)


def test_new_people_of_a_quarter_do_not_follow_from_the_half_year(programme, issue):
    """40 people in the first quarter, 42 in the half-year: 2 new ones in the second."""
    folder = programme(
        services=("koffie",),
        deelnames=HEAD
        + rows("2018-02-01", "koffie", range(40))
        + rows("2018-05-01", "koffie", [*range(30), 100, 101])
        + rows("2018-08-01", "koffie", range(20)),
    )
    quarters = [issue(folder, f"2018-Q{quarter}") for quarter in (1, 2, 3)]
    assert quarters[0]["deelnemers"].value == 40
    assert quarters[1]["nieuwe_deelnemers"].withheld
    later = issue(folder, "2018-H1")
    for sheet, fact in ((quarters[2], "deelnemers_basis"), (later, "deelnemers")):
        assert sheet[fact].value != 42, "42 - 40 = 2"


def test_how_many_rows_a_file_has_is_told_nowhere(programme, issue):
    """12 to a, 9 from a, none from b, and 24 rows: 3 to b."""
    refs = [f"2018-02-0{1 + i % 9};noord;a;naar;" for i in range(12)]
    refs += [f"2018-03-0{1 + i % 9};noord;a;van;" for i in range(9)]
    refs += ["2018-02-03;noord;b;naar;"] * 3
    folder = programme(
        services=("koffie",),
        partners="partner;naam\na;A\nb;B\n",
        verwijzingen="datum;locatie;partner;richting;deelnemer\n" + "\n".join(refs) + "\n",
        deelnames=HEAD + rows("2018-02-01", "koffie", range(40)),
    )
    sheet = issue(folder, "2018-H1")
    directions = ("verwijzingen.naar.a", "verwijzingen.van.a", "verwijzingen.van.b")
    assert told(sheet, *directions) == [12, 9, 0]
    assert sheet["verwijzingen.naar.b"].withheld
    assert {*sheet.files} == {path.name for path in folder.glob("*.csv")}
    everything = repr((sheet, facts.work_out(folder, periods.parse("2018-H1")).published()))
    assert "24" not in everything.replace("2024", "")


def test_a_file_of_one_row_is_not_guessed_from_its_hash(programme, issue):
    """20,000 rows there could be; the hash of one of them is known: that is the row."""
    folder = programme()
    (folder / "deelnames").mkdir()
    (folder / "deelnames/koffie.csv").write_text(
        HEAD + rows("2018-02-01", "koffie", range(40)) + rows("2018-02-03", "klus", range(9))
    )
    small = folder / "deelnames/taal.csv"
    small.write_text("datum;locatie;dienst;aantal\n2018-05-17;noord;taal;3\n")
    sheet = issue(folder, "2018-H1")
    book = facts.work_out(folder, periods.parse("2018-H1"))
    assert sheet["deelnames.taal"].withheld
    assert "deelnames/taal.csv" in sheet.files
    assert inputs.digest([small]) not in repr((sheet, book, book.published()))
    assert outputs.RUN in outputs.MUST_NOT_LEAVE


def test_a_projection_of_a_whole_year_is_its_count(programme, issue):
    """The second half tells taal of the year, 28, and of its own, 25: 3 in the first."""
    folder = programme(
        deelnames=HEAD
        + rows("2018-02-01", "koffie", range(4))
        + rows("2018-02-01", "taal", range(3))
        + rows("2018-08-01", "koffie", range(40, 71))
        + rows("2018-08-01", "taal", range(80, 105))
        + rows("2018-08-01", "klus", range(110, 114))
    )
    first, second, year = (issue(folder, period) for period in ("2018-H1", "2018-H2", "2018"))
    assert first["deelnames.taal"].withheld
    shown = [
        (second["prognose.taal"].value, second["deelnames.taal"].value),
        (year["deelnames.taal"].value, second["deelnames.taal"].value),
        (year["prognose.taal"].value, second["deelnames.taal"].value),
    ]
    assert (28, 25) not in shown
    # what one of them holds back, no other tells
    assert len({sheet.value for sheet in (second["prognose.taal"], year["deelnames.taal"])}) == 1


def test_two_periods_that_differ_by_a_day_do_not_show_who_came_on_it(programme, issue):
    """31 people until 30 June, 30 until 29 June: one person, and at which service."""
    folder = programme(
        deelnames=HEAD
        + rows("2018-02-01", "koffie", range(30))
        + rows("2018-03-01", "klus", range(6))
        + rows("2018-06-30", "klus", [30])
    )
    half, shorter = (issue(folder, period) for period in ("2018-H1", "2018-01-01/2018-06-29"))
    for fact in ("deelnemers", "deelnames", "deelnemers.klus", "deelnames.klus"):
        both = told(half, fact) + told(shorter, fact)
        assert None in both or abs(both[0] - both[1]) >= THRESHOLD, (fact, both)


def test_a_location_where_nothing_was_registered_hides_nothing(programme):
    """The city's baseline is that of noord alone: 33 visits, 30 of them koffie: 3 for taal."""
    folder = programme(
        diensten="dienst;naam;leefgebied\nkoffie;Koffie;Samen\ntaal;Taal;Samen\n",
        locaties="locatie;naam;wijk;geopend_op\nnoord;Noord;B;2015-01-01\nzuid;Zuid;B;2018-01-01\n",
        deelnames=HEAD
        + rows("2017-08-01", "koffie", range(30))
        + rows("2017-08-01", "taal", range(30, 33))
        + rows("2018-02-01", "koffie", range(60))
        + rows("2018-02-01", "taal", range(40, 80))
        + rows("2018-02-01", "koffie", range(100, 140)).replace("noord", "zuid")
        + rows("2018-02-01", "taal", range(120, 160)).replace("noord", "zuid"),
    )
    sheets = facts.work_out(folder, periods.parse("2018-H1")).sheets
    noord, city = sheets["noord"], sheets["stad"]
    assert noord["deelnames_basis.taal"].withheld
    coffee = told(noord, "deelnames_basis.koffie") + told(city, "deelnames_basis.koffie")
    totals = [sheet["barometer_per_maand.samen.2017-H2"].value for sheet in (noord, city)]
    assert {*coffee} == {None} or {*totals} == {None}


def weekly(year: int, half: int, service: str, people) -> str:
    """One visit of each person, spread over the weeks of a half-year."""
    first = date(year, 1 if half == 1 else 7, 2)
    days = (first + timedelta(days=7 * (n % 25)) for n in range(len(people)))
    return "".join(
        rows(str(day), service, [person]) for day, person in zip(days, people, strict=True)
    )


SINCE_2017 = "locatie;wat;van\nnoord;deelnames;2017-01-01\nnoord;deelnemers;2017-01-01\n"


def test_a_projection_does_not_tell_the_half_year_that_it_was_made_with(programme, issue):
    """200 until now, 200 the year before: the margin tells that 3 of these came before July."""
    folder = programme(
        bijgehouden=SINCE_2017,
        deelnames=HEAD
        + weekly(2017, 1, "taal", range(3))
        + weekly(2017, 2, "taal", range(10, 207))
        + weekly(2018, 1, "taal", range(300, 500)),
    )
    sheet = issue(folder, "2018-H1")
    assert sheet["deelnames_jaar_ervoor.taal"].value == 200
    assert sheet["deelnames_basis.taal"].withheld
    assert all(sheet[f"prognose{end}.taal"].withheld for end in ("", "_laag", "_hoog"))


@pytest.mark.parametrize(("before", "is_told"), [(0, True), (3, False), (9, True)])
def test_why_a_projection_was_not_judged_does_not_tell_a_small_half_year(
    programme, issue, before, is_told
):
    """It is not judged where there were fewer than ten visits half-way."""
    folder = programme(
        bijgehouden=SINCE_2017,
        deelnames=HEAD
        + weekly(2017, 1, "koffie", range(60))
        + weekly(2017, 1, "taal", range(before))
        + weekly(2017, 2, "taal", range(10, 40))
        + weekly(2018, 1, "taal", range(300, 360)),
    )
    outcome = issue(folder, "2018-H1")["oordeel_vorige_prognose.taal"]
    assert (bool(outcome.missing), outcome.withheld) == (is_told, not is_told)


def test_that_nobody_was_new_in_a_quarter_tells_who_was_new_in_the_next(programme, issue):
    """Nobody was new in the first quarter, so all 18 of the half-year were in the second."""
    old = range(40)
    folder = programme(
        bijgehouden=SINCE_2017,
        deelnames=HEAD
        + weekly(2017, 1, "koffie", old)
        + weekly(2017, 2, "koffie", old)
        + rows("2018-02-01", "koffie", range(14))
        + rows("2018-05-01", "koffie", [14, 15, *range(100, 118)]),
    )
    quarter, half = issue(folder, "2018-Q2"), issue(folder, "2018-H1")
    assert quarter["terugkerende_deelnemers"].withheld
    assert half["terug_in_kwartaal"].missing
    # 20 people in the second quarter, less 18 new ones, are 2.
    assert None in told(half, "nieuwe_deelnemers") + told(quarter, "deelnemers")


def test_the_names_of_a_service_are_one_where_it_tells_what_it_shares(programme, issue):
    """What koken shares is held back, not too little: 15 people or more, with 17 visits."""
    folder = programme(
        bijgehouden=SINCE_2017,
        diensten="dienst;naam;leefgebied;tot;opvolger\n"
        "koken;Koken;;;\neten;Eten;;2018-03-31;koken\ntaal;Taal;;;\n",
        deelnames=HEAD
        + rows("2018-02-01", "taal", range(40))
        + rows("2018-02-02", "eten", range(36, 46))
        + rows("2018-05-02", "koken", range(44, 51)),
    )
    sheet = issue(folder, "2018-H1")
    shared, people, visits = (
        sheet[name] for name in ("samen.koken.taal", "deelnemers.koken", "deelnames.koken")
    )
    assert shared.withheld
    assert not people.withheld or visits.withheld
