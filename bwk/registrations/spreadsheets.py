"""The sheets of xlsx and ods, read as a stream: memory grows with the cells that are filled."""

import posixpath
from array import array
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple
from zipfile import ZipFile

import numpy as np
import pandas as pd

from bwk.formats import number
from bwk.registrations.findings import RefusedError
from bwk.registrations.markup import Element, elements, refuse_long, unpacked

MOST_COLUMNS = 1000  # more than days in a year
MOST_CELLS = 70_000_000  # of a sheet with its empty cells, up to the last column and row
_MOST_FILLED = 20_000_000
_MOST_LETTERS = 100_000_000
_OF_A_TEXT = 40  # what a text takes beside its letters
_NEAR = 366  # columns that keep their place, though some are empty: the days of a year
NOT_WORKED_OUT = "#FORMULE!"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_OF_OTHER_FILES = "ta_extref"  # the style of sheets in which LibreOffice keeps cells of other files
_LONGEST_FORMAT = 255  # letters


class Grid(NamedTuple):
    """The cells of a sheet: category columns of clean texts, an empty cell as `""`.

    Columns are named by their place, from 0. The rows that are hidden, or have a cell over several
    rows, are numbered from 1.
    """

    sheet: str
    cells: pd.DataFrame
    decimal_point: bool = False
    is_hidden: bool = False
    has_strange_letters: bool = False
    hidden: Sequence[int] = ()
    merged: Sequence[int] = ()


def refuse_wide(columns: int) -> None:
    """Refuse a sheet with more columns than any list has."""
    if columns > MOST_COLUMNS:
        message = f"Dit heeft meer dan {number(MOST_COLUMNS)} kolommen."
        raise RefusedError(message, "Haal de kolommen weg die niet in de tabel horen.")


def text_of(cell: object) -> str:
    """Write a cell as text: dates ISO, numbers with a decimal comma, no needless spaces."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell))
        return repr(cell).replace(".", ",")
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    if "\n" in text:
        return "\n".join(filter(None, map(_in_one_line, text.split("\n"))))
    return _in_one_line(text)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


class _Texts:
    """The different texts of a file, each once, by their number; the number 0 is no text."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {"": 0}
        self._letters = 0

    def number_of(self, cell: object) -> int:
        text = text_of(cell)
        number = self.numbers.setdefault(text, len(self.numbers))
        if number == len(self.numbers) - 1:
            refuse_long(len(text))
            self._letters += len(text) + _OF_A_TEXT
            if self._letters > _MOST_LETTERS:
                raise RefusedError("Dit bestand heeft veel te veel tekst.", "Splits het.")
        return number


Cells = tuple[range, int]  # columns with an equal text, and the number of that


class Sheet:
    """What is filled in a sheet; its name and marks are those of its grid."""

    def __init__(self, texts: _Texts) -> None:
        self.name = ""
        self.is_hidden = False
        self.hidden: list[int] = []
        self.merged: list[int] = []
        self._texts = texts
        self._columns: dict[int, tuple[array, array]] = {}
        self._rows = self._width = self._filled = 0

    def add(self, rows: range, cells: Sequence[Cells], is_hidden: bool) -> None:
        """Add the filled cells of a row, or of equal rows in a run: columns and their text."""
        if not cells:
            return
        self._rows = max(self._rows, rows.stop)  # some programs write rows in any order
        self._width = max(self._width, *(columns.stop for columns, _ in cells))
        self._filled += len(rows) * sum(len(columns) for columns, _ in cells)
        if self._rows * min(self._width, MOST_COLUMNS) > MOST_CELLS or self._filled > _MOST_FILLED:
            message = "Een cel staat heel ver naar rechts en naar onderen."
            remedy = "Verwijder de lege rijen en kolommen onder en naast de tabel."
            raise RefusedError(message, remedy)
        if is_hidden:
            self.hidden.extend(row + 1 for row in rows)
        for columns, text in cells:
            for column in columns:
                at_rows, with_texts = self._columns.setdefault(column, (array("i"), array("i")))
                at_rows.extend(rows)
                with_texts.extend(repeat(text, len(rows)))
        refuse_wide(len(self._columns))

    def grid(self) -> Grid:
        """Return the cells, by column and row from 0; far to the right only what is filled."""
        texts = np.array([*self._texts.numbers], dtype=object)
        empty = self._series(texts, (), ())
        series = dict.fromkeys(range(min(self._width, _NEAR)), empty)
        for column in sorted(self._columns):
            series[column] = self._series(texts, *self._columns[column])
        cells = pd.DataFrame(series, copy=False)
        return Grid(
            self.name, cells, is_hidden=self.is_hidden, hidden=self.hidden, merged=self.merged
        )

    def _series(self, texts: np.ndarray, at_rows: Sequence, with_texts: Sequence) -> pd.Series:
        numbers = np.zeros(self._rows, dtype="int64")
        numbers[np.asarray(at_rows, dtype="int64")] = with_texts
        return pd.Series(texts[numbers], dtype="str").astype("category")


def of_xlsx(data: bytes) -> Iterator[Grid]:
    """Yield the sheets with cells of an xlsx; RefusedError where one is over the limits."""
    with unpacked(data) as archive:
        yield from _Workbook(archive).grids()


def of_ods(data: bytes) -> Iterator[Grid]:
    """Yield the sheets with cells of an ods; RefusedError where one is over the limits."""
    with unpacked(data) as archive:
        yield from _of_ods(archive)


class _Workbook:
    """An xlsx: what its sheets share."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._texts = _Texts()
        self._parts = {
            own.get("Id"): (
                own.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/xl", own.get("Target", ""))),
            )
            for _, own, _, _ in self._elements("/xl/_rels/workbook.xml.rels")
        }
        places = dict(self._parts.values())
        self._shared = [*self._shared_texts(places.get("sharedStrings"))]
        self._formats = [*self._cell_formats(places.get("styles"))]
        self._starts_1904 = False
        # Most numbers and days stand in many cells.
        self._number_of = lru_cache(100_000)(self._worked_out)

    def grids(self) -> Iterator[Grid]:
        """Yield the worksheets; a sheet with a chart alone is left out."""
        for name, own, _, _ in [*self._elements("/xl/workbook.xml")]:
            if name == "workbookPr":
                self._starts_1904 = own.get("date1904") in ("1", "true")
            if name == "sheet":
                [key] = [own[key] for key in own if key.endswith(" id")]
                kind, place = self._parts[key]
                if kind == "worksheet":
                    sheet = self._sheet(place)
                    sheet.name = own.get("name", "")
                    sheet.is_hidden = own.get("state", "visible") != "visible"
                    yield sheet.grid()

    def _elements(self, place: str) -> Iterator[Element]:
        return elements(self._archive.open(place.lstrip("/")))

    def _shared_texts(self, place: str | None) -> Iterator[int]:
        parts: list[str] = []
        for name, _, text, parent in self._elements(place) if place else ():
            match name:
                case "t" if parent != "rPh":  # how to say it, in Japanese
                    parts.append(text)
                case "si":
                    yield self._texts.number_of(_unescaped("".join(parts)))
                    parts.clear()

    def _cell_formats(self, place: str | None) -> Iterator[str]:
        """Yield how each style writes a number: `date`, `timedelta`, or empty for a number."""
        from openpyxl.styles import numbers  # slow to load

        codes: dict[str, str] = {str(id): code for id, code in numbers.BUILTIN_FORMATS.items()}
        for name, own, _, parent in self._elements(place) if place else ():
            if name == "numFmt":
                codes[own["numFmtId"]] = own["formatCode"][:_LONGEST_FORMAT]
            if name == "xf" and parent == "cellXfs":
                code = codes.get(own.get("numFmtId", ""), "")
                is_length = numbers.is_timedelta_format(code)
                yield "timedelta" * is_length or "date" * numbers.is_date_format(code)

    def _sheet(self, place: str) -> Sheet:
        sheet = Sheet(self._texts)
        number, column = 0, 0
        cells: list[Cells] = []
        inside: dict[str, str] = {}
        for name, own, text, parent in self._elements(place):
            match name:
                case "v" | "f":
                    inside[name] = text
                case "t" if parent != "rPh":
                    inside["t"] = inside.get("t", "") + text
                case "c":
                    column = _column(own["r"]) if "r" in own else column
                    if filled := self._text(own, inside) if inside else 0:
                        cells.append((range(column, column + 1), filled))
                    column += 1
                    inside.clear()
                case "row":
                    number = int(own.get("r", number + 1))
                    sheet.add(_rows(number, 1), cells, own.get("hidden") in ("1", "true"))
                    cells.clear()
                    column = 0
                case "mergeCell":
                    first, _, last = own["ref"].partition(":")
                    if last and _row(first) != _row(last):
                        sheet.merged.append(_row(first))
        return sheet

    def _text(self, own: Mapping[str, str], inside: Mapping[str, str]) -> int:
        """Return the number of the text of a cell."""
        kind, value = own.get("t", "n"), inside.get("v", "")
        if kind == "n" and value:
            return self._number_of(value, int(own.get("s", 0)))
        if kind == "s":
            return self._shared[int(value)] if value else 0
        if kind == "b":
            value = str(value in ("1", "true"))
        elif kind == "e" or (kind == "n" and "f" in inside):
            value = value or NOT_WORKED_OUT
        return self._texts.number_of(_unescaped(inside.get("t", value)))

    def _worked_out(self, value: str, style: int) -> int:
        """Return the number of the text of a number, or of the day or time that it stands for."""
        form = "".join(self._formats[style : style + 1])
        return self._texts.number_of(_moment(float(value), form, self._starts_1904))


def _moment(value: float, form: str, starts_1904: bool) -> float | date | time | Any:
    from openpyxl.utils import datetime as days  # slow to load

    if not form:
        return value
    epoch = days.MAC_EPOCH if starts_1904 else days.WINDOWS_EPOCH
    try:
        moment = days.from_excel(value, epoch, timedelta=form == "timedelta")
    except (OverflowError, ValueError):  # no day of any calendar
        return value
    if isinstance(moment, datetime) and moment.time() == time():
        return moment.date()
    return moment


def _unescaped(text: str) -> str:
    from openpyxl.utils.escape import unescape  # slow to load

    return unescape(text) if "_x" in text else text


def _column(reference: str) -> int:
    """Return the column of a cell as `AB12`, from 0."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - ord("A") + 1
    if column < 1:
        raise ValueError
    return column - 1


def _row(reference: str) -> int:
    return int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ$"))


def _rows(first: int, number: int) -> range:
    """Return the rows from the first, which is counted from 1."""
    if first < 1:
        raise ValueError
    return range(first - 1, first - 1 + number)


def _of_ods(archive: ZipFile) -> Iterator[Grid]:
    """Yield the sheets of an ods."""
    texts = _Texts()
    sheet, hidden_styles = Sheet(texts), set()
    cells: list[Cells] = []
    paragraphs: list[str] = []
    column = below = 0
    is_merged = hides = False
    for name, own, text, parent in elements(archive.open("content.xml")):
        match name:
            case "p" if parent.endswith("table-cell"):
                paragraphs.append(text)
            case "table-cell" | "covered-table-cell":
                begin, column = column, column + _count(own, "number-columns-repeated")
                is_merged |= _count(own, "number-rows-spanned") > 1
                if number := texts.number_of(_value_in_ods(own, " ".join(paragraphs))):
                    cells.append((range(begin, column), number))
                paragraphs.clear()
            case "table-row":
                rows = _rows(below + 1, _count(own, "number-rows-repeated"))
                sheet.add(rows, cells, own.get(f"{_TABLE}visibility", "visible") != "visible")
                below = rows.stop
                sheet.merged += [below] * is_merged
                cells.clear()
                column, is_merged = 0, False
            case "table-properties":
                hides = own.get(f"{_TABLE}display") == "false"
            case "style":
                hidden_styles |= {own.get(f"{_STYLE}name")} if hides else set()
                hides = False
            case "table":
                sheet.name = own.get(f"{_TABLE}name", "")
                style = own.get(f"{_TABLE}style-name")
                sheet.is_hidden = style in hidden_styles
                if style != _OF_OTHER_FILES:
                    yield sheet.grid()
                sheet, below = Sheet(texts), 0


def _value_in_ods(own: Mapping[str, str], text: str) -> object:
    if text.startswith(("#", "Err:")):
        return text
    match own.get(f"{_OFFICE}value-type"):
        case "float" | "percentage" | "currency":
            return float(own[f"{_OFFICE}value"])
        case "date":
            return own[f"{_OFFICE}date-value"]
        case "time":  # as `PT10H30M00S`
            length = own[f"{_OFFICE}time-value"]
            return length.removeprefix("PT").replace("H", ":").replace("M", ":").rstrip("S")
        case "boolean":
            return own[f"{_OFFICE}boolean-value"] == "true"
    return own.get(f"{_OFFICE}string-value") or text


def _count(own: Mapping[str, str], name: str) -> int:
    return max(1, int(own.get(f"{_TABLE}{name}", "1")))
