"""Visits, head counts and files that stand in the data twice."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bwk.registrations.findings import Finding, error, warning

_MICROSECONDS = 24 * 60 * 60 * 1_000_000  # in a day
_VISIT = ("locatie", "dienst", "deelnemer")  # what makes a visit, beside its day

_SUSPECT = 5  # equal head counts in two files


def rows(frame: pd.DataFrame, bad: pd.Series) -> pd.Series:
    """Mark what repeats a participation; equal head counts may be of different people."""
    repeated = pd.Series(False, index=frame.index)
    is_named = ~bad & frame["deelnemer"].notna()
    visits = frame if is_named.all() else frame[is_named]  # saves a copy of millions
    # A number for each visit: a tenth of the time and memory of comparing the columns.
    visit = visits["datum"].astype("int64") // _MICROSECONDS
    for column in _VISIT:
        visit = visit * len(visits[column].cat.categories) + visits[column].cat.codes
    ordered = np.sort(visit)
    is_equal_to_next = ordered[1:] == ordered[:-1]
    several = visit[visit.isin(ordered[1:][is_equal_to_next])]
    repeated[several.index[several.duplicated()]] = True
    return repeated


def in_files(frame: pd.DataFrame, files: pd.Series, *, of_visits: bool) -> Iterator[Finding]:
    """Find files of which the rows, or many of the head counts, stand in another."""
    yield from _copies(frame, files)
    if of_visits:
        yield from _counted_twice(frame, files)


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
    pairs["origin"] = pairs.groupby("content")["file"].transform("first")
    later = pairs[pairs["file"] != pairs["origin"]]
    shared = later.groupby(["file", "origin"], sort=False, as_index=False).size()
    for file, origin, number in shared.itertuples(index=False):
        is_copy = number == sizes[file] == sizes[origin]  # told already
        if number >= _SUSPECT and 2 * number >= min(sizes[file], sizes[origin]) and not is_copy:
            message = f"Van dit bestand staan {number} tellingen ook in {origin}."
            remedy = "Haal ze uit een van de twee weg, als het dezelfde mensen zijn."
            yield warning(message, remedy, file=file)
