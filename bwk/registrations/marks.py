"""What calamine does not tell of a sheet: failed formulas, hidden rows, merged cells."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import IO
from xml.etree.ElementTree import Element, fromstring, iterparse
from zipfile import ZipFile

from bwk.registrations.findings import RefusedError

_MOST_CELLS = 70_000_000  # of the rectangle that calamine fills, also where it is empty
_NOT_WORKED_OUT = "#FORMULE!"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"

Cells = Sequence[tuple[range, str]]  # the filled cells of a row: their columns, and any error


@dataclass
class Marks:
    """What is odd in a sheet.

    Attributes
    ----------
    errors : dict
        The texts of formulas that failed or were never worked out, by row and column from 0.
    hidden, merged : list of int
        The rows, from 1, that are hidden, or that have a cell over several rows.
    width : int
        The columns in use.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    merged: list[int] = field(default_factory=list)
    width: int = 0

    def add(self, rows: range, cells: Cells, is_hidden: bool) -> None:
        """Add one row, or equal rows in a run; refuse what would fill the memory."""
        if not cells:
            return
        last_columns, _ = cells[-1]
        self.width = max(self.width, last_columns.stop)
        if rows.stop * self.width > _MOST_CELLS:
            message = "Een cel staat heel ver naar rechts en naar onderen."
            remedy = "Verwijder de lege rijen en kolommen onder en naast de tabel."
            raise RefusedError(message, remedy)
        if is_hidden:
            self.hidden.extend(row + 1 for row in rows)
        for columns, error in cells:
            if error:
                places = product(rows, columns)
                self.errors.update(dict.fromkeys(places, error))


def of_xlsx(archive: ZipFile) -> dict[str, Marks]:
    """Return the marks of each worksheet, by its name."""
    workbook = fromstring(archive.read("xl/workbook.xml"))
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    marks = {}
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        [target] = [targets[value] for name, value in sheet.items() if name.endswith("}id")]
        part = posixpath.join("/xl", target)
        with archive.open(posixpath.normpath(part).lstrip("/")) as content:
            marks[sheet.get("name", "")] = _of_worksheet(content)
    return marks


def _of_worksheet(content: IO[bytes]) -> Marks:
    marks = Marks()
    number = 0
    for _, element in iterparse(content):
        match _kind(element):
            case "row":
                number = int(element.get("r", number + 1))
                is_hidden = element.get("hidden") in ("1", "true")
                cells = list(_cells_of_xlsx(element))
                marks.add(range(number - 1, number), cells, is_hidden)
                element.clear()  # or millions of cells would stay in memory
            case "mergeCell":
                rows = re.findall("[0-9]+", element.get("ref", ""))
                if rows[0] != rows[-1]:
                    marks.merged.append(int(rows[0]))
    return marks


def _cells_of_xlsx(row: Element) -> Iterator[tuple[range, str]]:
    for place, cell in enumerate(row):
        if len(cell):
            column = _column(cell.get("r", ""), place)
            yield range(column, column + 1), _error_in_xlsx(cell)


def _error_in_xlsx(cell: Element) -> str:
    value = cell.findtext("{*}v")
    kind = cell.get("t", "n")
    if kind == "e":
        return value or _NOT_WORKED_OUT
    is_formula = cell.find("{*}f") is not None
    return _NOT_WORKED_OUT if is_formula and kind == "n" and not value else ""


def _column(reference: str, place: int) -> int:
    """Return the column of a cell as `AB12`, from 0; without a reference its place in the row."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1 if column else place


def of_ods(archive: ZipFile) -> dict[str, Marks]:
    """Return the marks of each sheet, by its name."""
    marks_by_name = {}
    marks = Marks()
    below = 0
    with archive.open("content.xml") as content:
        for _, element in iterparse(content):
            match _kind(element):
                case "table-row":
                    above = below
                    below += _number(element, "number-rows-repeated")
                    is_hidden = element.get(f"{_TABLE}visibility", "visible") != "visible"
                    marks.add(range(above, below), list(_cells_of_ods(element)), is_hidden)
                    if any(_number(cell, "number-rows-spanned") > 1 for cell in element):
                        marks.merged.append(below)
                    element.clear()
                case "table":
                    marks_by_name[element.get(f"{_TABLE}name", "")] = marks
                    marks = Marks()
                    below = 0
    return marks_by_name


def _cells_of_ods(row: Element) -> Iterator[tuple[range, str]]:
    column = 0
    for cell in row:
        end = column + _number(cell, "number-columns-repeated")
        if len(cell):
            paragraphs = cell.iterfind("{*}p")
            text = "\n".join("".join(paragraph.itertext()) for paragraph in paragraphs)
            is_error = text.startswith(("#", "Err:"))
            yield range(column, end), text if is_error else ""
        column = end


def _number(element: Element, name: str) -> int:
    return int(element.get(f"{_TABLE}{name}", "1"))


def _kind(element: Element) -> str:
    """Return the name of an element without its namespace, which programs prefix as they like."""
    return element.tag.rpartition("}")[2]
