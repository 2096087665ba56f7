"""The publishable facts of one location and period: already protected, the only door upward."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from bwk import inputs, periods
from bwk.apart import apart
from bwk.errors import DataError, UsageError
from bwk.facts import issued, kept
from bwk.facts.declaration import Declared
from bwk.facts.declared import DECLARED, kin, parsed
from bwk.facts.issued import Issued
from bwk.facts.sheet import CITY, NOT_REGISTERED, Fact, FactBook, FactSheet, Label, show
from bwk.files import nearest, workplace
from bwk.periods import Period

__all__ = [
    "CITY",
    "DECLARED",
    "NOT_REGISTERED",
    "Declared",
    "Fact",
    "FactBook",
    "FactSheet",
    "Issued",
    "Label",
    "at_hand",
    "book_in_files",
    "issued",
    "kept",
    "kin",
    "load",
    "load_all",
    "parsed",
    "prepared",
    "read_book",
    "show",
    "work_out",
]

PREPARED = "BWK_FACTS"


def load(location: str, period: str, baseline: str | None = None) -> FactSheet:
    """Return the facts of one location, or of the city (`stad`), in one period.

    A run prepares the facts of all reports at once (`BWK_FACTS`); without it they are worked out
    from the data folder (`BWK_DATA`, else `data`).

    Parameters
    ----------
    location : str
        Slug of a location, or `stad`.
    period : str
        As `2018-H1`.
    baseline : str, optional
        Default: the programme's baseline of the period.

    Raises
    ------
    UsageError
        If the location or the period is unknown, or nothing is registered in it.
    DataError
        If the data are refused.
    """
    if path := _prepared().get(location):
        sheet = kept.read_sheet(path)
        if sheet.period.name == period and baseline in (None, sheet.baseline.name):
            return sheet
    return _book(period, baseline).sheet(location)


def load_all(
    location: str, period: str, baseline: str | None = None, only: Collection[str] | None = None
) -> dict[str, FactSheet]:
    """Return the sheets of all reports of a period by their slug, that of the location first.

    Or of those reports `only`. See `load` for where they come from and what it raises.
    """
    at_hand = _prepared()
    book = {} if location in at_hand else _book(period, baseline).sheets
    known = book or sorted(at_hand)
    if location not in known:
        raise UsageError(f"Over ‘{location}’ komt geen verslag in {period}.")
    names = dict.fromkeys([location, *(n for n in known if only is None or n in only)])
    return {n: book[n] if book else load(n, period, baseline) for n in names}


def read_book(
    data: Path,
    output: Path,
    period: Period,
    baseline: Period | None = None,
    *,
    skip_bad_rows: bool = False,
) -> FactBook:
    """Work out the facts of a period from a data folder, beside those in an output folder.

    They are taken as a run kept them where nothing of what they come from has changed.

    Raises
    ------
    DataError
        If the data are refused, or changed while they were read.
    UsageError
        If nothing is registered in the period.
    """
    key = inputs.facts_key(data, output, period.folder, skip_bad_rows)
    with suppress(OSError):  # a run may put others in their place
        found = None if baseline else kept.read(kept.place(output / period.folder), key)
        if found:
            return replace(found, sheets=dict(found.sheets))
    return apart(_unchanged, key, data, output, period, baseline, skip_bad_rows)


@contextmanager
def book_in_files(
    data: Path, output: Path, period: Period, *, skip_bad_rows: bool = False
) -> Iterator[FactBook]:
    """Yield the facts of a period as `read_book` does, each sheet read when it is asked for.

    Working them out takes a process of its own: its memory is not kept for the rest of a run.
    See `apart` for what is raised where that process dies.
    """
    key = inputs.facts_key(data, output, period.folder, skip_bad_rows)
    if found := kept.read(kept.place(output / period.folder), key):
        yield found
        return
    with workplace() as folder:
        apart(_put, folder, key, data, output, period, None, skip_bad_rows)
        made = kept.read(folder, key)
        assert made
        yield made


def _put(folder: Path, *given: Any) -> None:
    kept.put(_unchanged(*given), folder)


def _unchanged(
    key: str,
    data: Path,
    output: Path,
    period: Period,
    baseline: Period | None,
    skip_bad_rows: bool,
) -> FactBook:
    """Work out a book; DataError where what it comes from is not, or no longer, that of `key`."""
    after = inputs.issued_key(output, period.folder)
    earlier = issued.read(output)
    book = work_out(data, period, baseline, earlier, skip_bad_rows=skip_bad_rows)
    if inputs.facts_key(data, output, period.folder, skip_bad_rows) != key:
        raise DataError(kept.CHANGED)
    return replace(book, key=key, after=after)


def work_out(
    data: Path,
    period: Period,
    baseline: Period | None = None,
    earlier: Issued = issued.NOTHING,
    *,
    skip_bad_rows: bool = False,
) -> FactBook:
    """Read a data folder, and work out and protect the facts of a period.

    `earlier` is what was ever issued from the same output folder.

    Raises
    ------
    DataError
        If the data are refused.
    UsageError
        If nothing is registered in the period.
    """
    # Only here: a run whose facts are kept needs no pandas or scipy, which take a second to start.
    from bwk import programme, registrations
    from bwk.facts.book import build

    read = registrations.read(data, skip_bad_rows=skip_bad_rows)
    return build(read, programme.read(data), period, baseline, earlier)


def _prepared() -> dict[str, Path]:
    """Return the files of the sheets that a run prepared, by the slug of their report."""
    folder = os.environ.get(PREPARED)
    return {path.stem: path for path in Path(folder).glob("*.json")} if folder else {}


def _book(period: str, baseline: str | None) -> FactBook:
    against = periods.parse(baseline) if baseline else None
    return read_book(nearest("data"), nearest("output"), periods.parse(period), against)


@contextmanager
def prepared(book: FactBook, **folders: Path) -> Iterator[dict[str, str]]:
    """Put the sheets of a book in files, and have the kernels find them as `at_hand` does."""
    with workplace() as folder:
        kept.put_sheets(book, folder)
        with at_hand(folder, **folders) as needed:
            yield needed


@contextmanager
def at_hand(book: Path, **folders: Path) -> Iterator[dict[str, str]]:
    """Have the kernels' `load` find the sheets of a book in files: they never see the rows.

    `folders` are environment variables with the folder that each names. Yields what a kernel's
    environment needs.
    """
    before = os.environ.copy()
    named = {PREPARED: book / kept.SHEETS, **folders}
    needed = {name: str(path.resolve()) for name, path in named.items()}
    os.environ.update(needed)
    try:
        yield needed
    finally:
        os.environ.clear()
        os.environ.update(before)
