"""The publishable facts of one location and period: already protected, the only door upward."""

import json
import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bwk import inputs, periods
from bwk.errors import DataError, UsageError
from bwk.facts.declarations import Declaration, declaration_of, declarations
from bwk.facts.published import FILE, Published, read_published
from bwk.facts.sheet import CITY, Fact, FactBook, FactSheet, Label, show
from bwk.files import UNFINISHED, nearest, write
from bwk.periods import Period

__all__ = [
    "CITY",
    "FILE",
    "Declaration",
    "Fact",
    "FactBook",
    "FactSheet",
    "Label",
    "Published",
    "declaration_of",
    "declarations",
    "keep",
    "load",
    "load_all",
    "prepared",
    "read_book",
    "read_published",
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
    if path := _at_hand().get(location):
        sheet = FactSheet.from_json(json.loads(path.read_text(encoding="utf-8")))
        if sheet.period.name == period and baseline in (None, sheet.baseline.name):
            return sheet
    return _book(period, baseline).sheet(location)


def load_all(
    location: str, period: str, baseline: str | None = None, only: Collection[str] | None = None
) -> dict[str, FactSheet]:
    """Return the sheets of all reports of a period by their slug, that of the location first.

    Or of those reports `only`. See `load` for where they come from and what it raises.
    """
    at_hand = _at_hand()
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

    They are taken as `keep` left them where nothing of what they come from has changed.

    Raises
    ------
    DataError
        If the data are refused, or changed while they were read.
    UsageError
        If nothing is registered in the period.
    """
    key = inputs.facts_key(data, output, period.slug, skip_bad_rows)
    if baseline is None and (kept := _kept(_beside(output / period.slug), key)):
        return kept
    others = read_published(output, period)
    book = work_out(data, period, baseline, others, skip_bad_rows=skip_bad_rows)
    if inputs.facts_key(data, output, period.slug, skip_bad_rows) != key:
        raise DataError("De data veranderden tijdens het lezen: probeer het opnieuw.")
    return replace(book, key=key)


def work_out(
    data: Path,
    period: Period,
    baseline: Period | None = None,
    others: Sequence[Published] = (),
    *,
    skip_bad_rows: bool = False,
) -> FactBook:
    """Read a data folder, and work out and protect the facts of a period.

    `others` are what other periods in the same output folder have published already.

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
    return build(read, programme.read(data), period, baseline, others)


def keep(book: FactBook, target: Path) -> None:
    """Keep a book beside the output folder of its period, so it need not be worked out again.

    It holds protected facts alone, as they are published.
    """
    plain = book.to_json()
    kept = {"som": inputs.hashed(plain), "boek": plain}
    write(_beside(target), json.dumps(kept, ensure_ascii=False) + "\n")


def _at_hand() -> dict[str, Path]:
    """Return the files of the sheets that a run prepared, by the slug of their report."""
    folder = os.environ.get(PREPARED)
    return {path.stem: path for path in Path(folder).glob("*.json")} if folder else {}


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.{FILE}")


def _kept(path: Path, key: str) -> FactBook | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        plain = kept["boek"]
        same = plain["key"] == key and kept["som"] == inputs.hashed(plain)
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return FactBook.from_json(plain) if same else None


def _book(period: str, baseline: str | None) -> FactBook:
    against = periods.parse(baseline) if baseline else None
    return read_book(nearest("data"), nearest("output"), periods.parse(period), against)


@contextmanager
def prepared(
    book: FactBook, shared: Path | None = None, **folders: Path
) -> Iterator[dict[str, str]]:
    """Put the sheets of a book where the kernels' `load` finds them: they never see the rows.

    They stand in a new folder, in `shared` for other machines; `folders` are environment variables
    with the folder that each names. Yields what a kernel's environment needs.
    """
    before = os.environ.copy()
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=shared) as folder:
        for scope, sheet in book.sheets.items():
            text = json.dumps(sheet.to_json(), ensure_ascii=False)
            Path(folder, f"{scope}.json").write_text(text, encoding="utf-8")
        try:
            named = {name: str(path.resolve()) for name, path in folders.items()}
            needed = {PREPARED: str(Path(folder).resolve()), **named}
            os.environ.update(needed)
            yield needed
        finally:
            os.environ.clear()
            os.environ.update(before)
