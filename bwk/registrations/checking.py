"""Raw rows to tidy tables, and everything that is wrong with them in one pass."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from bwk.registrations.cells import UnfitError, parser
from bwk.registrations.columns import TABLES, Column, Table, fold
from bwk.registrations.findings import ERROR, NOTE, WARNING, Finding, Problem, expand
from bwk.registrations.grids import categories
from bwk.registrations.reading import Sheet

RESERVED = frozenset({"stad", "index", "tussenrapportage", "feiten", "run"})
PARTICIPATION = ["datum", "locatie", "dienst", "deelnemer"]
_TOTAL = r"(?:eind|sub)?tota(?:al|len|l)\b|som\b"
_DATE = "datetime64[us]"


@dataclass(frozen=True)
class Checked:
    """A table after checking; `read` and `used` are rows per sheet, `errors` rows in all."""

    frame: pd.DataFrame
    findings: list[Finding]
    read: np.ndarray
    used: np.ndarray
    errors: int


@dataclass(frozen=True)
class _Stack:
    """The rows of all sheets of a table under each other, with their places."""

    cells: dict[str, pd.Categorical]
    sheet_of: np.ndarray
    row_of: np.ndarray
    total: np.ndarray

    def count(self, rows: np.ndarray, sheets: int) -> np.ndarray:
        return np.bincount(self.sheet_of[rows], minlength=sheets)

    def findings(self, problem: Problem, sheets: Sequence[Sheet]) -> Iterator[Finding]:
        return expand(problem, sheets, self.sheet_of, self.row_of)


def check_table(
    table: Table,
    sheets: Sequence[Sheet],
    above: Mapping[str, pd.DataFrame],
    today: date,
    skip_bad_rows: bool,
) -> Checked:
    """Check one table and make it tidy.

    Parameters
    ----------
    sheets : sequence of Sheet
        Every sheet of the table.
    above : mapping of str to DataFrame
        The tidy tables that it may refer to; one that could not be read is not there.
    skip_bad_rows : bool
        Whether rows with errors are left out of the tidy table.
    """
    stack = _stack(table, sheets)
    values: dict[str, pd.Categorical | np.ndarray] = {}
    problems: list[Problem] = []
    for column in table.columns:
        known = _known(above.get(column.refers_to), column.refers_to)
        values[column.name], found = _column(column, stack, sheets, parser(column, today, known))
        problems += found
    frame = pd.DataFrame(values)
    problems += _rules(table, frame, above)
    whole = np.array([sheet.whole for sheet in sheets], dtype=bool)[stack.sheet_of]
    bad = ~whole & ~stack.total
    for problem in problems:
        bad[problem.rows] |= problem.severity == ERROR
    twice = _twice(table, frame, bad | stack.total)
    problems += _left_out(stack.total, twice)
    used = ~(bad | stack.total | twice)
    tidy = _tidy(table, frame, stack, sheets, above)[used if skip_bad_rows else used | bad]
    read, kept = (stack.count(rows, len(sheets)) for rows in (np.ones_like(used), used))
    findings = [item for each in problems for item in stack.findings(each, sheets)]
    return Checked(tidy, findings, read, kept, int(bad.sum()))


def _stack(table: Table, sheets: Sequence[Sheet]) -> _Stack:
    def column(name: str) -> pd.Categorical:
        parts = [_cells(sheet, name) for sheet in sheets]
        return union_categoricals(parts) if parts else categories([], np.empty(0, dtype=int))

    lengths = [len(sheet.rows) for sheet in sheets]
    return _Stack(
        {item.name: column(item.name) for item in table.columns},
        np.repeat(np.arange(len(sheets)), lengths),
        np.concatenate([np.empty(0, dtype=int), *(sheet.rows for sheet in sheets)]),
        np.concatenate([np.empty(0, dtype=bool), *(_totals(sheet, table) for sheet in sheets)]),
    )


def _cells(sheet: Sheet, name: str) -> pd.Categorical:
    if name in sheet.cells:
        return sheet.cells[name].array
    return categories([], np.full(len(sheet.rows), -1))


def _totals(sheet: Sheet, table: Table) -> np.ndarray:
    """Mark the rows that say `Totaal` and leave a required cell empty."""
    says = np.zeros(len(sheet.rows), dtype=bool)
    for name in sheet.cells:
        cells = sheet.cells[name].array
        match = cells.categories.str.match(_TOTAL, case=False)
        says |= np.append(match, False)[cells.codes].astype(bool)
    empty = [sheet.cells[name].isna() for name in table.required_columns if name in sheet.cells]
    return says & np.any(empty, axis=0)


def _known(frame: pd.DataFrame | None, table: str) -> dict[str, str] | None:
    """Map folded names and slugs to the slug; a name that two rows share is left out."""
    if frame is None:
        return None
    key = frame[TABLES[table].key]
    names = frame["naam"].fillna("").map(lambda name: fold(name, "-"))
    own = dict(zip(names, key, strict=True)) | dict.fromkeys(names[names.duplicated()])
    known = own | {fold(slug, "-"): slug for slug in key.dropna()}
    return {word: slug for word, slug in known.items() if word and isinstance(slug, str)}


def _column(
    column: Column, stack: _Stack, sheets: Sequence[Sheet], parse: Callable[[str], object]
) -> tuple[pd.Categorical | np.ndarray, list[Problem]]:
    cells = stack.cells[column.name]
    parsed, groups = _parse(column, cells.categories, parse)
    there = np.array([column.name in sheet.cells for sheet in sheets], dtype=bool)[stack.sheet_of]
    problems = []
    if column.required:
        empty = np.flatnonzero((cells.codes == -1) & there & ~stack.total)
        problems.append(Problem(ERROR, empty, column.name, "Deze cel is leeg.", "Vul de cel."))
    for (severity, message, remedy), places in groups.items():
        hit = np.zeros(len(cells.categories) + 1, dtype=bool)
        hit[places] = True
        rows = np.flatnonzero(hit[cells.codes] & ~stack.total)
        problems.append(Problem(severity, rows, column.name, message, remedy))
    return _values(column, parsed, cells.codes), problems


def _parse(column: Column, texts: pd.Index, parse: Callable[[str], object]):
    """Read each text once; group those with the same problem."""
    parsed: list = []
    groups: dict[tuple[str, str, str], list[int]] = {}
    for place, text in enumerate(texts):
        try:
            value = parse(text)
        except UnfitError as error:
            value = None
            groups.setdefault((ERROR, *error.args), []).append(place)
        if column.kind == "slug" and value not in (None, text):
            message = f"Hier staat een naam of een andere schrijfwijze; gelezen als ‘{value}’."
            groups.setdefault((NOTE, message, ""), []).append(place)
        parsed.append(value)
    return parsed, groups


def _values(column: Column, parsed: list, codes: np.ndarray) -> pd.Categorical | np.ndarray:
    if column.kind == "date":
        return np.array([*parsed, None], dtype=_DATE)[codes]
    if column.kind in ("count", "number"):
        return np.array([*parsed, None], dtype=float)[codes]
    return categories(("" if text is None else text for text in parsed), codes)


def _rules(table: Table, frame: pd.DataFrame, above: Mapping[str, pd.DataFrame]) -> list[Problem]:
    rules = {"locaties": _location_rules, "rollen": _role_rules, "deelnames": _head_count_rules}
    found = [*rules.get(table.name, lambda _: ())(frame)]
    if table.key:
        twice = frame[table.key].duplicated() & frame[table.key].notna()
        found.append(
            (twice, table.key, "Deze sleutel staat er al.", "Houd één van beide rijen over.")
        )
    if {"datum", "locatie"} <= {column.name for column in table.columns} and "locaties" in above:
        found += _opening_rules(frame, above["locaties"])
    return [Problem(ERROR, np.flatnonzero(mask), *rest) for mask, *rest in found]


def _location_rules(frame: pd.DataFrame) -> Iterator[tuple]:
    reserved = frame["locatie"].isin(RESERVED)
    yield reserved, "locatie", "Deze korte naam gebruikt bwk zelf.", "Kies een andere korte naam."
    closed = frame["gesloten_op"] < frame["geopend_op"]
    yield closed, "gesloten_op", "De locatie sluit voor de opening.", "Verbeter een van de datums."


def _role_rules(frame: pd.DataFrame) -> Iterator[tuple]:
    ended = frame["tot"] < frame["van"]
    yield ended, "tot", "Deze datum ligt voor die in ‘van’.", "Verbeter een van de datums."


def _head_count_rules(frame: pd.DataFrame) -> Iterator[tuple]:
    several = frame["deelnemer"].notna() & frame["aantal"].notna() & (frame["aantal"] != 1)
    message = "Bij een deelnemer is het aantal altijd 1."
    yield several, "aantal", message, "Maak het aantal leeg, of haal de deelnemer weg."


def _opening_rules(frame: pd.DataFrame, locations: pd.DataFrame) -> Iterator[tuple]:
    at = frame["locatie"].array
    days = locations.drop_duplicates("locatie").set_index("locatie").reindex(at.categories)
    for name, word in (("geopend_op", "voor de opening"), ("gesloten_op", "na de sluiting")):
        limit = np.append(days[name].to_numpy(_DATE), np.datetime64("NaT"))[at.codes]
        mask = frame["datum"] < limit if name == "geopend_op" else frame["datum"] > limit
        remedy = f"Verbeter de datum, de locatie, of ‘{name}’ in locaties."
        yield mask, "datum", f"Deze datum ligt {word} van de locatie.", remedy


def _twice(table: Table, frame: pd.DataFrame, out: np.ndarray) -> np.ndarray:
    twice = np.zeros(len(frame), dtype=bool)
    if table.name == "deelnames":
        rows = np.flatnonzero(~out & frame["deelnemer"].notna())
        twice[rows] = frame[PARTICIPATION].iloc[rows].duplicated()
    return twice


def _left_out(total: np.ndarray, twice: np.ndarray) -> Iterator[Problem]:
    message = "Deze rij is een totaal en telt niet mee."
    yield Problem(NOTE, np.flatnonzero(total), "", message, "")
    message = "Deze deelname staat er al en telt één keer."
    remedy = "Haal de rij weg als zij dubbel is."
    yield Problem(WARNING, np.flatnonzero(twice), "", message, remedy)


def _tidy(
    table: Table, frame: pd.DataFrame, stack: _Stack, sheets: Sequence[Sheet], above
) -> pd.DataFrame:
    """Give the columns their declared types."""
    if table.name != "deelnames":
        return frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, "str"))
    keys = {
        column.name: above[column.refers_to][column.name].drop_duplicates()
        for column in table.columns
        if column.refers_to in above
    }
    return frame.assign(
        **{name: frame[name].cat.set_categories(values.dropna()) for name, values in keys.items()},
        aantal=frame["aantal"].fillna(1).astype("int64"),
        bron=categories([sheet.file for sheet in sheets], stack.sheet_of),
    )
