"""The files of the data folder to raw rows with their places."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from bwk.formats import count, enumeration
from bwk.registrations.columns import TABLES, Table
from bwk.registrations.findings import ERROR, NOTE, WARNING, Finding, of_file
from bwk.registrations.grids import ENDINGS, RESAVE, Grid, UnreadableError, body, header, parse

PERSONAL = re.compile(
    "naam|adres|straat|huisnummer|postcode|woonplaats|mail|telefoon|^tel|mobiel|gsm|bsn|"
    "burgerservice|geboorte|geboren|iban|rekening"
)
_SILENT = (".toml", ".md", ".py")


class Source(NamedTuple):
    """A file of a table; `name` is its path within the data folder."""

    table: str
    path: Path
    name: str


@dataclass(frozen=True)
class Sheet:
    """The filled rows of a sheet below its header.

    Attributes
    ----------
    cells : DataFrame
        Category columns of cleaned texts; an unknown column is named after its letter: `#F`.
    rows : array of int
        The row of each as the spreadsheet shows it; in parquet its number.
    whole : bool
        Whether the required columns are there.
    """

    file: str
    sheet: str
    cells: pd.DataFrame
    rows: np.ndarray
    whole: bool


def find(folder: Path) -> tuple[list[Source], list[Finding]]:
    """Find the files of each table in the data folder, and name those that are not read."""
    sources: list[Source] = []
    findings: list[Finding] = []
    tops: dict[str, list[str]] = {name: [] for name in TABLES}
    for top in sorted(filter(_is_visible, folder.iterdir())):
        table = top.name.split(".")[0].strip().casefold()
        if table not in TABLES:
            findings += _unknown_file(top)
            continue
        for path in _files(top):
            name = path.relative_to(folder).as_posix()
            if path.suffix.lower() in ENDINGS:
                sources.append(Source(table, path, name))
                tops[table] += [top.name] * (top.name not in tops[table])
            else:
                findings.append(
                    of_file(NOTE, name, "Dit soort bestand wordt niet gelezen.", RESAVE)
                )
    return sources, [*findings, *_misplaced(tops)]


def load(source: Source) -> tuple[str, list[Sheet], list[Finding]]:
    """Read one file: its SHA-256, its sheets, and what is wrong with it as a whole."""
    try:
        data = source.path.read_bytes()
    except OSError:
        remedy = "Sluit het in andere programma’s en kijk of u het mag lezen."
        return "", [], [of_file(ERROR, source.name, "Het bestand is niet te openen.", remedy)]
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        return sha256, *_sheets(source, parse(data, source.path.suffix.lower()))
    except UnreadableError as error:
        return sha256, [], [of_file(ERROR, source.name, *error.args)]


def letter(index: int) -> str:
    """Name a column as a spreadsheet does.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    return (letter(index // 26 - 1) if index >= 26 else "") + chr(65 + index % 26)


def _is_visible(path: Path) -> bool:
    return not path.name.startswith((".", "~$", "__"))


def _files(top: Path) -> list[Path]:
    if not top.is_dir():
        return [top]
    return [path for part in sorted(filter(_is_visible, top.iterdir())) for path in _files(part)]


def _unknown_file(top: Path) -> Iterator[Finding]:
    if top.suffix.lower() not in _SILENT and _files(top):
        likely = get_close_matches(top.name.split(".")[0].casefold(), TABLES, 1, 0.75)
        message = "Dit hoort bij geen tabel en wordt niet gelezen."
        remedy = f"Bedoelt u ‘{likely[0]}’? Geef het dan die naam." if likely else ""
        yield of_file(NOTE, top.name, message, remedy)


def _misplaced(tops: Mapping[str, list[str]]) -> Iterator[Finding]:
    for name, table in TABLES.items():
        if len(tops[name]) > 1:
            remedy = f"Houd er één over van {enumeration(tops[name])}, of zet ze in map ‘{name}’."
            yield of_file(ERROR, tops[name][0], "Deze tabel staat twee keer in de datamap.", remedy)
        above = {column.refers_to for column in table.columns} & TABLES.keys()
        for other in sorted(other for other in above if tops[name] and not tops[other]):
            if not TABLES[other].required:
                message = f"De tabel ‘{other}’ ontbreekt, terwijl ‘{name}’ ernaar verwijst."
                yield of_file(
                    WARNING, other, message, f"Maak {other}.csv, zodat deze cijfers meetellen."
                )
        if table.required and not tops[name]:
            columns = enumeration(table.required_columns)
            remedy = f"Maak {name}.csv of {name}.xlsx met de kolommen {columns}."
            yield of_file(ERROR, name, f"De tabel ‘{name}’ ontbreekt in de datamap.", remedy)


def _sheets(source: Source, grids: Sequence[Grid]) -> tuple[list[Sheet], list[Finding]]:
    table = TABLES[source.table]
    known = {column.name for column in table.columns}
    sheets, findings, refused = [], [], None
    for grid in grids:
        try:
            position, names = header(grid, known, min(2, len(table.required_columns)))
        except UnreadableError as error:
            refused = error
            size = count(len(grid.cells), "rij", "rijen")
            message = f"Dit blad van {size} heeft geen kopregel en wordt niet gelezen."
            findings.append(of_file(NOTE, source.name, message, "", grid.sheet))
            continue
        sheet, more = _sheet(source.name, table, grid, position, names)
        sheets.append(sheet)
        findings += more
    if refused and not sheets:
        raise refused
    return sheets, findings


def _sheet(
    file: str, table: Table, grid: Grid, position: int, names: list[str]
) -> tuple[Sheet, list[Finding]]:
    frame, rows = body(grid, position, names, table.numeric)
    known = {column.name for column in table.columns}
    labels = [
        name if name in known and names.index(name) == place else f"#{letter(place)}"
        for place, name in enumerate(names)
    ]
    frame.columns = pd.Index(labels)
    absent = [name for name in table.required_columns if name not in names]
    found = [(ERROR, name, "Deze kolom ontbreekt.", "Voeg de kolom toe.") for name in absent]
    for name, label in zip(names, labels, strict=True):
        if label != name and (name or frame[label].notna().any()):
            found.append(_unknown_column(label[1:], name, known, labels))
    if not len(rows):
        found.append((WARNING, "", "Hier staan geen rijen.", "Vul ze aan als dat niet klopt."))
    return Sheet(file, grid.sheet, frame, rows, whole=not absent), [
        Finding(severity, file, grid.sheet, position + 1 or None, *rest)
        for severity, *rest in found
    ]


def _unknown_column(place: str, name: str, known: set[str], labels: list[str]) -> tuple:
    likely = get_close_matches(name, known - set(labels), 1, 0.8)
    if name in labels:
        return ERROR, name, "Deze kolom staat er twee keer.", "Houd er één over."
    if likely:
        remedy = f"Bedoelt u ‘{likely[0]}’? Schrijf dat dan erboven."
        return ERROR, place, "De naam van deze kolom is onbekend.", remedy
    if PERSONAL.search(name):
        message = "Deze kolom lijkt persoonsgegevens te hebben; zij wordt niet gelezen."
        return WARNING, place, message, "Haal de kolom weg uit de datamap."
    message = "Deze kolom is onbekend en wordt niet gelezen."
    return WARNING, place, message, "Haal haar weg, of geef haar een naam uit de handleiding."
