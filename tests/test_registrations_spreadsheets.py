"""Files that somebody made to harm, or that a program left behind: a sentence, at little cost."""

import io
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from bwk.errors import DataError
from bwk.registrations.grids import opened

HEADER = ["datum", "locatie", "dienst", "deelnemer"]
ROWS = [[f"{1 + number % 28}-3-2018", "top", "taal", f"p{number % 50}"] for number in range(500)]
SHEET = "xl/worksheets/sheet1.xml"
START = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<sheetData><row r="1">'
)
ROW = b'<row r="%d"><c r="%s%d" t="str"><v>x</v></c></row></sheetData>'

OF_OTHER_FILE = (
    b'<table:table table:name="file:///b.ods#Blad1" table:style-name="ta_extref"><table:table-row>'
    b'<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    b"</table:table-row></table:table></office:spreadsheet>"
)


def workbook(path: Path, change: Callable[[bytes], bytes] = bytes, stray: str = "") -> Path:
    """Write a table of 500 rows as xlsx, perhaps with a stray cell or another sheet."""
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    if stray:
        book.active[stray] = "x"
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, change(content) if name == SHEET else content)
    return path


@pytest.mark.parametrize(("stray", "shape"), [("XFD7", (501, 367)), ("C1048576", (1_048_576, 4))])
def test_a_stray_cell_far_away_costs_what_is_filled(tmp_path, stray, shape):
    path = workbook(tmp_path / "a.xlsx", stray=stray)
    began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    [grid] = opened(path)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grid.cells.shape == shape
    assert list(grid.cells.columns[:4]) == [0, 1, 2, 3]
    assert grid.cells.iloc[1, 0] == "1-3-2018"
    assert (grid.cells == "x").to_numpy().sum() == 1
    assert time.process_time() - began < 15
    assert used < 400_000  # kB: of the rectangle it would be thousands


def test_a_far_column_keeps_its_place(tmp_path):
    [grid] = opened(workbook(tmp_path / "a.xlsx", stray="XFD7"))
    assert grid.cells.columns[-1] == 16_383


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda xml: bytes(100_000_000), "veel te groot"),
        (lambda xml: START + b"<c " * 400_000, "Sla het opnieuw op"),
        (lambda xml: START + b"<c>" * 400_000, "geen gewone spreadsheet"),
        (lambda xml: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + xml, "geen gewone spreadsheet"),
        (lambda xml: START + b'<c r="' + b"A" * 5_000_000, "geen gewone spreadsheet"),
        (lambda xml: START + b"<c><v>" + b"9" * 5_000_000, "32.767 tekens"),
        (lambda xml: xml.replace(b"2018", b"9" * 40_000, 1), "32.767 tekens"),
        (lambda xml: xml.replace(b"</sheetData>", ROW % (10**9, b"A", 10**9)), "heel ver"),
        (lambda xml: xml.replace(b'r="A2"', b'r="!!"'), "Sla het opnieuw op"),
        (lambda xml: xml.replace(b'r="2"', b'r="-2"', 1), "Sla het opnieuw op"),
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_refused(tmp_path, change, sentence):
    path = workbook(tmp_path / "a.xlsx", change)
    assert path.stat().st_size < 1_000_000
    began = time.process_time()
    with pytest.raises(DataError, match=sentence):
        opened(path)
    assert time.process_time() - began < 15


def test_rows_and_cells_in_any_order_stand_where_they_say(tmp_path):
    cells = b'</row><row r="9"><c r="B9"><v>2</v></c><c r="A9"><v>1</v></c></row>'
    cells += b'<row r="8"><c r="A8"><v>0</v></c></row></sheetData></worksheet>'
    [grid] = opened(workbook(tmp_path / "a.xlsx", lambda xml: START + cells))
    assert grid.cells.iloc[7:].astype(object).to_numpy().tolist() == [["0", ""], ["1", "2"]]


def test_cells_that_libreoffice_keeps_of_other_files_are_not_read(tmp_path):
    path = tmp_path / "a.ods"
    pd.DataFrame([HEADER, *ROWS]).to_excel(str(path), index=False, header=False)
    with (
        zipfile.ZipFile(io.BytesIO(path.read_bytes())) as before,
        zipfile.ZipFile(path, "w") as after,
    ):
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"</office:spreadsheet>", OF_OTHER_FILE))
    [grid] = opened(path)
    assert len(grid.cells) == 501


def test_many_empty_rows_cost_little(tmp_path):
    rows = b"<row/>" * 500_000 + b"</sheetData>"
    path = workbook(tmp_path / "a.xlsx", lambda xml: xml.replace(b"</sheetData>", rows))
    [grid] = opened(path)
    assert len(grid.cells) == 501


def test_an_archive_packed_in_another_way_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
    with pytest.raises(DataError, match="ingepakt"):
        opened(path)


@pytest.mark.parametrize(
    ("repeated", "sentence"),
    [
        ('number-rows-repeated="1048576"', "heel ver"),
        ('number-columns-repeated="16384"', "kolommen"),
        ('number-rows-repeated="100000000000"', "heel ver"),
        ('number-columns-repeated="100000000000"', "heel ver"),
    ],
)
def test_a_cell_that_is_repeated_without_end_is_refused(tmp_path, repeated, sentence):
    path = tmp_path / "a.ods"
    pd.DataFrame([HEADER, *ROWS]).to_excel(str(path), index=False, header=False)
    raw = path.read_bytes()
    tag = b"<table:table-row" if "rows" in repeated else b"<table:table-cell"
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            many = tag + b" table:" + repeated.encode()
            content = before.read(name)
            after.writestr(name, content.replace(tag, many) if name == "content.xml" else content)
    with pytest.raises(DataError, match=sentence):
        opened(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("datum,locatie,dienst\n" + "," * 3_000_000, "Rij 2 is veel te lang"),
        ("datum,locatie,dienst\n" * 40 + "," * 3_000_000, "1.000 kolommen"),
        (";".join(f"k{number}" for number in range(2000)), "1.000 kolommen"),
        ("datum;locatie;dienst\n" * 40 + "x" * 50_000, "32.767 tekens"),
        ("datum;locatie;dienst\n" + "\n" * 12_000_000, "leeg of te kort"),
    ],
)
def test_a_csv_wider_or_longer_than_any_list_is_refused(tmp_path, text, sentence):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=sentence):
        opened(path)


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (pd.DataFrame({"aantal": [[1, 2]]}), "lijsten in cellen"),
        (pd.DataFrame({f"k{number}": [1] for number in range(2000)}), "1.000 kolommen"),
        (pd.DataFrame({"aantal": [1] * 3_000_000}), "veel te groot"),
    ],
)
def test_a_parquet_that_unpacks_to_far_more_is_refused(tmp_path, frame, sentence):
    path = tmp_path / "a.parquet"
    frame.to_parquet(path)
    with pytest.raises(DataError, match=sentence):
        opened(path)
