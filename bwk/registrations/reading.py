"""The files of the data folder to rows of texts with their places."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from bwk.formats import count, enumeration
from bwk.registrations.columns import MAY_BE_ABSENT, TABLES, Table
from bwk.registrations.findings import ERROR, NOTE, WARNING, Finding, RefusedError
from bwk.registrations.grids import ENDINGS, Grid, below_header, parse

_HIDDEN = (".", "~$", "__")
_SILENT = (".toml", ".md", ".py")
_ABSENT = pd.CategoricalDtype(pd.Index([], dtype="str"))
_TOTAL = r"(?:eind|sub)?tota(?:al|len|l)\b|som\b"


def find(folder: Path) -> tuple[dict[str, str], list[Finding]]:
    """Find the names of the files to read, each with its table, and what is wrong with them."""
    files: dict[str, str] = {}
    findings: list[Finding] = []
    for path in sorted(folder.rglob("*")):
        place, ending = path.relative_to(folder), path.suffix.lower()
        table = place.parts[0].split(".")[0].strip().casefold()
        if path.is_dir() or any(part.startswith(_HIDDEN) for part in place.parts):
            continue
        if table in TABLES and ending in ENDINGS:
            files[place.as_posix()] = table
        elif ending not in _SILENT:
            which = "Dit soort bestand" if table in TABLES else "Dit hoort bij geen tabel en"
            message = f"{which} wordt niet gelezen."
            findings.append(Finding(NOTE, place.as_posix(), message=message))
    return files, [*findings, *_misplaced(files)]


def load(folder: Path, name: str, table: str) -> tuple[str, list[pd.DataFrame], list[Finding]]:
    """Read one file: its SHA-256, its sheets, and what is wrong with it as a whole.

    A sheet has the filled rows: texts in the columns of the table, and `file`, `sheet`, `row` and
    `total`. An empty cell is `""`; a column that is not there is missing.
    """
    sha256 = ""
    try:
        data = (folder / name).read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        return sha256, *_sheets(name, TABLES[table], parse(data, Path(name).suffix.lower()))
    except OSError:
        problem = ("Het bestand is niet te openen.", "Kijk of u het mag lezen.")
    except RefusedError as error:
        problem = error.args
    return sha256, [], [Finding(ERROR, name, "", None, "", *problem)]


def _misplaced(files: Mapping[str, str]) -> Iterator[Finding]:
    """Find tables that stand twice, or that are missing."""
    tops: dict[str, set[str]] = {table: set() for table in TABLES}
    for name, table in files.items():
        tops[table].add(name.split("/")[0])
    for table in TABLES:
        referring = [
            other for other in TABLES if tops[other] and table in TABLES[other].columns.values()
        ]
        if len(tops[table]) > 1:
            message = "Deze tabel staat twee keer in de datamap."
            remedy = f"Houd er één over, of zet ze samen in een map ‘{table}’."
            yield Finding(ERROR, min(tops[table]), message=message, remedy=remedy)
        elif not tops[table] and table not in MAY_BE_ABSENT:
            message = f"De tabel ‘{table}’ ontbreekt in de datamap."
            columns = enumeration(list(TABLES[table].required))
            remedy = f"Maak {table}.csv of {table}.xlsx met de kolommen {columns}."
            yield Finding(ERROR, table, message=message, remedy=remedy)
        elif not tops[table] and referring:
            message = f"De tabel ‘{table}’ ontbreekt, terwijl ‘{referring[0]}’ ernaar verwijst."
            remedy = f"Maak {table}.csv, zodat deze cijfers meetellen."
            yield Finding(WARNING, table, message=message, remedy=remedy)


def _sheets(
    file: str, table: Table, grids: Sequence[Grid]
) -> tuple[list[pd.DataFrame], list[Finding]]:
    sheets: list[pd.DataFrame] = []
    findings: list[Finding] = []
    for grid in grids:
        try:
            row, cells = below_header(grid, table.columns.keys(), min(2, len(table.required)))
        except RefusedError:
            if grid is grids[-1] and not sheets:
                raise
            size = count(len(grid.cells), "rij", "rijen")
            message = f"Dit blad van {size} heeft geen kopregel en wordt niet gelezen."
            findings.append(Finding(NOTE, file, grid.sheet, message=message))
        else:
            problems = _heading_problems(cells, table)
            findings += [Finding(kind, file, grid.sheet, row, *rest) for kind, *rest in problems]
            rows = _rows(cells, table, grid.decimal_point)
            named = [pd.Categorical([x]).repeat(len(rows)) for x in (file, grid.sheet)]
            sheets.append(rows.assign(file=named[0], sheet=named[1], row=cells.index))
    return sheets, findings


def _rows(cells: pd.DataFrame, table: Table, decimal_point: bool) -> pd.DataFrame:
    once = cells.loc[:, ~cells.columns.duplicated()]
    rows = once.reindex(columns=list(table.columns)).assign(total=_is_total(once, table))
    for name, kind in table.columns.items():
        if name not in once:
            missing = np.full(len(rows), -1, dtype="int8")
            rows[name] = pd.Categorical.from_codes(missing, dtype=_ABSENT)
        elif decimal_point and kind in ("count", "number"):
            rows[name] = rows[name].map(lambda text: text.replace(".", ",")).astype("category")
    return rows


def _is_total(cells: pd.DataFrame, table: Table) -> np.ndarray:
    """Mark the rows that say `Totaal` and leave a required cell empty."""
    empty = cells[[name for name in table.required if name in cells]] == ""
    lacking = cells[empty.any(axis=1)].astype("str")
    says = lacking.apply(lambda column: column.str.match(_TOTAL, case=False)).any(axis=1)
    return cells.index.isin(says.index[says.astype(bool)])


def _heading_problems(cells: pd.DataFrame, table: Table) -> Iterator[tuple[str, str, str, str]]:
    names = list(cells.columns)
    absent = [name for name in table.columns if name not in names]
    for name in absent:
        if name in table.required:
            yield ERROR, name, "Deze kolom ontbreekt.", "Voeg de kolom toe."
    for place, name in enumerate(names):
        likely = get_close_matches(name, absent, n=1, cutoff=0.8)
        if name in names[:place] and name in table.columns:
            yield ERROR, name, "Deze kolom staat er twee keer.", "Houd er één over."
        elif likely:
            remedy = f"Bedoelt u ‘{likely[0]}’? Schrijf dat dan erboven."
            yield ERROR, _letter(place), "De naam van deze kolom is onbekend.", remedy
        elif name not in table.columns and (name or (cells.iloc[:, place] != "").any()):
            message = "Deze kolom is onbekend en wordt niet gelezen."
            remedy = "Haal haar weg, zeker als er persoonsgegevens in staan."
            yield WARNING, _letter(place), message, remedy
    if cells.empty:
        yield WARNING, "", "Hier staan geen rijen.", "Vul ze aan als dat niet klopt."


def _letter(place: int) -> str:
    """Name a column as a spreadsheet does."""
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)
