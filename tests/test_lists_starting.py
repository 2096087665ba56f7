"""`bwk init`: a data folder that says itself what to fill in, and that reads as it is filled."""

import re
from datetime import date, datetime
from pathlib import Path

import lists_made
import openpyxl
import pytest
from conftest import need
from small import ROOT

from bwk import programme, registrations
from bwk.cli import main
from bwk.errors import UsageError
from bwk.lists import explained, starting
from bwk.registrations.columns import TABLES

START = starting.Start(
    name='Huis "De Brug"',
    city="Zwolle",
    locations=[("De Brug", "Noord", date(2020, 1, 6)), ("Zuid", "Zuid", date(2021, 3, 1))],
    services=[("Taal & tea", "Meedoen"), ("Klussen", "")],
    threshold=7,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    starting.begin(tmp_path / "data", START)
    return tmp_path / "data"


def fill(path: Path, *rows: tuple) -> Path:
    """Type rows below the headings, as somebody would."""
    workbook = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, start=5):
        for place, value in enumerate(row, start=1):
            workbook.active.cell(number, place, value)
    workbook.save(path)
    return path


def test_the_folder_has_every_table_and_no_example_is_counted(folder):
    data = registrations.read(folder)
    assert {file.table for file in data.files} == set(TABLES)
    assert data.locations["locatie"].tolist() == ["de-brug", "zuid"]
    assert data.locations["geopend_op"].dt.date.tolist() == [date(2020, 1, 6), date(2021, 3, 1)]
    assert data.services["dienst"].tolist() == ["taal-tea", "klussen"]
    assert data.participations.empty
    assert data.roles.empty
    assert not registrations.check(folder).errors


def test_of_what_is_not_filled_in_yet_no_warning_stays(folder):
    rows = [f"2018-03-01;{place};;p1" for place in ("de-brug", "zuid")]
    month = folder / "deelnames/maart.csv"
    month.write_text("\n".join(["datum;locatie;dienst;deelnemer", *rows]))
    told = registrations.check(folder).findings
    assert not [one for one in told if one.severity != "opmerking" and "rijen" in one.message]
    month.write_text("datum;locatie;dienst;deelnemer\n")  # somebody meant to fill that one
    warned = registrations.check(folder).warnings
    assert [one.file for one in warned if "rijen" in one.message] == ["deelnames/maart.csv"]


def test_the_settings_are_those_given_and_every_key_is_explained(folder):
    read = programme.read(folder)
    assert (read.name, read.city, read.threshold) == (START.name, "Zwolle", 7)
    text = (folder / programme.FILE).read_text(encoding="utf-8")
    stated = re.findall(r"^# .*\n(?:# )?\[?(\w+)(?:\]| =)", text, re.M)
    assert {*stated} == {key.rpartition(".")[2] for key in programme.EXPECTED}


@pytest.mark.parametrize("table", list(TABLES))
def test_each_column_is_explained_and_checked(folder, table):
    path = next(folder.rglob(f"{table}.xlsx"))
    sheet = openpyxl.load_workbook(path).active
    checked = {str(check.sqref).split(":")[0][0] for check in sheet.data_validations.dataValidation}
    for place, (name, column) in enumerate(TABLES[table].columns.items(), start=1):
        assert sheet.cell(4, place).value == name
        assert sheet.cell(4, place).comment.text.startswith(column.meaning)
        assert column.example in sheet.cell(3, place).value
        has_check = column.kind in ("date", "day", "moment", "count", "number") or column.choices
        assert not has_check or sheet.cell(4, place).column_letter in checked


def test_the_page_explains_every_column_and_setting_and_is_up_to_date(folder):
    page = explained.page()
    for name, table in TABLES.items():
        section = page.partition(f"## `{name}`")[2].partition("## ")[0]
        for heading, column in table.columns.items():
            assert f"| `{heading}` | {column.meaning} |" in section
    assert all(f"| `{key}` |" in page for key in programme.EXPECTED)
    assert (folder / "UITLEG.md").read_text(encoding="utf-8") == page
    assert (ROOT / "data/UITLEG.md").read_text(encoding="utf-8") == page


def test_what_is_filled_in_is_read_also_after_libreoffice_saved_it(folder):
    need("soffice")
    path = fill(
        folder / "deelnames/deelnames.xlsx",
        (datetime(2021, 3, 8), "de-brug", "klussen", "p0001", None),
        (datetime(2021, 3, 9), "Zuid", "Taal & tea", None, 12),
    )
    lists_made.converted(path, "ods")
    path.unlink()
    rows = registrations.read(folder).participations
    assert list(rows["aantal"]) == [1, 12]
    assert list(rows["locatie"]) == ["de-brug", "zuid"]


def test_run_says_what_to_fill_in_first(tmp_path, capsys):
    said = []
    for options in ([], ["--location", "Brug; Noord; 1-1-2020"], ["--service", "Taal; Meedoen"]):
        folder = tmp_path / f"data-{len(said)}"
        given = [
            *options,
            *(["--location", "Brug; Noord; 1-1-2020"] if "--service" in options else []),
        ]
        assert main(["init", str(folder), "--yes", *given]) == 0
        capsys.readouterr()
        places = ["--data", str(folder), "--output", str(tmp_path / "uit")]
        assert main(["run", "2021-H1", *places]) == 3
        said.append(capsys.readouterr().err)
    assert ["locaties" in said[0], "diensten" in said[1], "deelnames" in said[2]] == [True] * 3


def test_what_is_not_given_is_asked(tmp_path):
    answers = iter(["De Brug", "Zwolle", "Brug; Noord", "Brug; Noord; 6-1-2020", "", "Taal", ""])
    start = starting.asked(starting.Start(), lambda question: next(answers))
    assert (start.name, start.city) == ("De Brug", "Zwolle")
    assert start.locations == [("Brug", "Noord", date(2020, 1, 6))]
    assert start.services == [("Taal", "")]


def test_the_templates_are_lists_that_import_reads(folder, tmp_path):
    path = fill(folder / "sjablonen/maandtelling.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook.active["A1"] = "Maandtelling De Brug 2021"
    workbook.active["B3"], workbook.active["C4"] = 4, 6
    filled = tmp_path / "telling.xlsx"
    workbook.save(filled)
    assert main(["import", str(filled), "--yes", "--data", str(folder)]) == 0
    rows = registrations.read(folder).participations
    assert list(zip(rows["dienst"], rows["aantal"], strict=True)) == [
        ("taal-tea", 4),
        ("klussen", 6),
    ]


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (starting.Start(locations=[("Stad", "Noord", date(2020, 1, 1))]), "kan niet ‘stad’ heten"),
        (starting.Start(services=[("Taal", ""), ("taal!", "")]), "twee keer"),
    ],
)
def test_names_that_cannot_be_are_refused(start, sentence, tmp_path):
    with pytest.raises(UsageError, match=sentence):
        starting.begin(tmp_path / "data", start)
    assert not (tmp_path / "data").exists()


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path):
    (tmp_path / "brief.txt").write_text("Beste")
    with pytest.raises(UsageError, match="niet leeg"):
        starting.begin(tmp_path, START)
    assert [path.name for path in tmp_path.iterdir()] == ["brief.txt"]
