"""Rows of texts to tidy tables, and everything that is wrong with them in one pass."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from bwk.formats import slug
from bwk.registrations.cells import parse
from bwk.registrations.columns import TABLES, Table
from bwk.registrations.findings import ERROR, NOTE, WARNING, Finding, RefusedError, spread

_RESERVED = r"stad|index|tussenrapportage(?:-deel-\d+)?|feiten|run"
_DATE = "datetime64[us]"
_TYPES = {"date": _DATE, "day": _DATE, "count": "float", "number": "float"}
_PLACE = ["file", "sheet", "row"]
_MICROSECONDS = 24 * 60 * 60 * 1_000_000  # in a day

_TOTAL = Finding(NOTE, message="Deze rij is een totaal en telt niet mee.")
_TWICE = Finding(
    WARNING,
    message="Deze deelname staat er al en telt één keer.",
    remedy="Haal de rij weg als zij dubbel is.",
)

Problem = tuple[pd.Series, Finding]  # the same finding at all rows of a mask


class Checked(NamedTuple):
    """A table after checking; `used` are the rows used of each file, `errors` the bad rows."""

    frame: pd.DataFrame
    findings: list[Finding]
    used: dict[Hashable, int]
    errors: int


def check_table(
    name: str,
    sheets: Sequence[pd.DataFrame],
    above: Mapping[str, pd.DataFrame],
    today: date,
    skip_bad_rows: bool,
) -> Checked:
    """Check one table and make it tidy; `above` are the tidy tables that it may refer to.

    Rows with errors stay in the tidy table, so that what refers to them is not an error as well,
    unless `skip_bad_rows`.
    """
    table = TABLES[name]
    texts, findings = _without_totals(_stack(sheets, [*table.columns, *_PLACE, "total"]))
    frame, problems = _columns(table, texts, above, today)
    problems += _rules(name, frame, above)
    bad = texts[list(table.required)].isna().any(axis=1)  # of a sheet without the column
    for mask, problem in problems:
        if problem.severity == ERROR:
            bad |= mask
    twice = _twice(name, frame, bad)
    for mask, problem in (*problems, (twice, _TWICE)):
        findings += spread(problem, texts.loc[mask, _PLACE])
    used = ~bad & ~twice
    tidy = _tidy(name, frame, texts["file"], above)
    return Checked(
        _kept(tidy, used if skip_bad_rows else ~twice).reset_index(drop=True),
        findings,
        texts["file"][used].value_counts().to_dict(),
        int(bad.sum()),
    )


def _stack(sheets: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    types = dict.fromkeys(columns, "category") | {"row": "int", "total": "bool"}
    parts = sheets or [pd.DataFrame(columns=pd.Index(columns), dtype="str").astype(types)]
    if len(parts) == 1:  # its categories are sorted already
        return parts[0].reset_index(drop=True)
    texts = {
        str(name): union_categoricals([part[name] for part in parts], sort_categories=True)
        for name in parts[0].select_dtypes("category")
    }
    rest = pd.concat([part[["row", "total"]] for part in parts], ignore_index=True)
    return rest.assign(**texts)


def _without_totals(every: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    totals = every["total"]
    return _kept(every, ~totals).reset_index(drop=True), [*spread(_TOTAL, every[totals])]


def _kept(rows: pd.DataFrame, mask: pd.Series) -> pd.DataFrame:
    """Keep the rows of a mask; where that is all of them, without a copy of millions."""
    return rows if mask.all() else rows[mask]


def _columns(
    table: Table, texts: pd.DataFrame, above: Mapping[str, pd.DataFrame], today: date
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read each column by what it may hold."""
    values, problems = {}, []
    for column, kind in table.columns.items():
        read = partial(parse, kind=kind, known=_known(kind, above), today=today)
        values[column], found = _column(texts[column], kind, read)
        problems += found
        if column in table.required:
            problems.append(_error(texts[column] == "", column, "Deze cel is leeg.", "Vul de cel."))
    return pd.DataFrame(values, copy=False), problems


def _error(mask: pd.Series, column: str, message: str, remedy: str) -> Problem:
    return mask, Finding(ERROR, column=column, message=message, remedy=remedy)


def _known(kind: str, above: Mapping[str, pd.DataFrame]) -> dict[str, str] | None:
    """Map slugs and names to the slug; a name that two rows share is left out."""
    if kind == "direction":
        return {"naar": "naar", "van": "van"}
    if kind not in above:
        return None
    key = TABLES[kind].key
    rows = above[kind].dropna(subset=[key, "naam"])
    names = rows["naam"].map(slug)
    once = ~names.duplicated(keep=False) & (names != "")
    named = dict(zip(names[once], rows[key][once], strict=True))
    return named | {slug(own): own for own in above[kind][key].dropna()}


def _column(
    texts: pd.Series, kind: str, read: Callable[[str], object]
) -> tuple[pd.Series, list[Problem]]:
    """Read each different text once, and group those with the same problem."""
    codes = texts.cat.codes
    names = [*texts.cat.categories.tolist(), ""]  # the last is that of code -1: no such column
    values: list[object] = [None] * len(names)
    groups: dict[Finding, list[int]] = {}
    for code in np.sort(codes.unique()).tolist():
        text, problem, value = names[code], None, None
        try:
            value = read(text) if text else None
        except RefusedError as error:
            problem = Finding(ERROR, "", "", None, str(texts.name), *error.args)
        if value not in (None, text) and (kind in TABLES or kind == "direction"):
            message = f"Hier staat een naam of een andere schrijfwijze; gelezen als ‘{value}’."
            problem = Finding(NOTE, column=str(texts.name), message=message)
        if problem:
            groups.setdefault(problem, []).append(code)
        values[code] = value
    parsed = pd.Series(values, dtype=_TYPES.get(kind, "str"))
    parsed = parsed if kind in _TYPES else parsed.astype("category")
    problems = [(codes.isin(group), problem) for problem, group in groups.items()]
    return pd.Series(parsed.array.take(codes), index=texts.index), problems


def _rules(name: str, frame: pd.DataFrame, above: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    key = TABLES[name].key
    if key:
        twice = frame[key].duplicated() & frame[key].notna()
        yield _error(twice, key, "Deze sleutel staat er al.", "Houd één van beide rijen over.")
    if name == "locaties":
        reserved = frame[key].astype("str").str.fullmatch(_RESERVED)
        remedy = "Kies een andere korte naam."
        yield _error(reserved, key, "Deze korte naam gebruikt bwk zelf.", remedy)
        closed = frame["gesloten_op"] < frame["geopend_op"]
        message, remedy = "De locatie sluit voor de opening.", "Verbeter een van de datums."
        yield _error(closed, "gesloten_op", message, remedy)
    if name == "rollen":
        message, remedy = "Deze datum ligt voor die in ‘van’.", "Verbeter een van de datums."
        yield _error(frame["tot"] < frame["van"], "tot", message, remedy)
    if name == "deelnames":
        several = frame["deelnemer"].notna() & frame["aantal"].notna() & (frame["aantal"] != 1)
        remedy = "Maak het aantal leeg, of haal de deelnemer weg."
        yield _error(several, "aantal", "Bij een deelnemer is het aantal altijd 1.", remedy)
    if "datum" in frame and "locaties" in above:
        yield from _opening_rules(frame, above["locaties"])


def _opening_rules(frame: pd.DataFrame, locations: pd.DataFrame) -> Iterator[Problem]:
    days = locations[["locatie", "geopend_op", "gesloten_op"]].dropna(subset="locatie")
    places = [*frame["locatie"].cat.categories, None]
    once = days.drop_duplicates("locatie").set_index("locatie").reindex(places)
    there = once.take(frame["locatie"].cat.codes.to_numpy()).set_axis(frame.index)
    remedy = "Verbeter de datum, de locatie, of de tabel locaties."
    message = "Deze datum ligt voor de opening van de locatie."
    yield _error(frame["datum"] < there["geopend_op"], "datum", message, remedy)
    message = "Deze datum ligt na de sluiting van de locatie."
    yield _error(frame["datum"] > there["gesloten_op"], "datum", message, remedy)


def _twice(name: str, frame: pd.DataFrame, bad: pd.Series) -> pd.Series:
    """Mark what repeats a participation; equal head counts may be of different people."""
    twice = pd.Series(False, index=frame.index)
    if name == "deelnames":
        people = _kept(frame, ~bad & frame["deelnemer"].notna())
        keys = people["datum"].astype("int64") // _MICROSECONDS
        for column in ("locatie", "dienst", "deelnemer"):
            keys = keys * len(people[column].cat.categories) + people[column].cat.codes
        ordered = np.sort(keys)
        keys = keys[keys.isin(ordered[1:][ordered[1:] == ordered[:-1]])]
        twice[keys.index[keys.duplicated()]] = True
    return twice


def _tidy(
    name: str, frame: pd.DataFrame, file: pd.Series, above: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Give the columns the types that the other rooms count on."""
    if name != "deelnames":
        return frame.astype(dict.fromkeys(frame.select_dtypes("category"), "str"))
    keys = {
        column: frame[column].cat.set_categories(above[kind][column].dropna().drop_duplicates())
        for column, kind in TABLES[name].columns.items()
        if kind in above
    }
    return frame.assign(**keys, aantal=frame["aantal"].fillna(1).astype("int64"), bron=file)
