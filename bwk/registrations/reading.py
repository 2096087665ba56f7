"""The files of the data folder to rows of texts with their places."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from bwk import keys
from bwk.apart import at
from bwk.errors import DataError
from bwk.formats import count, enumeration
from bwk.registrations.columns import TABLES, Table
from bwk.registrations.findings import Finding, RefusedError, error, letter, note, warning
from bwk.registrations.grids import ENDINGS, Grid, below_header, parse

_NO_FOLDER = "De datamap is er niet: maak haar met bwk init, of noem de goede map met --data."
_HIDDEN = (".", "~$", "__")
_SILENT = (".toml", ".md", ".py")
_TEMPLATES = "sjablonen"  # empty lists to keep elsewhere
_ABSENT = pd.CategoricalDtype(pd.Index([], dtype="str"))
_TOTAL = r"(?:eind|sub)?tota(?:al|len|l)\b|som\b"


class Loaded(NamedTuple):
    """A file that was read: its table, keyed hash, sheets, and what is wrong with it as a whole.

    A sheet has the filled rows: texts in the columns of the table, and `file`, `sheet`, `row` and
    `total`. An empty cell is `""`; a column that is not there is missing.
    """

    table: str
    seal: str
    sheets: list[pd.DataFrame]
    of_files: list[Finding]

    @property
    def rows(self) -> int:
        """The filled rows of all sheets."""
        return sum(map(len, self.sheets))


def find(folder: Path) -> tuple[dict[str, str], list[Finding]]:
    """Find the names of the files to read, each with its table, and what is wrong with them."""
    if not folder.is_dir():
        raise DataError(_NO_FOLDER)
    tables: dict[str, str] = {}
    findings: list[Finding] = []
    for path in sorted(folder.rglob("*")):
        place, ending = path.relative_to(folder), path.suffix.lower()
        table = place.parts[0].split(".")[0].strip().casefold()
        if any(name.startswith(_HIDDEN) for name in place.parts) or table == _TEMPLATES:
            continue
        if path.is_dir():
            # A linked folder may lead back to this one; passed over in silence it would be missed.
            if path.is_symlink() and table in TABLES:
                message = "Deze map is een koppeling en wordt niet gelezen."
                remedy = "Zet de map zelf in de datamap."
                findings.append(error(message, remedy, file=place.as_posix()))
        elif table in TABLES and ending in ENDINGS:
            tables[place.as_posix()] = table
        elif ending not in _SILENT:
            what = "Dit soort bestand" if table in TABLES else "Dit hoort bij geen tabel en"
            message = f"{what} wordt niet gelezen."
            findings.append(note(message, file=place.as_posix()))
    return tables, [*findings, *_misplaced(tables)]


def load(folder: Path, file: str, table: str) -> Loaded:
    """Read a file."""
    at(file)
    seal = ""
    try:
        data = (folder / file).read_bytes()
        seal = keys.seal(folder, hashlib.sha256(data).hexdigest())
        grids = parse(data, Path(file).suffix.lower())
        return Loaded(table, seal, *_sheets(file, TABLES[table], grids))
    except OSError:
        finding = error("Het bestand is niet te openen.", "Kijk of u het mag lezen.", file=file)
    except RefusedError as refused:
        message, remedy = refused.args
        finding = error(message, remedy, file=file)
    return Loaded(table, seal, [], [finding])


def _misplaced(tables: Mapping[str, str]) -> Iterator[Finding]:
    """Find tables that stand twice, or that are missing."""
    for name, table in TABLES.items():
        places = {file.split("/")[0] for file, held in tables.items() if held == name}
        referring = {child for child in tables.values() if name in TABLES[child].refers_to}
        if len(places) > 1:
            remedy = f"Houd er één over, of zet ze samen in een map ‘{name}’."
            yield error("Deze tabel staat twee keer in de datamap.", remedy, file=min(places))
        elif places:
            continue
        elif not table.may_be_absent:
            message = f"De tabel ‘{name}’ ontbreekt in de datamap."
            columns = enumeration(table.required)
            remedy = f"Maak {name}.csv of {name}.xlsx met de kolommen {columns}."
            yield error(message, remedy, file=name)
        elif referring:
            child = min(referring, key=[*TABLES].index)
            message = f"De tabel ‘{name}’ ontbreekt, terwijl ‘{child}’ ernaar verwijst."
            remedy = f"Maak {name}.csv, zodat deze cijfers meetellen."
            yield warning(message, remedy, file=name)


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
            findings.append(replace(note(message, file=file), sheet=grid.sheet))
        else:
            headings = _heading_problems(cells, table, map(int, grid.cells.columns))
            problems = [replace(problem, row=row) for problem in headings]
            problems += _grid_problems(grid, cells.index)
            if cells.empty:  # one that is named as its table is there to be filled in, some day
                empty = note if Path(file).stem in TABLES else warning
                problems.append(empty("Hier staan geen rijen.", "Vul ze aan als dat niet klopt."))
            findings += [replace(problem, file=file, sheet=grid.sheet) for problem in problems]
            sheets.append(_rows(cells, table, file, grid))
    return sheets, findings


def _grid_problems(grid: Grid, filled: pd.Index) -> Iterator[Finding]:
    """Find what a reader of the sheet does not see, and what a reader sees otherwise than bwk."""
    if grid.has_strange_letters:
        message = "Sommige letters zijn misschien fout gelezen: de tekencodering is onbekend."
        yield warning(message, "Sla het op als csv UTF-8.")
    if grid.is_hidden:
        message = "Dit blad is verborgen, en telt wel mee."
        yield warning(message, "Haal het weg als het niet mee moet tellen.")
    hidden, merged = (filled.intersection([*rows]) for rows in (grid.hidden, grid.merged))
    if len(hidden):
        rows = count(len(hidden), "verborgen rij", "verborgen rijen")
        message = f"Dit blad heeft {rows}; wat daarin staat, telt wel mee."
        remedy = "Haal weg wat niet mee moet tellen, of zet het filter uit."
        yield warning(message, remedy, row=int(hidden[0]))
    if len(merged):
        message = "Een samengevoegde cel telt alleen voor haar bovenste rij."
        remedy = "Splits de cel, en vul elke rij."
        yield warning(message, remedy, row=int(merged[0]))


def _rows(cells: pd.DataFrame, table: Table, file: str, grid: Grid) -> pd.DataFrame:
    """Take the columns of the table, and add the places."""
    cells = cells.loc[:, ~cells.columns.duplicated()]
    rows = cells.reindex(columns=list(table.columns))
    for name, column in table.columns.items():
        if name not in cells:
            rows[name] = pd.Series(dtype=_ABSENT)
        elif grid.decimal_point and column.kind in ("count", "number"):
            rows[name] = rows[name].map(lambda text: text.replace(".", ",")).astype("category")
    place = {"file": file, "sheet": grid.sheet}
    texts = {name: pd.Categorical([text]).repeat(len(rows)) for name, text in place.items()}
    return rows.assign(**texts, row=cells.index, total=_is_total(cells, table))


def _is_total(cells: pd.DataFrame, table: Table) -> np.ndarray:
    """Mark the rows that say `Totaal` and leave a required cell empty."""
    required = cells.columns.intersection(table.required)
    incomplete = cells[(cells[required] == "").any(axis=1)].astype("str")
    if incomplete.empty:
        return np.zeros(len(cells), bool)
    says_total = incomplete.apply(lambda column: column.str.match(_TOTAL, case=False))
    return cells.index.isin(incomplete.index[says_total.any(axis=1).astype(bool)])


def _heading_problems(
    cells: pd.DataFrame, table: Table, places: Iterable[int]
) -> Iterator[Finding]:
    headings = list(cells.columns)
    absent = [name for name in table.columns if name not in headings]
    for name in table.required:
        if name in absent:
            yield error("Deze kolom ontbreekt.", "Voeg de kolom toe.", name)
    for number, (place, heading) in enumerate(zip(places, headings, strict=True)):
        likely = get_close_matches(heading, absent, n=1, cutoff=0.8)
        likely += [name for name in absent if name in heading.split("_")]
        if heading in table.columns:
            if heading in headings[:number]:
                yield error("Deze kolom staat er twee keer.", "Houd er één over.", heading)
        elif likely:
            message = "De naam van deze kolom is onbekend."
            remedy = f"Bedoelt u ‘{likely[0]}’? Schrijf dat dan erboven; haal de kolom anders weg."
            yield error(message, remedy, letter(place))
        elif heading or (cells.iloc[:, number] != "").any():
            message = "Deze kolom is onbekend en wordt niet gelezen."
            remedy = "Haal haar weg, zeker als er persoonsgegevens in staan."
            yield warning(message, remedy, letter(place))
