"""Files to raw rows: every cell a cleaned text, every row with its place."""

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from bwk.registrations.columns import NAMES, TABLES, Table, fold
from bwk.registrations.findings import ERROR, NOTE, WARNING, Finding

PERSONAL = re.compile(
    "naam|adres|straat|huisnummer|postcode|woonplaats|mail|telefoon|^tel|mobiel|gsm|bsn|"
    "burgerservice|geboorte|geboren|iban|rekening"
)
_SPREADSHEETS = {".xlsx": "xl/workbook.xml", ".ods": "content.xml"}
_ENDINGS = (".csv", ".parquet", *_SPREADSHEETS)
_SILENT = (".toml", ".md", ".py")
_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")
_HEAD = 30
_MOST_CELLS = 100_000_000
_RESAVE = "Open het bestand in Excel of LibreOffice en sla het opnieuw op als xlsx of csv."


class Source(NamedTuple):
    """A file of a table; `name` is its path within the data folder."""

    table: str
    path: Path
    name: str


class Grid(NamedTuple):
    """The cells of a sheet as category columns; `names` where the header stands apart."""

    sheet: str
    cells: pd.DataFrame
    names: list[str] | None = None
    point: bool = False


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
        Whether the header is in order.
    """

    file: str
    table: str
    sheet: str
    cells: pd.DataFrame
    rows: np.ndarray
    whole: bool = True


class UnreadableError(Exception):
    """A file that cannot be read: what is wrong, and the remedy."""

    def __init__(self, message: str, remedy: str = _RESAVE):
        super().__init__(message, remedy)


def find(folder: Path) -> tuple[list[Source], list[Finding]]:
    """Find the files of each table in the data folder, and name those that are not read."""
    sources: list[Source] = []
    findings = []
    tops: dict[str, list[str]] = {name: [] for name in TABLES}
    for top in sorted(filter(_is_visible, folder.iterdir())):
        table = top.name.split(".")[0].strip().casefold()
        if table not in TABLES:
            findings += _unknown(top)
            continue
        for path in _files(top):
            name = path.relative_to(folder).as_posix()
            if path.suffix.lower() in _ENDINGS:
                sources.append(Source(table, path, name))
                tops[table] += [top.name] * (top.name not in tops[table])
            else:
                message = "Dit soort bestand wordt niet gelezen."
                findings.append(Finding(NOTE, name, "", None, "", message, _RESAVE))
    return sources, [*findings, *_misplaced(tops)]


def load(source: Source) -> tuple[str, list[Sheet], list[Finding]]:
    """Read one file: its SHA-256, its sheets, and what is wrong with it as a whole."""
    try:
        data = source.path.read_bytes()
    except OSError:
        message = "Het bestand is niet te openen."
        remedy = "Sluit het in andere programma’s en kijk of u het mag lezen."
        return "", [], [Finding(ERROR, source.name, "", None, "", message, remedy)]
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        sheets, findings = _sheets(source, grids(data, source.path.suffix.lower()))
    except UnreadableError as error:
        return sha256, [], [Finding(ERROR, source.name, "", None, "", *error.args)]
    return sha256, sheets, findings


def grids(data: bytes, ending: str) -> list[Grid]:
    """Read the bytes of a file as grids of texts.

    Raises
    ------
    UnreadableError
        If they are empty, damaged, protected, or of another kind than the ending says.
    """
    if not data.strip():
        raise UnreadableError("Het bestand is leeg.", "Vul het, of haal het weg uit de datamap.")
    try:
        if ending == ".csv":
            return [_csv(data)]
        return [_parquet(data)] if ending == ".parquet" else list(_spreadsheet(data, ending))
    except UnreadableError:
        raise
    except (ValueError, KeyError, OSError, csv.Error, pa.ArrowException, zipfile.BadZipFile,
            CalamineError, MemoryError, NotImplementedError, RuntimeError):  # fmt: skip
        message = "Het bestand is beschadigd, of met een wachtwoord beveiligd."
        raise UnreadableError(message) from None


def header(grid: Grid, known: Collection[str] = NAMES, least: int = 1) -> tuple[int, list[str]]:
    """Find the header below any title rows: its position and its folded names.

    Raises
    ------
    UnreadableError
        If no row among the first holds at least `least` known names.
    """
    rows = [grid.names] if grid.names is not None else _top(grid.cells)
    folded = [[fold(cell, "_") for cell in row] for row in rows]
    scores = [len(known & set(row)) for row in folded]
    if max(scores, default=0) < least:
        remedy = "Zet de namen van de kolommen boven de rijen."
        raise UnreadableError("De kopregel met de namen van de kolommen ontbreekt.", remedy)
    best = int(np.argmax(scores))
    return best if grid.names is None else -1, folded[best]


def categories(texts: Iterable[str], codes: np.ndarray | None = None) -> pd.Categorical:
    """Gather equal texts in one category; an empty text is missing."""
    values = np.array([*texts, ""], dtype=object)
    places, uniques = pd.factorize(values)
    places[values == ""] = -1
    keep = uniques != ""
    places = np.append((np.cumsum(keep) - 1), -1)[places]
    codes = places[:-1] if codes is None else places[:-1][codes] if len(places) > 1 else codes
    return pd.Categorical.from_codes(codes, categories=pd.Index(uniques[keep], dtype="str"))
