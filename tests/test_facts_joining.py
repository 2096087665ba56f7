"""Small services are told together where that tells more, the same ones in each period."""

import pytest
import small

from bwk import facts, periods, programme, registrations
from bwk.facts import issued
from bwk.facts.expressions import Visits
from bwk.facts.joining import OTHERS, choices
from bwk.facts.survey import Survey

HEAD = "datum;locatie;dienst;deelnemer;aantal\n"
SERVICES = ("koffie", "taal", "klus", "zang", "fiets")


def rows(day: str, service: str, people) -> str:
    return "".join(f"{day};noord;{service};p{person};1\n" for person in people)


def year(first: str, second: str) -> str:
    """Coffee and language for many; three and four people elsewhere, the others in second."""
    many = "".join(
        rows(f"{month}-05", "koffie", range(40)) + rows(f"{month}-06", "taal", range(20, 50))
        for month in ("2017-09", first, second)
    )
    few = rows(f"{first}-07", "klus", range(3)) + rows(f"{first}-08", "zang", range(40, 44))
    grown = rows(f"{second}-07", "klus", range(12)) + rows(f"{second}-08", "zang", range(30, 44))
    return HEAD + many + few + grown


@pytest.fixture
def folder(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    tables = {
        "programma.toml": "naam = 'W'\nplaats = 'S'\n[publicatie]\nmin_maanden_open = 1\n"
        "samen_nemen = true\n",
        "locaties.csv": "locatie;naam;wijk;geopend_op\nnoord;Noord;B;2015-01-01\n",
        "diensten.csv": "dienst;naam;leefgebied\n"
        + "".join(f"{service};{service.title()};\n" for service in SERVICES),
        "rolnamen.csv": "rol;naam\ndeelnemers;Deelnemers\n",
        "rollen.csv": "locatie;persoon;rol;van;tot\n",
        "deelnames.csv": year("2018-02", "2018-08"),
    }
    for name, text in tables.items():
        (data / name).write_text(text)
    return data


def _survey(folder) -> Survey:
    settings, period = programme.read(folder), periods.parse("2018-H1")
    return Survey(registrations.read(folder), settings, period, None, issued.NOTHING)


def issue(folder, period: str) -> facts.FactBook:
    return small.issue(folder, folder.parent / "uit", period)


@pytest.mark.parametrize(
    ("users", "joined"),
    [
        ({"a": [9], "b": [0]}, [()]),
        ({"a": [4], "b": [9]}, [()]),
        ({"a": [5], "b": [5], "c": [10]}, [(), ("a", "b")]),
        ({"a": [9, 4], "b": [2, 0], "c": [30, 7]}, [(), ("a", "b")]),
        (
            {"a": [1], "b": [2], "c": [3], "d": [4], "e": [4], "f": [4]},
            [(), ("a", "b"), ("a", "b", "c"), ("a", "b", "c", "d", "e", "f")],
        ),
    ],
)
def test_only_services_that_are_small_somewhere_may_be_joined(users, joined):
    assert [*choices(users, 5)] == joined


def test_small_services_are_one_service_in_facts_and_remarks(folder):
    sheet = issue(folder, "2018-H1").sheets["noord"]
    assert sheet[f"deelnemers.{OTHERS}"].value == 7, "three and four others"
    assert sheet[f"deelnames.{OTHERS}"].value == 7
    assert [label.slug for label in sheet.services] == ["koffie", "taal", "fiets", OTHERS]
    assert "deelnemers.klus" not in sheet.facts
    assert not any(fact.withheld for name, fact in sheet.facts.items() if name.endswith(".taal"))
    assert "Overige diensten zijn samen Klus en Zang: elk alleen is te klein." in sheet.remarks


def test_that_services_are_joined_does_not_tell_that_fewer_than_five_used_them(folder):
    """Of some with five to eleven people they are joined too."""
    joined = set()
    for number in range(4):
        first = 100 + 10 * number
        text = year("2018-02", "2018-08") + rows("2018-02-07", "fiets", range(first, first + 6))
        (folder / "deelnames.csv").write_text(text)
        survey = _survey(folder)
        joined |= {name for own in choices(survey.users(), 5) for name in own}
    assert "fiets" in joined


def test_nothing_but_the_small_services_is_counted_together(folder):
    book = issue(folder, "2018-H1")
    together = {each.of.services for each in book.line.shown if isinstance(each.of, Visits)}
    assert ("klus", "zang") in together
    assert not any(OTHERS in services for services in together)


def test_what_was_joined_stays_joined_when_it_has_grown(folder):
    issue(folder, "2018-H1")
    later = issue(folder, "2018-H2")
    assert later.line.joined == ("klus", "zang")
    assert later.sheets["noord"][f"deelnemers.{OTHERS}"].value == len({*range(12), *range(30, 44)})
    assert later.published()["samen_genomen"] == ["klus", "zang"]


def test_nothing_is_joined_where_nobody_asked(folder):
    settings = folder / "programma.toml"
    settings.write_text(settings.read_text().replace("samen_nemen = true\n", ""))
    book = issue(folder, "2018-H1")
    assert book.line.joined == ()
    assert book.sheets["noord"]["deelnemers.klus"].withheld
