"""What the files of a data folder may look like, and what is then read."""

import contextlib
import re
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path

import data_folder
import openpyxl
import pandas as pd
import pytest
from conftest import need
from data_folder import TODAY, make, replace, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bwk import registrations
from bwk.errors import DataError
from bwk.registrations.grids import ENDINGS

FORMATS = [".csv", ".xlsx", ".ods", ".parquet"]
HEADER = "datum;locatie;dienst;deelnemer;aantal\n"
FEW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read(folder: Path) -> registrations.Registrations:
    return registrations.read(folder, today=TODAY)


def participations(folder: Path) -> list[tuple]:
    rows = read(folder).participations
    plain = rows.assign(datum=rows["datum"].dt.date, deelnemer=rows["deelnemer"].astype(object))
    return [
        tuple(None if pd.isna(cell) else cell for cell in row)
        for row in plain.drop(columns="bron").itertuples(index=False)
    ]


def messages(folder: Path) -> list[str]:
    found = registrations.check(folder, today=TODAY).findings
    return [f"{finding.severity}: {finding.place}: {finding.message}" for finding in found]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path)


EXPECTED = [
    (date(2018, 1, 3), "top", "taal", "p1", 1),
    (date(2018, 1, 4), "top", "koffie", None, 12),
    (date(2018, 1, 4), "hart-voor-leidsche-rijn", "taal", "4512", 1),
]


def test_tidy_tables_have_their_declared_types(folder):
    data = read(folder)
    types = {name: str(kind) for name, kind in data.participations.dtypes.items()}
    assert types == {
        "datum": "datetime64[us]",
        "locatie": "category",
        "dienst": "category",
        "deelnemer": "category",
        "aantal": "int64",
        "bron": "category",
    }
    assert (
        list(data.participations["locatie"].cat.categories)
        == data_folder.TABLES["locaties"]["locatie"]
    )
    assert data.locations["oppervlakte_m2"].tolist()[0] == 60.5
    assert data.roles["tot"].isna().all()


def test_optional_tables_that_are_absent_are_empty_frames(folder):
    data = read(folder)
    assert list(data.participants.columns) == ["deelnemer", "buurt", "zelfde_als"]
    assert list(data.referrals.columns) == ["datum", "locatie", "partner", "richting", "deelnemer"]
    assert data.neighbourhoods.empty
    assert data.partners.empty


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("table", list(data_folder.TABLES))
def test_every_table_may_have_every_format(folder, table, ending):
    expected = read(folder)
    (folder / f"{table}.csv").unlink()
    write(folder / f"{table}{ending}", data_folder.TABLES[table])
    actual = read(folder)
    field = {"locaties": "locations", "diensten": "services", "rolnamen": "role_names",
             "rollen": "roles", "deelnames": "participations"}[table]  # fmt: skip
    drop = ["bron"] if table == "deelnames" else []
    pd.testing.assert_frame_equal(
        getattr(actual, field).drop(columns=drop),
        getattr(expected, field).drop(columns=drop),
        check_categorical=False,
    )


def test_a_table_may_be_a_folder_with_any_mix_of_files(folder):
    (folder / "deelnames.csv").unlink()
    for place, ending in enumerate(FORMATS):
        row = {name: [cells[place % 3]] for name, cells in data_folder.TABLES["deelnames"].items()}
        row["datum"] = [date(2018, 2, 1 + place)]
        write(folder / "deelnames" / "2018" / f"deel{place}{ending}", row)
    data = read(folder)
    assert sorted(data.participations["bron"]) == [
        f"deelnames/2018/deel{place}{ending}" for place, ending in enumerate(FORMATS)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_dialects(folder, encoding, separator):
    text = "dienst;naam;leefgebied\ntaal;Café;Één\nkoffie;Koffie;\n".replace(";", separator)
    replace(folder, "diensten", text.encode(encoding))
    services = read(folder).services
    assert services["naam"].tolist() == ["Café", "Koffie"]
    assert services["leefgebied"].fillna("").tolist() == ["Één", ""]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_endings(folder, newline):
    replace(folder, "diensten", newline.join(["dienst;naam", "taal;Taal", "koffie;Koffie", ""]))
    assert read(folder).services["dienst"].tolist() == ["taal", "koffie"]


@pytest.mark.parametrize(
    "written",
    ["31-12-2017", "2017-12-31", "43100", "31/12/2017", "31.12.2017", " 31-12-2017 ",
     "2017-12-31 00:00:00", "2017-12-31T10:15:00", "43100,5"],
)  # fmt: skip
def test_dates(folder, written):
    replace(folder, "deelnames", f"{HEADER}{written};top;taal;p1;\n")
    assert participations(folder)[0][0] == date(2017, 12, 31)


@pytest.mark.parametrize(
    ("written", "square_metres"),
    [("60", 60), ("60,5", 60.5), ("60.5", 60.5), ("1.250", 1250), ("1.250,75", 1250.75)],
)
def test_numbers_of_a_dutch_csv(folder, written, square_metres):
    text = f"locatie;naam;wijk;geopend_op;oppervlakte_m2\ntop;TOP;Ondiep;1-4-2017;{written}\n"
    replace(folder, "locaties", text)
    replace(folder, "deelnames", HEADER)
    assert read(folder).locations["oppervlakte_m2"].tolist() == [square_metres]


def test_a_point_in_a_comma_csv_is_a_decimal_point(folder):
    text = "locatie,naam,wijk,geopend_op,oppervlakte_m2\ntop,TOP,Ondiep,2017-04-01,1.250\n"
    replace(folder, "locaties", text)
    replace(folder, "deelnames", HEADER)
    assert read(folder).locations["oppervlakte_m2"].tolist() == [1.25]


def test_title_rows_blank_rows_and_spaces(folder):
    text = (
        "Deelnames TOP 2018;;;;\n;;;;\n Datum ;LOCATIE;Dienst;Deelnemer ; aantal\n"
        "3-1-2018 ; top;taal ; p1 ;\n;;;;\n\n4-1-2018;top;koffie;;12\n"
    )
    replace(folder, "deelnames", text)
    assert participations(folder) == EXPECTED[:2]


def test_a_row_far_down_may_be_longer_than_the_header(folder):
    rows = "".join(f"3-1-2018;top;taal;p{n};\n" for n in range(40))
    replace(folder, "deelnames", f"{HEADER}{rows}4-1-2018;top;koffie;;12;;oeps\n")
    assert participations(folder)[-1] == EXPECTED[1]
    assert any("kolom G: Deze kolom is onbekend" in message for message in messages(folder))


def test_a_time_in_parquet_is_read_where_it_was_written(folder):
    midnight = pd.to_datetime(["2018-01-03"]).tz_localize("Europe/Amsterdam")
    days = pd.DataFrame({"datum": midnight, "locatie": "top", "dienst": "taal", "deelnemer": "p1"})
    (folder / "deelnames.csv").unlink()
    days.to_parquet(folder / "deelnames.parquet")
    assert participations(folder) == EXPECTED[:1]


def test_a_cell_with_a_line_break_counts_as_one_row(folder):
    replace(folder, "deelnames", f'{HEADER}"3-1-2018\n";top;taal;p1;\nfout;top;taal;p1;\n')
    assert any("rij 3, kolom datum" in message for message in messages(folder))


def test_a_name_is_read_as_its_slug_with_a_note(folder):
    replace(folder, "deelnames", f"{HEADER}3-1-2018;Hart voor  Leidsche Rijn;Taalverwerving;;2\n")
    assert participations(folder) == [
        (date(2018, 1, 3), "hart-voor-leidsche-rijn", "taal", None, 2)
    ]
    notes = messages(folder)
    assert len(notes) == 2
    assert "gelezen als ‘hart-voor-leidsche-rijn’" in notes[0]


@pytest.mark.parametrize("word", ["Totaal", "totaal:", "Eindtotaal", "Totaal 2018", "SUBTOTAAL"])
def test_totals_are_left_out_with_a_note(folder, word):
    replace(folder, "deelnames", f"{HEADER}4-1-2018;top;koffie;;12\n{word};;;;12\n")
    assert participations(folder) == EXPECTED[1:2]
    assert messages(folder) == [
        "opmerking: deelnames.csv, rij 3: Deze rij is een totaal en telt niet mee."
    ]


def test_several_sheets(folder):
    (folder / "deelnames.csv").unlink()
    book = openpyxl.Workbook()
    book.active.title = "Toelichting"
    book.active["A1"] = "Zie de andere bladen"
    for name in ("januari", "februari"):
        sheet = book.create_sheet(name)
        sheet.append([f"Deelnames {name}"])
        sheet.append(["datum", "locatie", "dienst", "aantal"])
        sheet.append([date(2018, 1, 4), "top", "koffie", 12])
    book.create_sheet("leeg")
    book.save(folder / "deelnames.xlsx")
    assert participations(folder) == [EXPECTED[1]] * 2
    assert messages(folder) == [
        "opmerking: deelnames.xlsx, blad Toelichting: "
        "Dit blad van 1 rij heeft geen kopregel en wordt niet gelezen."
    ]


def test_a_place_is_that_of_the_spreadsheet(folder):
    (folder / "deelnames.csv").unlink()
    book = openpyxl.Workbook()
    book.active.title = "Blad 1"
    for column, name in enumerate(["datum", "locatie", "dienst"], start=3):
        book.active.cell(5, column, name)
        book.active.cell(9, column, "fout")
    book.save(folder / "deelnames.xlsx")
    places = [finding.place for finding in registrations.check(folder).errors]
    assert "deelnames.xlsx, blad Blad 1, rij 9, kolom datum" in places


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_formula_errors_are_seen(folder, tmp_path_factory, ending):
    book = openpyxl.Workbook()
    book.active.append(["datum", "locatie", "dienst", "deelnemer", "aantal"])
    book.active.append([datetime(2018, 1, 3), "top", "taal", "=NA()", "=1/0"])
    book.active.append([datetime(2018, 1, 3), "top", "taal", "=#REF!", 1])
    made = convert(book, tmp_path_factory.mktemp("soffice"), ending)
    replace(folder, "deelnames", made.read_bytes(), ending)
    found = registrations.check(folder, today=TODAY).errors
    assert [(error.row, error.column) for error in found] == [
        (2, "deelnemer"), (3, "deelnemer"), (2, "aantal")
    ]  # fmt: skip
    assert {error.message for error in found} == {"Hier staat een fout van een formule."}


def test_a_formula_without_a_result_is_seen(folder):
    (folder / "deelnames.csv").unlink()
    book = openpyxl.Workbook()
    book.active.append(["datum", "locatie", "dienst", "deelnemer", "aantal"])
    book.active.append([datetime(2018, 1, 3), "top", "taal", None, "=SUM(1,2)"])
    book.save(folder / "deelnames.xlsx")
    assert [error.column for error in registrations.check(folder).errors] == ["aantal"]


def test_formula_errors_are_seen_in_a_file_that_prefixes_its_tags(folder, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["datum", "locatie", "dienst", "deelnemer", "aantal"])
    book.active.append([datetime(2018, 1, 3), "top", "taal", None, "=SUM(F2:G2)"])
    book.active.append([datetime(2018, 1, 3), "top", "taal", None, "#REF!"])
    book.save(tmp_path / "plain.xlsx")
    (folder / "deelnames.csv").unlink()
    plain, prefixed = tmp_path / "plain.xlsx", folder / "deelnames.xlsx"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(prefixed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if "worksheets" in name:
                content = re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", content)
                content = content.replace(b" xmlns=", b" xmlns:x=")
            target.writestr(name, content)
    errors = registrations.check(folder, today=TODAY).errors
    assert [(error.row, error.column) for error in errors] == [(2, "aantal"), (3, "aantal")]


def test_what_is_hidden_or_merged_in_a_spreadsheet_is_warned_about(folder):
    book = openpyxl.Workbook()
    book.active.title = "nu"
    book.active.append(["Deelnames", None, None, None])
    book.active.append(["datum", "locatie", "dienst", "aantal"])
    for day in (4, 5, 6):
        book.active.append([date(2018, 1, day), "top", "koffie", 12])
    book.active.merge_cells("A1:D1")
    book.active.merge_cells("D4:D5")
    book.active.row_dimensions[3].hidden = True
    book.active.row_dimensions[90].hidden = True
    copy = book.copy_worksheet(book.active)
    copy.title = "oud"
    copy.sheet_state = "hidden"
    copy.unmerge_cells("D4:D5")
    copy.row_dimensions[3].hidden = False
    (folder / "deelnames.csv").unlink()
    book.save(folder / "deelnames.xlsx")
    assert messages(folder) == [
        "waarschuwing: deelnames.xlsx, blad nu, rij 3: "
        "Dit blad heeft 1 verborgen rij; wat daarin staat, telt wel mee.",
        "waarschuwing: deelnames.xlsx, blad nu, rij 4: "
        "Een samengevoegde cel telt alleen voor haar bovenste rij.",
        "waarschuwing: deelnames.xlsx, blad oud: Dit blad is verborgen, en telt wel mee.",
    ]


def test_a_hidden_row_and_a_merged_cell_are_seen_in_ods(folder, tmp_path_factory):
    book = openpyxl.Workbook()
    book.active.append(["datum", "locatie", "dienst", "aantal"])
    for day in (4, 5, 6):
        book.active.append([datetime(2018, 1, day), "top", "koffie", 12])
    book.active.row_dimensions[2].hidden = True
    book.active.merge_cells("D3:D4")
    path = convert(book, tmp_path_factory.mktemp("soffice"), ".ods")
    replace(folder, "deelnames", path.read_bytes(), ".ods")
    warnings = registrations.check(folder, today=TODAY).warnings
    assert [warning.row for warning in warnings] == [2, 3]


def test_a_spreadsheet_and_the_csv_saved_from_it_are_copies(folder):
    columns = data_folder.TABLES["deelnames"]
    (folder / "deelnames.csv").unlink()
    write(folder / "deelnames" / "top.xlsx", columns)
    csv = write(folder / "deelnames" / "top.csv", columns)
    csv.write_text("\n".join([*csv.read_text().splitlines(), "Totaal;;;;", ""]))
    [error] = registrations.check(folder, today=TODAY).errors
    assert error.message == "Dit bestand is een kopie van deelnames/top.csv."
    with pytest.raises(DataError, match="kopie"):
        registrations.read(folder, today=TODAY, skip_bad_rows=True)


@pytest.mark.parametrize("quotes", [(3, 9), (3, 4)])
def test_stray_quotes_may_not_swallow_rows(folder, quotes):
    rows = [f"3-1-2018;top;taal;p{row};" for row in range(12)]
    opening, closing = quotes
    rows[opening] = rows[opening].replace("p", '"p')
    rows[closing] = rows[closing][:-1] + '";'
    replace(folder, "deelnames", HEADER + "\n".join(rows))
    [error] = registrations.check(folder, today=TODAY).errors
    assert error.message.startswith("In rij 5 staat een aanhalingsteken te veel")


def test_a_remark_of_several_lines_is_no_stray_quote(folder):
    remark = '"Kwam langs, at mee, bleef, hielp,\nging weer, en kwam terug"'
    text = f"datum,locatie,dienst,deelnemer,opmerking\n3-1-2018,top,taal,p1,{remark}\n"
    replace(folder, "deelnames", text)
    assert participations(folder) == EXPECTED[:1]


@pytest.mark.parametrize("name", ["Café", "Coördinatie", "Privé"])
@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "mixed"])
def test_letters_of_an_unknown_encoding_are_warned_about(folder, encoding, name):
    text = f"dienst;naam\ntaal;{name}\nkoffie;Koffie\n"
    mixed = text.encode() + "thee;Thé\n".encode("cp1252")
    replace(folder, "diensten", mixed if encoding == "mixed" else text.encode(encoding))
    [warning] = registrations.check(folder, today=TODAY).warnings
    assert "tekencodering" in warning.message


def test_signs_of_windows_are_no_strange_letters(folder):
    names = "“Café” – zo’n ‘één’… €5"
    text = f"dienst;naam\ntaal;{names}\nkoffie;Foto’s\n"
    replace(folder, "diensten", text.encode("cp1252"))
    assert messages(folder) == []


def test_a_linked_folder_is_refused_because_it_is_not_read(folder, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "deelnames").mkdir()
    (folder / "deelnames.csv").rename(folder / "deelnames" / "a.csv")
    (folder / "deelnames" / "2018").symlink_to(elsewhere, target_is_directory=True)
    [error] = registrations.check(folder, today=TODAY).errors
    assert error.place == "deelnames/2018"
    assert error.message == "Deze map is een koppeling en wordt niet gelezen."


def test_a_heading_that_holds_the_name_of_an_absent_column_is_an_error(folder):
    replace(folder, "deelnames", "datum;locatie;dienst;Aantal bezoekers\n3-1-2018;top;taal;40\n")
    [error] = registrations.check(folder, today=TODAY).errors
    assert error.remedy.startswith("Bedoelt u ‘aantal’?")


def convert(book: openpyxl.Workbook, folder: Path, ending: str) -> Path:
    """Save a workbook as LibreOffice does."""
    soffice = need("soffice")
    book.save(folder / "made.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ["--headless", "--convert-to", ending[1:], "--outdir", folder / "out"]
    command = [soffice, profile, *options, folder / "made.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return folder / "out" / f"made{ending}"


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_a_file_of_libreoffice(folder, tmp_path_factory, ending):
    book = openpyxl.Workbook()
    book.active.append(["Deelnames"])
    book.active.append([])
    book.active.append(list(data_folder.TABLES["deelnames"]))
    for row in zip(*data_folder.TABLES["deelnames"].values(), strict=True):
        book.active.append(row)
    made = convert(book, tmp_path_factory.mktemp("soffice"), ending)
    replace(folder, "deelnames", made.read_bytes(), ending)
    assert participations(folder) == EXPECTED


def test_lock_files_hidden_files_and_other_endings(folder):
    (folder / "deelnames").mkdir()
    (folder / "deelnames.csv").rename(folder / "deelnames" / "a.csv")
    for name in ("~$a.xlsx", ".~lock.a.xlsx#", ".DS_Store"):
        (folder / "deelnames" / name).write_bytes(b"\0")
    (folder / "deelnames" / "oud.xls").write_bytes(b"\0")
    (folder / "README.md").write_text("uitleg")
    (folder / "deelname.csv").write_text("x")
    assert messages(folder) == [
        "opmerking: deelname.csv: Dit hoort bij geen tabel en wordt niet gelezen.",
        "opmerking: deelnames/oud.xls: Dit soort bestand wordt niet gelezen.",
    ]
    assert participations(folder) == EXPECTED


PACKED = b"PK\x03\x04" + bytes(range(256)) * 8


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        *((ending, b"") for ending in ENDINGS),
        *((ending, b"  \r\n") for ending in ENDINGS),
        *((ending, bytes(range(256)) * 20) for ending in ENDINGS),
        *((ending, PACKED) for ending in ENDINGS),
        *((ending, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)) for ending in ENDINGS),
        (".csv", b'datum;locatie;dienst\n"3-1-2018;top;taal\n'),
        (".csv", b"\x81\x8d datum;locatie;dienst\n"),
        (".csv", b"dit is geen tabel\n"),
        (".xlsx", HEADER.encode()),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(folder, ending, content):
    replace(folder, "deelnames", content, ending)
    [error] = registrations.check(folder, today=TODAY).errors
    assert (error.file, error.row) == (f"deelnames{ending}", None)
    assert error.remedy
    with pytest.raises(DataError, match=f"deelnames{ending}"):
        read(folder)


@pytest.mark.parametrize(
    ("made", "named"),
    [(".xlsx", ".ods"), (".ods", ".xlsx"), (".xlsx", ".csv"), (".csv", ".parquet"),
     (".parquet", ".csv")],
)  # fmt: skip
def test_a_wrong_ending_is_an_error(folder, tmp_path_factory, made, named):
    original = write(tmp_path_factory.mktemp("made") / f"a{made}", data_folder.TABLES["deelnames"])
    replace(folder, "deelnames", original.read_bytes(), named)
    [error] = registrations.check(folder, today=TODAY).errors
    assert error.file == f"deelnames{named}"


def test_a_file_that_may_not_be_opened_is_an_error(folder, monkeypatch):
    original = Path.read_bytes

    def refuse(path):
        if path.name == "deelnames.csv":
            raise PermissionError(13, "no", str(path))
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [error.file for error in registrations.check(folder).errors] == ["deelnames.csv"]


def test_a_cell_at_the_far_corner_is_refused_before_it_fills_memory(folder):
    (folder / "deelnames.csv").unlink()
    book = openpyxl.Workbook()
    book.active.append(["datum", "locatie", "dienst"])
    book.active["XFD1048576"] = "x"
    book.save(folder / "deelnames.xlsx")
    [error] = registrations.check(folder, today=TODAY).errors
    assert "heel ver naar rechts" in error.message


texts = st.text(
    st.characters(codec="cp1252", categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12
)
names = texts.map(lambda text: " ".join(text.split())).filter(
    lambda text: (
        text and not text.startswith("#") and not text.lower().startswith(("totaal", "som"))
    )
)
rows = st.tuples(
    st.dates(date(2017, 4, 1), date(2018, 6, 30)),
    st.sampled_from(["top", "hart-voor-leidsche-rijn"]),
    st.sampled_from(["taal", "koffie"]),
    st.one_of(
        st.tuples(st.from_regex("p[0-9][0-9a-f]{3}", fullmatch=True), st.just(1)),
        st.tuples(st.none(), st.integers(0, 10_000)),
    ),
).map(lambda row: (*row[:3], *row[3]))


@FEW
@given(
    table=st.lists(rows, max_size=12, unique_by=lambda row: row[:4]),
    ending=st.sampled_from(FORMATS),
)
def test_what_was_written_is_read(tmp_path_factory, table, ending):
    folder = make(tmp_path_factory.mktemp("data"))
    (folder / "deelnames.csv").unlink()
    columns = ["datum", "locatie", "dienst", "deelnemer", "aantal"]
    cells = {name: [row[place] for row in table] for place, name in enumerate(columns)}
    write(folder / f"deelnames{ending}", cells)
    assert participations(folder) == table


@FEW
@given(written=st.lists(names, min_size=1, max_size=6), ending=st.sampled_from(FORMATS))
def test_texts_survive_every_format(tmp_path_factory, written, ending):
    folder = make(
        tmp_path_factory.mktemp("data"), deelnames={name: [] for name in HEADER.strip().split(";")}
    )
    (folder / "diensten.csv").unlink()
    slugs = [f"dienst-{place}" for place in range(len(written))]
    write(folder / f"diensten{ending}", {"dienst": slugs, "naam": written})
    assert read(folder).services["naam"].tolist() == written


@FEW
@given(
    ending=st.sampled_from(FORMATS),
    places=st.lists(
        st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=8)), max_size=8
    ),
    length=st.integers(0, 10_000),
)
def test_damaged_bytes_never_give_a_traceback(tmp_path_factory, ending, places, length):
    folder = make(tmp_path_factory.mktemp("data"))
    (folder / "deelnames.csv").unlink()
    path = write(folder / f"deelnames{ending}", data_folder.TABLES["deelnames"])
    raw = bytearray(path.read_bytes()[: max(length, 1)])
    for place, patch in places:
        raw[place % len(raw) : place % len(raw) + len(patch)] = patch
    path.write_bytes(bytes(raw))
    with contextlib.suppress(DataError):
        registrations.read(folder, today=TODAY, skip_bad_rows=True)


@FEW
@given(raw=st.binary(max_size=400), ending=st.sampled_from(FORMATS))
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw, ending):
    folder = make(tmp_path_factory.mktemp("data"))
    replace(folder, "deelnames", raw, ending)
    found = registrations.check(folder, today=TODAY)
    assert found.errors or not found.counts[0].read


@FEW
@given(broken=st.binary(max_size=200))
def test_a_broken_sheet_in_a_sound_archive_is_refused(tmp_path_factory, broken):
    folder = make(tmp_path_factory.mktemp("data"))
    (folder / "deelnames.csv").unlink()
    sound = write(tmp_path_factory.mktemp("made") / "a.xlsx", data_folder.TABLES["deelnames"])
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(folder / "deelnames.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, broken if "worksheets" in name else old.read(name))
    assert registrations.check(folder, today=TODAY).errors
