"""Rows of texts to tidy tables, and everything that is wrong with them in one pass."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from bwk.formats import slug
from bwk.registrations import persons, repeats, rules
from bwk.registrations.columns import TABLES, Column, Table
from bwk.registrations.findings import (
    ERROR,
    MOST,
    Finding,
    RefusedError,
    error,
    note,
    spread,
    warning,
)
from bwk.registrations.pseudonyms import alike
from bwk.registrations.rules import Above, Problem
from bwk.registrations.values import is_month_or_week, parse

_TOTAL = note("Deze rij is een totaal en telt niet mee.")
_REPEATED = warning(
    "Deze deelname staat er al en telt één keer.", "Haal de rij weg als zij dubbel is."
)


_ALIKE = warning(
    "Deze code verschilt alleen in hoofdletters of nullen van een andere: dat zijn twee mensen.",
    "Is het één mens, schrijf de code dan overal hetzelfde.",
)


class Checked(NamedTuple):
    """A table after checking.

    `of_files` are findings about files as a whole, `used` the rows used of each file, `errors` the
    bad rows.
    """

    frame: pd.DataFrame
    findings: list[Finding]
    of_files: list[Finding]
    used: dict[Hashable, int]
    errors: int


def check_table(
    name: str, sheets: Sequence[pd.DataFrame], above: Above, today: date, skip_bad_rows: bool
) -> Checked:
    """Check a table and make it tidy.

    Rows with errors stay in the tidy table, so that what refers to them is not an error as well,
    unless `skip_bad_rows`.
    """
    table = TABLES[name]
    if not sheets and name != "deelnames":
        return Checked(_nothing(table), [], [], {}, 0)
    stacked = _stack(sheets, table)
    is_total = stacked["total"]
    findings = [*spread(_TOTAL, stacked[is_total])]
    texts = _kept(stacked, ~is_total).reset_index(drop=True)
    frame, problems = _read_columns(table, texts, above, today)
    if name == "deelnames":
        frame = _within_opening(frame, texts["datum"], above)
    if name != "deelnemers" and "deelnemers" in above:
        frame = _persons(table, frame, above["deelnemers"])
    problems += rules.broken(name, frame, above)
    bad = texts[table.required].isna().any(axis=1)  # of a sheet without the column
    for mask, problem in problems:
        if problem.severity == ERROR:
            bad |= mask
    is_visit = name == "deelnames"
    repeated = repeats.rows(frame, bad) if is_visit else pd.Series(False, index=frame.index)
    for mask, problem in problems:
        findings += spread(problem, texts.loc[mask, ["file", "sheet", "row"]])
    findings += spread(_REPEATED, texts.loc[repeated, ["file", "sheet", "row"]], MOST)
    used = ~bad & ~repeated
    tidy = _tidy(name, frame, texts["file"], above)
    kept = used if skip_bad_rows else ~repeated
    return Checked(
        frame=_kept(tidy, kept).reset_index(drop=True),
        findings=findings,
        of_files=[*repeats.in_files(frame[~bad], texts["file"][~bad], of_visits=is_visit)],
        used=texts["file"][used].value_counts().to_dict(),
        errors=int(bad.sum()),
    )


def _stack(sheets: Sequence[pd.DataFrame], table: Table) -> pd.DataFrame:
    if len(sheets) == 1:  # its categories are sorted already
        return sheets[0].reset_index(drop=True)
    names = [*table.columns, "file", "sheet"]
    if not sheets:
        types = dict.fromkeys(names, "category") | {"row": "int", "total": "bool"}
        return pd.DataFrame(columns=list(types), dtype="str").astype(types)
    plain = pd.concat([sheet[["row", "total"]] for sheet in sheets], ignore_index=True)
    texts = {
        name: union_categoricals([sheet[name] for sheet in sheets], sort_categories=True)
        for name in names
    }
    return plain.assign(**texts)


def _nothing(table: Table) -> pd.DataFrame:
    columns = {name: pd.Series(dtype=column.dtype) for name, column in table.columns.items()}
    return pd.DataFrame(columns)


def _kept(rows: pd.DataFrame, mask: pd.Series) -> pd.DataFrame:
    """Keep the rows of a mask; where that is all of them, without a copy of millions."""
    return rows if mask.all() else rows[mask]


def _read_columns(
    table: Table, texts: pd.DataFrame, above: Above, today: date
) -> tuple[pd.DataFrame, list[Problem]]:
    """Read each different text of a column once; note the rows of each different problem."""
    values = {}
    problems: list[Problem] = []
    for name, column in table.columns.items():
        codes = texts[name].cat.codes
        parsed, codes_of = _parsed(texts[name].cat, name, column, above, today)
        values[name] = pd.Series(parsed.array.take(codes), index=texts.index)
        problems += [(codes.isin(group), problem) for problem, group in codes_of.items()]
        if column.required:
            problems.append((texts[name] == "", error("Deze cel is leeg.", "Vul de cel.", name)))
    return pd.DataFrame(values, copy=False), problems


def _parsed(
    texts: Any, name: str, column: Column, above: Above, today: date
) -> tuple[pd.Series, dict[Finding, list[int]]]:
    """Return the values of the categories of a column, and the codes with each problem."""
    values_by_slug = _values_by_slug(column, above)
    categories = [*texts.categories.tolist(), ""]  # the last is that of code -1: no such column
    values: list[object] = [None] * len(categories)
    codes_of: dict[Finding, list[int]] = {}
    for code in np.sort(texts.codes.unique()).tolist():
        if text := categories[code]:
            try:
                values[code] = parse(text, column.kind, values_by_slug, today)
            except RefusedError as refused:
                message, remedy = refused.args
                codes_of.setdefault(error(message, remedy, name), []).append(code)
                continue
            if values_by_slug is not None and values[code] != text:
                named = "Hier staat een naam of een andere schrijfwijze"
                message = f"{named}; gelezen als ‘{values[code]}’."
                codes_of.setdefault(note(message, column=name), []).append(code)
    if column.kind == "pseudonym":
        similar = alike(text for text in categories if text)
        if codes := [code for code, text in enumerate(categories) if text in similar]:
            codes_of[replace(_ALIKE, column=name)] = codes
    parsed = pd.Series(values, dtype=column.dtype)
    return parsed.astype("category") if column.dtype == "str" else parsed, codes_of


def _within_opening(frame: pd.DataFrame, texts: pd.Series, above: Above) -> pd.DataFrame:
    """Move a month or week in which a location or a service began or ended to a day of it.

    Adds `length`: the most days that the month or week has; missing for a day.
    """
    lengths = [
        (7 if "W" in text else 31) if is_month_or_week(text) else None
        for text in texts.cat.categories
    ]
    codes = texts.cat.codes.to_numpy()
    length = pd.Series([*lengths, None], dtype="float").array.take(codes)
    frame = frame.assign(length=length)
    stretches = frame[frame["length"].notna() & frame["datum"].notna()]
    if stretches.empty:
        return frame
    days = counted_on = stretches["datum"]
    is_week = stretches["length"] == 7  # which counts on its Thursday: three days on both sides
    for first, last in rules.days_of(stretches, above).values():
        nearest = days.clip(lower=first.fillna(days))
        nearest = nearest.clip(upper=last.fillna(nearest))
        moved = (nearest - counted_on).dt.days
        is_near = (moved.abs() <= 3).where(is_week, moved.between(1 - counted_on.dt.day, 0))
        days = days.mask(is_near, nearest)
    frame.loc[stretches.index, "datum"] = days
    return frame


def _values_by_slug(column: Column, above: Above) -> dict[str, str] | None:
    """Map slugs and names to the value meant; a name that two rows share is left out."""
    if column.choices:
        return {choice: choice for choice in column.choices}
    if column.table not in above:
        return None
    key = TABLES[column.table].key
    rows = above[column.table]
    named = rows.dropna(subset=[key, "naam"])
    names = named["naam"].map(slug)
    is_unique = ~names.duplicated(keep=False) & (names != "")
    by_name = zip(names[is_unique], named[key][is_unique], strict=True)
    return dict(by_name) | {slug(value): value for value in rows[key].dropna()}


def _persons(table: Table, frame: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """Put one pseudonym for each person."""
    stands_for = persons.same(participants)
    names = [name for name, column in table.columns.items() if column.kind == "pseudonym"]
    if not stands_for or not names:
        return frame
    return frame.assign(**{name: persons.joined(frame[name], stands_for) for name in names})


def _tidy(name: str, frame: pd.DataFrame, file: pd.Series, above: Above) -> pd.DataFrame:
    """Give the columns the types that the other rooms count on."""
    if name != "deelnames":
        return frame.astype(dict.fromkeys(frame.select_dtypes("category"), "str"))
    columns = TABLES[name].columns
    keys = {
        key: frame[key].cat.set_categories(above[column.table][key].dropna().drop_duplicates())
        for key, column in columns.items()
        if column.table in above
    }
    frame = frame.drop(columns="length")
    counts = frame["aantal"].fillna(columns["aantal"].default).astype("int64")
    return frame.assign(**keys, aantal=counts, bron=file)
