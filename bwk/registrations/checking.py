"""Rows of texts to tidy tables, and everything that is wrong with them in one pass."""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from bwk import outputs
from bwk.formats import slug
from bwk.registrations import persons, registers
from bwk.registrations.columns import DATE, TABLES, Column, Table
from bwk.registrations.findings import (
    ERROR,
    NOTE,
    WARNING,
    Finding,
    RefusedError,
    error,
    spread,
)
from bwk.registrations.values import is_month_or_week, parse

_MICROSECONDS = 24 * 60 * 60 * 1_000_000  # in a day
_VISIT = ("locatie", "dienst", "deelnemer")  # what makes a visit, beside its day

_SUSPECT = 5  # equal head counts in two files

_TOTAL = Finding(NOTE, message="Deze rij is een totaal en telt niet mee.")
_REPEATED = Finding(
    WARNING,
    message="Deze deelname staat er al en telt één keer.",
    remedy="Haal de rij weg als zij dubbel is.",
)

Above = Mapping[str, pd.DataFrame]  # the tidy tables that a table may refer to, by name
Problem = tuple[pd.Series, Finding]  # the same finding at all rows of a mask


_RESERVED = error("Deze korte naam gebruikt bwk zelf.", "Kies een andere korte naam.", "locatie")
_ENDS_EARLY = {
    "gesloten_op": error(
        "De locatie sluit voor de opening.", "Verbeter een van de datums.", "gesloten_op"
    ),
    "tot": error("Deze datum ligt voor die in ‘van’.", "Verbeter een van de datums.", "tot"),
}
_STILL_OPEN = error(
    "De locatie heeft een opvolger, maar is niet gesloten.",
    "Vul de datum van sluiting in.",
    "gesloten_op",
)
_ONE_PERSON = error(
    "Bij een deelnemer is het aantal altijd 1.",
    "Maak het aantal leeg, of haal de deelnemer weg.",
    "aantal",
)


class Checked(NamedTuple):
    """A table after checking; `used` are the rows used of each file, `errors` the bad rows."""

    frame: pd.DataFrame
    findings: list[Finding]
    copies: list[Finding]
    used: dict[Hashable, int]
    errors: int


def check_table(
    name: str,
    sheets: Sequence[pd.DataFrame],
    above: Above,
    today: date,
    skip_bad_rows: bool,
) -> Checked:
    """Check a table and make it tidy.

    Rows with errors stay in the tidy table, so that what refers to them is not an error as well,
    unless `skip_bad_rows`.
    """
    table = TABLES[name]
    rows = _stack(sheets, table)
    findings = [*spread(_TOTAL, rows[rows["total"]])]
    texts = _kept(rows, ~rows["total"]).reset_index(drop=True)
    frame, problems = _read_columns(table, texts, above, today)
    if name == "deelnames":
        frame = _within_opening(frame, texts["datum"], above)
    if name != "deelnemers" and "deelnemers" in above:
        frame = _persons(table, frame, above["deelnemers"])
    problems += _rules(name, frame, above)
    bad = texts[table.required].isna().any(axis=1)  # of a sheet without the column
    for mask, problem in problems:
        if problem.severity == ERROR:
            bad |= mask
    repeated = _repeated(name, frame, bad)
    for mask, problem in (*problems, (repeated, _REPEATED)):
        findings += spread(problem, texts.loc[mask, ["file", "sheet", "row"]])
    used = ~bad & ~repeated
    tidy = _tidy(name, frame, texts["file"], above)
    return Checked(
        frame=_kept(tidy, used if skip_bad_rows else ~repeated).reset_index(drop=True),
        findings=findings,
        copies=[
            *_copies(frame[~bad], texts["file"][~bad]),
            *(_counted_twice(frame[~bad], texts["file"][~bad]) if name == "deelnames" else ()),
        ],
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


def _kept(rows: pd.DataFrame, mask: pd.Series) -> pd.DataFrame:
    """Keep the rows of a mask; where that is all of them, without a copy of millions."""
    return rows if mask.all() else rows[mask]


def _read_columns(
    table: Table, texts: pd.DataFrame, above: Above, today: date
) -> tuple[pd.DataFrame, list[Problem]]:
    values = {}
    problems: list[Problem] = []
    for name, column in table.columns.items():
        reader = _Reader(name, column, _values_by_slug(column, above), today)
        values[name], column_problems = reader.read(texts[name])
        problems += column_problems
        if column.required:
            problems.append((texts[name] == "", error("Deze cel is leeg.", "Vul de cel.", name)))
    return pd.DataFrame(values, copy=False), problems


def _within_opening(frame: pd.DataFrame, texts: pd.Series, above: Above) -> pd.DataFrame:
    """Move a month or week in which a location opened or closed to a day that it was open.

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
    if stretches.empty or "locaties" not in above:
        return frame
    opened, closed = _opening_days(stretches, above["locaties"])
    nearest = stretches["datum"].clip(lower=opened.fillna(stretches["datum"]))
    nearest = nearest.clip(upper=closed.fillna(nearest))
    moved = (nearest - stretches["datum"]).dt.days
    is_week = stretches["length"] == 7  # which counts on its Thursday: three days on both sides
    is_near = (moved.abs() <= 3).where(is_week, moved.between(1 - stretches["datum"].dt.day, 0))
    frame.loc[stretches.index[is_near], "datum"] = nearest[is_near]
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


class _Reader(NamedTuple):
    """Reads the texts of a column, each different text once."""

    name: str
    column: Column
    values_by_slug: Mapping[str, str] | None
    today: date

    def read(self, texts: pd.Series) -> tuple[pd.Series, list[Problem]]:
        """Return the values, and the rows of each different problem."""
        codes = texts.cat.codes
        categories = texts.cat.categories.tolist()
        values: list[object] = [None] * (
            len(categories) + 1
        )  # the last is that of code -1: no such column
        codes_of: dict[Finding, list[int]] = {}
        for code in np.sort(codes.unique()).tolist():
            if code >= 0 and categories[code]:
                values[code], problem = self._value(categories[code])
                if problem:
                    codes_of.setdefault(problem, []).append(code)
        parsed = pd.Series(values, dtype=self.column.dtype)
        if self.column.dtype == "str":
            parsed = parsed.astype("category")
        problems = [(codes.isin(group), problem) for problem, group in codes_of.items()]
        return pd.Series(parsed.array.take(codes), index=texts.index), problems

    def _value(self, text: str) -> tuple[object, Finding | None]:
        try:
            value = parse(text, self.column.kind, self.values_by_slug, self.today)
        except RefusedError as refused:
            message, remedy = refused.args
            return None, error(message, remedy, self.name)
        if self.values_by_slug is None or value == text:
            return value, None
        message = f"Hier staat een naam of een andere schrijfwijze; gelezen als ‘{value}’."
        return value, Finding(NOTE, column=self.name, message=message)


def _rules(name: str, frame: pd.DataFrame, above: Above) -> Iterator[Problem]:
    key = TABLES[name].key
    if key:
        is_taken = frame[key].duplicated() & frame[key].notna()
        yield is_taken, error("Deze sleutel staat er al.", "Houd één van beide rijen over.", key)
    for begin, end in (("geopend_op", "gesloten_op"), ("van", "tot")):
        if end in frame:
            yield frame[end] < frame[begin], _ENDS_EARLY[end]
    if name == "locaties":
        yield frame["locatie"].isin(_reserved(frame["locatie"])), _RESERVED
        yield frame["opvolger"].notna() & frame["gesloten_op"].isna(), _STILL_OPEN
    if name == "deelnames":
        is_day = frame["length"].isna()
        is_many = frame["aantal"].notna() & (frame["aantal"] != 1)
        is_wrong = is_many & (is_day | (frame["aantal"] == 0))
        yield frame["deelnemer"].notna() & is_wrong, _ONE_PERSON
    if "opvolger" in frame:
        yield from _successor_rules(frame[key], frame["opvolger"])
    if "datum" in frame and "locaties" in above:
        yield from _opening_rules(frame, above["locaties"])
    if "datum" in frame and "bijgehouden" in above:
        yield from _register_rules(frame, name, above["bijgehouden"])


def _reserved(names: pd.Series) -> list[str]:
    return [name for name in names.dropna().unique() if outputs.reserved(name)]


def _opening_rules(frame: pd.DataFrame, locations: pd.DataFrame) -> Iterator[Problem]:
    opened, closed = _opening_days(frame, locations)
    remedy = "Verbeter de datum, de locatie, of de tabel locaties."
    message = "Deze datum ligt voor de opening van de locatie."
    yield frame["datum"] < opened, error(message, remedy, "datum")
    message = "Deze datum ligt na de sluiting van de locatie."
    yield frame["datum"] > closed, error(message, remedy, "datum")


def _opening_days(frame: pd.DataFrame, locations: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the days on which the location of each row opened and closed."""
    days = locations.dropna(subset="locatie").drop_duplicates("locatie").set_index("locatie")
    opened, closed = (
        frame["locatie"].map(days[name].to_dict()).astype(DATE)
        for name in ("geopend_op", "gesloten_op")
    )
    return opened, closed


def _successor_rules(keys: pd.Series, successors: pd.Series) -> Iterator[Problem]:
    """Find successors that are not in the table, and those that come round to where they began."""
    known = {*keys.dropna()}
    pairs = zip(keys.astype(object), successors.astype(object).fillna(""), strict=True)
    after = {key: words.split() for key, words in pairs}
    is_unknown = [not known.issuperset(after[key]) for key in keys]
    remedy = "Kies een korte naam uit deze tabel."
    yield (
        pd.Series(is_unknown, index=keys.index, dtype=bool),
        error("Deze opvolger staat niet in de tabel.", remedy, "opvolger"),
    )
    returns = [key in _reached(after, key) for key in keys]
    yield (
        pd.Series(returns, index=keys.index, dtype=bool),
        error("De opvolgers lopen in een kring.", "Haal een van de opvolgers weg.", "opvolger"),
    )


def _reached(after: Mapping[str, list[str]], start: str) -> set[str]:
    """Return all that comes after, near or far."""
    reached: set[str] = set()
    ahead = list(after[start])
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead += after.get(key, [])
    return reached


def _register_rules(frame: pd.DataFrame, name: str, kept: pd.DataFrame) -> Iterator[Problem]:
    """Find rows on days on which, as the table `bijgehouden` says, nobody kept the register."""
    remedy = "Verbeter de datum, of de tabel bijgehouden."
    message = "Volgens de tabel bijgehouden is op deze dag niets bijgehouden."
    for (location, kind), spans in registers.declared(kept).items():
        if kind != name and (kind, name) != (registers.PERSONS, registers.VISITS):
            continue
        outside = (frame["locatie"] == location) & frame["datum"].notna()
        for first, last in spans:
            outside &= ~frame["datum"].between(pd.Timestamp(first), pd.Timestamp(last))
        if kind == registers.PERSONS:
            outside &= frame["deelnemer"].notna()
        yield outside, error(message, remedy, "datum")


def _persons(table: Table, frame: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """Put one pseudonym for each person."""
    stands_for = persons.same(participants)
    names = [name for name, column in table.columns.items() if column.kind == "pseudonym"]
    if not stands_for or not names:
        return frame
    return frame.assign(**{name: persons.joined(frame[name], stands_for) for name in names})


def _repeated(name: str, frame: pd.DataFrame, bad: pd.Series) -> pd.Series:
    """Mark what repeats a participation; equal head counts may be of different people."""
    repeated = pd.Series(False, index=frame.index)
    if name == "deelnames":
        visits = _kept(frame, ~bad & frame["deelnemer"].notna())
        # A number for each visit: a tenth of the time and memory of comparing the columns.
        visit = visits["datum"].astype("int64") // _MICROSECONDS
        for column in _VISIT:
            visit = visit * len(visits[column].cat.categories) + visits[column].cat.codes
        ordered = np.sort(visit)
        is_equal_to_next = ordered[1:] == ordered[:-1]
        several = visit[visit.isin(ordered[1:][is_equal_to_next])]
        repeated[several.index[several.duplicated()]] = True
    return repeated


def _copies(frame: pd.DataFrame, files: pd.Series) -> Iterator[Finding]:
    """Find files with the same rows: their head counts would count twice."""
    sizes = files.value_counts()
    sizes = sizes[sizes > 0]
    is_suspect = files.isin(sizes.index[sizes.duplicated(keep=False)])
    if not is_suspect.any():  # saves a look at millions of rows
        return
    rows = pd.util.hash_pandas_object(frame[is_suspect], index=False)
    contents = rows.groupby(files[is_suspect], observed=True).agg(["size", "sum"])
    originals: dict[tuple[int, int], str] = {}
    for file, size, content in contents.itertuples():
        original = originals.setdefault((size, content), file)
        if original != file:
            message = f"Dit bestand is een kopie van {original}."
            yield error(message, "Haal een van de twee weg.", file=file)


def _counted_twice(visits: pd.DataFrame, files: pd.Series) -> Iterator[Finding]:
    """Find head counts that stand in two files: nothing tells that they are of the same people."""
    is_count = visits["deelnemer"].isna() & (visits["aantal"] > 0)
    counts, files = visits[is_count], files[is_count]
    if files.nunique() < 2:
        return
    columns = counts[["datum", "locatie", "dienst", "aantal"]]
    contents = pd.util.hash_pandas_object(columns, index=False)
    pairs = pd.DataFrame({"content": contents, "file": files.astype("str")}).drop_duplicates()
    sizes = pairs["file"].value_counts()
    origins = pairs.drop_duplicates("content").set_index("content")["file"]
    later = pairs[pairs["content"].duplicated()]
    origin_of_later = later["content"].map(origins)
    shared = Counter(zip(later["file"], origin_of_later, strict=True))
    for (file, origin), number in shared.items():
        is_copy = number == sizes[file] == sizes[origin]  # told already
        if number >= _SUSPECT and 2 * number >= min(sizes[file], sizes[origin]) and not is_copy:
            message = f"Van dit bestand staan {number} tellingen ook in {origin}."
            remedy = "Haal ze uit een van de twee weg, als het dezelfde mensen zijn."
            yield Finding(WARNING, file=file, message=message, remedy=remedy)


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
