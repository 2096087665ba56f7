"""Lists that people keep, brought in: what comes out, what is asked, and what never happens."""

import csv
import hashlib
import shutil
import tomllib
from collections import Counter
from pathlib import Path

import lists_made
import numpy as np
import pytest
from conftest import need
from hypothesis import given, settings
from hypothesis import strategies as st
from lists_variants import TEXTS, WORKBOOKS
from small import PROGRAMME, ROOT

from bwk import lists, registrations
from bwk.cli import main
from bwk.errors import DataError
from bwk.lists import LAYOUTS, finding, mapping, picture
from bwk.lists.answers import Answers
from bwk.lists.names import Names
from bwk.lists.reading import read_sheet

GIVEN = ROOT / "tests/ground_truth/lists"
TRUTH = list(csv.DictReader((ROOT / "tests/ground_truth/lists.csv").open(encoding="utf-8")))
TABLES = {
    "locaties.csv": "locatie;naam;wijk;geopend_op\n"
    "plek-0;Plek 0;Boven;2016-01-01\nplek-1;Plek 1;Onder;2016-01-01\n",
    "diensten.csv": "dienst;naam\ntaal;Taal\nformulieren;Formulieren\n"
    "ontmoeting;Ontmoeting\nklussen;Klussen\n",
    "rolnamen.csv": "rol;naam\ndeelnemers;Deelnemers\n",
    "rollen.csv": "locatie;persoon;rol;van;tot\n",
    "programma.toml": PROGRAMME.format(threshold=5),
}
UNREAD = list(csv.DictReader((ROOT / "tests/ground_truth/lists_unread.csv").open(encoding="utf-8")))
KEPT = list(csv.DictReader((ROOT / "tests/ground_truth/lists_kept.csv").open(encoding="utf-8")))
REFUSED = list(
    csv.DictReader((ROOT / "tests/ground_truth/lists_refused.csv").open(encoding="utf-8"))
)
ALL_KNOWN = Answers(location="plek-0", service="taal", year="2021")


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "instellingen"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def found(folder: Path, name: str) -> Path:
    """Put one of the lists of the truth in a folder."""
    if name in lists_made.LISTS:
        return lists_made.write(folder, name)
    return Path(shutil.copy(GIVEN / name, folder))


def written(folder: Path, rows: str, name: str = "lijst.csv") -> Path:
    path = folder / name
    path.write_text(rows, encoding="utf-8")
    return path


def bring(path: Path, data: Path, options: Answers = ALL_KNOWN) -> tuple[lists.Brought, list[str]]:
    said: list[str] = []
    return lists.bring(path, data, options, tell=said.append), said


def visits(data: Path) -> list[tuple]:
    rows = registrations.read(data).participations
    return [
        (f"{day:%Y-%m-%d}", str(place), str(service), int(times))
        for day, place, service, times in zip(
            rows["datum"], rows["locatie"], rows["dienst"], rows["aantal"], strict=True
        )
    ]


class TestLayouts:
    @pytest.mark.parametrize("truth", TRUTH, ids=lambda truth: truth["file"])
    def test_visits_and_people_are_those_counted_by_hand(self, truth, tmp_path, data):
        brought, said = bring(found(tmp_path, truth["file"]), data)
        assert (brought.visits, brought.people) == (int(truth["visits"]), int(truth["people"]))
        assert any(line.strip().startswith(truth["layout"].capitalize()) for line in said)
        rows = registrations.read(data).participations
        assert rows["aantal"].sum() == int(truth["visits"])
        assert rows["deelnemer"].nunique() == int(truth["people"])

    @pytest.mark.parametrize("name", TEXTS)
    def test_habits_of_those_who_keep_lists(self, name, tmp_path, data):
        text, number, people, encoding = TEXTS[name]
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding=encoding)
        brought, _ = bring(path, data)
        assert (brought.visits, brought.people) == (number, people)
        assert not registrations.check(data).errors

    @pytest.mark.parametrize("name", WORKBOOKS)
    def test_habits_of_those_who_keep_workbooks(self, name, tmp_path, data):
        sheets, number, people = WORKBOOKS[name]
        brought, _ = bring(lists_made.saved(tmp_path / f"{name}.xlsx", sheets), data)
        assert (brought.visits, brought.people) == (number, people)

    @pytest.mark.parametrize("truth", KEPT, ids=lambda truth: truth["habit"])
    def test_visits_people_services_and_months_of_sheets_as_they_are_kept(
        self, truth, tmp_path, data
    ):
        path = lists_made.saved(tmp_path / "lijst.xlsx", lists_made.drawn(truth["sheets"]))
        brought, _ = bring(path, data, Answers("plek-0", truth["service"], "2019"))
        assert (brought.visits, brought.people) == (int(truth["visits"]), int(truth["people"]))
        sums: Counter[str] = Counter()
        for row in csv.DictReader(brought.path.open(encoding="utf-8-sig"), delimiter=";"):
            sums[row["dienst"]] += int(row["aantal"])
            sums[row["datum"][:7]] += int(row["aantal"])
        for expected in f"{truth['services']} {truth['months']}".split():
            key, number = expected.split(":")
            assert sums[key] == int(number)

    @pytest.mark.parametrize("truth", REFUSED, ids=lambda truth: truth["habit"])
    def test_what_may_be_no_visits_is_refused_with_what_to_do(self, truth, tmp_path, data):
        path = lists_made.saved(tmp_path / "lijst.xlsx", lists_made.drawn(truth["sheets"]))
        with pytest.raises(DataError, match=truth["words"]):
            bring(path, data, Answers("plek-0", "taal", "2019"))
        assert not (data / "deelnames").exists()

    def test_every_layout_is_in_the_truth(self):
        untried = {layout.name for layout in LAYOUTS} - {truth["layout"] for truth in TRUTH}
        assert untried == {
            "aankruislijst van een maand",
            "bezoeken per mens",
            "telling van een maand",
        }

    def test_a_service_that_the_sheet_names_is_matched_by_its_name(self, tmp_path, data):
        bring(found(tmp_path, "maandtelling.csv"), data)
        sums: dict[str, int] = {}
        for _, place, service, times in visits(data):
            assert place == "plek-0"
            sums[service] = sums.get(service, 0) + times
        assert sums == {"ontmoeting": 174, "formulieren": 196, "taal": 204, "klussen": 160}

    def test_months_have_no_invented_day(self, tmp_path, data):
        brought, _ = bring(found(tmp_path, "maandtelling.csv"), data)
        days = {row["datum"] for row in csv.DictReader(
            brought.path.open(encoding="utf-8-sig"), delimiter=";")}  # fmt: skip
        assert days == {f"2021-0{month}" for month in range(1, 7)}

    def test_an_empty_cell_is_not_counted_and_a_zero_is(self, tmp_path, data):
        bring(written(tmp_path, "Dag;jan;feb\n1;0;\n2;;3\n"), data)
        assert visits(data) == [
            ("2021-01-01", "plek-0", "taal", 0),
            ("2021-02-02", "plek-0", "taal", 3),
        ]


class TestNothingIsDroppedInSilence:
    """The truth says of each sheet, by hand, who came and which cells no rule can read."""

    @pytest.mark.parametrize("truth", UNREAD, ids=lambda truth: truth["habit"])
    def test_each_cell_is_counted_or_said_not_to_be(self, truth, tmp_path, data):
        path = written(tmp_path, truth["sheet"].replace("|", "\n") + "\n")
        brought, said = bring(path, data)
        assert (brought.visits, brought.people) == (int(truth["visits"]), int(truth["people"]))
        unread = truth["unread"].split()
        text = "\n".join(line for line in said if "Niet gelezen" in line)
        for cell in unread:
            assert cell in text or f"kolom {cell[0]} (" in text
        summary = f"er {len(unread)} niet gelezen"
        assert (summary in said[-1]) if unread else not any("niet gelezen" in line for line in said)

    def test_a_column_far_to_the_right_has_its_own_letter(self, tmp_path, data):
        far = [None] * 49
        rows = [["Datum", "Aantal", *far, "Extra"], ["4-1-2021", 3, *far, "los"], ["5-1-2021", 2]]
        _, said = bring(lists_made.saved(tmp_path / "lijst.xlsx", {"Blad1": rows}), data)
        assert any("kolom AZ" in line for line in said)

    def test_a_row_without_a_visit_and_who_came_along_are_said(self, tmp_path, data):
        rows = "Naam;4-1-2021;11-1-2021\nAnna Bos;x;x\nBea Vos;;x\nGastles op 11 jan;;\n"
        _, said = bring(written(tmp_path, rows), data)
        assert "  Zonder bezoek: rij 4." in said
        rows = "Datum;Naam;Aantal kinderen\n4-1-2021;Anna Bos;3\n5-1-2021;Bea Vos;\n"
        _, said = bring(written(tmp_path, rows, "gezin.csv"), data)
        assert any(
            "Onder ‘Aantal kinderen’ staat hoeveel mensen meekwamen" in line for line in said
        )


class TestAfterwards:
    def test_names_never_enter_the_data_folder_and_the_list_stays_as_it_was(self, tmp_path, data):
        path = found(tmp_path, "Aftekenlijst taal 2020-2021.xlsx")
        before = hashlib.sha256(path.read_bytes()).hexdigest()
        brought, said = bring(path, data)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == before
        texts = [file.read_text(encoding="utf-8-sig") for file in data.rglob("*") if file.is_file()]
        assert not any(name in text for text in (*texts, *said) for name in ("Bart", "Zwart"))
        assert brought.path.stat().st_mode & 0o077 == 0

    def test_a_list_in_the_data_folder_is_refused(self, data):
        path = found(data, "presentielijst.xlsx")
        with pytest.raises(DataError, match="in de datamap"):
            bring(path, data)

    def test_the_same_list_again_counts_once(self, tmp_path, data):
        path = found(tmp_path, "presentielijst.xlsx")
        bring(path, data)
        bring(path, data)
        assert len(visits(data)) == 111

    def test_a_table_that_stood_alone_goes_into_the_folder(self, tmp_path, data):
        head = "datum;locatie;dienst;deelnemer;aantal\n"
        written(data, f"{head}2021-02-01;plek-0;taal;;5\n", "deelnames.csv")
        _, said = bring(found(tmp_path, "presentielijst.xlsx"), data)
        assert sum(times for *_, times in visits(data)) == 116
        assert any("deelnames.csv staat nu in de map" in line for line in said)


def test_what_the_data_folder_refuses_is_said_at_once(tmp_path, data):
    _, said = bring(written(tmp_path, "Datum;Aantal\n4-1-2015;3\n5-1-2021;2\n"), data)
    assert said[-1].startswith("Let op, dit weigert bwk run: Deze datum ligt voor de opening")


class TestTheSameTwice:
    ROWS = "Datum;Dienst;Aantal\n" + "".join(f"{day}-1-2021;Taal;{day}\n" for day in range(1, 7))

    def test_a_table_that_repeats_another_counts_once(self, tmp_path, data):
        table = [line.split(";") for line in self.ROWS.splitlines()]
        sheets = {"jan": table, "jan (2)": table, "feb": [*table[:2], ["2-2-2021", "Taal", "9"]]}
        brought, said = bring(lists_made.saved(tmp_path / "lijst.xlsx", sheets), data)
        assert brought.visits == 21 + 1 + 9
        assert any("blad jan (2)" in line and "herhaalt" in line for line in said)

    def test_rows_that_stand_there_again_are_said(self, tmp_path, data):
        brought, said = bring(written(tmp_path, f"{self.ROWS}3-1-2021;Taal;3\n"), data)
        assert brought.visits == 24
        assert any("1 rij staat er nog eens" in line for line in said)


def test_codes_have_one_form(tmp_path, data):
    rows = "Pasnr;4-1-2021;11-1-2021\n0012;x;\n12;;x\nA-7;x;\na-7;;x\n"
    brought, said = bring(written(tmp_path, rows), data)
    assert (brought.visits, brought.people) == (4, 2)
    assert any("2 codes staan er in meer schrijfwijzen" in line for line in said)
    with pytest.raises(DataError, match="afgerond door een spreadsheet"):
        bring(written(tmp_path, rows.replace("A-7", "1,2E+15")), data)


def test_a_text_of_excel_in_utf_16_is_read(tmp_path, data):
    path = tmp_path / "lijst.csv"
    path.write_text("Naam\tma 4 jan\tma 11 jan\nZoë\tx\t\nBea\tx\tx\n", encoding="utf-16")
    brought, _ = bring(path, data)
    assert (brought.visits, brought.people) == (3, 2)


def test_the_last_line_says_what_was_not_read(tmp_path, data, capsys):
    path = written(tmp_path, "Datum;Aantal\n4-1-2021;3\n5-1-2021;veel\n")
    options = ["--yes", "--location", "plek-0", "--service", "taal", "--data", str(data)]
    assert main(["import", str(path), *options]) == 0
    assert "er 1 niet gelezen" in capsys.readouterr().out.splitlines()[-1]


class TestQuestions:
    def test_numbers_of_which_nothing_says_that_they_are_people_are_asked_about(
        self, tmp_path, data
    ):
        path = written(tmp_path, "Datum;Gas;Water\n4-1-2021;30;4\n11-1-2021;31;5\n")
        asked = lists.bring(path, data, ALL_KNOWN, ask=lambda question: "ja", tell=str)
        assert asked.visits == 70
        (data / mapping.FILE).unlink()
        with pytest.raises(DataError, match="de getallen tellen geen mensen"):
            lists.bring(path, data, ALL_KNOWN, ask=lambda question: "nee", tell=str)

    def test_what_cannot_be_known_is_said_with_status_3(self, tmp_path, data, capsys):
        path = found(tmp_path, "presentielijst.xlsx")
        assert main(["import", str(path), "--yes", "--data", str(data)]) == 3
        said = capsys.readouterr().err
        assert "locatie" in said
        assert "--location" in said
        assert "--service" in said

    def test_a_year_that_stands_nowhere_is_asked(self, tmp_path, data):
        path = written(tmp_path, "Activiteit;jan;feb\nTaal;1;2\nKlussen;3;4\n")
        with pytest.raises(DataError, match="welk jaar"):
            bring(path, data, Answers(location="plek-0"))

    def test_answers_are_remembered_for_the_file_of_next_month(self, tmp_path, data):
        rows = "Datum;Activiteit;Aantal\n1-{0}-2021;Praten;4\n2-{0}-2021;Taal;3\n"
        march = written(tmp_path, rows.format(3), "groepen maart 2021.csv")
        april = written(tmp_path, rows.format(4), "groepen april 2021.csv")
        answers = iter(["Plek 1", "Ontmoeting", "ja"])
        lists.bring(march, data, Answers(), ask=lambda question: next(answers), tell=str)
        lists.bring(april, data, Answers(), tell=str)
        assert visits(data)[2:] == [
            ("2021-03-01", "plek-1", "ontmoeting", 4),
            ("2021-03-02", "plek-1", "taal", 3),
        ]
        remembered = tomllib.loads((data / mapping.FILE).read_text(encoding="utf-8"))
        assert remembered == {
            "groepen": {"locatie": "plek-1", "diensten": {"Praten": "ontmoeting"}}
        }

    def test_a_mark_that_nobody_knows_is_asked(self, tmp_path, data):
        path = written(tmp_path, "Naam;4-1-2021;11-1-2021\nAnna Bos;x;k\nBea Bos;k;x\n")
        with pytest.raises(DataError, match="het teken ‘k’"):
            bring(path, data)
        answers = iter(["nee", "ja"])
        brought = lists.bring(path, data, ALL_KNOWN, ask=lambda question: next(answers), tell=str)
        assert brought.visits == 2

    def test_a_status_that_nobody_knows_is_asked(self, tmp_path, data):
        rows = "Naam;Datum;Status\nAnna Bos;4-1-2021;Aanwezig\nBea Vos;4-1-2021;Gepland\n"
        path = written(tmp_path, rows)
        with pytest.raises(DataError, match="de tekst in cel C3"):
            bring(path, data)
        answers = iter(["nee", "ja"])
        brought = lists.bring(path, data, ALL_KNOWN, ask=lambda question: next(answers), tell=str)
        assert brought.visits == 1

    def test_a_text_that_may_be_a_name_is_asked_by_its_cell(self, tmp_path, data):
        path = written(tmp_path, "Naam;4-1-2021;11-1-2021\nAnna Bos;x;x +2\nBea Bos;;x\n")
        with pytest.raises(DataError, match="de tekst in cel C2"):
            bring(path, data)
        brought = lists.bring(path, data, ALL_KNOWN, ask=lambda question: "ja", tell=str)
        assert (brought.visits, brought.people) == (5, 2)

    @pytest.mark.parametrize(
        ("note", "visits"),
        [("k = kwam te laat", 4), ("k = afgemeld", 2), ("k=aanwezig, z=ziek", 4)],
    )
    def test_a_legend_says_what_a_mark_means(self, note, visits, tmp_path, data):
        rows = f"Naam;4-1-2021;11-1-2021\nAnna Bos;x;k\nBea Bos;k;x\n\n{note}\n"
        brought, _ = bring(written(tmp_path, rows), data)
        assert brought.visits == visits

    def test_what_is_no_list_is_answered_with_what_to_do(self, tmp_path, data):
        with pytest.raises(DataError, match="Zet boven elke kolom wat erin staat"):
            bring(written(tmp_path, "Beste allen,\nHierbij de lijst.\n"), data)


class TestTimes:
    def test_headings_that_no_program_worked_out_are_refused(self, tmp_path, data):
        rows = [["Naam", "4-1-2021", "=B1+7"], ["Anna Bos", "x", "x"], ["Bea Bos", "", "x"]]
        with pytest.raises(DataError, match="nog niet zijn uitgerekend, in cel C1"):
            bring(lists_made.saved(tmp_path / "lijst.xlsx", {"Blad1": rows}), data)

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ("3/4/2021\n3/19/2021\n", ["2021-03-04", "2021-03-19"]),
            ("3/4/2021\n19/4/2021\n", ["2021-04-03", "2021-04-19"]),
            # What a Dutch spreadsheet makes of an American column: one order for all of it.
            ("2021-04-03\n3/19/2021\n", ["2021-03-04", "2021-03-19"]),
            # Forms are answered one after the other.
            ("12/11/2020\n1/2/2021\n2/1/2021\n", ["2020-12-11", "2021-01-02", "2021-02-01"]),
        ],
    )
    def test_the_order_of_day_and_month_is_decided_for_the_column(
        self, rows, expected, tmp_path, data
    ):
        bring(written(tmp_path, f"Datum;Aantal\n{rows.replace(chr(10), ';1' + chr(10))}"), data)
        assert [day for day, *_ in visits(data)] == expected

    def test_a_column_in_two_orders_is_refused(self, tmp_path, data):
        with pytest.raises(DataError, match="twee volgordes"):
            bring(written(tmp_path, "Datum;Aantal\n3/19/2021;1\n19/3/2021;1\n"), data)

    def test_tables_side_by_side_have_their_own_days(self, tmp_path, data):
        rows = "Datum;Aantal;;Datum;Aantal\n4-1-2021;3;;1-2-2021;4\n5-1-2021;2;;;\n"
        bring(written(tmp_path, rows), data)
        assert [(day, times) for day, _, _, times in visits(data)] == [
            ("2021-01-04", 3),
            ("2021-01-05", 2),
            ("2021-02-01", 4),
        ]

    def test_a_season_has_two_years(self, tmp_path, data):
        rows = "Inloop 2020-2021;;;\nDienst;nov;dec;jan\nTaal;1;2;3\nKlussen;4;5;6\n"
        bring(written(tmp_path, rows), data, Answers(location="plek-0"))
        assert {day[:7] for day, *_ in visits(data)} == {"2020-11", "2020-12", "2021-01"}


def test_a_name_is_found_in_other_spellings_but_never_with_another_number():
    names = Names({"plek-1": "Plek 1", "plek-2": "Plek 2", "spreekuur": "Spreekuur"})
    written_as = ("PLEK 1", "plek-2 ", "Spreekuurr", "Plek 3", "Buurtplek")
    assert [names.match(text) for text in written_as] == [
        "plek-1", "plek-2", "spreekuur", None, None]  # fmt: skip


def test_a_list_from_libreoffice(tmp_path, data):
    need("soffice")
    path = lists_made.write(tmp_path, "Aftekenlijst taal 2020-2021.xlsx")
    lists_made.converted(path, "ods")
    brought, _ = bring(path.with_suffix(".ods"), data)
    assert (brought.visits, brought.people) == (12, 3)


CELLS = st.sampled_from(
    ["", "", "x", "1", "0", "12", "Taal", "Klussen", "Plek 1", "jan", "feb", "mrt 2021", "4-1-2021",
     "3/19/2021", "11-1", "week 3", "2021", "Totaal", "Naam", "Datum", "dag", "Aantal", "p01",
     "Anna Bos", "ziek", "Taal, Klussen", "44200", "1.204", "2,5", "?", "#REF!", "ma", "Q1", "31"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=8))
def test_any_sheet_is_read_or_refused_and_never_breaks(rows):
    services, places = Names({"taal": "Taal", "klussen": "Klussen"}), Names({"plek-1": "Plek 1"})
    for reading in read_sheet(
        "", np.array(rows, dtype=object), "lijst", ALL_KNOWN, services, places
    ):
        if reading.layout:
            list(picture.draw(reading))
        assert all(visit.times >= 0 for visit in reading.visits)
        assert all(len(visit.moment) in (7, 8, 10) for visit in reading.visits)


def test_of_a_long_column_of_months_each_heading_is_looked_at_once(monkeypatch):
    """For each row anew, 2,000 rows took half a minute."""
    looked: Counter[str] = Counter()
    role_of = finding.words.role_of
    monkeypatch.setattr(
        finding.words, "role_of", lambda text: looked.update([text]) or role_of(text)
    )
    rows = [[f"Kees {number}", "jan", "3"] for number in range(50)]
    finding._with_names(np.array([["Naam", "Maand", "Aantal"], *rows], object))
    assert looked == {"Maand": 1, "jan": 1}
